package dev.loomgate.cli.emperor;

import java.time.Duration;
import java.time.Instant;

/// How often a vassal has failed, one time after the other, and how long it has to wait for the next try: not at all
/// after the first failure, then a step longer each time, up to a limit. Used by the emperor's thread.
///
/// It has failed if it ended without having been asked to, before it served; or when it had served for less than its
/// last pause, so that one that always ends soon is slowed down as well.
final class Failures {
    private final Duration step;
    private final Duration most;
    private int count;
    private Duration pause = Duration.ZERO;
    private Instant first = Instant.EPOCH;
    private Instant last = Instant.EPOCH;

    /// @param step zero for no pauses at all
    Failures(Duration step, Duration most) {
        this.step = step;
        this.most = most;
    }

    /// It has failed once more.
    ///
    /// @return how long to wait
    Duration add(Instant now) {
        count++;
        if (count == 1) {
            first = now;
        }
        last = now;
        Duration next = step.multipliedBy(count - 1L);
        pause = next.compareTo(most) > 0 ? most : next;
        return pause;
    }

    /// Whether one that has served for so long may start again as if nothing had been.
    boolean isLongEnough(Duration served) {
        return served.compareTo(pause) > 0 && served.compareTo(step) > 0;
    }

    void clear() {
        count = 0;
        pause = Duration.ZERO;
    }

    int count() {
        return count;
    }

    Duration pause() {
        return pause;
    }

    Instant first() {
        return first;
    }

    Instant last() {
        return last;
    }
}
