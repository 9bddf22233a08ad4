package dev.loomgate.bench.peers;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The one answer that every peer gives, Loomgate's to the byte, except for the order of the headers:
///
/// ```
/// HTTP/1.1 200 OK
/// Content-Type: text/plain
/// Content-Length: 12
/// Date: Mon, 23 Nov 2026 06:05:26 GMT
/// Server: loomgate
///
/// Hello world!
/// ```
/// A server that sends Date by itself is left to it; the others get one that is renewed every second.
public final class Hello {
    public static final String TEXT = "Hello world!";
    public static final String CONTENT_TYPE = "text/plain";
    public static final String SERVER = "loomgate";
    public static final String HOST = "127.0.0.1";

    /// Asked of every server that lets itself be asked: a burst of connections must not be measured as SYN
    /// retries.
    public static final int BACKLOG = 4096;

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private Hello() {}

    static byte[] bytes() {
        return TEXT.getBytes(StandardCharsets.US_ASCII);
    }

    /// The time as in RFC 9110 section 5.6.7; the formatter of the JDK's RFC 1123 leaves out the day's leading
    /// zero.
    static String date() {
        return DATE.format(Instant.now());
    }
}
