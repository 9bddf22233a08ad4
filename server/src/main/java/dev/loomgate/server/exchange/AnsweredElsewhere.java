package dev.loomgate.server.exchange;

import dev.loomgate.gateway.Variables;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that a process has taken and answered itself, as observers see it.
public abstract class AnsweredElsewhere implements ObservedRequest {
    private final Variables variables;
    private @Nullable String requestId; // loop side

    /// @param requestId null if the process has given it none: it is made when it is asked for
    protected AnsweredElsewhere(Variables variables, @Nullable String requestId) {
        this.variables = variables;
        this.requestId = requestId;
    }

    @Override
    public final Variables variables() {
        return variables;
    }

    /// A request that has some is handed over, and answered by the server.
    @Override
    public final @Nullable Map<String, String> logVariablesIfAny() {
        return null;
    }

    @Override
    public final String requestId() {
        String id = requestId;
        if (id == null) {
            id = RequestIds.of(variables);
            requestId = id;
        }
        return id;
    }
}
