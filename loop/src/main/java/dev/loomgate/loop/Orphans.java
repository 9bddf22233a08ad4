package dev.loomgate.loop;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Runs microthreads whose loop has ended before them.
final class Orphans {
    static final Executor EXECUTOR = executor();

    private Orphans() {}

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
