package dev.loomgate.python.spooler;

import dev.loomgate.loop.Timer;
import dev.loomgate.python.ProgramQueue;
import dev.loomgate.python.ProgramQueue.Outcome;
import dev.loomgate.python.background.TaskListener;
import dev.loomgate.python.supervision.HomeLoop;
import dev.loomgate.python.wire.FrameType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Hands the tasks of a queue out to the spoolers that it has, each of which does one at a time, and
/// takes back what became of them. Loop side only, except [#run], [#start] and [#close].
///
/// While there are no spoolers at work, after a crash or when the program can't be loaded, nothing is
/// fetched: other servers are to have it.
final class QueueDesk implements TaskListener {
    // A spooler that is replaced by the next one isn't missed.
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    // The processes have ended: the queue is still to be told.
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final Outcome IGNORED = new Outcome.Ignored();

    /// Tells a process.
    @FunctionalInterface
    interface Teller {
        /// @return false if there is none that can be told
        boolean tell(int number, Handed task);
    }

    /// A task on its way.
    ///
    /// @param outcome completed with what became of it
    record Handed(String id, byte[] content, CompletableFuture<Outcome> outcome) {}

    /// A process that is at work.
    private static final class Seat {
        private @Nullable Handed task;
        private boolean hasBegun;
        private boolean leaves;
        private boolean isAsked;

        boolean isFree() {
            return task == null && !leaves;
        }
    }

    private final HomeLoop home;
    private final ProgramQueue queue;
    private final Teller teller;
    private final Map<Integer, Seat> seats = new TreeMap<>();
    private final Deque<Handed> waiting = new ArrayDeque<>();
    private @Nullable Timer nobody;
    private boolean isOver;
    private volatile ProgramQueue.@Nullable Work work;
    private @Nullable Thread closer; // by start and close, one after the other

    QueueDesk(HomeLoop home, ProgramQueue queue, Teller teller) {
        this.home = home;
        this.queue = queue;
        this.teller = teller;
    }

    /// Begins to fetch tasks, when there are spoolers. Waits for a moment.
    ///
    /// @param most how many spoolers there may be
    void start(int most, Duration mercy, UnaryOperator<String> settingNames) {
        work = queue.work(most, mercy.plus(LAST_WORDS), settingNames, this::run);
    }

    /// Runs a task: in a thread that waits meanwhile.
    private Outcome run(String id, byte[] content) throws InterruptedException {
        Handed task = new Handed(id, content, new CompletableFuture<>());
        if (!home.execute(() -> take(task))) {
            return IGNORED;
        }
        try {
            return task.outcome().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            home.execute(() -> waiting.remove(task));
            throw e;
        }
    }

    private void take(Handed task) {
        waiting.addLast(task);
        handOut();
    }

    private void handOut() {
        if (isOver) {
            waiting.forEach(task -> task.outcome().complete(IGNORED));
            waiting.clear();
        }
        for (Map.Entry<Integer, Seat> each : seats.entrySet()) {
            Seat seat = each.getValue();
            Handed next = waiting.peekFirst();
            if (next != null && seat.isFree() && teller.tell(each.getKey(), next)) {
                waiting.removeFirst();
                seat.task = next;
                seat.hasBegun = false;
            }
        }
    }

    // ---- its spoolers

    @Override
    public void begins(int number) {
        seats.put(number, new Seat());
        seatsChanged();
    }

    @Override
    public void taskBegins(int number) {
        Seat seat = seats.get(number);
        if (seat != null) {
            seat.hasBegun = true;
        }
    }

    @Override
    public void taskEnds(int number, int outcome, String why) {
        Seat seat = seats.get(number);
        Handed task = seat == null ? null : seat.task;
        if (seat == null || task == null) {
            return;
        }
        seat.task = null;
        task.outcome().complete(outcome(outcome, why));
        handOut();
    }

    private static Outcome outcome(int flags, String why) {
        if ((flags & FrameType.TASK_DONE) != 0) {
            return new Outcome.Done();
        }
        return (flags & FrameType.TASK_FAILED) != 0 ? new Outcome.Failed(why) : IGNORED;
    }

    @Override
    public void hasEnough(int number) {
        Seat seat = seats.get(number);
        if (seat != null) {
            seat.leaves = true;
            seat.isAsked = true;
            takeBack(seat);
            seatsChanged();
        }
    }

    @Override
    public void leaves(int number, boolean isAsked) {
        Seat seat = seats.get(number);
        if (seat != null) {
            seat.leaves = true;
            seat.isAsked |= isAsked;
            seatsChanged();
        }
    }

    @Override
    public void ended(int number, String how) {
        Seat seat = seats.remove(number);
        if (seat == null) {
            return;
        }
        takeBack(seat);
        Handed task = seat.task;
        if (task != null) {
            // One that may not finish it, at a stop or a reload, isn't the task's fault.
            task.outcome().complete(seat.isAsked ? IGNORED : new Outcome.Failed("its spooler " + how));
        }
        seatsChanged();
    }

    // What it hasn't begun another one does.
    private void takeBack(Seat seat) {
        Handed task = seat.task;
        if (task != null && !seat.hasBegun) {
            waiting.addFirst(task);
            seat.task = null;
        }
    }

    private void seatsChanged() {
        int count = (int) seats.values().stream().filter(seat -> !seat.leaves).count();
        Timer timer = nobody;
        if (count > 0 && timer != null) {
            timer.cancel();
            nobody = null;
        }
        if (count > 0) {
            tell(count);
        } else if (timer == null && !isOver) {
            nobody = home.later(PATIENCE, this::giveUp);
        }
        handOut();
    }

    private void giveUp() {
        nobody = null;
        if (seats.values().stream().allMatch(seat -> seat.leaves)) {
            tell(0);
            waiting.forEach(task -> task.outcome().complete(IGNORED));
            waiting.clear();
        }
    }

    private void tell(int count) {
        ProgramQueue.Work at = work;
        if (at != null) {
            at.workers(count);
        }
    }

    // ---- its end

    /// Fetches nothing more, and gives back what isn't begun. Doesn't wait; any thread.
    void leave() {
        home.execute(() -> {
            isOver = true;
            if (nobody != null) {
                nobody.cancel();
                nobody = null;
            }
            handOut();
        });
        ProgramQueue.Work at = work;
        if (at != null) {
            closer = Thread.ofVirtual().name("loomgate-queue").start(at::close);
        }
    }

    /// After the spoolers have ended: waits until the queue knows what became of the tasks, but not for long.
    void close() throws InterruptedException {
        home.execute(() -> seats.values().forEach(seat -> {
            if (seat.task != null) {
                seat.task.outcome().complete(IGNORED); // its process couldn't be ended
            }
        }));
        Thread closing = closer;
        if (closing != null && !closing.join(LAST_WORDS)) {
            closing.interrupt();
            closing.join();
        }
    }
}
