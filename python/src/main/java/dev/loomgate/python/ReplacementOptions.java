package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.loop.settings.TimeText;
import java.time.Duration;
import java.util.List;

/// When a worker is replaced, besides [PythonOptions#maxRequests] and [PythonOptions#reloadOnRssBytes].
///
/// @param maxLifetime a worker that is older is replaced; zero for never
/// @param maxLifetimeDelta each worker may be so much older than the one before it
/// @param minLifetime a worker that is younger isn't replaced for its requests or its memory
/// @param reloadOnAsBytes a worker with more address space is replaced; 0 for never
/// @param evilReloadOnAsBytes a worker with more address space is killed at once; 0 for never
/// @param evilReloadOnRssBytes a worker with more resident memory is killed at once; 0 for never
/// @param requestGrace for a request to end whose time is over; a worker that is still in it then is killed
/// @param reloadOnException whether a worker is replaced when the program has raised an exception
/// @param exceptionTypes the same, for exceptions of these types alone: their names, with the module or without
/// @param exceptionMessages the same, for exceptions with one of these messages
/// @param exceptionTexts the same, for exceptions of which the end of the traceback is one of these: `ValueError: no`
public record ReplacementOptions(
        Duration maxLifetime,
        Duration maxLifetimeDelta,
        Duration minLifetime,
        long reloadOnAsBytes,
        long evilReloadOnAsBytes,
        long evilReloadOnRssBytes,
        Duration requestGrace,
        boolean reloadOnException,
        List<String> exceptionTypes,
        List<String> exceptionMessages,
        List<String> exceptionTexts) {
    /// @throws IllegalArgumentException if one is out of range; the message names it
    public ReplacementOptions {
        InvalidSetting.requireNotNegative("maxWorkerLifetime", maxLifetime);
        InvalidSetting.requireNotNegative("maxWorkerLifetimeDelta", maxLifetimeDelta);
        InvalidSetting.requireNotNegative("minWorkerLifetime", minLifetime);
        InvalidSetting.requireNotNegative("reloadOnAsBytes", reloadOnAsBytes);
        InvalidSetting.requireNotNegative("evilReloadOnAsBytes", evilReloadOnAsBytes);
        InvalidSetting.requireNotNegative("evilReloadOnRssBytes", evilReloadOnRssBytes);
        InvalidSetting.requireNotNegative("requestGrace", requestGrace);
        if (maxLifetime.isPositive() && minLifetime.compareTo(maxLifetime) >= 0) {
            throw new InvalidSetting(
                    "minWorkerLifetime",
                    "is " + TimeText.of(minLifetime) + ", it must be less than the most, " + TimeText.of(maxLifetime));
        }
        exceptionTypes = List.copyOf(exceptionTypes);
        exceptionMessages = List.copyOf(exceptionMessages);
        exceptionTexts = List.copyOf(exceptionTexts);
    }

    /// Nothing of all that.
    public static ReplacementOptions defaults() {
        return builder().build();
    }

    /// The defaults, to be changed.
    public static Builder builder() {
        return new Builder();
    }

    /// Changes some. Used by one thread.
    public static final class Builder {
        private Duration maxLifetime = Duration.ZERO;
        private Duration maxLifetimeDelta = Duration.ZERO;
        private Duration minLifetime = Duration.ZERO;
        private long reloadOnAsBytes;
        private long evilReloadOnAsBytes;
        private long evilReloadOnRssBytes;
        private Duration requestGrace = Duration.ofMillis(300);
        private boolean reloadOnException;
        private List<String> exceptionTypes = List.of();
        private List<String> exceptionMessages = List.of();
        private List<String> exceptionTexts = List.of();

        private Builder() {}

        /// @param age zero for no limit
        public Builder maxLifetime(Duration age) {
            maxLifetime = age;
            return this;
        }

        public Builder maxLifetimeDelta(Duration more) {
            maxLifetimeDelta = more;
            return this;
        }

        /// @param age less than the most
        public Builder minLifetime(Duration age) {
            minLifetime = age;
            return this;
        }

        /// @param bytes not negative; 0 for no limit
        public Builder reloadOnAsBytes(long bytes) {
            reloadOnAsBytes = bytes;
            return this;
        }

        /// @param bytes not negative; 0 for no limit
        public Builder evilReloadOnAsBytes(long bytes) {
            evilReloadOnAsBytes = bytes;
            return this;
        }

        /// @param bytes not negative; 0 for no limit
        public Builder evilReloadOnRssBytes(long bytes) {
            evilReloadOnRssBytes = bytes;
            return this;
        }

        /// @param grace not negative
        public Builder requestGrace(Duration grace) {
            requestGrace = grace;
            return this;
        }

        public Builder reloadOnException(boolean on) {
            reloadOnException = on;
            return this;
        }

        /// @param names of Python's: `OperationalError`, `shop.errors.Broken`
        public Builder exceptionTypes(List<String> names) {
            exceptionTypes = names;
            return this;
        }

        public Builder exceptionMessages(List<String> messages) {
            exceptionMessages = messages;
            return this;
        }

        /// @param texts type and message, the type with its module or without
        public Builder exceptionTexts(List<String> texts) {
            exceptionTexts = texts;
            return this;
        }

        /// @throws IllegalArgumentException if one is out of range; the message names it
        public ReplacementOptions build() {
            return new ReplacementOptions(
                    maxLifetime,
                    maxLifetimeDelta,
                    minLifetime,
                    reloadOnAsBytes,
                    evilReloadOnAsBytes,
                    evilReloadOnRssBytes,
                    requestGrace,
                    reloadOnException,
                    exceptionTypes,
                    exceptionMessages,
                    exceptionTexts);
        }
    }
}
