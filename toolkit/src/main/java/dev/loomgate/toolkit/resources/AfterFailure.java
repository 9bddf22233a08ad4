package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import org.jspecify.annotations.Nullable;

/// The start of the page that a container sends for a resource that has failed: shown to the resource's `after`.
final class AfterFailure implements StartResponse {
    private final StartResponse inner;
    private final BeforeAndAfter hooks;
    private final Object instance;
    private final Request request;
    private boolean failed;

    AfterFailure(StartResponse inner, BeforeAndAfter hooks, Object instance, Request request) {
        this.inner = inner;
        this.hooks = hooks;
        this.instance = instance;
        this.request = request;
    }

    /// Shows `after` an answer that didn't fail.
    Application after(Application answer) throws Throwable {
        failed = true;
        Application shown = hooks.after(instance, request, answer);
        failed = false;
        return shown;
    }

    @Override
    public void start(Status status, Headers headers, @Nullable Exception cause) throws Exception {
        Headers seen = headers;
        // An after that has failed itself isn't asked again.
        if (!failed) {
            failed = true;
            try {
                Response page = Response.of(page(status, headers), new Environ());
                var _ = hooks.after(instance, request, page);
                seen = page.headers();
            } catch (Throwable another) {
                if (cause != null && another != cause) {
                    cause.addSuppressed(another);
                }
            }
        }
        inner.start(status, seen, cause);
    }

    private static Application page(Status status, Headers headers) {
        return (_, startResponse) -> {
            startResponse.start(status, headers);
            return Body.empty();
        };
    }

    @Override
    public void viewedBy(StartResponse view) {
        inner.viewedBy(view);
    }
}
