package dev.loomgate.loop;

import org.jspecify.annotations.Nullable;

/// The limit that [Loop#timeout] sets to a stretch of code: interrupts its thread when it is over, and never
/// after.
final class Deadline {
    private final Thread thread = Thread.currentThread();
    private final @Nullable Deadline outer;
    private boolean passed; // guarded by this
    private boolean finished; // guarded by this

    Deadline(@Nullable Deadline outer) {
        this.outer = outer;
    }

    synchronized void pass() {
        if (!finished) {
            passed = true;
            thread.interrupt();
        }
    }

    private synchronized boolean passed() {
        return passed;
    }

    /// Ends the stretch: takes back the interrupt that was its own, and gives an outer deadline's one again.
    ///
    /// @return whether the limit had passed
    boolean finish() {
        synchronized (this) {
            finished = true;
            if (!passed) {
                return false;
            }
        }
        Thread.interrupted();
        if (outer != null && outer.passed()) {
            thread.interrupt();
        }
        return true;
    }

    @Nullable
    Deadline outer() {
        return outer;
    }
}
