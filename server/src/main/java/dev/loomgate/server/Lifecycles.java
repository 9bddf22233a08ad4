package dev.loomgate.server;

import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.LoopGroup;
import dev.loomgate.loop.Task;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/// Runs the hooks on each loop, in microthreads, and remembers which of them are to be undone. Used by one thread.
final class Lifecycles {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");

    private static final Duration LEAST_STOP = Duration.ofSeconds(5);
    private static final Duration INTERRUPTED_GRACE = Duration.ofSeconds(2);

    private record Started(Loop loop, Lifecycle hooks) {}

    private final List<Lifecycle> all;
    private final UnaryOperator<String> settingNames;
    private final Deque<Started> started = new ArrayDeque<>();

    /// @param settingNames what messages call a setting
    Lifecycles(List<Lifecycle> all, UnaryOperator<String> settingNames) {
        this.all = List.copyOf(all);
        this.settingNames = settingNames;
    }

    /// Starts them, loop by loop.
    ///
    /// @throws ServerStartException if one fails, or the thread is interrupted; those before it are stopped then
    void start(LoopGroup group) throws ServerStartException {
        for (Loop loop : group.loops()) {
            for (Lifecycle hooks : all) {
                Task<Lifecycle> start = loop.createTask(() -> {
                    hooks.start();
                    return hooks;
                });
                try {
                    start.get();
                    started.push(new Started(loop, hooks));
                } catch (ExecutionException e) {
                    Throwable reason = e.getCause() == null ? e : e.getCause();
                    stop(Duration.ZERO);
                    throw new ServerStartException("the application can't start: " + reason, reason);
                } catch (InterruptedException e) {
                    start.interrupt();
                    stop(Duration.ZERO);
                    Thread.currentThread().interrupt();
                    throw new ServerStartException("interrupted while the application was starting", e);
                }
            }
        }
    }

    /// Stops those that have been started, the last one first. What fails is logged.
    ///
    /// @param limit how long they may take, all together; a few seconds at least. What still runs then is
    ///     interrupted, and left behind soon after
    void stop(Duration limit) {
        long end = System.nanoTime() + Math.max(limit.toNanos(), LEAST_STOP.toNanos());
        while (!started.isEmpty()) {
            Started last = started.pop();
            Task<Started> stop = last.loop().createTask(() -> {
                last.hooks().stop();
                return last;
            });
            if (!ended(stop, end)) {
                LOG.log(
                        Level.WARNING,
                        "the application''s stop hook takes too long and is interrupted ({0}): {1}",
                        settingNames.apply("stopTimeout"),
                        last.hooks());
                stop.interrupt();
                if (!ended(stop, System.nanoTime() + INTERRUPTED_GRACE.toNanos())) {
                    LOG.log(Level.WARNING, "the application''s stop hook is left behind: {0}", last.hooks());
                }
            }
        }
    }

    /// Waits for a hook to end, or to fail, which is logged.
    ///
    /// @return false if it hasn't in time
    private static boolean ended(Task<Started> stop, long endNanos) {
        try {
            stop.get(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            LOG.log(Level.ERROR, "the application's stop hook failed", e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            // A stop isn't stopped half-way, but it waits for nobody any more.
            Thread.currentThread().interrupt();
            return false;
        }
        return true;
    }
}
