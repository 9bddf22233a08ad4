package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.server.ServerOptions;
import java.time.Duration;
import java.util.List;

/// The server's life.
public final class RunOptions {
    private static final ServerOptions DEFAULTS = ServerOptions.defaults();

    static final Option<Duration> STOP_TIMEOUT = Option.value(ValueType.TIME, "--stop-timeout")
            .sets(
                    DEFAULTS,
                    ServerOptions.Builder.class,
                    "stopTimeout",
                    ServerOptions::stopTimeout,
                    ServerOptions.Builder::stopTimeout)
            .says("how long a graceful shutdown (SIGTERM) waits for running requests");

    static final Option<Duration> DRAIN_DELAY = Option.value(ValueType.TIME, "--drain-delay")
            .standard(Duration.ZERO)
            .setting("drainDelay")
            .says("how long a server that is to stop (SIGTERM), or drains (ctl drain), goes on as before while /-/ready"
                    + " says 503: until load balancers have seen it");

    static final Option<Boolean> DEVELOPMENT = Option.flag("--development")
            .sets(ServerOptions.Builder.class, "development", ServerOptions.Builder::development)
            .says("a 500 response shows the exception, and a browser on this machine gets a page with the request"
                    + " and, for sources below src/main/java or src and for FILE.java, their lines; with --autoreload it"
                    + " gets the compiler's messages, too, and loads its page again when there is another version; not"
                    + " for servers that others can reach");

    /// What is written to the log at the start.
    public static final Option<List<String>> PRINT = Option.values(ValueType.TEXT, "--print", "--iprint")
            .inUwsgi(Option.SAME)
            .says("written to the log at the start");

    /// How many files and sockets may be open.
    public static final Option<Integer> MAX_FD = Option.value(ValueType.NUMBER, "--max-fd")
            .standardText("ulimit -Hn")
            .inUwsgi("only upwards, and an error where it isn't allowed")
            .ofProcess()
            .says(
                    "allow so many open files and sockets, this server and its workers, if fewer are allowed now; more than"
                            + " the system's hard limit needs root");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(STOP_TIMEOUT, DRAIN_DELAY, DEVELOPMENT, PRINT, MAX_FD);

    private RunOptions() {}

    /// How long it goes on as before, once it isn't ready any more.
    ///
    /// @throws IllegalArgumentException if it is negative
    public static Duration drainDelay(OptionValues values) {
        Duration delay = values.of(DRAIN_DELAY);
        InvalidSetting.requireNotNegative("drainDelay", delay);
        return delay;
    }
}
