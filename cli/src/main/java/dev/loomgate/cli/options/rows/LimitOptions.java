package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.server.Limits;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// What one client may take.
public final class LimitOptions {
    private static final Limits DEFAULTS = Limits.defaults();

    static final Option<Integer> BUFFER_SIZE = Option.value(ValueType.SIZE, "-b", "--buffer-size")
            .sets(
                    DEFAULTS,
                    Limits.Builder.class,
                    "maxHeaderBytes",
                    Limits::maxHeaderBytes,
                    Limits.Builder::maxHeaderBytes)
            .range(Range.between(128, 16 << 20))
            .past("431")
            .inUwsgi(Option.SAME)
            .says("a request's head, or a uwsgi packet's variables");

    static final Option<Integer> MAX_URI = limit(
                    ValueType.SIZE, "--max-uri", "maxUriLength", Limits::maxUriLength, Limits.Builder::maxUriLength)
            .range(Range.atLeast(1))
            .past("414")
            .says("the request target");

    static final Option<Integer> FASTCGI_REQUESTS = limit(
                    ValueType.NUMBER,
                    "--fastcgi-requests",
                    "fastcgiRequests",
                    Limits::fastcgiRequests,
                    Limits.Builder::fastcgiRequests)
            .range(Range.atLeast(1))
            .past("FCGI_OVERLOADED")
            .says("requests at once on a FastCGI connection");

    static final Option<Integer> MAX_HEADERS = limit(
                    ValueType.NUMBER,
                    "--max-headers",
                    "maxHeaderCount",
                    Limits::maxHeaderCount,
                    Limits.Builder::maxHeaderCount)
            .range(Range.atLeast(1))
            .past("431")
            .says("header fields of a request");

    static final Option<Long> LIMIT_POST = limit(
                    ValueType.LONG_SIZE,
                    "--limit-post",
                    "maxBodyBytes",
                    Limits::maxBodyBytes,
                    Limits.Builder::maxBodyBytes)
            .past("413")
            .inUwsgi(Option.SAME)
            .says("a request's body; 0 for no limit");

    static final Option<Duration> HEADER_TIMEOUT = limit(
                    ValueType.TIME,
                    "--header-timeout",
                    "headerTimeout",
                    Limits::headerTimeout,
                    Limits.Builder::headerTimeout)
            .range(Range.positive())
            .past("408")
            .says("time to receive a request's head");

    static final Option<Duration> BODY_TIMEOUT = limit(
                    ValueType.TIME, "--body-timeout", "bodyTimeout", Limits::bodyTimeout, Limits.Builder::bodyTimeout)
            .range(Range.positive())
            .past("408")
            .says("longest wait for the next bytes of a body");

    static final Option<Duration> IDLE_TIMEOUT = limit(
                    ValueType.TIME, "--idle-timeout", "idleTimeout", Limits::idleTimeout, Limits.Builder::idleTimeout)
            .range(Range.positive())
            .past("closed")
            .says("idle time between two requests of a connection");

    static final Option<Duration> WRITE_TIMEOUT = limit(
                    ValueType.TIME,
                    "--write-timeout",
                    "writeTimeout",
                    Limits::writeTimeout,
                    Limits.Builder::writeTimeout)
            .range(Range.positive())
            .past("closed")
            .says("longest wait for the client to read something");

    static final Option<Long> MIN_RATE = limit(
                    ValueType.LONG_SIZE,
                    "--min-rate",
                    "minBytesPerSecond",
                    Limits::minBytesPerSecond,
                    Limits.Builder::minBytesPerSecond)
            .past("closed")
            .says("bytes a second that a client must read, on average over --min-rate-time, while a "
                    + "response waits for it; 0 for no minimum");

    static final Option<Duration> MIN_RATE_TIME = limit(
                    ValueType.TIME, "--min-rate-time", "minRateTime", Limits::minRateTime, Limits.Builder::minRateTime)
            .range(Range.positive())
            .says("time over which --min-rate is averaged");

    static final Option<Duration> HALF_CLOSED_TIMEOUT = limit(
                    ValueType.TIME,
                    "--half-closed-timeout",
                    "halfClosedTimeout",
                    Limits::halfClosedTimeout,
                    Limits.Builder::halfClosedTimeout)
            .range(Range.positive())
            .past("treated as disconnected")
            .says("time to answer a client that has closed its side of the connection, or at most 1 second in which "
                    + "nothing of a response that has begun can be sent; then it is treated as disconnected: a Java "
                    + "application can hear of it (clientGone), a request in asyncio mode is cancelled, others run on");

    static final Option<Duration> HARAKIRI = Option.value(ValueType.TIME, "-t", "--harakiri")
            .sets(
                    DEFAULTS,
                    Limits.Builder.class,
                    "requestTimeout",
                    Limits::requestTimeout,
                    Limits.Builder::requestTimeout)
            .past("504, for that request only")
            .inUwsgi(Option.SAME)
            .says("time to answer a request, not counting waits for the client; then that client gets a "
                    + "504; 0 for no limit");

    static final Option<Integer> MAX_CONNECTIONS = limit(
                    ValueType.NUMBER,
                    "--max-connections",
                    "maxConnections",
                    Limits::maxConnections,
                    Limits.Builder::maxConnections)
            .range(Range.atLeast(1))
            .past("the client waits, in the kernel's queue")
            .says("open connections on a loop");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            BUFFER_SIZE,
            MAX_URI,
            MAX_HEADERS,
            FASTCGI_REQUESTS,
            LIMIT_POST,
            HEADER_TIMEOUT,
            BODY_TIMEOUT,
            IDLE_TIMEOUT,
            WRITE_TIMEOUT,
            MIN_RATE,
            MIN_RATE_TIME,
            HALF_CLOSED_TIMEOUT,
            HARAKIRI,
            MAX_CONNECTIONS);

    private LimitOptions() {}

    private static <T> Option.Builder<T> limit(
            ValueType<T> type,
            String name,
            String setting,
            Function<Limits, T> component,
            BiConsumer<Limits.Builder, T> setter) {
        return Option.value(type, name).sets(DEFAULTS, Limits.Builder.class, setting, component, setter);
    }
}
