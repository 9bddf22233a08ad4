package dev.loomgate.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogFormatTest {
    private static final Instant TIME = Instant.parse("2026-11-23T05:35:00.125Z");

    private static String format(LogFormat format, LogEntry entry) {
        StringBuilder text = new StringBuilder();
        format.append(text, entry);
        return text.toString();
    }

    @Test
    void textIsALineWithTimeAndLevel() {
        String line = format(new TextFormat(), new LogEntry(TIME, "INFO", "a.b", "started", null, ""));

        assertThat(line).matches("2026-11-2[34]T[0-9:]{8}\\.125(Z|[+-][0-9:]{5}) INFO started\n");
    }

    @Test
    void textMayBeginWithADateOfTheOperators() {
        TextFormat format = new TextFormat(time -> "at " + time.getEpochSecond(), false);

        assertThat(format(format, new LogEntry(TIME, "INFO", "a.b", "started", null, "")))
                .isEqualTo("at 1795412100 - INFO started\n");
    }

    @Test
    void aRecordOfARequestShowsItsId() {
        LogEntry entry = new LogEntry(TIME, "INFO", "a.b", "started", null, "r1");

        assertThat(format(new TextFormat(null, true), entry)).endsWith(" INFO [r1] started\n");
        assertThat(format(new TextFormat(), entry)).endsWith(" INFO started\n");
        assertThat(format(new JsonFormat(), entry)).contains("\"request_id\":\"r1\",\"message\":\"started\"");
    }

    @Test
    void noTextCanBeObeyedByATerminal() {
        LogEntry entry = new LogEntry(
                TIME, "INFO", "a", "a\u001b[2J\r\u009b\u007f\tb\nc", new IllegalStateException("\u001b"), "");

        assertThat(format(new TextFormat(), entry))
                .contains(" INFO a\\x1b[2J\\x0d\\x9b\\x7f\tb\nc\n", "IllegalStateException: \\x1b\n");
        assertThat(format(new JsonFormat(), entry)).doesNotContainPattern("[\u0000-\t\u000b-\u001f\u007f-\u009f]");
    }

    @Test
    void textHasTheStackAfterIt() {
        String text = format(
                new TextFormat(), new LogEntry(TIME, "ERROR", "a.b", "failed", new IllegalStateException("why"), ""));

        assertThat(text.lines().skip(1))
                .startsWith("java.lang.IllegalStateException: why")
                .anyMatch(line -> line.startsWith("\tat " + LogFormatTest.class.getName()));
    }

    @Test
    void jsonIsOneLineAlsoWithAStack() {
        String line = format(
                new JsonFormat(), new LogEntry(TIME, "ERROR", "a.b", "failed", new IllegalStateException("why"), ""));

        assertThat(line)
                .startsWith("{\"time\":\"2026-11-23T05:35:00.125Z\",\"level\":\"ERROR\",\"logger\":\"a.b\","
                        + "\"message\":\"failed\",\"stack\":\"java.lang.IllegalStateException: why\\n\\tat ")
                .endsWith("\"}\n");
        assertThat(line.lines()).hasSize(1);
    }

    @Test
    void jsonEscapesWhatWouldBreakIt() {
        String line =
                format(new JsonFormat(), new LogEntry(TIME, "INFO", "a", "\"\\\n\r\t\0\u007f é € \ud83d", null, ""));

        assertThat(line).contains("\"message\":\"\\\"\\\\\\n\\r\\t\\u0000\\u007f é € \\ud83d\"");
    }

    @Test
    void eachRecordHasItsOwnTime() {
        LogFormat text = new TextFormat();
        LogFormat json = new JsonFormat();
        DateTimeFormatter asText =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());

        // Within a second, back in time, with each number of digits, and in the other half of the year.
        for (String change : List.of(
                "PT0S",
                "PT0.007S",
                "PT0.875S",
                "PT-0.125S",
                "PT1.000001S",
                "PT0.000000001S",
                "PT60S",
                "PT-1S",
                "PT4400H",
                "PT-500000H")) {
            Instant time = TIME.plus(Duration.parse(change));
            LogEntry entry = new LogEntry(time, "INFO", "a", "b", null, "");

            assertThat(format(text, entry)).isEqualTo(asText.format(time) + " INFO b\n");
            assertThat(format(json, entry)).startsWith("{\"time\":\"" + time + "\",\"level\"");
        }
    }

    @Test
    void jsonKeepsWhatIsBetweenEscapes() {
        String line = format(new JsonFormat(), new LogEntry(TIME, "INFO", "a", "say \"aé\" and\tgo", null, ""));

        assertThat(line).endsWith("\"message\":\"say \\\"aé\\\" and\\tgo\"}\n");
    }
}
