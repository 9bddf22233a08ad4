package dev.loomgate.server.observe;

import java.util.Map;

/// A line after the common log format, with the time taken at its end:
///
/// ```
///  127.0.0.1 - - [23/Nov/2026:10:00:00 +0000] "GET /user?name=Bob HTTP/1.1" 200 10 0.412 user="bob"
/// ```
final class TextLine implements LineForm {
    private final TimeText time = TimeText.common();
    private final Client client;
    private final boolean inMicros;
    private final boolean requestIds;

    /// @param inMicros whether the time taken is in microseconds instead of milliseconds
    /// @param requestIds whether the request's id is at the end
    TextLine(Client client, boolean inMicros, boolean requestIds) {
        this.client = client;
        this.inMicros = inMicros;
        this.requestIds = requestIds;
    }

    @Override
    public void append(StringBuilder lines, LoggedRequest logged) {
        Escaped.append(lines, client.address(logged));
        lines.append(" - - [").append(time.of(logged.endMicros() / 1_000_000)).append("] \"");
        Escaped.append(lines, logged.variable("REQUEST_METHOD"));
        lines.append(' ');
        Escaped.append(lines, logged.variable("REQUEST_URI"));
        lines.append(' ');
        Escaped.append(lines, logged.variable("SERVER_PROTOCOL"));
        lines.append("\" ")
                .append(logged.outcome().status())
                .append(' ')
                .append(logged.outcome().bytesSent())
                .append(' ');
        appendTime(lines, logged.micros());
        Map<String, String> variables = logged.request().logVariablesIfAny();
        if (variables != null) {
            variables.forEach((name, value) -> append(lines, name, value));
        }
        if (requestIds) {
            append(lines, "request_id", logged.request().requestId());
        }
        lines.append('\n');
    }

    private static void append(StringBuilder lines, String name, String value) {
        lines.append(' ');
        Escaped.append(lines, name);
        lines.append("=\"");
        Escaped.append(lines, value);
        lines.append('"');
    }

    private void appendTime(StringBuilder lines, long micros) {
        if (inMicros) {
            lines.append(micros);
            return;
        }
        lines.append(micros / 1000).append('.');
        long fraction = micros % 1000;
        lines.append((char) ('0' + fraction / 100))
                .append((char) ('0' + fraction / 10 % 10))
                .append((char) ('0' + fraction % 10));
    }
}
