package dev.loomgate.server.observe;

import dev.loomgate.server.exchange.ObservedRequest;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that is over, as its line is written: figures that change while one looks at them are taken once.
///
/// @param nanos that it took
/// @param endMicros when it ended, in microseconds since 1970
record LoggedRequest(ObservedRequest request, RequestOutcome outcome, long nanos, long endMicros) {
    static LoggedRequest now(ObservedRequest request, RequestOutcome outcome) {
        Instant now = Instant.now();
        return new LoggedRequest(
                request, outcome, outcome.nanos(), now.getEpochSecond() * 1_000_000 + now.getNano() / 1000);
    }

    long micros() {
        return nanos / 1000;
    }

    /// When it began, in microseconds since 1970.
    long startMicros() {
        return endMicros - micros();
    }

    /// A variable of the request, as text; null if it has none of that name.
    @Nullable
    String variable(String name) {
        Object value = request.variables().get(name);
        return value == null ? null : value.toString();
    }

    /// What the application has set by that name; null if nothing.
    @Nullable
    String logVariable(String name) {
        Map<String, String> variables = request.logVariablesIfAny();
        return variables == null ? null : variables.get(name);
    }
}
