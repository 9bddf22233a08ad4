package dev.loomgate.server.head;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The header line `Date: Mon, 23 Nov 2026 10:00:00 GMT`, made once a second (RFC 9110 section 5.6.7). Loop side
/// only.
public final class DateField {
    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    private long second;
    private String text = "";
    private byte[] line = {};

    public DateField() {
        update(System.currentTimeMillis());
    }

    /// Makes the line again if the second has changed.
    public void update(long millis) {
        long current = millis / 1000;
        if (current != second) {
            second = current;
            text = IMF_FIXDATE.format(Instant.ofEpochSecond(current).atOffset(ZoneOffset.UTC));
            line = HeadWriter.ascii("Date: " + text + "\r\n");
        }
    }

    /// The line of this second, with its end.
    public byte[] line() {
        return line;
    }

    /// The date of this second.
    public String text() {
        return text;
    }
}
