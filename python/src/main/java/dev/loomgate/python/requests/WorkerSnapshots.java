package dev.loomgate.python.requests;

import dev.loomgate.python.call.Call;
import dev.loomgate.python.direct.Scoreboard;
import dev.loomgate.python.snapshot.CoreSnapshot;
import dev.loomgate.python.snapshot.RequestSnapshot;
import dev.loomgate.python.snapshot.WorkDone;
import dev.loomgate.python.snapshot.WorkerSnapshot;
import dev.loomgate.python.snapshot.WorkerSnapshot.Status;
import dev.loomgate.python.states.ProcessState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is to be seen of all workers, by their numbers: each with what the processes have done that had the number
/// before, and what the one does that serves. Loop side only.
final class WorkerSnapshots {
    private final List<WorkerLedger> ledgers = new ArrayList<>();
    private final int places;
    /// Those that aren't dead, in the order of their forks.
    private final Set<RequestWorker> workers = new LinkedHashSet<>();

    /// @param count of the workers
    /// @param places how many requests each runs at once
    WorkerSnapshots(int count, int places) {
        this.places = places;
        for (int i = 0; i < count; i++) {
            ledgers.add(new WorkerLedger(places));
        }
    }

    private WorkerLedger ledger(RequestWorker worker) {
        return ledgers.get(worker.number() - 1);
    }

    void add(RequestWorker worker) {
        workers.add(worker);
        ledger(worker).spawned();
    }

    /// It is dead.
    void remove(RequestWorker worker) {
        if (workers.remove(worker)) {
            ledger(worker).add(worker.done(), worker.counts());
        }
    }

    /// Those that aren't dead, in the order of their forks.
    Set<RequestWorker> living() {
        return Collections.unmodifiableSet(workers);
    }

    /// All workers, without their memory.
    ///
    /// @param nowNanos in `System.nanoTime()`'s terms
    List<WorkerSnapshot> take(long nowNanos) {
        List<WorkerSnapshot> all = new ArrayList<>();
        for (int number = 1; number <= ledgers.size(); number++) {
            all.add(of(number, nowNanos));
        }
        return all;
    }

    private WorkerSnapshot of(int number, long nowNanos) {
        WorkerLedger ledger = ledgers.get(number - 1);
        WorkDone done = ledger.done();
        long[] byPlace = ledger.byPlace();
        RequestWorker shown = null;
        for (RequestWorker worker : workers) {
            if (worker.number() == number) {
                done = done.plus(worker.done());
                worker.counts().addTo(byPlace);
                shown = shown == null || rank(worker) >= rank(shown) ? worker : shown;
            }
        }
        return new WorkerSnapshot(
                number,
                shown == null ? Status.CHEAP : shown.isBusy() ? Status.BUSY : Status.IDLE,
                shown == null ? 0 : shown.process().pid(),
                shown != null && shown.process().state() == ProcessState.SERVING,
                done,
                shown == null ? 0 : shown.done().requests(),
                ledger.meanNanos(done),
                ledger.spawns(),
                ledger.lastSpawn(),
                0,
                0,
                cores(byPlace, done, shown, nowNanos));
    }

    // Of those that have the same number: one serves, and another one may be its successor or predecessor.
    private static int rank(RequestWorker worker) {
        return switch (worker.process().state()) {
            case SERVING -> 2;
            case STARTING -> 1;
            case LEAVING, CONDEMNED, STOPPED, DEAD -> 0;
        };
    }

    private List<CoreSnapshot> cores(long[] byPlace, WorkDone done, @Nullable RequestWorker worker, long nowNanos) {
        @Nullable RequestSnapshot[] running = new RequestSnapshot[places];
        if (worker != null) {
            place(worker, running, nowNanos);
        }
        // What is counted by no place, or by one beyond those, is in the first.
        byPlace[0] = 0;
        byPlace[0] = Math.max(0, done.requests() - Arrays.stream(byPlace).sum());
        List<CoreSnapshot> cores = new ArrayList<>(places);
        for (int number = 0; number < places; number++) {
            cores.add(new CoreSnapshot(number, byPlace[number], running[number]));
        }
        return cores;
    }

    // Calls have places of their own. What the worker has taken itself has those that are left, and so has a call that
    // was sent ahead to wait behind it.
    private void place(RequestWorker worker, @Nullable RequestSnapshot[] running, long nowNanos) {
        for (Call call : worker.calls()) {
            if (call.place() < places) {
                running[call.place()] = new RequestSnapshot(
                        Duration.ofNanos(Math.max(0, nowNanos - call.sinceNanos())), () -> ShownVariables.of(call));
            }
        }
        int free = 0;
        for (Scoreboard.Inside request : worker.inside()) {
            while (free < places && running[free] != null) {
                free++;
            }
            if (free < places) {
                running[free] = new RequestSnapshot(
                        Duration.ofNanos(Math.max(0, nowNanos - request.sinceNanos())),
                        () -> ShownVariables.of(request));
            }
        }
    }
}
