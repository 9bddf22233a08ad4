package dev.loomgate.server.exchange;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The moment in which a client disconnects from its request, as the application sees it: `loomgate.client_gone`.
public final class ClientGoneSignal {
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
