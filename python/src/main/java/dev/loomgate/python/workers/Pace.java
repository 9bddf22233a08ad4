package dev.loomgate.python.workers;

/// How long requests take of late, and so how many a `sync` worker may be sent ahead. Loop side only.
///
/// A round trip to a worker costs more than a short request takes there, so several are sent at once: as many as
/// are likely done within [#AHEAD_NANOS]. A request that takes that long itself is sent alone.
final class Pace {
    /// A request waits behind others in a worker for about so long at most.
    private static final long AHEAD_NANOS = 1_000_000;

    private static final int MOST = 32;
    private static final int WEIGHT = 16;

    // In the beginning nobody knows: one at a time.
    private double meanNanos = AHEAD_NANOS;

    /// `count` requests were answered in `nanos` by a worker that had nothing else to do.
    void answered(long nanos, int count) {
        double each = (double) nanos / count;
        int weight = Math.min(count, WEIGHT);
        meanNanos += (each - meanNanos) * weight / WEIGHT;
    }

    /// How many requests a worker may have at a time: 1 to 32.
    int depth() {
        return Math.clamp((long) (AHEAD_NANOS / Math.max(meanNanos, 1)), 1, MOST);
    }
}
