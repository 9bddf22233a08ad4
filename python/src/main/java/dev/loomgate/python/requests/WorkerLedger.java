package dev.loomgate.python.requests;

import dev.loomgate.python.snapshot.WorkDone;
import java.time.Instant;
import java.util.Arrays;

/// What the processes have done that have had a worker's number and are dead, and what the last snapshot had of it.
/// Loop side only.
final class WorkerLedger {
    private final int places;
    private long[] byPlace = new long[1];
    private WorkDone done = WorkDone.NONE;
    private int spawns;
    private Instant lastSpawn = Instant.EPOCH;

    private WorkDone seen = WorkDone.NONE;
    private long meanNanos;

    /// @param places how many requests one of them runs at once
    WorkerLedger(int places) {
        this.places = places;
    }

    /// Another one is forked.
    void spawned() {
        spawns++;
        lastSpawn = Instant.now();
    }

    /// One is dead.
    void add(WorkDone last, WorkerCounts counts) {
        done = done.plus(last);
        byPlace = Arrays.copyOf(byPlace, Math.max(byPlace.length, Math.min(places, counts.places())));
        counts.addTo(byPlace);
    }

    WorkDone done() {
        return done;
    }

    /// A copy: how many requests were answered in each place.
    long[] byPlace() {
        return Arrays.copyOf(byPlace, places);
    }

    int spawns() {
        return spawns;
    }

    Instant lastSpawn() {
        return lastSpawn;
    }

    /// How long requests have taken on average since this was asked last; if none has ended, what it was then.
    ///
    /// @param now all that is done
    long meanNanos(WorkDone now) {
        long requests = now.requests() - seen.requests();
        if (requests > 0) {
            meanNanos = Math.max(0, now.runningNanos() - seen.runningNanos()) / requests;
            seen = now;
        }
        return meanNanos;
    }
}
