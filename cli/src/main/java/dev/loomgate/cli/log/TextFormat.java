package dev.loomgate.cli.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A line for people: `2026-11-23T05:35:00.125+01:00 WARNING no --app given`, then the stack trace if there is
/// one. With a date of the operator's: `Mon Nov 23 05:35:00 2026 - WARNING no --app given`, as uWSGI separates it.
final class TextFormat implements LogFormat {
    private final SecondText second = inZone("uuuu-MM-dd'T'HH:mm:ss.");
    private final SecondText offset = inZone("XXX");
    private final @Nullable SecondText date;

    private final boolean requestIds;

    TextFormat() {
        this(null, false);
    }

    /// @param date before each record, instead of the usual time; or null
    /// @param requestIds whether a record of a request has its id before the message: `INFO [k3x9mq2a-1f] message`
    TextFormat(@Nullable Function<Instant, String> date, boolean requestIds) {
        this.date = date == null ? null : new SecondText(date);
        this.requestIds = requestIds;
    }

    private static SecondText inZone(String pattern) {
        DateTimeFormatter format = DateTimeFormatter.ofPattern(pattern).withZone(ZoneId.systemDefault());
        return new SecondText(format::format);
    }

    @Override
    public void append(StringBuilder text, LogEntry entry) {
        if (date == null) {
            text.append(second.of(entry.time()));
            SecondText.appendDigits(text, entry.time().get(ChronoField.MILLI_OF_SECOND), 3);
            text.append(offset.of(entry.time())).append(' ');
        } else {
            text.append(date.of(entry.time())).append(" - ");
        }
        text.append(entry.level()).append(' ');
        if (requestIds && !entry.requestId().isEmpty()) {
            text.append('[').append(entry.requestId()).append("] ");
        }
        ControlCharacters.append(text, entry.message());
        text.append('\n');
        Throwable thrown = entry.thrown();
        if (thrown != null) {
            ControlCharacters.append(text, stackTrace(thrown));
        }
    }

    static String stackTrace(Throwable thrown) {
        StringWriter lines = new StringWriter();
        thrown.printStackTrace(new PrintWriter(lines));
        return lines.toString();
    }
}
