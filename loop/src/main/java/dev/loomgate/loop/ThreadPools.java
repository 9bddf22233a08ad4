package dev.loomgate.loop;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/// The platform threads of [Engine#THREADS].
///
/// What the loop side starts, such as requests, shares a fixed number of them. What these start themselves, or
/// time starts for them, gets a thread beyond that: they may be waiting for it, all of them at once.
final class ThreadPools {
    private final ExecutorService limited;
    private final ExecutorService beyond;

    ThreadPools(int threads) {
        ThreadFactory factory =
                Thread.ofPlatform().daemon().name("loomgate-thread-", 0).factory();
        limited = Executors.newFixedThreadPool(threads, factory);
        beyond = Executors.newCachedThreadPool(factory);
    }

    Executor limited() {
        return limited;
    }

    Executor beyond() {
        return beyond;
    }

    void close() {
        limited.shutdownNow();
        beyond.shutdownNow();
    }
}
