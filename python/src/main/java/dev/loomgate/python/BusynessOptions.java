package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;

/// When [CheaperAlgorithm#BUSYNESS] starts and ends workers. As in uWSGI, 0 stands for the default. A cycle takes
/// [CheaperOptions#overload] seconds.
///
/// @param max percent of their time, above which workers are started; 50
/// @param min percent of their time, below which one is ended; 25
/// @param multiplier of quiet cycles before one is ended; 10
/// @param penalty so many cycles more, after one was started soon after another was ended; 2
/// @param backlogAlert with more waiting requests, workers are started at once; 33
/// @param backlogStep how many then; 1
/// @param backlogMultiplier of quiet cycles before one of those is ended; 3
/// @param backlogNonzero seconds in which there was always a waiting request, after which they are started, too; 60
/// @param verbose whether each cycle is logged
public record BusynessOptions(
        int max,
        int min,
        int multiplier,
        int penalty,
        int backlogAlert,
        int backlogStep,
        int backlogMultiplier,
        int backlogNonzero,
        boolean verbose) {
    private static final int PERCENT = 100;

    /// @throws IllegalArgumentException if one is out of range; the message names it
    public BusynessOptions {
        InvalidSetting.requireBetween(0, PERCENT, "busynessMax", max);
        InvalidSetting.requireBetween(0, PERCENT, "busynessMin", min);
        InvalidSetting.requireNotNegative("busynessMultiplier", multiplier);
        InvalidSetting.requireNotNegative("busynessPenalty", penalty);
        InvalidSetting.requireNotNegative("busynessBacklogAlert", backlogAlert);
        InvalidSetting.requireNotNegative("busynessBacklogStep", backlogStep);
        InvalidSetting.requireNotNegative("busynessBacklogMultiplier", backlogMultiplier);
        InvalidSetting.requireNotNegative("busynessBacklogNonzero", backlogNonzero);
        max = orElse(max, 50);
        min = orElse(min, 25);
        multiplier = orElse(multiplier, 10);
        penalty = orElse(penalty, 2);
        backlogAlert = orElse(backlogAlert, 33);
        backlogStep = orElse(backlogStep, 1);
        backlogMultiplier = orElse(backlogMultiplier, 3);
        backlogNonzero = orElse(backlogNonzero, 60);
    }

    private static int orElse(int value, int standard) {
        return value == 0 ? standard : value;
    }

    /// The defaults.
    public static BusynessOptions defaults() {
        return builder().build();
    }

    /// The defaults, to be changed.
    public static Builder builder() {
        return new Builder();
    }

    /// Changes some. Used by one thread.
    public static final class Builder {
        private int max;
        private int min;
        private int multiplier;
        private int penalty;
        private int backlogAlert;
        private int backlogStep;
        private int backlogMultiplier;
        private int backlogNonzero;
        private boolean verbose;

        private Builder() {}

        /// @param percent 0 to 100
        public Builder max(int percent) {
            max = percent;
            return this;
        }

        /// @param percent 0 to 100
        public Builder min(int percent) {
            min = percent;
            return this;
        }

        /// @param cycles not negative
        public Builder multiplier(int cycles) {
            multiplier = cycles;
            return this;
        }

        /// @param cycles not negative
        public Builder penalty(int cycles) {
            penalty = cycles;
            return this;
        }

        /// @param requests not negative
        public Builder backlogAlert(int requests) {
            backlogAlert = requests;
            return this;
        }

        /// @param workers not negative
        public Builder backlogStep(int workers) {
            backlogStep = workers;
            return this;
        }

        /// @param cycles not negative
        public Builder backlogMultiplier(int cycles) {
            backlogMultiplier = cycles;
            return this;
        }

        /// @param seconds not negative
        public Builder backlogNonzero(int seconds) {
            backlogNonzero = seconds;
            return this;
        }

        public Builder verbose(boolean on) {
            verbose = on;
            return this;
        }

        /// @throws IllegalArgumentException if one is out of range; the message names it
        public BusynessOptions build() {
            return new BusynessOptions(
                    max,
                    min,
                    multiplier,
                    penalty,
                    backlogAlert,
                    backlogStep,
                    backlogMultiplier,
                    backlogNonzero,
                    verbose);
        }
    }
}
