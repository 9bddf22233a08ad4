package dev.loomgate.server.observe;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One JSON object:
///
/// ```
///  {"time":"2026-11-23T10:00:00.123Z","remote":"127.0.0.1","method":"GET","uri":"/user?name=Bob",...}
/// ```
final class JsonLine implements LineForm {
    private final Client client;

    JsonLine(Client client) {
        this.client = client;
    }

    @Override
    public void append(StringBuilder lines, LoggedRequest logged) {
        lines.append("{\"time\":\"")
                .append(Instant.ofEpochMilli(logged.endMicros() / 1000))
                .append('"');
        member(lines, "remote", client.address(logged));
        member(lines, "method", logged.variable("REQUEST_METHOD"));
        member(lines, "uri", logged.variable("REQUEST_URI"));
        member(lines, "protocol", logged.variable("SERVER_PROTOCOL"));
        lines.append(",\"status\":").append(logged.outcome().status());
        lines.append(",\"bytes\":").append(logged.outcome().bytesSent());
        lines.append(",\"micros\":").append(logged.micros());
        member(lines, "referer", logged.variable("HTTP_REFERER"));
        member(lines, "user_agent", logged.variable("HTTP_USER_AGENT"));
        String id = logged.request().requestId();
        member(lines, "request_id", id.isEmpty() ? null : id);
        Map<String, String> variables = logged.request().logVariablesIfAny();
        if (variables != null && !variables.isEmpty()) {
            String before = ",\"variables\":{\"";
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                lines.append(before);
                Escaped.append(lines, variable.getKey());
                lines.append("\":\"");
                Escaped.append(lines, variable.getValue());
                lines.append('"');
                before = ",\"";
            }
            lines.append('}');
        }
        lines.append("}\n");
    }

    private static void member(StringBuilder lines, String name, @Nullable String value) {
        if (value != null) {
            lines.append(",\"").append(name).append("\":\"");
            Escaped.append(lines, value);
            lines.append('"');
        }
    }
}
