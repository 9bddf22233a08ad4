package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.emperor.EmperorSettings;
import dev.loomgate.cli.emperor.EmperorSettings.OnDemand;
import dev.loomgate.cli.emperor.EmperorSettings.Tyrant;
import dev.loomgate.cli.emperor.EmperorSettings.VassalOptions;
import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.SocketName;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.server.ListenAddress.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A server for each of several configuration files.
public final class EmperorOptions {
    private static final Range<Duration> POSITIVE = Range.positive();

    static final Option<List<String>> EMPEROR = Option.values(ValueType.TEXT, "--emperor")
            .label("DIRECTORY|PATTERN")
            .inUwsgi("directories and patterns; a vassal that is reloaded keeps its sockets and loses no connection")
            .ofProcess()
            .says(
                    "run a server for each file there that ends in .ini, .xml, .yml, .yaml, .js or .json, a vassal: it starts when"
                            + " the file is made, is reloaded when it changes, and ends when it goes");

    static final Option<Duration> FREQUENCY = Option.value(ValueType.TIME, "--emperor-freq")
            .setting("emperorPeriod")
            .standard(Duration.ofSeconds(3))
            .range(POSITIVE)
            .inUwsgi(Option.SAME)
            .says("how often to look at the files");

    static final Option<Boolean> NO_FOLLOW = Option.flag("--emperor-nofollow")
            .inUwsgi(Option.SAME)
            .says("a link has changed when it is itself another one, and not with the file that it leads to");

    static final Option<Boolean> TYRANT = Option.flag("--emperor-tyrant")
            .inUwsgi(Option.SAME)
            .says("each vassal runs as the user and the group that its file belongs to, before it reads the file; needs"
                    + " root; a file of root's is refused");

    static final Option<Boolean> TYRANT_NO_FOLLOW = Option.flag("--emperor-tyrant-nofollow")
            .inUwsgi(Option.SAME)
            .says("of a link, its own user and group count, not those of the file that it leads to");

    static final Option<Boolean> TYRANT_GROUPS = Option.flag("--emperor-tyrant-initgroups")
            .inUwsgi(Option.SAME)
            .says("such a vassal has the further groups, too, that the system has its user in");

    static final Option<Path> PIDFILE = Option.value(ValueType.PATH, "--emperor-pidfile")
            .label("FILE")
            .inUwsgi("removed at the end")
            .says("write the emperor's process id there");

    static final Option<String> PROCNAME = Option.value(ValueType.TEXT, "--emperor-procname")
            .label("NAME")
            .inUwsgi(Option.SAME)
            .says("what ps shows of the emperor");

    static final Option<SocketName> STATS = Option.value(ValueType.SOCKET, "--emperor-stats", "--emperor-stats-server")
            .inUwsgi("no abstract sockets")
            .says("give each connection there the state of all vassals, as JSON that uwsgitop reads");

    static final Option<Integer> THROTTLE = Option.value(ValueType.NUMBER, "--emperor-throttle")
            .setting("emperorThrottle")
            .label("MILLISECONDS")
            .standard(1000)
            .range(Range.between(0, 86_400_000))
            .inUwsgi("a changed file is tried at once; a vassal that served for less than its pause counts as failed")
            .says(
                    "the pause after a vassal's second failure, and by how much it grows with each further one; 0 for none");

    static final Option<Integer> MAX_THROTTLE = Option.value(ValueType.NUMBER, "--emperor-max-throttle")
            .setting("emperorMaxThrottle")
            .label("MILLISECONDS")
            .standard(180_000)
            .range(Range.between(0, 86_400_000))
            .inUwsgi("the pause stays at it; uWSGI halves it then")
            .says("the longest pause");

    static final Option<Boolean> NO_BLACKLIST =
            Option.flag("--emperor-no-blacklist").inUwsgi(Option.SAME).says("no pauses");

    static final Option<Duration> REQUIRED_HEARTBEAT = Option.value(ValueType.TIME, "--emperor-required-heartbeat")
            .setting("emperorHeartbeat")
            .standard(Duration.ofSeconds(30))
            .range(POSITIVE)
            .inUwsgi(Option.SAME)
            .says("a vassal that has sent heartbeats (--heartbeat) and none for so long is killed, and starts again");

    static final Option<Duration> CURSE_TOLERANCE = Option.value(ValueType.TIME, "--emperor-curse-tolerance")
            .setting("emperorEndLimit")
            .standard(Duration.ofSeconds(45))
            .range(POSITIVE)
            .inUwsgi("default 30 s there")
            .says("how long a vassal may take to end before it is killed; more than its --stop-timeout");

    static final Option<Integer> STARTS = Option.value(ValueType.NUMBER, "--emperor-starts")
            .setting("emperorStarts")
            .standard(Math.max(2, 2 * Runtime.getRuntime().availableProcessors()))
            .standardText("two for each CPU")
            .range(Range.between(1, 10_000))
            .says("how many vassals start at the same time; one that takes longer than 10 s isn't counted any more");

    static final Option<Boolean> ISOLATE = Option.flag("--isolate")
            .says(
                    "each vassal has a process of its own; otherwise those of one directory, and with --emperor-tyrant of one"
                            + " user, share one, where nothing in their files is about a whole process");

    static final Option<String> ON_DEMAND_EXTENSION = Option.value(
                    ValueType.TEXT, "--emperor-on-demand-extension", "--emperor-on-demand-ext")
            .label("ENDING")
            .inUwsgi(Option.SAME)
            .says("a vassal beside whose file there is one with that ending after the whole name, in which an address"
                    + " stands, starts with the first connection there: site.ini, site.ini.socket");

    static final Option<String> ON_DEMAND_DIRECTORY = Option.value(
                    ValueType.TEXT, "--emperor-on-demand-directory", "--emperor-on-demand-dir")
            .label("DIRECTORY")
            .inUwsgi(Option.SAME)
            .says("each vassal starts with the first connection to its socket there: site.socket for site.ini");

    static final Option<String> ON_DEMAND_EXEC = Option.value(ValueType.TEXT, "--emperor-on-demand-exec")
            .label("COMMAND")
            .inUwsgi(Option.SAME)
            .says("the same, with the address that this command prints, which gets the vassal's name");

    static final Option<List<String>> SET = Option.values(ValueType.TEXT, "--vassals-set", "--vassal-set")
            .label("NAME=VALUE")
            .inUwsgi(Option.SAME)
            .says("an option that each vassal gets, before its file");

    static final Option<List<String>> INCLUDE_BEFORE = file("--vassals-include-before", "before its own file");
    static final Option<List<String>> INCLUDE = file("--vassals-include", "after its own file");
    static final Option<List<String>> INHERIT_BEFORE =
            file("--vassals-inherit-before", "before its own file, as --inherit");
    static final Option<List<String>> INHERIT = file("--vassals-inherit", "after its own file, as --inherit");

    static final Option<String> START_HOOK = Option.value(ValueType.TEXT, "--vassals-start-hook")
            .label("PROGRAM")
            .inUwsgi(Option.SAME)
            .says("run this with a vassal's name before it starts, as its user; it may fail");

    static final Option<String> STOP_HOOK = Option.value(ValueType.TEXT, "--vassals-stop-hook")
            .label("PROGRAM")
            .inUwsgi("no vassal waits for it")
            .says("run this with a vassal's name when it has ended, as the emperor's user");

    static final Option<Duration> HEARTBEAT = Option.value(ValueType.TIME, "--heartbeat")
            .standard(Duration.ZERO)
            .inUwsgi(Option.SAME)
            .says("of a vassal: how often it tells the emperor that all is well; 0 for never");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            EMPEROR,
            FREQUENCY,
            NO_FOLLOW,
            TYRANT,
            TYRANT_NO_FOLLOW,
            TYRANT_GROUPS,
            PIDFILE,
            PROCNAME,
            STATS,
            THROTTLE,
            MAX_THROTTLE,
            NO_BLACKLIST,
            REQUIRED_HEARTBEAT,
            CURSE_TOLERANCE,
            STARTS,
            ISOLATE,
            ON_DEMAND_EXTENSION,
            ON_DEMAND_DIRECTORY,
            ON_DEMAND_EXEC,
            SET,
            INCLUDE_BEFORE,
            INCLUDE,
            INHERIT_BEFORE,
            INHERIT,
            START_HOOK,
            STOP_HOOK,
            HEARTBEAT);

    private EmperorOptions() {}

    private static Option<List<String>> file(String name, String when) {
        return Option.values(ValueType.TEXT, name)
                .label("FILE")
                .inUwsgi(Option.SAME)
                .says("a configuration file that each vassal reads " + when);
    }

    /// What was asked for. Without a monitor this is to be no emperor.
    ///
    /// @throws IllegalArgumentException if a value makes no sense
    public static EmperorSettings settings(OptionValues values) {
        boolean pauses = !values.of(NO_BLACKLIST);
        return new EmperorSettings(
                values.of(EMPEROR),
                values.of(FREQUENCY),
                !values.of(NO_FOLLOW),
                values.of(TYRANT) ? new Tyrant(!values.of(TYRANT_NO_FOLLOW), values.of(TYRANT_GROUPS)) : null,
                new VassalOptions(
                        values.of(INHERIT_BEFORE),
                        values.of(INCLUDE_BEFORE),
                        values.of(SET),
                        values.of(INHERIT),
                        values.of(INCLUDE),
                        values.given(START_HOOK).orElse(null),
                        values.given(STOP_HOOK).orElse(null)),
                pauses ? Duration.ofMillis(values.of(THROTTLE)) : Duration.ZERO,
                Duration.ofMillis(values.of(MAX_THROTTLE)),
                values.of(REQUIRED_HEARTBEAT),
                values.of(CURSE_TOLERANCE),
                values.of(STARTS),
                values.of(ISOLATE),
                onDemand(values),
                values.given(STATS).map(EmperorOptions::place).orElse(null));
    }

    /// How often a vassal tells that all is well; zero for never.
    public static Duration heartbeat(OptionValues values) {
        return values.of(HEARTBEAT);
    }

    // As in uWSGI, the first of these counts.
    private static @Nullable OnDemand onDemand(OptionValues values) {
        return Stream.of(
                        values.given(ON_DEMAND_EXTENSION).map(each -> new OnDemand(OnDemand.By.EXTENSION, each)),
                        values.given(ON_DEMAND_DIRECTORY).map(each -> new OnDemand(OnDemand.By.DIRECTORY, each)),
                        values.given(ON_DEMAND_EXEC).map(each -> new OnDemand(OnDemand.By.COMMAND, each)))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(null);
    }

    private static Place place(SocketName name) {
        if (name instanceof SocketName.At(Place place)
                && (place instanceof Place.Tcp || place instanceof Place.UnixPath)) {
            return place;
        }
        throw new IllegalArgumentException(
                "--emperor-stats %s: give a TCP address or a unix socket's path".formatted(name));
    }
}
