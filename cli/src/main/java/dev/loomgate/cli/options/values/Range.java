package dev.loomgate.cli.options.values;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The values that an option may have, for its readers. The libraries' records check it, and have the message;
/// `RangesTest` compares the two.
///
/// @param least the least value
/// @param most the greatest one; null for no limit
/// @param orZero whether zero is allowed as well, and switches something off
public record Range<T extends Comparable<T>>(
        T least, @Nullable T most, boolean orZero) {
    private static final Duration SHORTEST = Duration.ofNanos(1);

    /// From `least` on, without an upper end.
    public static <T extends Comparable<T>> Range<T> atLeast(T least) {
        return new Range<>(least, null, false);
    }

    /// From `least` to `most`, both included.
    public static <T extends Comparable<T>> Range<T> between(T least, T most) {
        return new Range<>(least, most, false);
    }

    /// Any time but none at all.
    public static Range<Duration> positive() {
        return new Range<>(SHORTEST, null, false);
    }

    /// The same, and zero, which switches something off.
    public Range<T> orNever() {
        return new Range<>(least, most, true);
    }

    /// `128 to 16m`, `at least 1`, `more than 0`, `0, or at least 1ms`.
    ///
    /// @param type how its ends are written
    public String text(ValueType<?> type) {
        String text;
        if (most != null) {
            text = type.shown(least) + " to " + type.shown(most);
        } else if (least.equals(SHORTEST)) {
            text = "more than 0";
        } else {
            text = "at least " + type.shown(least);
        }
        return orZero ? "0, or " + text : text;
    }
}
