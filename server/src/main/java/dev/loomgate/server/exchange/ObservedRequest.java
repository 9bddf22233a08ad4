package dev.loomgate.server.exchange;

import dev.loomgate.gateway.Variables;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What those see of a request who are told of it (the access log): an [Exchange], or a request that was answered
/// without one. Its `toString()` is the request line.
public interface ObservedRequest {
    /// The request, without the `wsgi.*` objects.
    Variables variables();

    /// What the application wants to see in the access log; null if it has never asked for that map.
    @Nullable
    Map<String, String> logVariablesIfAny();

    /// Somebody wants to know its [#route]. Before it begins; means nothing where no application of
    /// this server's answers.
    default void takingRoute() {}

    /// The template by which the application has routed it; null if it hasn't said so.
    default @Nullable String route() {
        return null;
    }

    /// What names the request in logs, made when it is asked for; empty if its head was refused. Any thread.
    String requestId();
}
