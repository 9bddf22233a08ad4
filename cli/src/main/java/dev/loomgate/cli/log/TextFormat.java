package dev.loomgate.cli.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;

/// A line for people: `2026-11-23T05:35:00.125+01:00 WARNING no --app given`, then the stack trace if there is
/// one.
final class TextFormat implements LogFormat {
    private final SecondText second = inZone("uuuu-MM-dd'T'HH:mm:ss.");
    private final SecondText offset = inZone("XXX");

    private static SecondText inZone(String pattern) {
        DateTimeFormatter format = DateTimeFormatter.ofPattern(pattern).withZone(ZoneId.systemDefault());
        return new SecondText(format::format);
    }

    @Override
    public void append(StringBuilder text, LogEntry entry) {
        text.append(second.of(entry.time()));
        SecondText.appendDigits(text, entry.time().get(ChronoField.MILLI_OF_SECOND), 3);
        text.append(offset.of(entry.time()))
                .append(' ')
                .append(entry.level())
                .append(' ')
                .append(entry.message())
                .append('\n');
        Throwable thrown = entry.thrown();
        if (thrown != null) {
            text.append(stackTrace(thrown));
        }
    }

    static String stackTrace(Throwable thrown) {
        StringWriter lines = new StringWriter();
        thrown.printStackTrace(new PrintWriter(lines));
        return lines.toString();
    }
}
