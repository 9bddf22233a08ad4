package dev.loomgate.python.requests;

import dev.loomgate.python.call.Call;
import dev.loomgate.python.direct.DirectWorker;
import dev.loomgate.python.direct.Scoreboard;
import dev.loomgate.python.snapshot.ProgramRequests;
import dev.loomgate.python.snapshot.ProgramRequests.Place;
import dev.loomgate.python.snapshot.ProgramRequests.Taken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The requests that run: which they are, where each is, and how one is ended. Loop side only.
/// A request is known by its *key*: what its microthread was started for or, if a worker has taken it
/// itself, the text `w2-k3f9`, the worker's number and the moment in which it began. That stays its key when the worker
/// has handed it over.
final class RunningRequests {
    private static final int RADIX = 36;

    private final Pool pool;
    private final WorkerSnapshots workers;

    RunningRequests(Pool pool, WorkerSnapshots workers) {
        this.pool = pool;
        this.workers = workers;
    }

    /// A walk over all of them, without a look at any worker.
    ///
    /// @param nowNanos in `System.nanoTime()`'s terms
    ProgramRequests take(long nowNanos) {
        IdentityHashMap<Object, Place> given = new IdentityHashMap<>();
        List<Taken> taken = new ArrayList<>();
        pool.waitingCalls().forEach(call -> put(given, call, Place.NONE));
        for (RequestWorker worker : workers.living()) {
            Place place = new Place(worker.number(), worker.pid());
            worker.unsortedCalls().forEach(call -> put(given, call, place));
            worker.inside().forEach(each -> taken.add(taken(worker, each, place, nowNanos)));
        }
        return new ProgramRequests(given, taken);
    }

    private static void put(IdentityHashMap<Object, Place> given, Call call, Place place) {
        Object subject = call.subject();
        if (subject != null) {
            given.put(subject, place);
        }
    }

    private static Taken taken(RequestWorker worker, Scoreboard.Inside request, Place place, long nowNanos) {
        Map<String, String> shown = ShownVariables.of(request);
        return new Taken(
                handle(worker, request.sinceNanos()),
                Duration.ofNanos(Math.max(0, nowNanos - request.sinceNanos())),
                shown.getOrDefault("REQUEST_METHOD", "?"),
                shown.getOrDefault("REQUEST_URI", shown.getOrDefault("PATH_INFO", "?")),
                shown.getOrDefault("REMOTE_ADDR", ""),
                place);
    }

    private static String handle(RequestWorker worker, long sinceNanos) {
        return "w" + worker.number() + "-" + Long.toString(sinceNanos, RADIX);
    }

    /// Where one is in the program, as text.
    ///
    /// @param answer completed with it; empty if no request of this program is known by that key
    void stack(Object key, CompletableFuture<Optional<String>> answer) {
        if (waits(key)) {
            answer.complete(Optional.of("it waits for a worker"));
            return;
        }
        Found found = find(key);
        if (found == null) {
            answer.complete(Optional.empty());
        } else {
            Call call = found.call();
            found.worker().askStack(call == null ? 0 : call.id(), found.sinceNanos(), answer);
        }
    }

    /// Has the worker end one that has it, and is replaced if it doesn't. Who waits for the response of
    /// one that the server has given is still to be told.
    ///
    /// @param why for the log
    /// @return false if no worker has one by that key
    boolean cancel(Object key, String why) {
        Found found = find(key);
        if (found == null) {
            return false;
        }
        Call call = found.call();
        if (call == null) {
            return found.worker().cancel(found.sinceNanos(), why);
        }
        if (key instanceof String) {
            found.worker().cancelled(call, why);
        } else {
            found.worker().end(call, why);
        }
        return true;
    }

    /// Kills a worker: what runs in it is answered with a 502, and another one takes its place.
    ///
    /// @param which its number, or its process's id
    /// @param why for the log
    /// @return false if there is none
    boolean kill(long which, String why) {
        for (RequestWorker worker : workers.living()) {
            if (worker.number() == which || worker.pid() == which) {
                worker.process().kill(why);
                return true;
            }
        }
        return false;
    }

    private boolean waits(Object key) {
        for (Call call : pool.waitingCalls()) {
            if (call.subject() == key) {
                return true;
            }
        }
        return false;
    }

    /// @param call null for a request that the worker has taken itself
    /// @param sinceNanos when such a one began; 0 for others
    private record Found(RequestWorker worker, @Nullable Call call, long sinceNanos) {}

    private @Nullable Found find(Object key) {
        return key instanceof String handle ? findTaken(handle) : findGiven(key);
    }

    private @Nullable Found findTaken(String handle) {
        for (RequestWorker worker : workers.living()) {
            for (Scoreboard.Inside request : worker.inside()) {
                if (handle(worker, request.sinceNanos()).equals(handle)) {
                    return new Found(worker, null, request.sinceNanos());
                }
            }
            for (Call call : worker.unsortedCalls()) {
                if (DirectWorker.isNumberedByIt(call.id())
                        && handle(worker, call.sinceNanos()).equals(handle)) {
                    return new Found(worker, call, 0);
                }
            }
        }
        return null;
    }

    private @Nullable Found findGiven(Object subject) {
        for (RequestWorker worker : workers.living()) {
            for (Call call : worker.unsortedCalls()) {
                if (call.subject() == subject) {
                    return new Found(worker, call, 0);
                }
            }
        }
        return null;
    }
}
