package dev.loomgate.server.uwsgi;

import dev.loomgate.gateway.Quoting;
import dev.loomgate.gateway.Variables;
import dev.loomgate.server.cgi.CgiVariables;
import dev.loomgate.server.exchange.ObservedRequest;
import dev.loomgate.server.exchange.RequestIds;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A packet that a process has answered, as observers see it.
final class AnsweredPacket implements ObservedRequest {
    private final UwsgiRequest request;
    private final Variables variables;
    private @Nullable String requestId; // loop side

    AnsweredPacket(UwsgiRequest request) {
        this.request = request;
        this.variables = new CgiVariables(request);
    }

    @Override
    public Variables variables() {
        return variables;
    }

    /// A request that has some is handed over, and answered by the server.
    @Override
    public @Nullable Map<String, String> logVariablesIfAny() {
        return null;
    }

    @Override
    public String requestId() {
        String id = requestId;
        if (id == null) {
            id = RequestIds.of(variables);
            requestId = id;
        }
        return id;
    }

    @Override
    public String toString() {
        return Quoting.printable(request.toString());
    }
}
