package dev.loomgate.gateway.direct;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.LogId;
import java.util.Optional;

/// A request that a process has begun before it handed the connection over: it is called in place of the server's
/// application, for this one request, and answers with what the process says.
public interface BegunRequest extends Application {
    /// When it began, on the clock of [System#nanoTime]. Its time is counted from then.
    long begunNanos();

    /// What names it in logs, if the process has named it. Any thread.
    default Optional<LogId> requestId() {
        return Optional.empty();
    }

    /// It will never be called: its client has disconnected. Any thread.
    void unwanted();
}
