package dev.loomgate.python;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Says when one job is due: once in each minute that its [CronRule] names, by local time. So a job of an hour that
/// comes twice when daylight saving ends is due twice, and one of an hour that is left out isn't due that day, as in
/// uWSGI. Used by one thread; [#next] by any.
public final class CronClock {
    private static final long MINUTE_MILLIS = 60_000;
    /// Looks are no further apart, so that a clock that is set is followed soon.
    private static final long MOST_MILLIS = 10_000;

    private final CronRule rule;
    private final ZoneId zone;
    private long last = Long.MIN_VALUE;

    /// @param zone whose local time counts
    public CronClock(CronRule rule, ZoneId zone) {
        this.rule = rule;
        this.zone = zone;
    }

    /// Whether the job is due now. True at most once a minute.
    public boolean isDue(Instant now) {
        long minute = Math.floorDiv(now.getEpochSecond(), 60L);
        if (minute == last || !rule.matches(LocalDateTime.ofInstant(now, zone))) {
            return false;
        }
        last = minute;
        return true;
    }

    /// When the job is due next, after now: the beginning of a minute.
    ///
    /// @return empty if that is never, as far as can be told
    public Optional<Instant> next(Instant now) {
        LocalDateTime minute = LocalDateTime.ofInstant(now, zone).truncatedTo(ChronoUnit.MINUTES);
        return rule.next(minute.plusMinutes(1)).map(time -> time.atZone(zone).toInstant());
    }

    /// How long to wait before the next look: to the next minute's beginning, and 10 s at the most.
    public static Duration untilNextLook(Instant now) {
        long rest = MINUTE_MILLIS - Math.floorMod(now.toEpochMilli(), MINUTE_MILLIS);
        return Duration.ofMillis(Math.min(rest, MOST_MILLIS));
    }
}
