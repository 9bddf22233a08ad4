package dev.loomgate.server.connection;

import java.time.Duration;

/// How late a loop is: by how much its tick, a timer that always runs, comes after its time. Written by the loop side
/// alone, a few times a second; read by any thread.
final class LoopLag {
    private static final long WINDOW_NANOS = 10_000_000_000L;

    private final long periodNanos;
    private long windowBegan = System.nanoTime();
    private volatile long lastTick = windowBegan;
    private volatile long latest;
    private volatile long latestBefore;

    LoopLag(long periodNanos) {
        this.periodNanos = periodNanos;
    }

    /// Ticks come from now on.
    void begin(long now) {
        windowBegan = now;
        lastTick = now;
    }

    void tick(long now) {
        long late = now - lastTick - periodNanos;
        lastTick = now;
        if (now - windowBegan >= WINDOW_NANOS) {
            windowBegan = now;
            latestBefore = latest;
            latest = 0;
        }
        if (late > latest) {
            latest = late;
        }
    }

    /// The most of this window of 10 seconds and the one before; more if the next tick is overdue by more.
    Duration recent(long now) {
        long overdue = now - lastTick - periodNanos;
        return Duration.ofNanos(Math.max(0, Math.max(overdue, Math.max(latest, latestBefore))));
    }
}
