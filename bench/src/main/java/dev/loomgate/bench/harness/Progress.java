package dev.loomgate.bench.harness;

/// What the run tells the one who waits for it, on standard error.
public final class Progress {
    private static final long STARTED_NANOS = System.nanoTime();

    private Progress() {}

    public static void say(String line) {
        System.err.printf("%4d s  %s%n", (System.nanoTime() - STARTED_NANOS) / 1_000_000_000, line);
    }
}
