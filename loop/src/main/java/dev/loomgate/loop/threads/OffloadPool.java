package dev.loomgate.loop.threads;

import dev.loomgate.loop.failures.OnceInAWhile;
import dev.loomgate.loop.waiting.Rethrow;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Platform threads that run blocking work, shared by the loops of a group: those of `Loop.offload`, or a server's
/// own.
public final class OffloadPool {
    private static final Logger LOG = System.getLogger("dev.loomgate.loop");
    private static final long IDLE_SECONDS = 10;
    private static final long LONG_WAIT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final ThreadPoolExecutor threads;
    private final int size;
    private final int mostQueued;
    private final UnaryOperator<String> settingNames;
    private final AtomicLong refused = new AtomicLong();
    private final OnceInAWhile warnings = new OnceInAWhile(SILENCE);

    /// A pool without threads yet.
    ///
    /// @param name what its threads are called
    /// @param size how many threads it has at most
    /// @param mostQueued how much work may wait for one of them
    /// @param settingNames what messages call `blockingThreads` and `blockingQueue`
    public OffloadPool(String name, int size, int mostQueued, UnaryOperator<String> settingNames) {
        this.size = size;
        this.mostQueued = mostQueued;
        this.settingNames = settingNames;
        threads = new ThreadPoolExecutor(
                size,
                size,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(mostQueued),
                CallersLoader.threads(
                        Thread.ofPlatform().daemon().name(name + "-", 0).factory()));
        threads.allowCoreThreadTimeOut(true);
    }

    /// Work, which knows how long it has waited for a thread.
    private final class Work<T extends @Nullable Object> extends FutureTask<T> {
        private final long sinceNanos = System.nanoTime();

        Work(Callable<T> body) {
            super(body);
        }

        @Override
        public void run() {
            warnIfLong(this);
            super.run();
        }
    }

    /// Runs the work there, with the caller's context class loader, and waits.
    ///
    /// @throws RejectedExecutionException if as much waits as may
    /// @throws Exception what the work throws, not wrapped; or InterruptedException, which is passed on to the work
    public <T extends @Nullable Object> T run(Callable<T> blocking) throws Exception {
        Work<T> work = new Work<>(CallersLoader.with(blocking));
        enter(work);
        try {
            return work.get();
        } catch (InterruptedException e) {
            work.cancel(true);
            threads.remove(work);
            throw e;
        } catch (ExecutionException e) {
            throw Rethrow.<RuntimeException>unchecked(e.getCause() == null ? e : e.getCause());
        }
    }

    private void enter(Work<?> work) {
        if (threads.getQueue().peek() instanceof Work<?> oldest) {
            warnIfLong(oldest);
        }
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            if (threads.isShutdown()) {
                throw e;
            }
            refused.incrementAndGet();
            String full = "blocking work is refused: %d waits already, the most (%s), for %d threads (%s)"
                    .formatted(
                            mostQueued,
                            settingNames.apply("blockingQueue"),
                            size,
                            settingNames.apply("blockingThreads"));
            warn("refused", full);
            throw new RejectedExecutionException(full, e);
        }
    }

    private void warnIfLong(Work<?> work) {
        long waited = System.nanoTime() - work.sinceNanos;
        if (waited >= LONG_WAIT_NANOS) {
            warn(
                    "late",
                    "blocking work has waited for %d ms, and %d waits: all %d threads are busy (%s)"
                            .formatted(
                                    Duration.ofNanos(waited).toMillis(),
                                    threads.getQueue().size(),
                                    size,
                                    settingNames.apply("blockingThreads")));
        }
    }

    private void warn(String kind, String text) {
        if (warnings.say(kind, System.nanoTime()).isPresent()) {
            LOG.log(Level.WARNING, text);
        }
    }

    /// How many threads run work now; approximate.
    public int busy() {
        return threads.getActiveCount();
    }

    /// How much work waits.
    public int queued() {
        return threads.getQueue().size();
    }

    /// How much has ended; approximate.
    public long done() {
        return threads.getCompletedTaskCount();
    }

    /// How much was refused.
    public long refused() {
        return refused.get();
    }

    /// Interrupts what runs, and ends the threads. What waits for a thread is cancelled.
    public void close() {
        threads.shutdownNow().forEach(left -> {
            if (left instanceof Work<?> work) {
                work.cancel(false);
            }
        });
    }
}
