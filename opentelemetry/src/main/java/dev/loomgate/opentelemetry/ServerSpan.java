package dev.loomgate.opentelemetry;

import dev.loomgate.gateway.ClientGone;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.IOException;

/// One request's span, and what has come of the request so far. Used by the request's thread alone.
final class ServerSpan {
    private static final int INTERNAL_ERROR = 500;

    private final Span span;
    private final Context context;
    private final String method;
    private int status;
    private boolean failed;

    /// @param method as the span is named by it
    ServerSpan(Span span, Context context, String method) {
        this.span = span;
        this.context = context;
        this.method = method;
    }

    /// Code of the application that runs after its call, and what it gives.
    @FunctionalInterface
    interface Part<T, E extends Exception> {
        T run() throws E;
    }

    /// Runs such code in the span's context.
    <T, E extends Exception> T in(Part<T, E> part) throws E {
        try (Scope _ = context.makeCurrent()) {
            return part.run();
        } catch (Throwable thrown) {
            threw(thrown);
            throw thrown;
        }
    }

    /// The application tells by which template it has routed the request: the last word counts.
    void routed(String template) {
        span.updateName(method + " " + template);
        span.setAttribute(RequestFacts.ROUTE, template);
    }

    /// The response has been started, or started once more.
    void started(int code) {
        status = code;
    }

    /// The application has thrown. That the client has left is nobody's fault.
    void threw(Throwable thrown) {
        if (failed) {
            return;
        }
        failed = true;
        span.setAttribute(RequestFacts.ERROR, thrown.getClass().getName());
        if (!(thrown instanceof ClientGone)) {
            span.recordException(thrown);
            span.setStatus(StatusCode.ERROR);
        }
    }

    /// The call has thrown: the container answers 500, whatever was started. Of a failed read of the body it may make
    /// another status, or none.
    void callThrew(Throwable thrown) {
        threw(thrown);
        status = thrown instanceof IOException ? 0 : INTERNAL_ERROR;
    }

    /// The body is closed.
    void end() {
        if (status > 0) {
            span.setAttribute(RequestFacts.STATUS, status);
        }
        if (status >= INTERNAL_ERROR && !failed) {
            span.setAttribute(RequestFacts.ERROR, Integer.toString(status));
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }
}
