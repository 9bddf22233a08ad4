package dev.loomgate.python.requests;

import dev.loomgate.python.call.Call;
import dev.loomgate.python.direct.Scoreboard;
import dev.loomgate.python.wire.FrameException;
import dev.loomgate.python.wire.MarshalReader;
import dev.loomgate.python.wire.MarshalWriter;
import dev.loomgate.python.wire.PacketHead;
import io.netty.buffer.Unpooled;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a snapshot shows of a running request: variables that are in access logs as well. A list of those that are
/// shown, and not of secrets: headers such as `X-Api-Key` are secret, too, and nobody knows all their names. Pure.
final class ShownVariables {
    private static final List<String> SHOWN = List.of(
            "REQUEST_METHOD",
            "REQUEST_URI",
            "SCRIPT_NAME",
            "PATH_INFO",
            "QUERY_STRING",
            "SERVER_PROTOCOL",
            "SERVER_NAME",
            "SERVER_PORT",
            "REQUEST_SCHEME",
            "HTTPS",
            "REMOTE_ADDR",
            "REMOTE_PORT",
            "CONTENT_TYPE",
            "CONTENT_LENGTH",
            "HTTP_HOST",
            "HTTP_USER_AGENT",
            "HTTP_X_FORWARDED_FOR",
            "HTTP_X_REQUEST_ID");

    private static final Set<String> NAMES = Set.copyOf(SHOWN);

    private ShownVariables() {}

    /// Of a call.
    static Map<String, String> of(Call call) {
        return of(call.environ(), call.method(), call.target());
    }

    private static Map<String, String> of(MarshalWriter environ, String method, String target) {
        Map<String, String> shown = new LinkedHashMap<>();
        if (environ.length() > 0) {
            try {
                Object read = MarshalReader.read(Unpooled.wrappedBuffer(environ.bytes(), 0, environ.length()));
                if (read instanceof Map<?, ?> variables) {
                    SHOWN.stream()
                            .filter(variables::containsKey)
                            .forEach(name -> shown.put(name, String.valueOf(variables.get(name))));
                }
            } catch (FrameException e) {
                shown.clear(); // then what the call knows is enough
            }
        }
        shown.putIfAbsent("REQUEST_METHOD", method);
        shown.putIfAbsent("REQUEST_URI", target);
        return shown;
    }

    /// Of a request that a worker has taken itself, as far as its scoreboard has it.
    static Map<String, String> of(Scoreboard.Inside request) {
        Map<String, String> all = PacketHead.variables(request.packet(), NAMES);
        Map<String, String> shown = new LinkedHashMap<>();
        for (String name : SHOWN) {
            String value = all.get(name);
            if (value != null) {
                shown.put(name, value);
            }
        }
        return shown;
    }
}
