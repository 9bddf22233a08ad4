package dev.loomgate.server.call;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Quoting;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.server.exchange.ResponseHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the application has said about its response so far: PEP 3333's `start_response` with its rules.
/// Microthread only.
final class StartedResponse implements StartResponse {
    private final boolean headRequest;
    private final boolean offersWebSocket;
    private @Nullable Status status;
    private @Nullable Headers headers;
    private @Nullable Exception cause;
    private boolean committed;
    private StartResponse innermost = this;

    /// @param offersWebSocket whether a start with 101 is possible
    StartedResponse(boolean headRequest, boolean offersWebSocket) {
        this.headRequest = headRequest;
        this.offersWebSocket = offersWebSocket;
    }

    @Override
    public void start(Status newStatus, Headers newHeaders, @Nullable Exception newCause) throws Exception {
        if (status != null) {
            if (newCause == null) {
                throw new IllegalStateException("startResponse is called a second time, without a cause: first "
                        + status + ", then " + newStatus);
            }
            if (committed) {
                throw newCause;
            }
        }
        boolean switching = newStatus.code() == Status.SWITCHING_PROTOCOLS.code();
        if (switching && !offersWebSocket) {
            throw new IllegalArgumentException(
                    "startResponse is called with " + newStatus + ", but " + BrokenResponse.NO_WEB_SOCKET);
        }
        if (newStatus.code() < 200 && !switching) {
            throw new IllegalArgumentException("startResponse takes a final status, 200 to 599, not " + newStatus);
        }
        status = newStatus;
        headers = newHeaders;
        cause = newCause;
    }

    @Override
    public void viewedBy(StartResponse view) {
        innermost = view;
    }

    /// What middlewares add to the answer to a failure: nothing, if they fail, too.
    Headers decorated(Status failed, Throwable failure) {
        Headers own = new Headers();
        if (innermost == this) {
            return own;
        }
        Exception asCause = failure instanceof Exception exception ? exception : new IllegalStateException(failure);
        try {
            innermost.start(failed, own, asCause);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError another) {
            if (another != failure && another != asCause) {
                failure.addSuppressed(another);
            }
        }
        // A middleware may hold a start back, and then it isn't here.
        return headers != null && cause == asCause ? headers : new Headers();
    }

    boolean committed() {
        return committed;
    }

    /// From now on status and headers can't change.
    ///
    /// @param knownLength the content's bytes, or [ResponseHead#UNKNOWN]
    /// @throws BrokenResponse if the application hasn't called startResponse, or its Content-Length isn't the
    /// content's
    ResponseHead commit(long knownLength) {
        if (status == null || headers == null) {
            throw new BrokenResponse("the application has not called startResponse");
        }
        if (isSwitching(status)) {
            throw new BrokenResponse("the status is " + status + ", but the body is not a WebSocket");
        }
        boolean bodiless = headRequest || status.bodiless();
        long declared = declaredLength(headers);
        if (declared != ResponseHead.UNKNOWN
                && knownLength != ResponseHead.UNKNOWN
                && declared != knownLength
                && !bodiless) {
            throw new BrokenResponse(
                    "Content-Length is %d, but the body has %d bytes".formatted(declared, knownLength));
        }
        committed = true;
        long length =
                switch (status.code()) {
                    case 204 -> ResponseHead.UNKNOWN; // RFC 9110 section 8.6: it has no Content-Length
                    case 205 -> 0;
                    case 304 -> declared; // of a representation that isn't there: only the application knows it
                    default -> declared != ResponseHead.UNKNOWN ? declared : knownLength;
                };
        return new ResponseHead(status, headers, length, bodiless);
    }

    /// The same for a response that accepts a WebSocket.
    ///
    /// @throws BrokenResponse if the application hasn't started with 101
    ResponseHead commitWebSocket() {
        if (status == null || headers == null || !isSwitching(status)) {
            throw new BrokenResponse("the body is a WebSocket, but the status is " + status + ", not 101");
        }
        committed = true;
        return new ResponseHead(status, headers, ResponseHead.UNKNOWN, true);
    }

    private static boolean isSwitching(Status status) {
        return status.code() == Status.SWITCHING_PROTOCOLS.code();
    }

    /// Whether no content may follow the head.
    boolean bodiless() {
        return headRequest || (status != null && status.bodiless());
    }

    private static long declaredLength(Headers headers) {
        if (!headers.contains("Content-Length")) {
            return ResponseHead.UNKNOWN;
        }
        List<String> values = headers.all("Content-Length");
        String value = values.getFirst();
        if (values.size() > 1
                || value.isEmpty()
                || value.length() > 18
                || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new BrokenResponse(
                    "Content-Length is not one number: " + Quoting.printable(String.join(", ", values)));
        }
        return Long.parseLong(value);
    }
}
