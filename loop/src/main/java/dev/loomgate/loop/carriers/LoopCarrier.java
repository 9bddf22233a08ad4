package dev.loomgate.loop.carriers;

import dev.loomgate.loop.failures.AfterLoopExecutor;
import dev.loomgate.loop.failures.Failures;
import dev.loomgate.loop.threads.VirtualThreads;
import dev.loomgate.loop.timers.TimerQueue;
import dev.loomgate.loop.timers.TimerService;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One OS thread that carries the loop side and the microthreads of one loop, all of them virtual threads.
///
/// ```
///   OS thread:   | loop side: I/O, timers, hand-overs | microthread | microthread | loop side ...
///                  yields when a microthread is ready   each runs until it waits
/// ```
/// The loop side is a virtual thread too. So when it has to wait for a lock that a microthread holds, it is
/// unmounted and the microthread can run and release it; on the raw OS thread both would hang forever
/// (netty#13204).
///
/// **The ready queue.** The JDK calls [#enterReady] for each virtual thread that becomes ready. On the loop's own OS
/// thread that is an entry in a plain deque. Another thread enters it into a concurrent queue and then looks
/// whether this OS thread sleeps, which it does in one of two places: in the I/O handler's wait (the loop side is
/// mounted, and Netty's `wakeup` ends the wait), or parked in [#carry] (the loop side waits for a lock). Both
/// sleepers first say that they are about to sleep, then look at the concurrent queue once more; so either they
/// see the entry, or the other thread sees them.
///
/// **Hand-over.** A microthread that holds the OS thread keeps it: the watchdog has another one take the loop over
/// ([OsThreads#takeOver]), with the loop side and all other microthreads. The held one goes on beside them until it
/// waits next, which makes it an entry in the concurrent queue; its OS thread finds that it isn't the owner any more
/// and becomes a spare. [OsThread] says how the two agree without an atomic operation of the owner's.
public final class LoopCarrier implements Carrier, TimerQueue.Owner {
    private static final int TURNS_WITHOUT_LOOP_SIDE = 256;

    private final Thread loopSide;
    private final Scheduling loopSideScheduling;
    private final Runnable wakeIo;
    private final Runnable wakeIoIfWaiting;
    private final Failures failures;
    private final OsThreads osThreads;

    private final ArrayDeque<Runnable> ready = new ArrayDeque<>(1024); // owner only
    private final Queue<Runnable> foreign = new ConcurrentLinkedQueue<>();
    private final TimerQueue timers = new TimerQueue(this); // owner only
    private boolean firstDeadlineChanged; // owner only
    private volatile @Nullable Thread resting; // the watchdog, until a microthread begins to run
    private volatile boolean parked;
    private volatile boolean ended;

    /// @param heldThreads how many of its OS threads microthreads may hold at a time
    public LoopCarrier(String name, int heldThreads, Runnable loopSide, Runnable wakeIo, Runnable wakeIoIfWaiting) {
        this.osThreads = new OsThreads(this, name, heldThreads);
        this.loopSideScheduling = new Scheduling(this, loopSide);
        this.loopSide = VirtualThreads.newThread(loopSideScheduling, loopSide);
        this.loopSide.setName(name + "-io");
        this.wakeIo = wakeIo;
        this.wakeIoIfWaiting = wakeIoIfWaiting;
        this.failures = new Failures(name);
    }

    /// A change of what the loop's OS thread owns, entered by another thread. The carrying thread itself runs it,
    /// in its turn among the continuations: so a microthread that has made changes while it was foreign finds them
    /// made when it is the owner's again.
    private record Change(LoopCarrier carrier, Runnable change) implements Runnable {
        @Override
        public void run() {
            change.run();
            carrier.wakeIfFirstDeadlineChanged();
        }
    }

    @Override
    public Thread loopThread() {
        return loopSide;
    }

    @Override
    public void start() {
        loopSide.start();
        osThreads.owner().start();
    }

    @Override
    public Thread prepare(Runnable microthread) {
        return VirtualThreads.newThread(new Scheduling(this, microthread), microthread);
    }

    /// What the calling thread was prepared for ([#prepare]), or the thread that has started it; null if no carrier
    /// of this class knows it.
    public static @Nullable Runnable currentTask() {
        return VirtualThreads.currentScheduler() instanceof Scheduling scheduling ? scheduling.task() : null;
    }

    @Override
    public void start(Runnable microthread, @Nullable Thread prepared) {
        Objects.requireNonNull(prepared).start();
    }

    /// Enters a continuation that is ready. Called pinned, by any thread: no lock, no wait, no rejection.
    void enterReady(Runnable continuation) {
        if (enter()) {
            try {
                ready.addLast(continuation);
            } finally {
                leave();
            }
        } else {
            enterForeign(continuation);
        }
    }

    private void enterForeign(Runnable entry) {
        foreign.add(entry);
        if (parked) {
            LockSupport.unpark(osThreads.owner());
        }
        wakeIo.run();
        if (ended) {
            adopt();
        }
    }

    @Override
    public boolean enter() {
        OsThread owner = osThreads.owner();
        return VirtualThreads.currentCarrier() == owner && owner.enter();
    }

    @Override
    public void leave() {
        osThreads.owner().leave();
    }

    @Override
    public boolean runSoon(Runnable change) {
        enterForeign(new Change(this, change));
        return true;
    }

    @Override
    public TimerService timers() {
        return timers;
    }

    @Override
    public void expireTimers(long nowNanos) {
        timers.expireDue(nowNanos);
    }

    @Override
    public long waitNanos(long nowNanos) {
        return timers.waitNanos(nowNanos);
    }

    @Override
    public void runAsOwner(Runnable change) {
        if (!enter()) {
            runSoon(change);
            return;
        }
        boolean wake;
        try {
            change.run();
            wake = firstDeadlineChanged;
            firstDeadlineChanged = false;
        } finally {
            leave();
        }
        if (wake) {
            wakeIoIfWaiting.run(); // may wait for a lock of the selector's
        }
    }

    @Override
    public void firstDeadlineChanged() {
        firstDeadlineChanged = true;
    }

    private void wakeIfFirstDeadlineChanged() {
        if (firstDeadlineChanged) {
            firstDeadlineChanged = false;
            wakeIoIfWaiting.run();
        }
    }

    @Override
    public boolean hasReady() {
        return !ready.isEmpty() || !foreign.isEmpty();
    }

    @Override
    public void runReady() {
        if (hasReady()) {
            Thread.yield();
        }
    }

    /// The life of one of its OS threads: carries the loop whenever it is the owner.
    void serve(OsThread me) {
        while (osThreads.awaitOwnership(me)) {
            if (carry(me)) {
                ended = true;
                adopt();
                osThreads.end();
                return;
            }
        }
    }

    /// Runs whatever is ready, the loop side among the rest.
    ///
    /// While the loop side waits for a lock, its timers are expired here: the microthread that holds the lock may
    /// be asleep.
    ///
    /// @return whether the loop has ended; else another OS thread has taken it over
    private boolean carry(OsThread me) {
        int turnsWithoutLoopSide = 0;
        for (Runnable next = next(); next != null || loopSide.isAlive(); next = next()) {
            if (next == null) {
                sleepUntilReady();
                continue;
            }
            boolean ofLoopSide = loopSideScheduling.isOf(next);
            boolean kept = (ofLoopSide || next instanceof Change) ? runKept(me, next) : runMicrothread(me, next);
            if (!kept && !osThreads.keeps(me)) {
                return false;
            }
            turnsWithoutLoopSide = ofLoopSide ? 0 : turnsWithoutLoopSide + 1;
            if (turnsWithoutLoopSide == TURNS_WITHOUT_LOOP_SIDE) {
                turnsWithoutLoopSide = 0;
                expireHere(System.nanoTime());
            }
        }
        return true;
    }

    private boolean runKept(OsThread me, Runnable next) {
        try {
            next.run();
        } catch (Throwable thrown) {
            failures.logElsewhere("a continuation", thrown);
        }
        return me.isKept();
    }

    private boolean runMicrothread(OsThread me, Runnable continuation) {
        me.beginTurn();
        try {
            continuation.run();
        } catch (Throwable thrown) {
            failures.logElsewhere("a continuation", thrown);
        }
        return me.endTurn();
    }

    private void sleepUntilReady() {
        long now = System.nanoTime();
        expireHere(now);
        parked = true;
        if (!hasReady() && loopSide.isAlive()) {
            long nanos = timers.waitNanos(now);
            if (nanos == 0) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
        parked = false;
    }

    private void expireHere(long now) {
        try {
            timers.expireDue(now);
        } catch (Throwable thrown) {
            failures.logElsewhere("a timer", thrown);
        }
    }

    private @Nullable Runnable next() {
        // Foreign entries join at the end of the deque: first come, first served, and neither side starves the other.
        for (Runnable entry = foreign.poll(); entry != null; entry = foreign.poll()) {
            ready.addLast(entry);
        }
        return ready.pollFirst();
    }

    /// Runs what is left behind after the end of the loop, so that no thread is stranded in the middle of a
    /// `finally`.
    private void adopt() {
        for (Runnable left = foreign.poll(); left != null; left = foreign.poll()) {
            AfterLoopExecutor.EXECUTOR.execute(left);
        }
    }

    @Override
    public boolean join(long millis) throws InterruptedException {
        return osThreads.join(millis);
    }

    /// Has the calling thread, the watchdog, unparked when the next microthread begins to run here.
    ///
    /// @param owner the loop's OS thread
    /// @param turn its turn, which isn't a microthread's
    /// @return false if they aren't so any more
    public boolean beginRest(OsThread owner, long turn) {
        resting = Thread.currentThread();
        return osThreads.owner() == owner && owner.isStillAt(turn);
    }

    /// From now on it isn't. By the watchdog.
    public void endRest() {
        resting = null;
    }

    // A turn of a microthread has begun. By the owner.
    void wakeResting() {
        Thread watchdog = resting;
        if (watchdog != null) {
            resting = null;
            LockSupport.unpark(watchdog);
        }
    }

    /// The OS threads, for the watchdog.
    public OsThreads osThreads() {
        return osThreads;
    }
}
