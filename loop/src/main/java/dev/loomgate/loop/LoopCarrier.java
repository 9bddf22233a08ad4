package dev.loomgate.loop;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One OS thread that carries the loop side and the microthreads of one loop, all of them virtual threads.
///
/// ```
///   OS thread:   | loop side: I/O, timers, hand-overs | microthread | microthread | loop side ...
///                  yields when a microthread is ready   each runs until it waits
/// ```
/// The loop side is a virtual thread too. So when it has to wait for a lock that a microthread holds, it is
/// unmounted and the microthread can run and release it; on the raw OS thread both would hang for ever
/// (netty#13204).
///
/// **The ready queue.** The JDK calls [#execute] for each virtual thread that becomes ready. On the loop's own OS
/// thread that is an entry in a plain deque. Another thread enters it into a concurrent queue and then looks
/// whether this OS thread sleeps, which it does in one of two places: in the I/O handler's wait (the loop side is
/// mounted, and Netty's `wakeup` ends the wait), or parked in [#carry] (the loop side waits for a lock). Both
/// sleepers first say that they are about to sleep, then look at the concurrent queue once more; so either they
/// see the entry, or the other thread sees them.
final class LoopCarrier implements Carrier, Executor, TimerQueue.Owner {
    private static final int TURNS_WITHOUT_LOOP_SIDE = 256;

    private final Thread osThread;
    private final Thread loopSide;
    private final ThreadFactory virtualThreads;
    private final Runnable wakeIo;
    private final Runnable wakeIoIfWaiting;
    private final Failures failures;

    private final ArrayDeque<Runnable> ready = new ArrayDeque<>(1024); // loop's OS thread only
    private final Queue<Runnable> foreign = new ConcurrentLinkedQueue<>();
    private final TimerQueue timers = new TimerQueue(this); // loop's OS thread only
    private volatile boolean parked;
    private volatile boolean ended;

    // Written by the OS thread alone, in opaque mode: the watchdog sees them late, but sees them.
    private final AtomicLong turns = new AtomicLong();
    private final AtomicBoolean inMicrothread = new AtomicBoolean();

    LoopCarrier(String name, Runnable loopSide, Runnable wakeIo, Runnable wakeIoIfWaiting) {
        this.osThread = Thread.ofPlatform().name(name).unstarted(this::carry);
        this.virtualThreads = VirtualThreads.factory(this);
        this.loopSide = virtualThreads.newThread(loopSide);
        this.loopSide.setName(name + "-io");
        this.wakeIo = wakeIo;
        this.wakeIoIfWaiting = wakeIoIfWaiting;
        this.failures = new Failures(name);
    }

    @Override
    public Thread loopThread() {
        return loopSide;
    }

    @Override
    public void start() {
        osThread.start();
    }

    @Override
    public void start(Microthread microthread) {
        Thread thread = virtualThreads.newThread(microthread);
        microthread.runsOn(thread);
        thread.start();
    }

    /// Enters a continuation that is ready. Called pinned, by any thread: no lock, no wait, no rejection.
    @Override
    public void execute(Runnable continuation) {
        if (isCurrent()) {
            ready.addLast(continuation);
            return;
        }
        foreign.add(continuation);
        if (parked) {
            LockSupport.unpark(osThread);
        }
        wakeIo.run();
        if (ended) {
            adopt();
        }
    }

    @Override
    public boolean isCurrent() {
        return VirtualThreads.currentCarrier() == osThread;
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
        if (isCurrent()) {
            change.run();
        } else {
            execute(change);
        }
    }

    @Override
    public void firstDeadlineChanged() {
        wakeIoIfWaiting.run();
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

    /// The OS thread's life: run whatever is ready, the loop side among the rest.
    ///
    /// While the loop side waits for a lock, its timers are expired here: the microthread that holds the lock may
    /// be asleep.
    private void carry() {
        loopSide.start();
        // The JDK has one continuation object for each virtual thread, so it names the thread.
        Runnable loopSideContinuation = ready.peekFirst();
        int turnsWithoutLoopSide = 0;
        for (Runnable next = next(); next != null || loopSide.isAlive(); next = next()) {
            if (next == null) {
                inMicrothread.setOpaque(false);
                sleepUntilReady();
                continue;
            }
            turns.setOpaque(turns.getPlain() + 1);
            inMicrothread.setOpaque(next != loopSideContinuation);
            try {
                next.run();
            } catch (Throwable thrown) {
                failures.logElsewhere("a continuation", thrown);
            }
            turnsWithoutLoopSide = next == loopSideContinuation ? 0 : turnsWithoutLoopSide + 1;
            if (turnsWithoutLoopSide == TURNS_WITHOUT_LOOP_SIDE) {
                turnsWithoutLoopSide = 0;
                expireHere(System.nanoTime());
            }
        }
        ended = true;
        adopt();
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
            Orphans.EXECUTOR.execute(left);
        }
    }

    @Override
    public boolean join(long millis) throws InterruptedException {
        osThread.join(millis);
        return !osThread.isAlive();
    }

    /// How many continuations have been run, the running one included. Any thread; approximate.
    long turns() {
        return turns.getOpaque();
    }

    /// Whether a microthread is running, as opposed to the loop side. Any thread; approximate.
    boolean inMicrothread() {
        return inMicrothread.getOpaque();
    }

    /// The platform thread, for the watchdog.
    Thread osThread() {
        return osThread;
    }
}
