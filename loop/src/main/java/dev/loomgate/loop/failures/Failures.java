package dev.loomgate.loop.failures;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;

/// Logs what has failed on a loop's own thread, and never throws, whatever else fails: a process out of descriptors
/// can't load the classes that a log line takes, and a log may be the operator's own. The loop goes on without that
/// line.
///
/// One for each loop, made before it starts: a class that is first needed when something has failed may not load.
public final class Failures {
    private static final Logger LOG = System.getLogger("dev.loomgate.loop");

    private final String loop;
    private final Executor elsewhere = AfterLoopExecutor.EXECUTOR;

    /// @param loop its name, for the log
    public Failures(String loop) {
        this.loop = loop;
    }

    /// Logs what has failed. Loop side, or a microthread.
    ///
    /// @param what shown by its `toString()`
    public void log(Object what, Throwable thrown) {
        try {
            LOG.log(Level.ERROR, loop + ": " + what + " failed", thrown);
        } catch (Throwable again) {
            // Nothing is left to say it with.
        }
    }

    /// Logs it in another thread. For the OS thread itself, which must not wait for a log that a microthread holds.
    public void logElsewhere(String what, Throwable thrown) {
        try {
            elsewhere.execute(() -> log(what, thrown));
        } catch (Throwable again) {
            // Nothing is left to say it with.
        }
    }
}
