package dev.loomgate.loop.timers;

import dev.loomgate.loop.waiting.Parking;
import java.util.concurrent.locks.LockSupport;

/// Wakes a thread that sleeps.
public final class SleepTimer extends ScheduledTimer {
    private final Thread sleeper = Thread.currentThread();
    private volatile boolean over;

    /// A sleep of the calling thread.
    public SleepTimer(TimerService service, long deadlineNanos) {
        super(service, deadlineNanos);
    }

    @Override
    protected void expire() {
        over = true;
        LockSupport.unpark(sleeper);
    }

    /// Sleeps until the deadline. By the thread that made it, once it is in the queue.
    ///
    /// @throws InterruptedException if interrupted meanwhile
    public void await() throws InterruptedException {
        while (!over) {
            if (!Parking.park(this)) {
                cancel();
                throw Parking.interruption("sleep interrupted");
            }
        }
    }
}
