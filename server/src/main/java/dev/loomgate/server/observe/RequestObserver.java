package dev.loomgate.server.observe;

import dev.loomgate.server.exchange.ObservedRequest;

/// Is told of each request of one loop, at both its ends: a log, counters, traces.
///
/// Loop side only, so it must not wait. It may read the request's variables, and it holds the loop
/// up while it runs.
public interface RequestObserver {
    /// A request's head is complete; its microthread may have to wait for its turn. Of a request that was answered
    /// without the server in between this is told at its end, and so it is of one whose head was refused.
    void begun(ObservedRequest request);

    /// The response has been written, or never will be.
    ///
    /// @param outcome valid during this call
    void finished(ObservedRequest request, RequestOutcome outcome);

    /// Passes on what it has gathered. Called several times a second, and at the end.
    void flush();
}
