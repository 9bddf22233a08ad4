package dev.loomgate.loop;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Timers on a thread of their own, for loops whose OS thread the microthreads don't share.
final class JdkTimers implements TimerService {
    private final ScheduledThreadPoolExecutor executor;

    JdkTimers() {
        executor = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("loomgate-timers").factory());
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void add(Timer timer) {
        timer.scheduled =
                executor.schedule(timer::expire, timer.deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void cancel(Timer timer) {
        Future<?> scheduled = timer.scheduled;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }

    void close() {
        executor.shutdownNow();
    }
}
