package dev.loomgate.security.limits;

import java.time.Duration;

/// So many requests in a time: a bucket that holds as many, and is refilled evenly.
///
/// @param requests how many at once, when the bucket is full
/// @param period in which an empty bucket becomes full
public record Rate(int requests, Duration period) {
    private static final Duration MOST = Duration.ofDays(366);

    /// @throws IllegalArgumentException if there are none, or the time is not in 1 ms to 366 days
    public Rate {
        if (requests <= 0) {
            throw new IllegalArgumentException("Rate: %d requests, not above 0".formatted(requests));
        }
        if (period.toMillis() <= 0 || period.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("Rate: the period is %s, not in 1 ms to 366 days".formatted(period));
        }
    }

    /// `10 in PT1M`
    @Override
    public String toString() {
        return requests + " in " + period;
    }
}
