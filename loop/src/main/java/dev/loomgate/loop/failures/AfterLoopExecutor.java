package dev.loomgate.loop.failures;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Runs what a loop can't run itself: microthreads whose loop has ended before them, and log lines that its OS thread
/// must not wait for.
public final class AfterLoopExecutor {
    /// One daemon thread, which ends when there is nothing to do.
    public static final Executor EXECUTOR = executor();

    private AfterLoopExecutor() {}

    private static Executor executor() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("loomgate-orphans").factory());
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
