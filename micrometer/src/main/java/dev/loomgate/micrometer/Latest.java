package dev.loomgate.micrometer;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What was looked at last, for as long as a registry's look around takes: one look serves all its meters. Any
/// thread.
final class Latest<T> implements Supplier<T> {
    private static final long KEPT_NANOS = 500_000_000;

    private final Supplier<T> look;
    private @Nullable T seen; // guarded by this
    private long seenNanos; // guarded by this

    Latest(Supplier<T> look) {
        this.look = look;
    }

    @Override
    public synchronized T get() {
        T latest = seen;
        if (latest == null || System.nanoTime() - seenNanos > KEPT_NANOS) {
            latest = look.get();
            seen = latest;
            seenNanos = System.nanoTime();
        }
        return latest;
    }
}
