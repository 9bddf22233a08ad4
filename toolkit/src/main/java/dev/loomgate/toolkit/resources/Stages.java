package dev.loomgate.toolkit.resources;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Waits for stages.
final class Stages {
    private Stages() {}

    /// The stage's value. The calling thread parks until it is there; a microthread lets its loop go on meanwhile.
    ///
    /// @throws Exception what the stage failed with: the very object, out of the wrappings that stages put around
    /// it
    /// @throws InterruptedException if the thread is interrupted while it waits
    static @Nullable Object await(CompletionStage<?> stage) throws Exception {
        // Not toCompletableFuture(): a stage need not have one, and a copy can't complete the original.
        CompletableFuture<@Nullable Object> result = new CompletableFuture<>();
        var _ = stage.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw original(e);
        }
    }

    private static Exception original(ExecutionException e) {
        Throwable failure = e;
        while ((failure instanceof ExecutionException || failure instanceof CompletionException)
                && failure.getCause() != null) {
            failure = failure.getCause();
        }
        return switch (failure) {
            case Exception exception -> exception;
            case Error error -> throw error;
            default -> e;
        };
    }
}
