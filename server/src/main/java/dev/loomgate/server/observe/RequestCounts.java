package dev.loomgate.server.observe;

import dev.loomgate.server.exchange.ObservedRequest;
import java.util.concurrent.atomic.AtomicLong;

/// How many requests a loop has had, and what came of them. Written by the loop side alone, by plain additions; read by
/// any thread.
///
/// Requests that the application's processes answer without the server aren't among them, unless it is told of those
/// for the access log.
public final class RequestCounts implements RequestObserver {
    private static final int INTERNAL_ERROR = 500;

    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();

    /// @param requests that are over
    /// @param errors those of them whose status was 500
    /// @param sentBytes of their content
    /// @param nanos that they have taken together
    public record Totals(long requests, long errors, long sentBytes, long nanos) {}

    @Override
    public void begun(ObservedRequest request) {
        // A request counts at its end.
    }

    @Override
    public void finished(ObservedRequest request, RequestOutcome outcome) {
        add(requests, 1);
        add(sentBytes, outcome.bytesSent());
        add(nanos, outcome.nanos());
        if (outcome.status() == INTERNAL_ERROR) {
            add(errors, 1);
        }
    }

    private static void add(AtomicLong to, long more) {
        to.setOpaque(to.getPlain() + more);
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    /// Until now. Any thread.
    public Totals totals() {
        return new Totals(requests.getOpaque(), errors.getOpaque(), sentBytes.getOpaque(), nanos.getOpaque());
    }
}
