package dev.loomgate.toolkit.spooler;

import java.time.Duration;

/// How a [Spooler] runs tasks.
///
/// @param workers how many run at once; 1 to 1000
/// @param prefetch how many it has at the most, those that run and those that are to follow: also the most
/// that are run a second time when its server dies; `workers` to 10,000
/// @param lease it counts as lost, and others take its tasks over, when it hasn't been heard of for so
/// long; it says three times in that time that it is there, however long a task takes. 1 s to 1 h
/// @param mostAttempts a task that failed so often is given up; 1 to 1000
/// @param mostLosses how many spoolers may be lost that have a task, run or not, before it is given up as
/// well, since it may be the reason; 1 to 1000
/// @param backoff the time after the first failure; twice as long after each further one. 10 ms to 1 day
/// @param mostBackoff the longest of these times; at least `backoff`, at most 30 days
/// @param stopTimeout how long [Spooler#close] waits for what runs; 0 to 1 h
public record SpoolerSettings(
        int workers,
        int prefetch,
        Duration lease,
        int mostAttempts,
        int mostLosses,
        Duration backoff,
        Duration mostBackoff,
        Duration stopTimeout) {
    /// 4 at once, 8 fetched, 30 s, 10 attempts, 10 losses, 1 s to 1 h, 30 s.
    public static final SpoolerSettings DEFAULT = new SpoolerSettings(
            4, 8, Duration.ofSeconds(30), 10, 10, Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofSeconds(30));

    /// @throws IllegalArgumentException if a value is out of its range
    public SpoolerSettings {
        check("workers", workers, 1, 1000);
        check("prefetch", prefetch, workers, 10_000);
        check("lease", lease, Duration.ofSeconds(1), Duration.ofHours(1));
        check("mostAttempts", mostAttempts, 1, 1000);
        check("mostLosses", mostLosses, 1, 1000);
        check("backoff", backoff, Duration.ofMillis(10), Duration.ofDays(1));
        check("mostBackoff", mostBackoff, backoff, Duration.ofDays(30));
        check("stopTimeout", stopTimeout, Duration.ZERO, Duration.ofHours(1));
    }

    private static <T extends Comparable<T>> void check(String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "SpoolerSettings: %s is %s, not in %s to %s".formatted(name, value, least, most));
        }
    }

    /// The same with so many tasks at once, and twice as many fetched.
    public SpoolerSettings withWorkers(int other) {
        return new SpoolerSettings(
                other, 2 * other, lease, mostAttempts, mostLosses, backoff, mostBackoff, stopTimeout);
    }

    /// The same with so many tasks fetched.
    public SpoolerSettings withPrefetch(int other) {
        return new SpoolerSettings(workers, other, lease, mostAttempts, mostLosses, backoff, mostBackoff, stopTimeout);
    }

    /// The same with another lease.
    public SpoolerSettings withLease(Duration other) {
        return new SpoolerSettings(
                workers, prefetch, other, mostAttempts, mostLosses, backoff, mostBackoff, stopTimeout);
    }

    /// The same with another number of attempts.
    public SpoolerSettings withMostAttempts(int other) {
        return new SpoolerSettings(workers, prefetch, lease, other, mostLosses, backoff, mostBackoff, stopTimeout);
    }

    /// The same with another number of losses.
    public SpoolerSettings withMostLosses(int other) {
        return new SpoolerSettings(workers, prefetch, lease, mostAttempts, other, backoff, mostBackoff, stopTimeout);
    }

    /// The same with other times between attempts.
    public SpoolerSettings withBackoff(Duration first, Duration most) {
        return new SpoolerSettings(workers, prefetch, lease, mostAttempts, mostLosses, first, most, stopTimeout);
    }

    /// The same with another time for what runs at the end.
    public SpoolerSettings withStopTimeout(Duration other) {
        return new SpoolerSettings(workers, prefetch, lease, mostAttempts, mostLosses, backoff, mostBackoff, other);
    }

    /// The time until the next attempt.
    ///
    /// @param failures at least 1
    Duration backoffAfter(int failures) {
        Duration time = backoff;
        for (int i = 1; i < failures && time.compareTo(mostBackoff) < 0; i++) {
            time = time.multipliedBy(2);
        }
        return time.compareTo(mostBackoff) < 0 ? time : mostBackoff;
    }
}
