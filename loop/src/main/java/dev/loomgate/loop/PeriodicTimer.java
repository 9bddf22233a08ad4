package dev.loomgate.loop;

import dev.loomgate.loop.timers.ScheduledTimer;
import dev.loomgate.loop.timers.TimerService;

/// Runs a task on the loop side again and again.
final class PeriodicTimer extends ScheduledTimer {
    private final Loop loop;
    private final long periodNanos;
    private final Runnable task;
    private volatile boolean ended;

    PeriodicTimer(Loop loop, TimerService service, long periodNanos, Runnable task) {
        super(service, System.nanoTime() + periodNanos);
        this.loop = loop;
        this.periodNanos = periodNanos;
        this.task = task;
    }

    @Override
    protected void expire() {
        loop.execute(this::runAndGoOn);
    }

    private void runAndGoOn() {
        if (ended) {
            return;
        }
        loop.runSafely(task);
        long next = System.nanoTime() + periodNanos;
        if (!ended) {
            addAgain(next);
        }
    }

    @Override
    public void cancel() {
        ended = true;
        super.cancel();
    }
}
