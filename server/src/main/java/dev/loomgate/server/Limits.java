package dev.loomgate.server;

import java.time.Duration;

/// What one client may take: sizes, and how long the server waits for it. Each has an option of the command line,
/// which error messages name.
///
/// @param maxHeaderBytes bytes of a request's head, or of a uwsgi packet's variables, up to 16 MiB (`--buffer-size`)
/// @param maxUriLength bytes of the request target (`--max-uri`)
/// @param maxHeaderCount header fields of a request, trailers included (`--max-headers`)
/// @param maxBodyBytes bytes of a request's body; 0 for no limit (`--limit-post`)
/// @param headerTimeout from a request's first byte, or the connection's start, to its head's end
/// (`--header-timeout`)
/// @param bodyTimeout without a byte of the body arriving while the server wants some (`--body-timeout`)
/// @param idleTimeout between two requests of a connection (`--idle-timeout`)
/// @param writeTimeout without the client taking a byte of the response (`--write-timeout`)
/// @param minBytesPerSecond that a client takes of a response which waits for it, on average over the time of
/// `minRateTime`; 0 for none (`--min-rate`)
/// @param minRateTime over which that average is taken (`--min-rate-time`)
/// @param halfClosedTimeout for the answer to a client that has ended its side of the connection; then it is taken for
/// gone (`--half-closed-timeout`)
/// @param harakiri from a request's head to its response's end, without the time in which the application waits for
/// the client to take what is there; zero for no limit (`--harakiri`)
/// @param maxMicrothreads requests that run at once on a loop (`--async`)
/// @param maxConnections connections that are open at once on a loop (`--max-connections`)
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
        Duration harakiri,
        int maxMicrothreads,
        int maxConnections) {

    // What a worker's frame has room for, however the variables are encoded.
    private static final int MAX_HEADER_BYTES = 16 << 20;

    /// @throws IllegalArgumentException if a limit is out of range; the message names its option
    public Limits {
        atLeast("--buffer-size", maxHeaderBytes, 128);
        if (maxHeaderBytes > MAX_HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "--buffer-size is " + maxHeaderBytes + ", the most is " + MAX_HEADER_BYTES);
        }
        atLeast("--max-uri", maxUriLength, 1);
        atLeast("--max-headers", maxHeaderCount, 1);
        atLeast("--limit-post", maxBodyBytes, 0);
        positive("--header-timeout", headerTimeout);
        positive("--body-timeout", bodyTimeout);
        positive("--idle-timeout", idleTimeout);
        positive("--write-timeout", writeTimeout);
        atLeast("--min-rate", minBytesPerSecond, 0);
        positive("--min-rate-time", minRateTime);
        positive("--half-closed-timeout", halfClosedTimeout);
        if (harakiri.isNegative()) {
            throw new IllegalArgumentException(
                    "--harakiri is " + harakiri + ", it can't be negative; 0 switches it off");
        }
        atLeast("--async", maxMicrothreads, 1);
        atLeast("--max-connections", maxConnections, 1);
    }

    private static void atLeast(String option, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(option + " is " + value + ", the least is " + least);
        }
    }

    private static void positive(String option, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(option + " is " + value + ", it must be more than zero");
        }
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
        private Duration harakiri = Duration.ZERO;
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
        public Builder harakiri(Duration deadline) {
            harakiri = deadline;
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

        /// @throws IllegalArgumentException if a limit is out of range; the message names its option
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
                    harakiri,
                    maxMicrothreads,
                    maxConnections);
        }
    }
}
