package dev.loomgate.server.observe;

import dev.loomgate.server.AccessLogFormat;
import dev.loomgate.server.exchange.ObservedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/// The lines of a loop's requests. Loop side only; [AccessLogWriter] gets them in blocks.
///
/// ```
///  127.0.0.1 - - [23/Nov/2026:10:00:00 +0000] "GET /user?name=Bob HTTP/1.1" 200 10 0.412
///  {"time":"2026-11-23T10:00:00.123Z","remote":"127.0.0.1","method":"GET","uri":"/user?name=Bob",...}
/// ```
/// The text form ends with milliseconds. Whatever comes from the client is escaped, so that no request can forge a
/// line.
public final class AccessLog implements RequestObserver {
    private static final DateTimeFormatter COMMON = DateTimeFormatter.ofPattern(
                    "dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneId.systemDefault());
    /// A request with this log variable has no line.
    private static final String NO_LINE = "loomgate.no_log";

    private static final int FULL = 16 * 1024;

    private final AccessLogFormat format;
    private final AccessLogWriter writer;
    private final StringBuilder lines = new StringBuilder(2 * FULL);
    private int count;
    private long second;
    private String time = "";

    public AccessLog(AccessLogFormat format, AccessLogWriter writer) {
        this.format = format;
        this.writer = writer;
    }

    @Override
    public void begun(ObservedRequest request) {
        // A request's line is written at its end.
    }

    @Override
    public void finished(ObservedRequest request, RequestOutcome outcome) {
        Map<String, String> wanted = request.logVariablesIfAny();
        if (wanted != null && wanted.containsKey(NO_LINE)) {
            return;
        }
        switch (format) {
            case TEXT -> text(request, outcome);
            case JSON -> json(request, outcome);
        }
        count++;
        if (lines.length() >= FULL) {
            flush();
        }
    }

    private void text(ObservedRequest request, RequestOutcome outcome) {
        long micros = outcome.nanos() / 1000;
        escaped(request, "REMOTE_ADDR");
        lines.append(" - - [").append(time()).append("] \"");
        escaped(request, "REQUEST_METHOD");
        lines.append(' ');
        escaped(request, "REQUEST_URI");
        lines.append(' ');
        escaped(request, "SERVER_PROTOCOL");
        lines.append("\" ")
                .append(outcome.status())
                .append(' ')
                .append(outcome.bytesSent())
                .append(' ');
        lines.append(micros / 1000).append('.');
        long fraction = micros % 1000;
        lines.append((char) ('0' + fraction / 100))
                .append((char) ('0' + fraction / 10 % 10))
                .append((char) ('0' + fraction % 10));
        Map<String, String> variables = request.logVariablesIfAny();
        if (variables != null) {
            variables.forEach((name, value) -> {
                lines.append(' ');
                escaped(name);
                lines.append("=\"");
                escaped(value);
                lines.append('"');
            });
        }
        lines.append('\n');
    }

    private void json(ObservedRequest request, RequestOutcome outcome) {
        long micros = outcome.nanos() / 1000;
        lines.append("{\"time\":\"")
                .append(Instant.ofEpochMilli(System.currentTimeMillis()))
                .append('"');
        member(request, "remote", "REMOTE_ADDR");
        member(request, "method", "REQUEST_METHOD");
        member(request, "uri", "REQUEST_URI");
        member(request, "protocol", "SERVER_PROTOCOL");
        lines.append(",\"status\":").append(outcome.status());
        lines.append(",\"bytes\":").append(outcome.bytesSent());
        lines.append(",\"micros\":").append(micros);
        member(request, "referer", "HTTP_REFERER");
        member(request, "user_agent", "HTTP_USER_AGENT");
        Map<String, String> variables = request.logVariablesIfAny();
        if (variables != null && !variables.isEmpty()) {
            String before = ",\"variables\":{\"";
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                lines.append(before);
                escaped(variable.getKey());
                lines.append("\":\"");
                escaped(variable.getValue());
                lines.append('"');
                before = ",\"";
            }
            lines.append('}');
        }
        lines.append("}\n");
    }

    private void member(ObservedRequest request, String name, String key) {
        if (request.variables().get(key) != null) {
            lines.append(",\"").append(name).append("\":\"");
            escaped(request, key);
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
    private void escaped(ObservedRequest request, String key) {
        Object value = request.variables().get(key);
        escaped(value == null ? "-" : value.toString());
    }

    private void escaped(String text) {
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
    @Override
    public void flush() {
        if (count > 0) {
            writer.add(lines.toString().getBytes(StandardCharsets.US_ASCII), count);
            lines.setLength(0);
            count = 0;
        }
    }
}
