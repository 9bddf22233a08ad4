package dev.loomgate.gateway.lint.response;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.lint.exchange.Exchange;
import dev.loomgate.gateway.lint.exchange.Findings;
import dev.loomgate.gateway.specification.Clause;
import dev.loomgate.gateway.specification.LintException;
import org.jspecify.annotations.Nullable;

/// A request's `startResponse`, checked, and what it was told.
public final class LintedStart implements StartResponse {
    private final StartResponse container;
    private final Exchange exchange;
    private @Nullable Started last;
    private boolean handedOver;
    private boolean causeThrown;

    /// A head as it was given: the application's own headers beside a copy of what they were.
    private record Started(Status status, Headers given, Headers copy) {}

    /// @param container what it passes on to
    public LintedStart(StartResponse container, Exchange exchange) {
        this.container = container;
        this.exchange = exchange;
    }

    @Override
    public void viewedBy(StartResponse view) {
        container.viewedBy(view);
    }

    @Override
    public void start(Status status, Headers headers, @Nullable Exception cause) throws Exception {
        if (exchange.isFailure(cause)) {
            // The container's own page, on its way out.
            container.start(status, headers, cause);
            return;
        }
        exchange.check(status != null, Clause.START_ARGUMENTS, "the status is null");
        exchange.check(headers != null, Clause.START_ARGUMENTS, "the headers are null");
        exchange.checkThread(Clause.START_THREAD, "startResponse was called");
        exchange.check(!exchange.ended(), Clause.START_IN_TIME, "startResponse was called with " + status);
        exchange.check(
                last == null || cause != null,
                Clause.STARTED_AGAIN,
                "startResponse was called with " + status + " after " + (last == null ? "" : last.status));
        new HeadCheck(status, headers, exchange).run();
        exchange.check(
                !exchange.findings().recentHeaders().metBefore(headers),
                Clause.HEADERS_FRESH,
                "the same headers were passed before, now with " + status);
        pass(status, headers, cause);
        last = new Started(status, headers, headers.copy());
    }

    private void pass(Status status, Headers headers, @Nullable Exception cause) throws Exception {
        try {
            container.start(status, headers.copy(), cause);
        } catch (LintException e) {
            throw e;
        } catch (Exception e) {
            if (!handedOver) {
                throw exchange.found(Clause.START_TAKEN, status + " was refused with " + e, e);
            }
            if (e != cause) {
                throw exchange.found(Clause.START_TOO_LATE, e + " was thrown instead of " + cause, e);
            }
            causeThrown = true;
            throw e;
        }
        exchange.check(!handedOver, Clause.START_TOO_LATE, status + " was taken after content, with " + cause);
    }

    /// Whether it has been called.
    public boolean started() {
        return last != null;
    }

    /// Content that isn't empty went to the container.
    void handedOver() {
        handedOver = true;
    }

    /// Before content goes on after a start that was too late.
    void checkCausePassedOn() {
        exchange.check(!causeThrown, Clause.CAUSE_PASSED_ON, "content went on after a start that came too late");
    }

    /// When the body is closed.
    void end() {
        if (last != null) {
            exchange.check(
                    last.given.equals(last.copy),
                    Clause.HEADERS_LEFT_ALONE,
                    "the headers became " + Findings.show(last.given.toString()));
        }
    }

    /// Whether a WebSocket has been accepted.
    boolean isSwitching() {
        return status().code() == Status.SWITCHING_PROTOCOLS.code();
    }

    Status status() {
        return head().status;
    }

    Headers headers() {
        return head().copy;
    }

    private Started head() {
        if (last == null) {
            throw new IllegalStateException("not started");
        }
        return last;
    }
}
