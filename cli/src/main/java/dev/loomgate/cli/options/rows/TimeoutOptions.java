package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ServerOptions;
import java.time.Duration;
import java.util.List;

/// The timeouts that uWSGI has by other names: each is one of [LimitOptions] for some clients.
public final class TimeoutOptions {
    private static final String AS_THE_LIMITS = "--body-timeout, --write-timeout";

    static final Option<Duration> SOCKET_TIMEOUT = Option.value(ValueType.TIME, "-z", "--socket-timeout")
            .sets(ServerOptions.Builder.class, "uwsgiTimeout", ServerOptions.Builder::uwsgiTimeout)
            .standardText(AS_THE_LIMITS)
            .past("408, or closed")
            .inUwsgi("same; its default is 4 seconds")
            .says("the body timeout and the write timeout of uwsgi clients, and of HTTP clients where there is only"
                    + " --http-socket and no --http");

    static final Option<Duration> HTTP_TIMEOUT = Option.value(ValueType.TIME, "--http-timeout")
            .sets(ServerOptions.Builder.class, "httpTimeout", ServerOptions.Builder::httpTimeout)
            .standardText(AS_THE_LIMITS)
            .past("408, or closed")
            .inUwsgi("for the client's side; --harakiri is for the application's")
            .says("the body timeout and the write timeout of HTTP clients");

    static final Option<Duration> HTTP_KEEPALIVE = Option.value(ValueType.KEEP_ALIVE, "--http-keepalive")
            .leftOut("1")
            .standardText("--idle-timeout")
            .past("closed")
            .inUwsgi("always on")
            .says(
                    "how long a connection is kept between two requests, instead of --idle-timeout; it is kept without this"
                            + " option, too, and 1 changes nothing");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(SOCKET_TIMEOUT, HTTP_TIMEOUT, HTTP_KEEPALIVE);

    private TimeoutOptions() {}

    /// Sets what depends on more than one option.
    public static void applyTo(ServerOptions.Builder options, Limits.Builder limits, OptionValues values) {
        if (values.given(HTTP_TIMEOUT).isEmpty() && !ListenOptions.hasRouter(values)) {
            values.given(SOCKET_TIMEOUT).ifPresent(options::httpTimeout);
        }
        values.given(HTTP_KEEPALIVE).filter(time -> !time.isZero()).ifPresent(limits::idleTimeout);
    }
}
