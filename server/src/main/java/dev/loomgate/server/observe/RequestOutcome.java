package dev.loomgate.server.observe;

import dev.loomgate.gateway.direct.AnswerDetails;
import org.jspecify.annotations.Nullable;

/// What came of a request. To be read while [RequestObserver#finished] runs; then it belongs to the next request.
public interface RequestOutcome {
    /// What is said where a figure isn't known.
    int UNKNOWN = -1;

    /// The status that was sent, or with which the request was refused; 499, as in nginx, if the client disconnected
    /// before there was one.
    int status();

    /// The bytes of content that were written, without heads and framing.
    long bytesSent();

    /// The time since the request's head was complete.
    long nanos();

    /// The bytes of the response's head as it was written; 0 without one, or [#UNKNOWN].
    int headBytes();

    /// The number of fields in it; 0 without one, or [#UNKNOWN].
    int headerCount();

    /// Whether content was sent from a file.
    boolean isFile();

    /// Whether the client disconnected before the end of the response.
    boolean isCutOff();

    /// What a process has told that has answered without the server in between; null of all others.
    @Nullable
    AnswerDetails details();
}
