package dev.loomgate.server;

import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.LoopGroup;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;

/// Runs the hooks on each loop, in microthreads, and remembers which of them are to be undone. Used by one thread.
final class Lifecycles {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");

    private record Started(Loop loop, Lifecycle hooks) {}

    private final List<Lifecycle> all;
    private final Deque<Started> started = new ArrayDeque<>();

    Lifecycles(List<Lifecycle> all) {
        this.all = List.copyOf(all);
    }

    /// Starts them, loop by loop.
    ///
    /// @throws ServerStartException if one fails; those before it are stopped then
    void start(LoopGroup group) throws ServerStartException {
        for (Loop loop : group.loops()) {
            for (Lifecycle hooks : all) {
                try {
                    loop.createTask(() -> {
                                hooks.start();
                                return hooks;
                            })
                            .join();
                    started.push(new Started(loop, hooks));
                } catch (CompletionException e) {
                    Throwable reason = e.getCause() == null ? e : e.getCause();
                    stop();
                    throw new ServerStartException("the application can't start: " + reason, reason);
                }
            }
        }
    }

    /// Stops those that have been started, the last one first. What fails is logged.
    void stop() {
        while (!started.isEmpty()) {
            Started last = started.pop();
            try {
                last.loop()
                        .createTask(() -> {
                            last.hooks().stop();
                            return last;
                        })
                        .join();
            } catch (CompletionException e) {
                LOG.log(Level.ERROR, "the application's stop hook failed", e.getCause() == null ? e : e.getCause());
            }
        }
    }
}
