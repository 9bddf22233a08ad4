package dev.loomgate.server.observe;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Function;

/// A second as text, made once for all lines of that second. Of one loop, loop side only.
final class TimeText {
    private static final DateTimeFormatter COMMON = inZone("dd/MMM/yyyy:HH:mm:ss Z");
    private static final DateTimeFormatter CTIME = inZone("EEE MMM ppd HH:mm:ss yyyy");

    private final Function<Instant, String> form;
    private long second = Long.MIN_VALUE;
    private String text = "";

    TimeText(Function<Instant, String> form) {
        this.form = form;
    }

    /// `23/Nov/2026:10:00:00 +0000`, as in the common log format.
    static TimeText common() {
        return new TimeText(COMMON::format);
    }

    /// `Mon Nov 23 10:00:00 2026`, as the C library's ctime has it.
    static TimeText ctime() {
        return new TimeText(CTIME::format);
    }

    private static DateTimeFormatter inZone(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneId.systemDefault());
    }

    String of(long epochSecond) {
        if (epochSecond != second) {
            text = form.apply(Instant.ofEpochSecond(epochSecond));
            second = epochSecond;
        }
        return text;
    }
}
