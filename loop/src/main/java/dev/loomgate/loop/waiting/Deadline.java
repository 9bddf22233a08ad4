package dev.loomgate.loop.waiting;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A limit to how long a stretch of code may take: interrupts its thread when the time is over, and never after the
/// stretch has ended.
public final class Deadline {
    private final Thread thread = Thread.currentThread();
    private final @Nullable Deadline outer;
    private boolean passed; // guarded by this
    private boolean finished; // guarded by this

    /// A limit for the calling thread.
    ///
    /// @param outer the limit around it
    public Deadline(@Nullable Deadline outer) {
        this.outer = outer;
    }

    /// The time is over. Any thread.
    public synchronized void pass() {
        if (!finished) {
            passed = true;
            thread.interrupt();
        }
    }

    private synchronized boolean passed() {
        return passed;
    }

    /// Runs `body`, the stretch. By the thread that made this.
    ///
    /// @param limit how long it may take, for the exception
    /// @throws TimeoutException if the body was interrupted by the limit
    /// @throws Exception what the body throws
    public <T extends @Nullable Object> T limit(Duration limit, Callable<T> body) throws Exception {
        T result;
        try {
            result = body.call();
        } catch (InterruptedException e) {
            throw finish() ? new TimeoutException("not done within " + limit) : e;
        } catch (Throwable e) {
            finish();
            throw e;
        }
        finish();
        return result;
    }

    /// Ends the stretch: takes back the interrupt that was its own, and gives an outer deadline's one again.
    ///
    /// @return whether the limit had passed
    private boolean finish() {
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

    /// The limit around it.
    public @Nullable Deadline outer() {
        return outer;
    }
}
