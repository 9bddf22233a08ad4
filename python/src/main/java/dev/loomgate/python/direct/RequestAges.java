package dev.loomgate.python.direct;

/// How long a worker's direct requests have run, as far as looks at its scoreboard say. Pure; used by one thread.
///
/// A worker that runs one request at a time says when that one began. Of one that runs several it is known how many
/// have begun and how many are over; that gives two bounds: the oldest has run at least since a moment by which more
/// had begun than are over now, and at most since there was none.
final class RequestAges {
    private final boolean oneAtATime;
    private Scoreboard.Reading seen = new Scoreboard.Reading(0, 0, 0);
    /// When it was looked at last.
    private long lookedNanos;
    /// The last one that has begun wasn't there yet then.
    private long notBegunNanos;
    /// When one has begun or ended, as far as is known.
    private long movedNanos;
    /// When there was none.
    private long idleNanos;
    /// As many had begun at `markNanos`.
    private long markBegun;
    private long markNanos;

    /// @param nowNanos when it has none yet
    RequestAges(boolean oneAtATime, long nowNanos) {
        this.oneAtATime = oneAtATime;
        lookedNanos = nowNanos;
        notBegunNanos = nowNanos;
        movedNanos = nowNanos;
        idleNanos = nowNanos;
        markNanos = nowNanos;
    }

    /// The scoreboard says this now.
    void look(Scoreboard.Reading reading, long nowNanos) {
        if (reading.begun() != seen.begun()) {
            notBegunNanos = lookedNanos;
        }
        if (reading.begun() != seen.begun() || reading.over() != seen.over()) {
            movedNanos = nowNanos;
        }
        if (reading.inFlight() == 0) {
            idleNanos = nowNanos;
        }
        if (reading.over() >= markBegun) {
            markBegun = reading.begun();
            markNanos = nowNanos;
        }
        seen = reading;
        lookedNanos = nowNanos;
    }

    int inFlight() {
        return seen.inFlight();
    }

    /// The oldest has run for so long at least.
    long atLeastNanos() {
        if (seen.inFlight() == 0) {
            return 0;
        }
        return oneAtATime ? exactNanos() : lookedNanos - markNanos;
    }

    /// The oldest has run for so long at most.
    long atMostNanos() {
        if (seen.inFlight() == 0) {
            return 0;
        }
        return oneAtATime ? exactNanos() : lookedNanos - idleNanos;
    }

    // The words are written one after the other: the time may still be that of the request before.
    private long exactNanos() {
        return Math.max(0, lookedNanos - Math.max(seen.lastBegunNanos(), notBegunNanos));
    }

    /// For how long nothing has begun or ended.
    long stillNanos() {
        return oneAtATime && seen.inFlight() > 0 ? exactNanos() : lookedNanos - movedNanos;
    }
}
