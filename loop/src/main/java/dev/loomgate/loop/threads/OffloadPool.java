package dev.loomgate.loop.threads;

import dev.loomgate.loop.waiting.Rethrow;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The platform threads that `Loop.offload` runs blocking work on, shared by the loops of a group.
public final class OffloadPool {
    private static final int MAX_THREADS = 32;
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    /// A pool without threads yet.
    public OffloadPool() {
        threads = new ThreadPoolExecutor(
                MAX_THREADS,
                MAX_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                CallersLoader.threads(Thread.ofPlatform()
                        .daemon()
                        .name("loomgate-offload-", 0)
                        .factory()));
        threads.allowCoreThreadTimeOut(true);
    }

    /// Runs the work there, with the caller's context class loader, and waits.
    ///
    /// @throws Exception what the work throws, not wrapped; or InterruptedException, which is passed on to the work
    public <T extends @Nullable Object> T run(Callable<T> blocking) throws Exception {
        Future<T> work = threads.submit(CallersLoader.with(blocking));
        try {
            return work.get();
        } catch (InterruptedException e) {
            work.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw Rethrow.<RuntimeException>unchecked(e.getCause() == null ? e : e.getCause());
        }
    }

    /// Interrupts what runs, and ends the threads.
    public void close() {
        threads.shutdownNow();
    }
}
