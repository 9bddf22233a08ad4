package dev.loomgate.cli.live;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waiting for what Python applications say of themselves.
final class Stages {
    private static final long LIMIT_SECONDS = 5;

    private Stages() {}

    /// What comes, for some seconds at most.
    ///
    /// @throws IllegalStateException if it doesn't; the message is for the operator
    static <T> T taken(CompletionStage<T> stage) throws InterruptedException {
        try {
            return stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the loop of a Python application is held, and says nothing within %d s".formatted(LIMIT_SECONDS),
                    e);
        }
    }
}
