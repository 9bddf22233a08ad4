package dev.loomgate.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
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
        String line = format(new TextFormat(), new LogEntry(TIME, "INFO", "a.b", "started", null));

        assertThat(line).matches("2026-11-2[34]T[0-9:]{8}\\.125(Z|[+-][0-9:]{5}) INFO started\n");
    }

    @Test
    void textHasTheStackAfterIt() {
        String text = format(
                new TextFormat(), new LogEntry(TIME, "ERROR", "a.b", "failed", new IllegalStateException("why")));

        assertThat(text.lines().skip(1))
                .startsWith("java.lang.IllegalStateException: why")
                .anyMatch(line -> line.startsWith("\tat " + LogFormatTest.class.getName()));
    }

    @Test
    void jsonIsOneLineAlsoWithAStack() {
        String line = format(
                new JsonFormat(), new LogEntry(TIME, "ERROR", "a.b", "failed", new IllegalStateException("why")));

        assertThat(line)
                .startsWith("{\"time\":\"2026-11-23T05:35:00.125Z\",\"level\":\"ERROR\",\"logger\":\"a.b\","
                        + "\"message\":\"failed\",\"stack\":\"java.lang.IllegalStateException: why\\n\\tat ")
                .endsWith("\"}\n");
        assertThat(line.lines()).hasSize(1);
    }

    @Test
    void jsonEscapesWhatWouldBreakIt() {
        String line = format(new JsonFormat(), new LogEntry(TIME, "INFO", "a", "\"\\\n\r\t\0\u007f é € \ud83d", null));

        assertThat(line).contains("\"message\":\"\\\"\\\\\\n\\r\\t\\u0000\\u007f é € \\ud83d\"");
    }
}
