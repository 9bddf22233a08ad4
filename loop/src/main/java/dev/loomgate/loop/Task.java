package dev.loomgate.loop;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A microthread with a result: asyncio's `Task`. Made by [Loop#createTask].
///
/// Completes with what the body returned or threw. Cancelling it interrupts the microthread.
public final class Task<T extends @Nullable Object> extends CompletableFuture<T> {
    private @Nullable Microthread microthread;

    Task() {}

    void startOn(Loop loop, Callable<T> body) {
        microthread = loop.prepare(this, () -> run(body));
        loop.begin(microthread);
    }

    private void run(Callable<T> body) {
        if (isDone()) {
            return; // cancelled before it began
        }
        try {
            complete(body.call());
        } catch (Throwable thrown) {
            completeExceptionally(thrown);
        }
    }

    /// Cancels the task, and interrupts its microthread whatever the argument.
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled && microthread != null) {
            microthread.interrupt();
        }
        return cancelled;
    }

    /// Interrupts what its microthread waits for; the task completes with what the body makes of that. Any thread.
    public void interrupt() {
        if (microthread != null) {
            microthread.interrupt();
        }
    }

    /// Dependent stages are plain futures: they have no microthread.
    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
