package dev.loomgate.server.exchange;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A moment in a request's life that the application can wait for: in which its client disconnects
/// (`loomgate.client_gone`), or the server stops (`loomgate.stopping`).
///
/// @param <T> what it is told with
public final class RequestSignal<T> {
    private final CompletableFuture<@Nullable T> moment = new CompletableFuture<>();
    private final CompletionStage<@Nullable T> seen = moment.minimalCompletionStage();

    /// For the application, which can't complete it.
    public CompletionStage<@Nullable T> stage() {
        return seen;
    }

    /// Runs what hangs on it; a further time does nothing. Microthread.
    void happened(@Nullable T what) {
        moment.complete(what);
    }
}
