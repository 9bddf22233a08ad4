package dev.loomgate.loop;

import dev.loomgate.loop.timers.ScheduledTimer;
import dev.loomgate.loop.timers.TimerService;

/// Runs a callback in a microthread: see [Loop#callLater].
final class CallbackTimer extends ScheduledTimer {
    private final Loop loop;
    private final Runnable callback;

    CallbackTimer(Loop loop, TimerService service, long deadlineNanos, Runnable callback) {
        super(service, deadlineNanos);
        this.loop = loop;
        this.callback = callback;
    }

    @Override
    protected void expire() {
        loop.start("callLater", callback);
    }
}
