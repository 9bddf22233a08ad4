package dev.loomgate.cli.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/// A line for people: `2026-11-23T05:35:00.125+01:00 WARNING no --app given`, then the stack trace if there is
/// one.
final class TextFormat implements LogFormat {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX");
    private final ZoneId zone = ZoneId.systemDefault();

    @Override
    public void append(StringBuilder text, LogEntry entry) {
        TIME.formatTo(entry.time().atZone(zone), text);
        text.append(' ')
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
