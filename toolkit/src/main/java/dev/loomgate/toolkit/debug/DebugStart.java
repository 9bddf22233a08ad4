package dev.loomgate.toolkit.debug;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import org.jspecify.annotations.Nullable;

/// Starts a debug page from within, so that it passes through the middlewares that the failed application has around
/// it.
final class DebugStart implements StartResponse {
    private final StartResponse inner;
    private StartResponse innermost = this;
    private @Nullable Headers page;

    DebugStart(StartResponse inner) {
        this.inner = inner;
        inner.viewedBy(this);
    }

    @Override
    public void viewedBy(StartResponse view) {
        innermost = view;
        inner.viewedBy(view);
    }

    @Override
    public void start(Status status, Headers headers, @Nullable Exception cause) throws Exception {
        Headers own = page;
        if (own != null) {
            // Whatever the middlewares said of the content: this is it.
            headers.remove("Content-Encoding");
            headers.remove("ETag");
            own.forEach(headers::set);
            page = null;
        }
        inner.start(status, headers, cause);
    }

    /// Starts the page with these headers, and with those that middlewares add.
    ///
    /// @throws Exception the cause, if the response can't be replaced any more
    void fail(Headers headers, Exception cause) throws Exception {
        page = headers;
        try {
            innermost.start(Status.INTERNAL_SERVER_ERROR, new Headers(), cause);
        } catch (Exception | LinkageError | AssertionError another) {
            if (another == cause) {
                throw cause;
            }
            cause.addSuppressed(another);
        }
        if (page != null) {
            // A middleware holds the start back, or has failed.
            start(Status.INTERNAL_SERVER_ERROR, new Headers(), cause);
        }
    }
}
