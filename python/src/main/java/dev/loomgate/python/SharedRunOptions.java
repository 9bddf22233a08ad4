package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.loop.settings.TimeText;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which crons and timers are run once by several servers, in the [SharedOptions.Store], and how.
///
/// @param crons what happens to them while the store is gone; null where each server has its own
/// @param timers the same of timers
/// @param mostLate how late a run may begin: 1 s to 1 day
/// @param own numbers of signals whose crons and timers each server has for itself nevertheless
public record SharedRunOptions(
        @Nullable WhenGone crons, @Nullable WhenGone timers, Duration mostLate, Set<Integer> own) {
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofDays(1);

    /// What happens while the store is gone.
    public enum WhenGone {
        /// No run begins. When the store is back, those do that aren't too late.
        WAIT,
        /// Each server does each run.
        RUN
    }

    /// @throws IllegalArgumentException if `mostLate` is out of its range
    public SharedRunOptions {
        if (mostLate.compareTo(LEAST) < 0 || mostLate.compareTo(MOST) > 0) {
            throw new InvalidSetting(
                    "sharedMostLate", "is %s, it must be in 1s to 24h".formatted(TimeText.of(mostLate)));
        }
        own = Set.copyOf(own);
    }

    /// Each server has its own.
    public static SharedRunOptions none() {
        return new SharedRunOptions(null, null, Duration.ofMinutes(1), Set.of());
    }

    /// Whether any are run once.
    public boolean isAny() {
        return crons != null || timers != null;
    }

    /// @throws IllegalArgumentException if there is none, and a store is needed
    void require(SharedOptions.@Nullable Store store) {
        if (isAny() && store == null) {
            throw new InvalidSetting("store", "is needed for crons and timers that are run once by several servers");
        }
    }
}
