package dev.loomgate.python.requests;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Timer;
import dev.loomgate.python.call.AssignedWorker;
import dev.loomgate.python.call.Call;
import dev.loomgate.python.call.CallQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Gives requests to workers: to the one that has the fewest, or, where none has room, to the first that gets
/// some. Loop side only.
///
/// In the mode `sync` a worker may have more than the one that it runs, while requests are quick ([Pace]), and in
/// direct mode it may take one itself just when it is sent another. Should those that run turn out slow, what is behind
/// them is recalled.
final class Pool implements CallQueue {
    private static final Duration LOOK = Duration.ofMillis(2);
    private static final long QUICK_NANOS = 3_000_000;

    private final Loop loop;
    private final Pace pace;
    private final Deque<Call> waiting = new ArrayDeque<>();
    private final List<WorkerTraffic> serving = new ArrayList<>();
    private final WaitingWatch watch;
    private @Nullable Timer looking;
    private boolean waitsForMore;
    private Runnable noneServes = () -> {};
    private @Nullable String unavailable = "the Python program is not loaded yet";

    /// @param pace how many requests a worker may have
    /// @param limit the name of the option that says so, for the log
    Pool(Loop loop, Pace pace, Supplier<String> limit) {
        this.loop = loop;
        this.pace = pace;
        this.watch = new WaitingWatch(loop, waiting, serving, limit);
    }

    // ---- requests

    @Override
    public boolean takesFields() {
        return pace.isTasks();
    }

    @Override
    public void submit(Call call) {
        String why = unavailable;
        if (why != null) {
            call.refused(why);
            return;
        }
        waiting.addLast(call);
        roomIn();
        if (serving.isEmpty()) {
            noneServes.run();
        }
    }

    /// These calls come first again: they had been given to a worker that didn't begin them.
    void again(List<Call> calls) {
        String why = unavailable;
        if (why != null) {
            calls.forEach(call -> call.refused(why));
            return;
        }
        calls.reversed().forEach(waiting::addFirst);
        roomIn();
        if (serving.isEmpty() && !waiting.isEmpty()) {
            noneServes.run();
        }
    }

    @Override
    public void cancel(Call call, boolean overtime) {
        if (call.isOver()) {
            return;
        }
        AssignedWorker worker = call.worker();
        if (worker != null) {
            worker.cancel(call, overtime);
        } else {
            waiting.remove(call);
            call.dropped();
        }
    }

    /// Whether requests wait for a worker.
    boolean isCrowded() {
        return !waiting.isEmpty();
    }

    /// How many do.
    int waiting() {
        return waiting.size();
    }

    /// Those that do, the oldest first.
    Iterable<Call> waitingCalls() {
        return Collections.unmodifiableCollection(waiting);
    }

    /// Gives waiting requests to workers that have room.
    void roomIn() {
        while (!waiting.isEmpty()) {
            WorkerTraffic worker = withRoom();
            if (worker == null) {
                watch.begin();
                if (waitsForMore) {
                    lookOn();
                }
                return;
            }
            worker.send(waiting.removeFirst());
            if (worker.wholeLoad() > pace.placesToRun()) {
                lookOn();
            }
        }
    }

    private void lookOn() {
        if (looking == null) {
            looking = loop.side().every(LOOK, this::look);
        }
    }

    private @Nullable WorkerTraffic withRoom() {
        WorkerTraffic best = null;
        int depth = pace.depth();
        int least = Integer.MAX_VALUE;
        boolean deep = pace.isMeasured() && depth > 1;
        for (WorkerTraffic worker : serving) {
            int load = waitsForMore && !pace.isMeasured() ? worker.wholeLoad() : worker.load();
            if (load < depth
                    && !(deep && load > 0 && worker.isHeldUp(loop.side().nowNanos(), QUICK_NANOS))) {
                // What it has taken itself decides who gets the request, and not whether one does: nobody would say
                // when it is done.
                int whole = worker.wholeLoad();
                if (whole < least) {
                    best = worker;
                    least = whole;
                }
            }
        }
        return best;
    }

    /// Looks for requests that wait behind others: a worker may have taken one itself just before it was sent one.
    void look() {
        roomIn(); // nobody says when a worker has answered what it has taken itself
        boolean behind = recallWhatWaits() || (waitsForMore && !waiting.isEmpty());
        if (!behind && looking != null) {
            looking.cancel();
            looking = null;
        }
    }

    private boolean recallWhatWaits() {
        boolean behind = false;
        int places = pace.placesToRun();
        long now = System.nanoTime();
        for (WorkerTraffic worker : serving) {
            int load = worker.load();
            if (load > 0 && worker.wholeLoad() > places) {
                behind = true;
                // Behind what it has taken itself, a request waits unless somebody else has a place.
                if ((load > places || hasFreePlace()) && worker.isHeldUp(now, QUICK_NANOS)) {
                    worker.recall();
                }
            }
        }
        return behind;
    }

    private boolean hasFreePlace() {
        return serving.stream().anyMatch(worker -> worker.wholeLoad() < pace.placesToRun());
    }

    // ---- workers

    /// Whether more workers may be started: then requests wait here for a new one, rather than in one that has taken
    /// as many as it runs.
    void mayGrow(boolean more) {
        waitsForMore = more;
        roomIn();
    }

    /// Has this run when a request comes and there is no worker.
    void whenNoneServes(Runnable wanted) {
        noneServes = wanted;
    }

    /// Requests may wait from now on, although there may be no worker yet.
    void available() {
        unavailable = null;
    }

    void add(WorkerTraffic worker) {
        unavailable = null;
        serving.add(worker);
        roomIn();
    }

    void remove(WorkerTraffic worker) {
        serving.remove(worker);
    }

    /// From now on requests are told that there is nobody to answer them, and those that wait are told now.
    void unavailable(String why) {
        unavailable = why;
        while (!waiting.isEmpty()) {
            waiting.removeFirst().refused(why);
        }
    }
}
