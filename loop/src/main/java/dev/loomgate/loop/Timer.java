package dev.loomgate.loop;

/// Something that a loop does at a time to come; see [Loop#callLater].
public abstract class Timer {
    /// Not in the queue: not yet, no more, or never.
    static final int OUT = -1;

    private final TimerService service;
    long deadlineNanos; // changes only while the timer is out

    int place = OUT; // in its TimerQueue, which alone changes it

    Timer(TimerService service, long deadlineNanos) {
        this.service = service;
        this.deadlineNanos = deadlineNanos;
    }

    /// Happens when the time has come, on a thread that must not wait.
    abstract void expire();

    /// Makes it not happen, if it hasn't. Any thread; from another one than the loop's, it may still happen
    /// meanwhile.
    public void cancel() {
        service.cancel(this);
    }
}
