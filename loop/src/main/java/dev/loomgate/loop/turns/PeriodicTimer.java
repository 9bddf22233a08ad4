package dev.loomgate.loop.turns;

import dev.loomgate.loop.timers.ScheduledTimer;
import dev.loomgate.loop.timers.TimerService;

/// Runs a task on the loop side again and again.
final class PeriodicTimer extends ScheduledTimer {
    private final Turns turns;
    private final long periodNanos;
    private final Runnable task;
    private volatile boolean ended;

    PeriodicTimer(Turns turns, TimerService service, long periodNanos, Runnable task) {
        super(service, System.nanoTime() + periodNanos);
        this.turns = turns;
        this.periodNanos = periodNanos;
        this.task = task;
    }

    @Override
    protected void expire() {
        turns.execute(this::runAndGoOn);
    }

    private void runAndGoOn() {
        if (ended) {
            return;
        }
        turns.runSafely(task);
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
