package dev.loomgate.toolkit.routes;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.Response;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks rules about a response before it is started, and starts another one where they want it.
///
/// A response that is replaced once its body was taken keeps its body: then only its headers are changed.
final class RoutedStart implements StartResponse {
    /// What is made of a response.
    @FunctionalInterface
    interface Change {
        /// @param headers to be changed, unless there is another response
        /// @param mayReplace whether there may be one
        Optional<Response> of(int status, Headers headers, boolean mayReplace) throws IOException;
    }

    private final StartResponse inner;
    private final Change change;
    private @Nullable Response instead;
    private boolean taken;

    RoutedStart(StartResponse inner, Change change) {
        this.inner = inner;
        this.change = change;
    }

    @Override
    public void start(Status status, Headers headers, @Nullable Exception cause) throws Exception {
        // With a cause, the body is the container's page about a failure.
        Optional<Response> other = change.of(status.code(), headers, !taken && cause == null);
        instead = other.orElse(null);
        if (instead == null) {
            inner.start(status, headers, cause);
        } else {
            inner.start(instead.status(), instead.headers(), cause);
        }
    }

    @Override
    public void viewedBy(StartResponse view) {
        inner.viewedBy(view);
    }

    /// The body to be sent: the application's, or the other response's.
    Body bodyInstead(Body body) throws Exception {
        taken = true;
        if (instead == null) {
            return body;
        }
        body.close();
        return instead.body();
    }
}
