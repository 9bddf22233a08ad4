package dev.loomgate.server;

import dev.loomgate.loop.Microthread;
import dev.loomgate.server.exchange.ObservedRequest;
import java.util.Optional;

/// The request in whose microthread the caller runs: for what is logged there.
public final class CurrentRequest {
    private CurrentRequest() {}

    /// Its id; empty outside of a request's microthread, also in threads that such a one has started.
    public static Optional<String> id() {
        return Microthread.isCurrent() && Microthread.current().subject() instanceof ObservedRequest request
                ? Optional.of(request.requestId())
                : Optional.empty();
    }
}
