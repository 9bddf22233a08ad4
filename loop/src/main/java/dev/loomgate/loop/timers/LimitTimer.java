package dev.loomgate.loop.timers;

import dev.loomgate.loop.waiting.Deadline;

/// Interrupts code that takes longer than its limit.
public final class LimitTimer extends ScheduledTimer {
    private final Deadline deadline;

    /// @param deadline told when the time has come
    public LimitTimer(TimerService service, long deadlineNanos, Deadline deadline) {
        super(service, deadlineNanos);
        this.deadline = deadline;
    }

    @Override
    protected void expire() {
        deadline.pass();
    }
}
