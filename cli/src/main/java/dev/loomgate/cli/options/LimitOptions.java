package dev.loomgate.cli.options;

import dev.loomgate.server.Limits;
import java.time.Duration;
import picocli.CommandLine.Option;

/// What one client may take.
final class LimitOptions {
    private static final Limits DEFAULTS = Limits.defaults();

    @Option(
            names = "--buffer-size",
            paramLabel = "BYTES",
            converter = SizeText.class,
            description = "a request's head, or a uwsgi packet's variables, up to 16m (default: 65535)")
    private long headerBytes = DEFAULTS.maxHeaderBytes();

    @Option(
            names = "--max-uri",
            paramLabel = "BYTES",
            converter = SizeText.class,
            description = "the request target (default: 16k)")
    private long uriLength = DEFAULTS.maxUriLength();

    @Option(names = "--max-headers", paramLabel = "N", description = "header fields of a request (default: 200)")
    private int headerCount = DEFAULTS.maxHeaderCount();

    @Option(
            names = "--limit-post",
            paramLabel = "BYTES",
            converter = SizeText.class,
            description = "a request's body; 0 for no limit (default: 1g)")
    private long bodyBytes = DEFAULTS.maxBodyBytes();

    @Option(
            names = "--header-timeout",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "for a request's head to come (default: 30s)")
    private Duration headerTimeout = DEFAULTS.headerTimeout();

    @Option(
            names = "--body-timeout",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "without a byte of the body that is waited for (default: 60s)")
    private Duration bodyTimeout = DEFAULTS.bodyTimeout();

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "between two requests of a connection (default: 75s)")
    private Duration idleTimeout = DEFAULTS.idleTimeout();

    @Option(
            names = "--write-timeout",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "without the client taking a byte of the response (default: 60s)")
    private Duration writeTimeout = DEFAULTS.writeTimeout();

    @Option(
            names = "--min-rate",
            paramLabel = "BYTES",
            converter = SizeText.class,
            description = "that a client takes each second of a response which waits for it, on average over"
                    + " --min-rate-time, else it is cut off; 0 for none (default: 240)")
    private long minRate = DEFAULTS.minBytesPerSecond();

    @Option(
            names = "--min-rate-time",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "over which --min-rate is averaged (default: 60s)")
    private Duration minRateTime = DEFAULTS.minRateTime();

    @Option(
            names = "--half-closed-timeout",
            paramLabel = "TIME",
            converter = DurationText.class,
            description =
                    "for the answer to a client that has ended its side of the connection: then it is taken for gone,"
                            + " and what works for it is told (default: 5s)")
    private Duration halfClosedTimeout = DEFAULTS.halfClosedTimeout();

    @Option(
            names = "--harakiri",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "for a request to be answered, else that client gets a 504; waiting for a slow client doesn't"
                    + " count; 0 for no limit (default: 0)")
    private Duration harakiri = DEFAULTS.requestTimeout();

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description = "connections that are open at once on a loop (default: 16384)")
    private int connections = DEFAULTS.maxConnections();

    void applyTo(Limits.Builder limits) {
        limits.maxHeaderBytes(clamp(headerBytes))
                .maxUriLength(clamp(uriLength))
                .maxHeaderCount(headerCount)
                .maxBodyBytes(bodyBytes)
                .headerTimeout(headerTimeout)
                .bodyTimeout(bodyTimeout)
                .idleTimeout(idleTimeout)
                .writeTimeout(writeTimeout)
                .minBytesPerSecond(minRate)
                .minRateTime(minRateTime)
                .halfClosedTimeout(halfClosedTimeout)
                .requestTimeout(harakiri)
                .maxConnections(connections);
    }

    private static int clamp(long bytes) {
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }
}
