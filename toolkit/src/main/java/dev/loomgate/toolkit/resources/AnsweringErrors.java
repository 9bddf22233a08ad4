package dev.loomgate.toolkit.resources;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.Request;
import org.jspecify.annotations.Nullable;

/// An application whose HttpExceptions are its responses, and whose other exceptions are those that handlers are for.
record AnsweringErrors(Application inner, Request request, ErrorHandlers errors) implements Application {
    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        Watched watched = new Watched(startResponse);
        try {
            return errors.answer(request, inner).call(environ, watched);
        } catch (Exception e) {
            // PEP 3333: what was started before can only be replaced with a cause.
            return errors.thrown(request, e)
                    .call(
                            environ,
                            (status, headers, _) -> startResponse.start(status, headers, watched.started ? e : null));
        }
    }

    private static final class Watched implements StartResponse {
        private final StartResponse inner;
        private boolean started;

        Watched(StartResponse inner) {
            this.inner = inner;
            inner.viewedBy(this);
        }

        @Override
        public void viewedBy(StartResponse view) {
            inner.viewedBy(view);
        }

        @Override
        public void start(Status status, Headers headers, @Nullable Exception cause) throws Exception {
            started = true;
            inner.start(status, headers, cause);
        }
    }
}
