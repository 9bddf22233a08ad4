package dev.loomgate.server.exchange;

import dev.loomgate.server.AccessLogFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The lines of a loop's requests. Loop side only; [AccessLogWriter] gets them in blocks.
///
/// ```
///  127.0.0.1 - - [23/Nov/2026:10:00:00 +0000] "GET /user?name=Bob HTTP/1.1" 200 10 0.412
///  {"time":"2026-11-23T10:00:00.123Z","remote":"127.0.0.1","method":"GET","uri":"/user?name=Bob",...}
/// ```
/// The text form ends with milliseconds. Whatever comes from the client is escaped, so that no request can forge a
/// line.
final class AccessLog {
    private static final DateTimeFormatter COMMON = DateTimeFormatter.ofPattern(
                    "dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneId.systemDefault());
    private static final int FULL = 16 * 1024;

    private final AccessLogFormat format;
    private final AccessLogWriter writer;
    private final StringBuilder lines = new StringBuilder(2 * FULL);
    private int count;
    private long second;
    private String time = "";

    AccessLog(AccessLogFormat format, AccessLogWriter writer) {
        this.format = format;
        this.writer = writer;
    }

    void add(Exchange exchange) {
        ResponseHead head = exchange.head();
        int status = exchange.headSent && head != null ? head.status().code() : exchange.refusedStatus;
        long micros = (System.nanoTime() - exchange.startNanos) / 1000;
        switch (format) {
            case TEXT -> text(exchange, status, micros);
            case JSON -> json(exchange, status, micros);
        }
        count++;
        if (lines.length() >= FULL) {
            flush();
        }
    }

    private void text(Exchange exchange, int status, long micros) {
        escaped(exchange, "REMOTE_ADDR");
        lines.append(" - - [").append(time()).append("] \"");
        escaped(exchange, "REQUEST_METHOD");
        lines.append(' ');
        escaped(exchange, "REQUEST_URI");
        lines.append(' ');
        escaped(exchange, "SERVER_PROTOCOL");
        lines.append("\" ")
                .append(status)
                .append(' ')
                .append(exchange.bytesSent)
                .append(' ');
        lines.append(micros / 1000).append('.');
        long fraction = micros % 1000;
        lines.append((char) ('0' + fraction / 100))
                .append((char) ('0' + fraction / 10 % 10))
                .append((char) ('0' + fraction % 10))
                .append('\n');
    }

    private void json(Exchange exchange, int status, long micros) {
        lines.append("{\"time\":\"")
                .append(Instant.ofEpochMilli(System.currentTimeMillis()))
                .append('"');
        member(exchange, "remote", "REMOTE_ADDR");
        member(exchange, "method", "REQUEST_METHOD");
        member(exchange, "uri", "REQUEST_URI");
        member(exchange, "protocol", "SERVER_PROTOCOL");
        lines.append(",\"status\":").append(status);
        lines.append(",\"bytes\":").append(exchange.bytesSent);
        lines.append(",\"micros\":").append(micros);
        member(exchange, "referer", "HTTP_REFERER");
        member(exchange, "user_agent", "HTTP_USER_AGENT");
        lines.append("}\n");
    }

    private void member(Exchange exchange, String name, String key) {
        if (exchange.variables().get(key) != null) {
            lines.append(",\"").append(name).append("\":\"");
            escaped(exchange, key);
            lines.append('"');
        }
    }

    private String time() {
        long millis = System.currentTimeMillis();
        if (millis / 1000 != second) {
            second = millis / 1000;
            time = COMMON.format(Instant.ofEpochSecond(second));
        }
        return time;
    }

    // A backslash, u and four digits are right in JSON, and readable in the text form.
    private void escaped(Exchange exchange, String key) {
        Object value = exchange.variables().get(key);
        String text = value == null ? "-" : value.toString();
        if (isPlain(text)) {
            lines.append(text);
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                lines.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                lines.append(c);
            } else {
                lines.append("\\u").append("%04x".formatted((int) c));
            }
        }
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7f || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /// Hands the lines over.
    void flush() {
        if (count > 0) {
            writer.add(lines.toString().getBytes(StandardCharsets.US_ASCII), count);
            lines.setLength(0);
            count = 0;
        }
    }
}
