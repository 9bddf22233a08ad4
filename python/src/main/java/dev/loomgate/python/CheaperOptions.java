package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;
import java.time.Duration;

/// How many workers there are, where their number follows the load: from `least` to [PythonOptions#processes]. The
/// names are uWSGI's.
///
/// @param least the least number of workers, less than [PythonOptions#processes]; 0 for a number that doesn't change
/// @param initial how many there are at the start; 0, or fewer than `least`, for `least`
/// @param step how many are started at a time
/// @param algorithm decides, once a second
/// @param overload for how many seconds all workers are busy before more are started; in `BACKLOG`, how many requests
/// wait; in `BUSYNESS`, the seconds of a cycle
/// @param idleCycles in `SPARE2`, seconds in which there are too many before one is ended
/// @param busyness for `BUSYNESS`
/// @param rssSoftBytes from that much resident memory of all workers on, no more are started; 0 for no limit
/// @param rssHardBytes from that much on, one is ended each second, down to a single one; 0 for no limit
/// @param idle after so long without a request all workers are ended, until the next one; zero for never
/// @param cheap whether there are no workers before the first request
public record CheaperOptions(
        int least,
        int initial,
        int step,
        CheaperAlgorithm algorithm,
        int overload,
        int idleCycles,
        BusynessOptions busyness,
        long rssSoftBytes,
        long rssHardBytes,
        Duration idle,
        boolean cheap) {
    /// @throws IllegalArgumentException if one is out of range; the message names it
    public CheaperOptions {
        InvalidSetting.requireNotNegative("cheaper", least);
        InvalidSetting.requireNotNegative("cheaperInitial", initial);
        InvalidSetting.requireAtLeast(1, "cheaperStep", step);
        InvalidSetting.requireAtLeast(1, "cheaperOverload", overload);
        InvalidSetting.requireAtLeast(1, "cheaperIdle", idleCycles);
        InvalidSetting.requireNotNegative("cheaperRssSoftBytes", rssSoftBytes);
        InvalidSetting.requireNotNegative("cheaperRssHardBytes", rssHardBytes);
        InvalidSetting.requireNotNegative("idle", idle);
        if (rssHardBytes > 0 && rssHardBytes <= rssSoftBytes) {
            throw new InvalidSetting(
                    "cheaperRssHardBytes", "is " + rssHardBytes + ", it must be more than the soft limit");
        }
        if (rssHardBytes > 0 && rssSoftBytes == 0) {
            throw new InvalidSetting("cheaperRssHardBytes", "is " + rssHardBytes + ", and there is no soft limit");
        }
    }

    /// Whether the number of workers follows the load.
    public boolean followsLoad() {
        return least > 0;
    }

    /// Whether there may be no worker at all.
    public boolean mayBeNone() {
        return cheap || idle.isPositive();
    }

    /// A number that doesn't change.
    public static CheaperOptions defaults() {
        return builder().build();
    }

    /// The defaults, to be changed.
    public static Builder builder() {
        return new Builder();
    }

    /// Changes some. Used by one thread.
    public static final class Builder {
        private int least;
        private int initial;
        private int step = 1;
        private CheaperAlgorithm algorithm = CheaperAlgorithm.SPARE;
        private int overload = 3;
        private int idleCycles = 10;
        private BusynessOptions busyness = BusynessOptions.defaults();
        private long rssSoftBytes;
        private long rssHardBytes;
        private Duration idle = Duration.ZERO;
        private boolean cheap;

        private Builder() {}

        /// @param workers not negative; 0 for a number that doesn't change
        public Builder least(int workers) {
            least = workers;
            return this;
        }

        /// @param workers not negative
        public Builder initial(int workers) {
            initial = workers;
            return this;
        }

        /// @param workers 1 or more
        public Builder step(int workers) {
            step = workers;
            return this;
        }

        public Builder algorithm(CheaperAlgorithm which) {
            algorithm = which;
            return this;
        }

        /// @param seconds 1 or more; of [CheaperAlgorithm#BACKLOG], requests
        public Builder overload(int seconds) {
            overload = seconds;
            return this;
        }

        /// @param seconds 1 or more
        public Builder idleCycles(int seconds) {
            idleCycles = seconds;
            return this;
        }

        public Builder busyness(BusynessOptions how) {
            busyness = how;
            return this;
        }

        /// @param bytes not negative; 0 for no limit
        public Builder rssSoftBytes(long bytes) {
            rssSoftBytes = bytes;
            return this;
        }

        /// @param bytes more than the soft limit; 0 for no limit
        public Builder rssHardBytes(long bytes) {
            rssHardBytes = bytes;
            return this;
        }

        /// @param limit zero for never
        public Builder idle(Duration limit) {
            idle = limit;
            return this;
        }

        public Builder cheap(boolean on) {
            cheap = on;
            return this;
        }

        /// @throws IllegalArgumentException if one is out of range; the message names it
        public CheaperOptions build() {
            return new CheaperOptions(
                    least,
                    initial,
                    step,
                    algorithm,
                    overload,
                    idleCycles,
                    busyness,
                    rssSoftBytes,
                    rssHardBytes,
                    idle,
                    cheap);
        }
    }
}
