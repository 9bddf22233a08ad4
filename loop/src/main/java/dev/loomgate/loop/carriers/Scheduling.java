package dev.loomgate.loop.carriers;

import dev.loomgate.loop.threads.VirtualThreads;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// The scheduler of one of a loop's own virtual threads, as the JDK sees it. It knows what the thread runs, so that
/// a microthread needs no `ThreadLocal` to be found by.
///
/// Virtual threads that this one starts inherit it, be it by `Thread.startVirtualThread`, by an executor or by a
/// `StructuredTaskScope`. They are no microthreads, and nobody expects them to share one OS thread: they are passed
/// on to the JDK's own scheduler. The JDK has one continuation object for each virtual thread, so it names the
/// thread.
final class Scheduling implements Executor {
    private final LoopCarrier carrier;
    private final Runnable task;

    // Set by the caller that starts the thread, before it can run and start others.
    private @Nullable Runnable own;

    Scheduling(LoopCarrier carrier, Runnable task) {
        this.carrier = carrier;
        this.task = task;
    }

    /// Called by the JDK, pinned, each time a virtual thread becomes ready. Any thread: no lock, no wait, no
    /// rejection.
    @Override
    public void execute(Runnable continuation) {
        if (own == null) {
            own = continuation;
        }
        if (own == continuation) {
            carrier.enterReady(continuation);
        } else {
            VirtualThreads.defaultScheduler().execute(continuation);
        }
    }

    /// What the thread runs.
    Runnable task() {
        return task;
    }

    /// Whether that continuation is the thread's own.
    boolean isOf(Runnable continuation) {
        return own == continuation;
    }
}
