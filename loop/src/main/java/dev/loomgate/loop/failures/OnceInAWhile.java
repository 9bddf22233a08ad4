package dev.loomgate.loop.failures;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/// Keeps lines that come in crowds from filling a log: of those of one kind, one is logged in a while.
///
/// Any thread. It remembers the last 1000 kinds.
public final class OnceInAWhile {
    private static final int MOST_KINDS = 1000;

    private final long whileNanos;

    // Guarded by this.
    private final Map<String, Last> kinds = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Last> eldest) {
            return size() > MOST_KINDS;
        }
    };

    private static final class Last {
        private final long nanos;
        private long leftOut;

        Last(long nanos) {
            this.nanos = nanos;
        }
    }

    /// @param silence how long after a line no other one of its kind is logged
    public OnceInAWhile(Duration silence) {
        whileNanos = silence.toNanos();
    }

    /// Whether a line of that kind is to be logged now.
    ///
    /// @param nowNanos in `System.nanoTime()`'s terms
    /// @return how many of its kind were left out since the last one; empty if this one is to be left out, too
    public synchronized OptionalLong say(String kind, long nowNanos) {
        Last last = kinds.get(kind);
        if (last != null && nowNanos - last.nanos < whileNanos) {
            last.leftOut++;
            return OptionalLong.empty();
        }
        kinds.put(kind, new Last(nowNanos));
        return OptionalLong.of(last == null ? 0 : last.leftOut);
    }
}
