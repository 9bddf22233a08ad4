package dev.loomgate.python.requests;

import dev.loomgate.python.WorkerMode;

/// How many requests a worker may have at a time: as many as its mode runs at once, but in the mode `sync` as many as
/// the time suggests that requests have taken of late. An ASGI application's workers have a mode of their own,
/// which is known when the program is. Loop side only, unless a method says otherwise.
///
/// A round trip to a worker costs more than a short request takes there, so several are sent at once: as many as
/// are likely done within [#AHEAD_NANOS]. A request that takes that long itself is sent alone.
final class Pace {
    /// A request waits behind others in a worker for about so long at most.
    private static final long AHEAD_NANOS = 1_000_000;

    private static final int MOST = 32;
    private static final int WEIGHT = 16;

    private final int fixedByMode;
    private final int placesByMode;

    /// 0 if it is measured.
    private int fixed;

    private int placesToRun;
    private volatile boolean tasks;

    // In the beginning nobody knows: one at a time.
    private double meanNanos = AHEAD_NANOS;

    private Pace(int fixed, int placesToRun) {
        fixedByMode = fixed;
        placesByMode = placesToRun;
        byMode();
    }

    static Pace of(WorkerMode mode) {
        return switch (mode) {
            case WorkerMode.Sync _ -> new Pace(0, 1);
            case WorkerMode.Threads _, WorkerMode.Asyncio _, WorkerMode.Gevent _ ->
                new Pace(mode.concurrency(), mode.concurrency());
        };
    }

    /// The program is an ASGI application, so that workers begin whatever comes.
    ///
    /// @param requests that one may have at a time
    void tasks(int requests) {
        fixed = requests;
        placesToRun = Integer.MAX_VALUE;
        tasks = true;
    }

    /// The program is one of WSGI, which runs as the workers' mode says; before a reload it may have been another one.
    void byMode() {
        fixed = fixedByMode;
        placesToRun = placesByMode;
        tasks = false;
    }

    /// Whether the program is an ASGI application. Any thread.
    boolean isTasks() {
        return tasks;
    }

    /// How many requests a worker runs at a time; what it has beyond that waits for one of them. An ASGI application
    /// begins whatever comes.
    int placesToRun() {
        return placesToRun;
    }

    /// Whether requests are sent ahead, as the time suggests that they take.
    boolean isMeasured() {
        return fixed == 0;
    }

    /// `count` requests were answered in `nanos` by a worker that had nothing else to do.
    void answered(long nanos, int count) {
        if (fixed > 0) {
            return;
        }
        double each = (double) nanos / count;
        int weight = Math.min(count, WEIGHT);
        meanNanos += (each - meanNanos) * weight / WEIGHT;
    }

    /// How many requests a worker may have at a time; 1 to 32 if that is measured.
    int depth() {
        if (fixed > 0) {
            return fixed;
        }
        return Math.clamp((long) (AHEAD_NANOS / Math.max(meanNanos, 1)), 1, MOST);
    }
}
