package dev.loomgate.server.direct;

import dev.loomgate.gateway.direct.SharedSocket.Takers;

/// When the server accepts connections that processes take as well. Used by one thread.
///
/// | who takes connections | the server accepts |
/// |---|---|
/// | `FREE` | no |
/// | `BUSY` | from more than a quarter of the backlog in the kernel's queue, until it is less than an eighth |
/// | `NONE` | yes |
///
/// From the begin of a stop on it accepts, too.
final class AcceptRule {
    private static final int LONG_SHARE = 4;
    private static final int SHORT_SHARE = 8;

    private final int backlog;
    private Takers takers = Takers.NONE;
    private boolean queueIsLong;
    private boolean stopping;

    /// @param backlog the most connections in the kernel's queue
    AcceptRule(int backlog) {
        this.backlog = backlog;
    }

    /// Whether the server accepts.
    boolean accepts() {
        return stopping
                || switch (takers) {
                    case FREE -> false;
                    case BUSY -> queueIsLong;
                    case NONE -> true;
                };
    }

    /// Whether it depends on the kernel's queue.
    boolean dependsOnQueue() {
        return !stopping && takers == Takers.BUSY;
    }

    void takenBy(Takers now) {
        if (now != Takers.BUSY) {
            queueIsLong = false;
        }
        takers = now;
    }

    /// So many connections are in the kernel's queue.
    void queued(int connections) {
        queueIsLong =
                queueIsLong ? (long) connections * SHORT_SHARE >= backlog : (long) connections * LONG_SHARE > backlog;
    }

    /// The server stops.
    void stop() {
        stopping = true;
    }
}
