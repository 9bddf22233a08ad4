package dev.loomgate.python.workers;

import java.time.Duration;

/// How long to wait before a worker that ended by itself is started again: not at all after a long life; from 100
/// ms on, twice as long each time up to 30 s, when one after the other dies young. Loop side only.
final class Backoff {
    private static final long YOUNG_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofSeconds(30);

    private int youngDeaths;

    /// A worker has died at that age.
    ///
    /// @return how long to wait
    Duration died(long ageNanos) {
        if (ageNanos >= YOUNG_NANOS) {
            youngDeaths = 0;
            return Duration.ZERO;
        }
        youngDeaths++;
        if (youngDeaths == 1) {
            return Duration.ZERO;
        }
        Duration wait = FIRST.multipliedBy(1L << Math.min(youngDeaths - 2, 20));
        return wait.compareTo(MOST) > 0 ? MOST : wait;
    }
}
