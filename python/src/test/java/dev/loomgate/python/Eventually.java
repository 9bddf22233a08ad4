package dev.loomgate.python;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/// Waits for what other threads and processes do.
final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Eventually() {}

    /// Waits until it is so.
    static void await(Supplier<String> expected, Callable<Boolean> condition) throws Exception {
        await(LIMIT, expected, condition);
    }

    /// Waits until it is so.
    static void await(String expected, Callable<Boolean> condition) throws Exception {
        await(LIMIT, () -> expected, condition);
    }

    /// Waits until it is so, for that time at most.
    static void await(Duration limit, Supplier<String> expected, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not after " + limit + ": " + expected.get());
            }
            Thread.sleep(5);
        }
    }
}
