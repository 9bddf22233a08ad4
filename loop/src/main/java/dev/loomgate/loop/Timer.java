package dev.loomgate.loop;

/// Something that a loop does at a time to come; see [Loop#callLater].
public abstract class Timer {
    /// Not in the queue: not yet, no more, or never.
    static final int OUT = -1;

    private final TimerQueue queue;
    long deadlineNanos; // changes only while it is not in the queue

    // The queue's own: this timer's place in it.
    int place = OUT;

    Timer(TimerQueue queue, long deadlineNanos) {
        this.queue = queue;
        this.deadlineNanos = deadlineNanos;
    }

    /// Happens on the loop side when the time has come; must not wait.
    abstract void expire();

    /// Makes it not happen, if it hasn't. Any thread; from another one, it may still happen meanwhile.
    public final void cancel() {
        queue.cancel(this);
    }
}
