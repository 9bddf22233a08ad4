package dev.loomgate.python.supervision;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Timer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/// The loop on which an engine's work is done: everything that is "loop side only" runs on it. Any thread.
public final class HomeLoop {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");

    private final Loop loop;

    public HomeLoop(Loop loop) {
        this.loop = loop;
    }

    public Loop loop() {
        return loop;
    }

    /// Runs a task on the loop side, unless the loop has ended.
    ///
    /// @return false if it has: the task will not run, and what it was to take care of is still the caller's
    public boolean execute(Runnable task) {
        try {
            loop.side().execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "the loop has ended before its Python workers had", e);
            return false;
        }
    }

    /// Runs a task on the loop side after `delay`.
    public Timer later(Duration delay, Runnable task) {
        return loop.callLater(delay, () -> execute(task));
    }
}
