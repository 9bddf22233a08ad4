package dev.loomgate.server;

import dev.loomgate.loop.settings.InvalidSetting;
import java.time.Duration;

/// What a WebSocket's client may take, and how long the server waits for it. Error messages name them as
/// `webSockets.maxBytes` and so on, by [ServerOptions#settingNames].
///
/// The request timeout ends with the handshake: an open socket may stay for as long as its client answers pings, and
/// takes what is sent within the write timeout of [Limits].
///
/// @param maxBytes of a message, after it has been inflated; up to 1 GiB
/// @param pingInterval without a byte of the client after which it is pinged; zero for never
/// @param pongTolerance without a byte of the client after a ping; then it is taken for gone
/// @param closeTimeout for the client's answer to a close
/// @param compression whether messages are compressed, where the client offers it
public record WebSocketOptions(
        int maxBytes, Duration pingInterval, Duration pongTolerance, Duration closeTimeout, Compression compression) {
    private static final int MAX_BYTES = 1 << 30;

    /// Whether messages are compressed by permessage-deflate (RFC 7692).
    public enum Compression {
        /// No extension is agreed.
        OFF,
        /// Each message by itself (`no_context_takeover` on both sides): an idle socket costs nothing more.
        ON,
        /// With reference to earlier messages: about 300 KiB for each socket, outside of the heap.
        CONTEXT
    }

    /// @throws IllegalArgumentException if an option is out of range; the message names it
    public WebSocketOptions {
        InvalidSetting.requireAtLeast(1, "webSockets.maxBytes", maxBytes);
        InvalidSetting.requireAtMost(MAX_BYTES, "webSockets.maxBytes", maxBytes);
        InvalidSetting.requireNotNegative("webSockets.pingInterval", pingInterval);
        InvalidSetting.requirePositive("webSockets.pongTolerance", pongTolerance);
        InvalidSetting.requirePositive("webSockets.closeTimeout", closeTimeout);
    }

    /// The options of a server that nobody configured.
    public static WebSocketOptions defaults() {
        return builder().build();
    }

    /// The default options, to be changed.
    public static Builder builder() {
        return new Builder();
    }

    /// Changes some options. Used by one thread.
    public static final class Builder {
        private int maxBytes = 1 << 20;
        private Duration pingInterval = Duration.ofSeconds(30);
        private Duration pongTolerance = Duration.ofSeconds(20);
        private Duration closeTimeout = Duration.ofSeconds(10);
        private Compression compression = Compression.OFF;

        private Builder() {}

        /// @param bytes 1 to 1 GiB
        public Builder maxBytes(int bytes) {
            maxBytes = bytes;
            return this;
        }

        /// @param interval zero for never
        public Builder pingInterval(Duration interval) {
            pingInterval = interval;
            return this;
        }

        public Builder pongTolerance(Duration tolerance) {
            pongTolerance = tolerance;
            return this;
        }

        public Builder closeTimeout(Duration timeout) {
            closeTimeout = timeout;
            return this;
        }

        public Builder compression(Compression kind) {
            compression = kind;
            return this;
        }

        /// @throws IllegalArgumentException if an option is out of range; the message names it
        public WebSocketOptions build() {
            return new WebSocketOptions(maxBytes, pingInterval, pongTolerance, closeTimeout, compression);
        }
    }
}
