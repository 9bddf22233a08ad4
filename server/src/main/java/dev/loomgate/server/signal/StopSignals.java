package dev.loomgate.server.signal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the signals that ask for a stop. The same one may come twice: to the process, and to its group. Any thread.
public final class StopSignals {
    /// A second signal within this time is the first one, come by another way.
    private static final Duration SAME = Duration.ofMillis(250);

    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLong firstNanos = new AtomicLong(NEVER);

    /// Which one a signal is.
    public enum Turn {
        /// The first.
        FIRST,
        /// The first, by another way.
        SAME,
        /// A further one: from somebody who won't wait.
        AGAIN
    }

    /// One has come now.
    public Turn came() {
        long now = System.nanoTime();
        long first = firstNanos.compareAndExchange(NEVER, now);
        if (first == NEVER) {
            return Turn.FIRST;
        }
        return now - first < SAME.toNanos() ? Turn.SAME : Turn.AGAIN;
    }
}
