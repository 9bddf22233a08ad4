package dev.loomgate.server;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.loop.settings.TimeText;
import java.time.Duration;

/// What one client may take: sizes, and how long the server waits for it. Error messages name them, by
/// [ServerOptions#settingNames].
///
/// @param maxHeaderBytes bytes of a request's head, or of a uwsgi packet's variables, up to 16 MiB
/// @param maxUriLength bytes of the request target
/// @param maxHeaderCount header fields of a request, trailers included
/// @param maxBodyBytes bytes of a request's body; 0 for no limit
/// @param headerTimeout from a request's first byte, or the connection's start, to its head's end
/// @param bodyTimeout without a byte of the body arriving while the server wants some
/// @param idleTimeout between two requests of a connection
/// @param writeTimeout without the client taking a byte of the response
/// @param minBytesPerSecond that a client takes of a response which waits for it, on average over the time of
/// `minRateTime`; 0 for none
/// @param minRateTime over which that average is taken
/// @param halfClosedTimeout for the answer to a client that has ended its side of the connection; at most 1 second
///     of silence if the response has begun; then it is taken for
/// gone
/// @param requestTimeout from a request's head to its response's end, without the time in which the application waits
/// for the client to take what is there; zero for no limit
/// @param fastcgiRequests requests that a connection of FastCGI carries at once
/// @param maxMicrothreads requests that run at once on a loop
/// @param maxConnections connections that are open at once on a loop
public record Limits(
        int maxHeaderBytes,
        int maxUriLength,
        int maxHeaderCount,
        long maxBodyBytes,
        Duration headerTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        Duration writeTimeout,
        long minBytesPerSecond,
        Duration minRateTime,
        Duration halfClosedTimeout,
        Duration requestTimeout,
        int fastcgiRequests,
        int maxMicrothreads,
        int maxConnections) {

    // What a worker's frame has room for, however the variables are encoded.
    private static final int MAX_HEADER_BYTES = 16 << 20;

    /// @throws IllegalArgumentException if a limit is out of range; the message names it
    public Limits {
        InvalidSetting.requireAtLeast(128, "maxHeaderBytes", maxHeaderBytes);
        if (maxHeaderBytes > MAX_HEADER_BYTES) {
            throw new InvalidSetting("maxHeaderBytes", "is " + maxHeaderBytes + ", the most is " + MAX_HEADER_BYTES);
        }
        InvalidSetting.requireAtLeast(1, "maxUriLength", maxUriLength);
        InvalidSetting.requireAtLeast(1, "maxHeaderCount", maxHeaderCount);
        InvalidSetting.requireAtLeast(0, "maxBodyBytes", maxBodyBytes);
        InvalidSetting.requirePositive("headerTimeout", headerTimeout);
        InvalidSetting.requirePositive("bodyTimeout", bodyTimeout);
        InvalidSetting.requirePositive("idleTimeout", idleTimeout);
        InvalidSetting.requirePositive("writeTimeout", writeTimeout);
        InvalidSetting.requireAtLeast(0, "minBytesPerSecond", minBytesPerSecond);
        InvalidSetting.requirePositive("minRateTime", minRateTime);
        InvalidSetting.requirePositive("halfClosedTimeout", halfClosedTimeout);
        if (requestTimeout.isNegative()) {
            throw new InvalidSetting(
                    "requestTimeout",
                    "is " + TimeText.of(requestTimeout) + ", it can't be negative; 0 switches it off");
        }
        InvalidSetting.requireAtLeast(1, "fastcgiRequests", fastcgiRequests);
        InvalidSetting.requireAtLeast(1, "maxMicrothreads", maxMicrothreads);
        InvalidSetting.requireAtLeast(1, "maxConnections", maxConnections);
    }

    /// The same, with another longest wait for the next bytes of a body, and for the client to read something.
    Limits withTimeout(Duration timeout) {
        return new Limits(
                maxHeaderBytes,
                maxUriLength,
                maxHeaderCount,
                maxBodyBytes,
                headerTimeout,
                timeout,
                idleTimeout,
                timeout,
                minBytesPerSecond,
                minRateTime,
                halfClosedTimeout,
                requestTimeout,
                fastcgiRequests,
                maxMicrothreads,
                maxConnections);
    }

    /// The limits of a server that nobody configured.
    public static Limits defaults() {
        return builder().build();
    }

    /// The default limits, to be changed.
    public static Builder builder() {
        return new Builder();
    }

    /// Changes some limits. Used by one thread.
    public static final class Builder {
        private int maxHeaderBytes = 65_535;
        private int maxUriLength = 16_384;
        private int maxHeaderCount = 200;
        private long maxBodyBytes = 1L << 30;
        private Duration headerTimeout = Duration.ofSeconds(30);
        private Duration bodyTimeout = Duration.ofSeconds(60);
        private Duration idleTimeout = Duration.ofSeconds(75);
        private Duration writeTimeout = Duration.ofSeconds(60);
        private long minBytesPerSecond = 240;
        private Duration minRateTime = Duration.ofSeconds(60);
        private Duration halfClosedTimeout = Duration.ofSeconds(5);
        private Duration requestTimeout = Duration.ZERO;
        private int fastcgiRequests = 128;
        private int maxMicrothreads = 16_384;
        private int maxConnections = 16_384;

        private Builder() {}

        /// @param bytes at least 128
        public Builder maxHeaderBytes(int bytes) {
            maxHeaderBytes = bytes;
            return this;
        }

        /// @param bytes at least 1
        public Builder maxUriLength(int bytes) {
            maxUriLength = bytes;
            return this;
        }

        /// @param fields at least 1
        public Builder maxHeaderCount(int fields) {
            maxHeaderCount = fields;
            return this;
        }

        /// @param bytes 0 for no limit
        public Builder maxBodyBytes(long bytes) {
            maxBodyBytes = bytes;
            return this;
        }

        public Builder headerTimeout(Duration timeout) {
            headerTimeout = timeout;
            return this;
        }

        public Builder bodyTimeout(Duration timeout) {
            bodyTimeout = timeout;
            return this;
        }

        public Builder idleTimeout(Duration timeout) {
            idleTimeout = timeout;
            return this;
        }

        public Builder writeTimeout(Duration timeout) {
            writeTimeout = timeout;
            return this;
        }

        /// @param rate 0 for none
        public Builder minBytesPerSecond(long rate) {
            minBytesPerSecond = rate;
            return this;
        }

        public Builder minRateTime(Duration time) {
            minRateTime = time;
            return this;
        }

        public Builder halfClosedTimeout(Duration timeout) {
            halfClosedTimeout = timeout;
            return this;
        }

        /// @param deadline zero for none
        public Builder requestTimeout(Duration deadline) {
            requestTimeout = deadline;
            return this;
        }

        /// @param perConnection at least 1
        public Builder fastcgiRequests(int perConnection) {
            fastcgiRequests = perConnection;
            return this;
        }

        /// @param perLoop at least 1
        public Builder maxMicrothreads(int perLoop) {
            maxMicrothreads = perLoop;
            return this;
        }

        /// @param perLoop at least 1
        public Builder maxConnections(int perLoop) {
            maxConnections = perLoop;
            return this;
        }

        /// @throws IllegalArgumentException if a limit is out of range; the message names it
        public Limits build() {
            return new Limits(
                    maxHeaderBytes,
                    maxUriLength,
                    maxHeaderCount,
                    maxBodyBytes,
                    headerTimeout,
                    bodyTimeout,
                    idleTimeout,
                    writeTimeout,
                    minBytesPerSecond,
                    minRateTime,
                    halfClosedTimeout,
                    requestTimeout,
                    fastcgiRequests,
                    maxMicrothreads,
                    maxConnections);
        }
    }
}
