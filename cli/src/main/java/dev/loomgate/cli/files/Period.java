package dev.loomgate.cli.files;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/// Periods of the same length that follow each other, by this machine's clock on the wall: those of a day begin at
/// midnight, those of an hour on the hour. For one thread.
public final class Period {
    private final long seconds;
    private final ZoneId zone;
    private long number;

    /// @param length zero for a period that never ends; seconds at least
    /// @param begun a moment in the first one
    public Period(Duration length, Instant begun, ZoneId zone) {
        this.seconds = length.toSeconds();
        this.zone = zone;
        this.number = numberAt(begun);
    }

    /// Whether another one has begun since the last time that this said so.
    public boolean isOver(Instant now) {
        long before = number;
        number = Math.max(before, numberAt(now)); // a clock that is set back begins none again
        return number > before;
    }

    private long numberAt(Instant time) {
        int offset = zone.getRules().getOffset(time).getTotalSeconds();
        return seconds == 0 ? 0 : Math.floorDiv(time.getEpochSecond() + offset, seconds);
    }
}
