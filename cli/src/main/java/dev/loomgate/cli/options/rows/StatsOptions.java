package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.SocketName;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.cli.stats.StatsPush;
import dev.loomgate.cli.stats.StatsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What is to be seen of a running server, and what it is told.
public final class StatsOptions {
    static final Option<SocketName> STATS = Option.value(ValueType.SOCKET, "--stats", "--stats-server")
            .label("ADDRESS")
            .inUwsgi("same; a request shows only variables that are no secrets")
            .says("give each connection there statistics, as JSON that uwsgitop reads: HOST:PORT, a path, or @NAME;"
                    + " all who can connect may read them");

    static final Option<Boolean> STATS_HTTP =
            Option.flag("--stats-http").inUwsgi(Option.SAME).says("as an HTTP response");

    static final Option<Boolean> STATS_MINIFIED =
            Option.flag("--stats-minified", "--stats-min").inUwsgi(Option.SAME).says("without white space");

    static final Option<Boolean> STATS_NO_CORES = Option.flag("--stats-no-cores")
            .inUwsgi(Option.SAME)
            .says("without the requests that run, and the places for them");

    static final Option<List<String>> STATS_PUSH = Option.values(ValueType.TEXT, "--stats-push")
            .label("TARGET")
            .inUwsgi("targets file, socket and statsd")
            .says("send them again and again: file:path=FILE,freq=SECONDS appends the JSON; socket:HOST:PORT,PREFIX and"
                    + " statsd:HOST:PORT,PREFIX send a datagram for each metric");

    static final Option<Duration> STATS_FREQUENCY = Option.value(
                    ValueType.TIME, "--stats-pusher-default-freq", "--stats-pushers-default-freq")
            .label("SECONDS")
            .standard(StatsSettings.NONE.period())
            .setting("statsPeriod")
            .range(Range.positive())
            .inUwsgi(Option.SAME)
            .says("how often, where --stats-push doesn't say");

    static final Option<List<Path>> MASTER_FIFO = Option.values(ValueType.PATH, "--master-fifo")
            .label("PATH")
            .inUwsgi("letters r R c w W p q Q s S l L P C + - 0 to 9; removed at the end")
            .says("make a named pipe there that takes commands of one letter, as in echo r > PATH");

    static final Option<Path> CONTROL = Option.value(ValueType.PATH, "--control")
            .says("take the commands of loomgate ctl on a unix socket there, which only the server's user may use");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            STATS, STATS_HTTP, STATS_MINIFIED, STATS_NO_CORES, STATS_PUSH, STATS_FREQUENCY, MASTER_FIFO, CONTROL);

    private StatsOptions() {}

    /// What was asked for of statistics.
    ///
    /// @param directory what relative paths are relative to
    /// @throws IllegalArgumentException if a value makes no sense
    public static StatsSettings settings(OptionValues values, Path directory) {
        return new StatsSettings(
                AdminPlace.given(values, STATS, directory).orElse(null),
                values.of(STATS_HTTP),
                values.of(STATS_MINIFIED),
                !values.of(STATS_NO_CORES),
                values.of(STATS_PUSH).stream()
                        .map(text -> StatsPush.of(text, directory))
                        .toList(),
                values.of(STATS_FREQUENCY));
    }

    /// The control socket that was asked for.
    ///
    /// @param directory what a relative path is relative to
    public static Optional<Path> control(OptionValues values, Path directory) {
        return values.given(CONTROL).map(directory::resolve);
    }

    /// The named pipes that were asked for.
    ///
    /// @param directory what relative paths are relative to
    public static List<Path> fifos(OptionValues values, Path directory) {
        return values.of(MASTER_FIFO).stream().map(directory::resolve).toList();
    }
}
