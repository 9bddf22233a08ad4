package dev.loomgate.redis;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/// What is being loaded, each key by one thread at a time; others that want it wait for that one.
final class Loads {
    private final ConcurrentHashMap<String, CompletableFuture<byte[]>> running = new ConcurrentHashMap<>();

    /// @throws Exception what the load throws, or the load of somebody else that was under way
    byte[] run(String key, Callable<byte[]> load) throws Exception {
        while (true) {
            CompletableFuture<byte[]> mine = new CompletableFuture<>();
            CompletableFuture<byte[]> other = running.putIfAbsent(key, mine);
            if (other == null) {
                return lead(key, mine, load);
            }
            try {
                return other.get();
            } catch (CancellationException e) {
                // Interrupted, as where its client has disconnected: which is no reason for this one to fail.
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception failure) {
                    throw failure;
                }
                throw e;
            }
        }
    }

    private byte[] lead(String key, CompletableFuture<byte[]> mine, Callable<byte[]> load) throws Exception {
        try {
            byte[] value = load.call();
            running.remove(key, mine);
            mine.complete(value);
            return value;
        } catch (Exception | Error e) {
            running.remove(key, mine);
            if (e instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
                mine.cancel(false);
            } else {
                mine.completeExceptionally(e);
            }
            throw e;
        }
    }
}
