package dev.loomgate.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/// Waits for what other threads and processes do.
public final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PERIOD = Duration.ofMillis(5);

    private Eventually() {}

    /// Waits until the condition holds, for 30 seconds at most.
    ///
    /// @param expected what is expected, for the failure's text
    /// @throws AssertionError if it doesn't hold in time
    /// @throws Exception what the condition throws
    public static void await(String expected, Callable<Boolean> condition) throws Exception {
        await(LIMIT, () -> expected, condition);
    }

    /// The same, with a text that is made when it is needed.
    public static void await(Supplier<String> expected, Callable<Boolean> condition) throws Exception {
        await(LIMIT, expected, condition);
    }

    /// The same, for that time at most.
    public static void await(Duration limit, Supplier<String> expected, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not after " + limit + ": " + expected.get());
            }
            Thread.sleep(PERIOD);
        }
    }
}
