package dev.loomgate.python.cheaper;

import java.time.Duration;

/// Says when there has been no request for so long that no worker is needed. Used by one thread.
public final class IdleRule {
    private final long limitNanos;
    private boolean begun;
    private long lastNanos;

    /// @param limit zero for never
    public IdleRule(Duration limit) {
        limitNanos = limit.toNanos();
    }

    /// Whether that is so now.
    ///
    /// @param busy whether there is a request, or has been one since the last look
    public boolean isOver(long nowNanos, boolean busy) {
        if (busy || !begun) {
            begun = true;
            lastNanos = nowNanos;
        }
        return limitNanos > 0 && nowNanos - lastNanos > limitNanos;
    }
}
