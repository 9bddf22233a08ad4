package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.server.Http3Options;
import dev.loomgate.server.ServerOptions;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// How HTTP/3 is spoken, and what one client may make of it.
public final class Http3SetupOptions {
    private static final Http3Options DEFAULTS = Http3Options.defaults();
    private static final String ENDED = "the connection ends: H3_EXCESSIVE_LOAD";

    static final Option<Boolean> HTTP3 = Option.value(ValueType.ON_OFF, "--http3")
            .sets(DEFAULTS, Http3Options.Builder.class, "http3", Http3Options::http3, Http3Options.Builder::http3)
            .says("HTTP/3, on the UDP port beside each port of --https; experimental, on Linux with x86-64");

    static final Option<Integer> PORT = number(
                    "--http3-port", "altSvcPort", Http3Options::altSvcPort, Http3Options.Builder::altSvcPort)
            .range(Range.between(0, 65535))
            .says("the port that browsers are told for HTTP/3 (Alt-Svc), where a router in front has another one;"
                    + " 0 for that of --https");

    static final Option<Integer> MAX_STREAMS = number(
                    "--http3-max-streams",
                    "maxHttp3Streams",
                    Http3Options::maxHttp3Streams,
                    Http3Options.Builder::maxHttp3Streams)
            .range(Range.atLeast(1))
            .past("the client waits until one has ended")
            .says("requests at once on a connection");

    static final Option<Integer> MAX_RESETS = number(
                    "--http3-max-resets",
                    "maxHttp3Resets",
                    Http3Options::maxHttp3Resets,
                    Http3Options.Builder::maxHttp3Resets)
            .range(Range.atLeast(1))
            .past(ENDED)
            .says("streams of a connection that are reset within 10 seconds, by the client or for its faults");

    static final Option<Integer> MAX_CONTROL_FRAMES = number(
                    "--http3-max-control-frames",
                    "maxHttp3ControlFrames",
                    Http3Options::maxHttp3ControlFrames,
                    Http3Options.Builder::maxHttp3ControlFrames)
            .range(Range.atLeast(1))
            .past(ENDED)
            .says("frames of a connection's control stream within 10 seconds");

    static final Option<Integer> MAX_HANDSHAKES = number(
                    "--http3-max-handshakes",
                    "maxHttp3Handshakes",
                    Http3Options::maxHttp3Handshakes,
                    Http3Options.Builder::maxHttp3Handshakes)
            .range(Range.atLeast(0))
            .past("a Retry: the client proves its address, which takes one more round trip")
            .says("handshakes that are under way at once on a port");

    /// In the order of the help.
    public static final List<Option<?>> ALL =
            List.of(HTTP3, PORT, MAX_STREAMS, MAX_RESETS, MAX_CONTROL_FRAMES, MAX_HANDSHAKES);

    private Http3SetupOptions() {}

    private static Option.Builder<Integer> number(
            String name,
            String setting,
            Function<Http3Options, Integer> component,
            BiConsumer<Http3Options.Builder, Integer> setter) {
        return Option.value(ValueType.NUMBER, name)
                .sets(DEFAULTS, Http3Options.Builder.class, setting, component, setter);
    }

    /// Sets what these options ask for.
    public static void applyTo(ServerOptions.Builder options, OptionValues values) {
        Http3Options.Builder http3 = Http3Options.builder();
        values.applyTo(http3);
        options.http3(http3.build());
    }
}
