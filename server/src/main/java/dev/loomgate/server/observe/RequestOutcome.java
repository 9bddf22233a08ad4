package dev.loomgate.server.observe;

/// What came of a request. To be read while [RequestObserver#finished] runs; then it belongs to the next request.
public interface RequestOutcome {
    /// The status that was sent, or with which the request was refused; 499, as in nginx, if the client disconnected
    /// before there was one.
    int status();

    /// The bytes of content that were written, without heads and framing.
    long bytesSent();

    /// The time since the request's head was complete.
    long nanos();
}
