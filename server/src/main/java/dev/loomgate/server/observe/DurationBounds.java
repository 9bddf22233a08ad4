package dev.loomgate.server.observe;

import dev.loomgate.server.ServerSnapshot;

/// The bounds of the histograms of durations, as an array: a bucket is found without an object.
final class DurationBounds {
    private static final long[] NANOS =
            ServerSnapshot.BOUND_NANOS.stream().mapToLong(Long::longValue).toArray();

    /// How many there are; one bucket more has what took longer.
    static final int COUNT = NANOS.length;

    private DurationBounds() {}

    /// Which bucket a request is in.
    static int bucket(long nanos) {
        int bucket = 0;
        while (bucket < COUNT && nanos > NANOS[bucket]) {
            bucket++;
        }
        return bucket;
    }
}
