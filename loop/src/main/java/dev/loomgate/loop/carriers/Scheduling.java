package dev.loomgate.loop.carriers;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// The scheduler of one of a loop's own virtual threads, as the JDK sees it.
///
/// Virtual threads that this one starts inherit it, be it by `Thread.startVirtualThread`, by an executor or by a
/// `StructuredTaskScope`. They are no microthreads, and nobody expects them to share one OS thread: they are passed
/// on to the JDK's own scheduler. The JDK has one continuation object for each virtual thread, so it names the
/// thread.
final class Scheduling implements Executor {
    private final LoopCarrier carrier;

    // Set by the caller that starts the thread, before it can run and start others.
    private @Nullable Runnable own;

    Scheduling(LoopCarrier carrier) {
        this.carrier = carrier;
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

    /// Whether that continuation is the thread's own.
    boolean isOf(Runnable continuation) {
        return own == continuation;
    }
}
