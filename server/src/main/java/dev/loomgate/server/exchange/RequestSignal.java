package dev.loomgate.server.exchange;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A moment in a request's life that the application can wait for: in which its client disconnects
/// (`loomgate.client_gone`), or the server would have it end (`loomgate.stopping`).
public final class RequestSignal {
    private final CompletableFuture<@Nullable Void> moment = new CompletableFuture<>();
    private final CompletionStage<@Nullable Void> seen = moment.minimalCompletionStage();

    /// For the application, which can't complete it.
    public CompletionStage<@Nullable Void> stage() {
        return seen;
    }

    /// Runs what hangs on it; a further time does nothing. Microthread.
    void happened() {
        moment.complete(null);
    }
}
