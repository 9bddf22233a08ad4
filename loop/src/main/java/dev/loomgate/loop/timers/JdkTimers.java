package dev.loomgate.loop.timers;

import dev.loomgate.loop.failures.Failures;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/// Timers on a thread of their own, for loops whose OS thread the microthreads don't share.
///
/// No caller waits for a lock. A microthread that waits for one leaves its carrier and comes first in the lock's
/// queue; where all the JDK's carriers are pinned by others that wait for the same lock (in a class's static
/// initialiser, say), it never gets one back, and all stop for good. That is what happened with a
/// `ScheduledThreadPoolExecutor` here.
public final class JdkTimers implements TimerService, TimerQueue.Owner {
    private final Thread thread =
            Thread.ofPlatform().daemon().name("loomgate-timers").unstarted(this::run);
    private final Failures failures = new Failures("loomgate-timers");
    private final Queue<Runnable> changes = new ConcurrentLinkedQueue<>();
    private final TimerQueue timers = new TimerQueue(this); // its own thread only
    private volatile boolean closed;

    /// Starts the thread.
    public JdkTimers() {
        thread.start();
    }

    /// @throws RejectedExecutionException after [#close]
    @Override
    public void add(ScheduledTimer timer) {
        if (closed) {
            throw new RejectedExecutionException("the loops have ended");
        }
        timers.add(timer);
    }

    @Override
    public void cancel(ScheduledTimer timer) {
        timers.cancel(timer);
    }

    @Override
    public void runAsOwner(Runnable change) {
        changes.add(change);
        LockSupport.unpark(thread);
    }

    @Override
    public void firstDeadlineChanged() {
        // Changes are made before the wait is reckoned.
    }

    private void run() {
        while (!closed) {
            for (Runnable change = changes.poll(); change != null; change = changes.poll()) {
                change.run();
            }
            long now = System.nanoTime();
            expireDue(now);
            long nanos = timers.waitNanos(now);
            if (!changes.isEmpty()) {
                continue;
            }
            if (nanos == 0) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
    }

    private void expireDue(long now) {
        try {
            timers.expireDue(now);
        } catch (Throwable thrown) {
            failures.log("a timer", thrown);
        }
    }

    /// Ends the thread.
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
