package dev.loomgate.python.requests;

import dev.loomgate.python.call.Call;
import dev.loomgate.python.direct.Scoreboard;
import dev.loomgate.python.snapshot.WorkDone;
import java.util.Arrays;
import java.util.BitSet;

/// What a worker process has done of what the JVM knows of, and which places its requests have: the "cores" of uWSGI's
/// statistics. Loop side only.
final class WorkerCounts {
    private final BitSet taken = new BitSet();
    private long[] byPlace = new long[1];
    private int answered;
    private int answeredHandedOver;
    private long exceptions;
    private long overtimes;
    private long sentBytes;
    private long runningNanos;

    /// A request is given to it, or it has begun one: it has the first place that is free.
    void begun(Call call) {
        int place = taken.nextClearBit(0);
        taken.set(place);
        call.takes(place);
    }

    /// It has given the request back.
    void returned(Call call) {
        taken.clear(call.place());
    }

    /// It has answered the request.
    ///
    /// @param handedOver whether it had taken the request itself
    void answered(Call call, boolean handedOver, long nowNanos) {
        int place = call.place();
        taken.clear(place);
        answered++;
        if (handedOver) {
            answeredHandedOver++; // and counts since it was handed over
        } else {
            if (place >= byPlace.length) {
                byPlace = Arrays.copyOf(byPlace, Math.max(place + 1, 2 * byPlace.length));
            }
            byPlace[place]++;
        }
        runningNanos += Math.max(0, nowNanos - call.sinceNanos());
    }

    void raised() {
        exceptions++;
    }

    void overtime() {
        overtimes++;
    }

    void sent(long bytes) {
        sentBytes += bytes;
    }

    /// How many requests it has answered with the JVM in between.
    int answered() {
        return answered;
    }

    /// In how many places it has answered any, or more.
    int places() {
        return byPlace.length;
    }

    /// Adds to each place how many it has answered there of those that were given to it.
    void addTo(long[] places) {
        for (int place = 0; place < Math.min(places.length, byPlace.length); place++) {
            places[place] += byPlace[place];
        }
    }

    /// All that it has done.
    WorkDone done(Scoreboard scoreboard) {
        Scoreboard.Answered itself = scoreboard.answered();
        return new WorkDone(
                answered - answeredHandedOver + scoreboard.read().over(),
                exceptions,
                overtimes,
                sentBytes + itself.sentBytes(),
                runningNanos + itself.nanos());
    }
}
