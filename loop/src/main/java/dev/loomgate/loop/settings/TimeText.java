package dev.loomgate.loop.settings;

import java.math.BigDecimal;
import java.time.Duration;

/// How messages and documents write a time: as options take it.
public final class TimeText {
    private TimeText() {}

    /// `0`, `200ms`, `30s`, `5m`, `1h`: the largest unit that leaves a whole number; a minute alone is `60s`. Less
    /// than a millisecond is a fraction of seconds.
    public static String of(Duration time) {
        if (time.isZero()) {
            return "0";
        }
        if (time.toNanosPart() % 1_000_000 != 0) {
            return BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros().toPlainString() + "s";
        }
        if (time.toMillisPart() != 0) {
            return time.toMillis() + "ms";
        }
        long seconds = time.toSeconds();
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 && seconds > 60 ? seconds / 60 + "m" : seconds + "s";
    }
}
