package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.server.WebSocketOptions;
import dev.loomgate.server.WebSocketOptions.Compression;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// What a WebSocket's client may take.
public final class SocketLimitOptions {
    private static final WebSocketOptions DEFAULTS = WebSocketOptions.defaults();

    static final Option<Integer> MAX_SIZE = limit(
                    ValueType.KILOBYTES,
                    "webSockets.maxBytes",
                    WebSocketOptions::maxBytes,
                    WebSocketOptions.Builder::maxBytes,
                    "--websocket-max-size",
                    "--websockets-max-size")
            .range(Range.between(1 << 10, 1 << 30))
            .past("closed with 1009")
            .inUwsgi(Option.SAME)
            .says("a message of a WebSocket, in KiB or with a unit");

    static final Option<Duration> PING_INTERVAL = limit(
                    ValueType.TIME,
                    "webSockets.pingInterval",
                    WebSocketOptions::pingInterval,
                    WebSocketOptions.Builder::pingInterval,
                    "--websocket-ping-freq",
                    "--websockets-ping-freq")
            .inUwsgi("also while the program doesn't receive")
            .says("time without a byte of a WebSocket's client after which it is pinged; 0 for never");

    static final Option<Duration> PONG_TOLERANCE = limit(
                    ValueType.TIME,
                    "webSockets.pongTolerance",
                    WebSocketOptions::pongTolerance,
                    WebSocketOptions.Builder::pongTolerance,
                    "--websocket-pong-tolerance",
                    "--websockets-pong-tolerance")
            .range(Range.positive())
            .past("treated as disconnected")
            .inUwsgi("same; its default is 3 seconds")
            .says("time to answer a ping");

    static final Option<Duration> CLOSE_TIMEOUT = limit(
                    ValueType.TIME,
                    "webSockets.closeTimeout",
                    WebSocketOptions::closeTimeout,
                    WebSocketOptions.Builder::closeTimeout,
                    "--websocket-close-timeout")
            .range(Range.positive())
            .past("treated as disconnected")
            .says("time to answer a WebSocket's close");

    static final Option<Compression> COMPRESSION = limit(
                    ValueType.choice("off|on|context", Compression.class),
                    "webSockets.compression",
                    WebSocketOptions::compression,
                    WebSocketOptions.Builder::compression,
                    "--websocket-compression")
            .says("compresses messages of 1 KiB and more, where the client offers it (permessage-deflate): on does it"
                    + " message by message, context with reference to earlier ones, which takes about 300 KiB for each"
                    + " WebSocket");

    /// In the order of the help.
    public static final List<Option<?>> ALL =
            List.of(MAX_SIZE, PING_INTERVAL, PONG_TOLERANCE, CLOSE_TIMEOUT, COMPRESSION);

    private SocketLimitOptions() {}

    private static <T> Option.Builder<T> limit(
            ValueType<T> type,
            String setting,
            Function<WebSocketOptions, T> component,
            BiConsumer<WebSocketOptions.Builder, T> setter,
            String... names) {
        return Option.value(type, names).sets(DEFAULTS, WebSocketOptions.Builder.class, setting, component, setter);
    }
}
