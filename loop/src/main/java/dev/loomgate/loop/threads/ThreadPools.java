package dev.loomgate.loop.threads;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/// The platform threads of the engine `threads`.
///
/// What the loop side starts, such as requests, shares a fixed number of them. What these start themselves, or
/// time starts for them, gets a thread beyond that: they may be waiting for it, all of them at once.
public final class ThreadPools {
    private final ExecutorService limited;
    private final ExecutorService beyond;

    /// @param threads how many of them what the loop side starts may take
    public ThreadPools(int threads) {
        ThreadFactory factory =
                Thread.ofPlatform().daemon().name("loomgate-thread-", 0).factory();
        limited = Executors.newFixedThreadPool(threads, factory);
        beyond = Executors.newCachedThreadPool(factory);
    }

    /// For what the loop side starts.
    public Executor limited() {
        return limited;
    }

    /// For everything else.
    public Executor beyond() {
        return beyond;
    }

    /// Interrupts what runs, and ends the threads.
    public void close() {
        limited.shutdownNow();
        beyond.shutdownNow();
    }
}
