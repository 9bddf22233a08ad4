package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.server.Http2Options;
import dev.loomgate.server.ServerOptions;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// How HTTP/2 is spoken, and what one client may make of it.
public final class Http2SetupOptions {
    private static final Http2Options DEFAULTS = Http2Options.defaults();
    private static final String ENDED = "the connection ends: ENHANCE_YOUR_CALM";

    static final Option<Boolean> HTTP2 = Option.value(ValueType.ON_OFF, "--http2")
            .sets(DEFAULTS, Http2Options.Builder.class, "enabled", Http2Options::enabled, Http2Options.Builder::enabled)
            .says("HTTP/2 where HTTP is spoken: for clients that begin with it, and by Upgrade: h2c");

    static final Option<Integer> MAX_STREAMS = limit(
                    "--http2-max-streams", "maxStreams", Http2Options::maxStreams, Http2Options.Builder::maxStreams)
            .past("REFUSED_STREAM; the client may send the request again")
            .says("requests at once on a connection");

    static final Option<Integer> MAX_RESETS = limit(
                    "--http2-max-resets", "maxResets", Http2Options::maxResets, Http2Options.Builder::maxResets)
            .past(ENDED)
            .says("streams of a connection that are reset within 10 seconds, by the client or for its faults");

    static final Option<Integer> MAX_CONTROL_FRAMES = limit(
                    "--http2-max-control-frames",
                    "maxControlFrames",
                    Http2Options::maxControlFrames,
                    Http2Options.Builder::maxControlFrames)
            .past(ENDED)
            .says("frames of a connection within 10 seconds that carry nothing: SETTINGS, PING, PRIORITY, empty DATA,"
                    + " WINDOW_UPDATEs that no content has caused, and DATA that a tiny window cuts short");

    static final Option<Integer> MAX_CONTINUATIONS = limit(
                    "--http2-max-continuations",
                    "maxContinuations",
                    Http2Options::maxContinuations,
                    Http2Options.Builder::maxContinuations)
            .past(ENDED)
            .says("CONTINUATION frames of less than 8 KiB that one request's head may have");

    /// In the order of the help.
    public static final List<Option<?>> ALL =
            List.of(HTTP2, MAX_STREAMS, MAX_RESETS, MAX_CONTROL_FRAMES, MAX_CONTINUATIONS);

    private Http2SetupOptions() {}

    private static Option.Builder<Integer> limit(
            String name,
            String setting,
            Function<Http2Options, Integer> component,
            BiConsumer<Http2Options.Builder, Integer> setter) {
        return Option.value(ValueType.NUMBER, name)
                .sets(DEFAULTS, Http2Options.Builder.class, setting, component, setter)
                .range(Range.atLeast(1));
    }

    /// Sets what these options ask for.
    public static void applyTo(ServerOptions.Builder options, OptionValues values) {
        Http2Options.Builder http2 = Http2Options.builder();
        values.applyTo(http2);
        options.http2(http2.build());
    }
}
