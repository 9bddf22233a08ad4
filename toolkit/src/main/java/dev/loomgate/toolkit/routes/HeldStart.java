package dev.loomgate.toolkit.routes;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import org.jspecify.annotations.Nullable;

/// A start that is held back until the length of the body is known, where a rule wants to know it ([BodyLength]).
final class HeldStart implements StartResponse {
    private final StartResponse inner;
    private final Trip trip;
    private boolean released;
    private @Nullable Status status;
    private Headers headers = new Headers();
    private @Nullable Exception cause;

    HeldStart(StartResponse inner, Trip trip) {
        this.inner = inner;
        this.trip = trip;
    }

    @Override
    public void viewedBy(StartResponse view) {
        inner.viewedBy(view);
    }

    @Override
    public void start(Status status, Headers headers, @Nullable Exception cause) throws Exception {
        if (released) {
            inner.start(status, headers, cause); // an error's page
            return;
        }
        if (this.status != null && cause == null) {
            throw new IllegalStateException("startResponse was called a second time without a cause");
        }
        this.status = status;
        this.headers = headers;
        this.cause = cause;
        BodyLength wanted = trip.bodyLength();
        if (wanted != null && wanted.replaces() && hasLength(status)) {
            headers.remove("Content-Length"); // so that nobody cuts the body off there
        }
    }

    /// The application has failed: what is started now is an error's page.
    void letPass() {
        released = true;
    }

    /// Starts the response, and gives the body that is to be sent.
    Body release(Body body) throws Exception {
        Body sent = body;
        BodyLength wanted = trip.bodyLength();
        Status first = status;
        if (wanted != null
                && first != null
                && hasLength(first)
                && !(body instanceof Body.WebSocketBody)
                && isWanted(wanted)) {
            try {
                BodyLength.Counted counted = wanted.count(body);
                headers.set("Content-Length", Long.toString(counted.length()));
                sent = counted.body();
            } catch (Exception | Error e) {
                released = true;
                body.close();
                throw e;
            }
        }
        released = true;
        first = status; // its content may have started another one
        if (first == null) {
            return sent;
        }
        try {
            inner.start(first, headers, cause);
        } catch (Exception | Error e) {
            sent.close();
            throw e;
        }
        return sent;
    }

    private boolean isWanted(BodyLength wanted) {
        return wanted.replaces() || headers.first("Content-Length").isEmpty();
    }

    /// The answer to HEAD has the length of what GET would give, which nobody knows here.
    private boolean hasLength(Status ofResponse) {
        int code = ofResponse.code();
        return code >= 200
                && code != 204
                && code != 304
                && !trip.environ().method().equals("HEAD");
    }
}
