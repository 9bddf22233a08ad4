package dev.loomgate.python.supervision;

import java.time.Duration;

/// How long to wait before a process that ended by itself is started again: not at all after a long life; from 100 ms
/// on, twice as long each time, when one after the other dies young. Up to 1 s if it has served: then a fork, which is
/// cheap, gives some service at least; else up to 30 s, since what can't even start will hardly do so soon. Loop side
/// only.
final class Backoff {
    private static final long YOUNG_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration MOST_AFTER_SERVICE = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofSeconds(30);

    private int youngDeaths;

    /// One has died at that age.
    ///
    /// @param served whether it had got as far as to be given requests
    /// @return how long to wait
    Duration died(long ageNanos, boolean served) {
        if (ageNanos >= YOUNG_NANOS) {
            youngDeaths = 0;
            return Duration.ZERO;
        }
        youngDeaths++;
        if (youngDeaths == 1) {
            return Duration.ZERO;
        }
        Duration wait = FIRST.multipliedBy(1L << Math.min(youngDeaths - 2, 20));
        Duration most = served ? MOST_AFTER_SERVICE : MOST;
        return wait.compareTo(most) > 0 ? most : wait;
    }
}
