package dev.loomgate.loop.timers;

import dev.loomgate.loop.Timer;
import java.time.Duration;

/// A timer as the [TimerQueue] keeps it: with its deadline and its place.
public abstract class ScheduledTimer implements Timer {
    /// Not in the queue: not yet, no more, or never.
    static final int OUT = -1;

    private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

    private final TimerService service;
    long deadlineNanos; // changes only while the timer is out
    int place = OUT; // in its TimerQueue, which alone changes it

    /// @param deadlineNanos in `System.nanoTime()`'s terms
    protected ScheduledTimer(TimerService service, long deadlineNanos) {
        this.service = service;
        this.deadlineNanos = deadlineNanos;
    }

    /// The deadline that is over after `delay`, in `System.nanoTime()`'s terms; one too far away to be compared is
    /// taken for the latest that can be.
    public static long deadlineAfter(Duration delay) {
        long nanos;
        try {
            nanos = Math.min(delay.toNanos(), LONGEST_NANOS);
        } catch (ArithmeticException e) {
            nanos = LONGEST_NANOS;
        }
        return System.nanoTime() + nanos;
    }

    /// Happens when the time has come, on a thread that must not wait.
    protected abstract void expire();

    /// Enters it once more, with another deadline. Only while it is out.
    protected final void addAgain(long itsDeadlineNanos) {
        deadlineNanos = itsDeadlineNanos;
        service.add(this);
    }

    @Override
    public void cancel() {
        service.cancel(this);
    }
}
