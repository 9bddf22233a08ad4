package dev.loomgate.server;

import dev.loomgate.loop.settings.InvalidSetting;

/// How HTTP/2 is spoken. Error messages name the components, by [ServerOptions#settingNames].
///
/// @param enabled whether it is spoken at all, where HTTP is
/// @param maxStreams requests that a client may have at once on a connection; those beyond are refused, and may be sent
///     again
/// @param maxResets streams of a connection that end by a reset within ten seconds; past it, the connection ends
/// @param maxControlFrames frames of a connection that carry no content (SETTINGS, PING, PRIORITY, empty DATA and the
///     like) within ten seconds; past it, the connection ends
/// @param maxContinuations small CONTINUATION frames of one head; past it, the connection ends
public record Http2Options(boolean enabled, int maxStreams, int maxResets, int maxControlFrames, int maxContinuations) {

    /// @throws IllegalArgumentException if an option is out of range; the message names it
    public Http2Options {
        InvalidSetting.requireAtLeast(1, "maxStreams", maxStreams);
        InvalidSetting.requireAtLeast(1, "maxResets", maxResets);
        InvalidSetting.requireAtLeast(1, "maxControlFrames", maxControlFrames);
        InvalidSetting.requireAtLeast(1, "maxContinuations", maxContinuations);
    }

    /// The options of a server that nobody configured.
    public static Http2Options defaults() {
        return builder().build();
    }

    /// The default options, to be changed.
    public static Builder builder() {
        return new Builder();
    }

    /// Changes some options. Used by one thread.
    public static final class Builder {
        private boolean enabled = true;
        private int maxStreams = 100;
        private int maxResets = 200;
        private int maxControlFrames = 1000;
        private int maxContinuations = 16;

        private Builder() {}

        public Builder enabled(boolean on) {
            enabled = on;
            return this;
        }

        /// @param streams at least 1
        public Builder maxStreams(int streams) {
            maxStreams = streams;
            return this;
        }

        /// @param resets at least 1
        public Builder maxResets(int resets) {
            maxResets = resets;
            return this;
        }

        /// @param frames at least 1
        public Builder maxControlFrames(int frames) {
            maxControlFrames = frames;
            return this;
        }

        /// @param frames at least 1
        public Builder maxContinuations(int frames) {
            maxContinuations = frames;
            return this;
        }

        /// @throws IllegalArgumentException if an option is out of range; the message names it
        public Http2Options build() {
            return new Http2Options(enabled, maxStreams, maxResets, maxControlFrames, maxContinuations);
        }
    }
}
