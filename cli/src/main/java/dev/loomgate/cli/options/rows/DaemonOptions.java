package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.daemons.AttachedDaemons;
import dev.loomgate.cli.daemons.DaemonSettings;
import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.ValueType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Commands that the server runs beside itself.
public final class DaemonOptions {
    /// As uWSGI has it where `--reload-mercy` isn't given.
    private static final Duration MERCY = Duration.ofSeconds(3);

    private static final String STOPPED =
            "asked to end once and not every second, and what it leaves behind in its group is ended";

    static final Option<List<String>> ATTACH_DAEMON = Option.values(ValueType.TEXT, "--attach-daemon")
            .label("COMMAND")
            .inUwsgi(STOPPED)
            .says("run this in a shell when the server serves, start it again when it ends, end it with the server by"
                    + " SIGTERM, and kill it after --reload-mercy (default: 3 seconds); a reload ends and starts it");

    static final Option<List<String>> ATTACH_DAEMON2 = Option.values(ValueType.TEXT, "--attach-daemon2")
            .label("KEY=VALUE,...")
            .inUwsgi(STOPPED + "; uid and gid may be names; without ns_pid and legion")
            .says("the same with cmd=COMMAND and, where wanted, stopsignal, reloadsignal, touch=FILE;FILE, chdir, uid,"
                    + " gid, stdin, max_throttle, control, pidfile, freq, daemonize, notifypid");

    static final Option<List<String>> ATTACH_CONTROL_DAEMON = Option.values(ValueType.TEXT, "--attach-control-daemon")
            .label("COMMAND")
            .inUwsgi(STOPPED)
            .says("as --attach-daemon, but when it ends, the server stops");

    static final Option<List<String>> SMART_ATTACH_DAEMON = Option.values(ValueType.TEXT, "--smart-attach-daemon")
            .label("PIDFILE[,FREQ] COMMAND")
            .inUwsgi(Option.SAME)
            .says(
                    "a command that goes to the background and writes its process id to PIDFILE within FREQ (10) seconds; it"
                            + " is started unless that process lives, and stays when the server ends");

    static final Option<List<String>> SMART_ATTACH_DAEMON2 = Option.values(ValueType.TEXT, "--smart-attach-daemon2")
            .label("PIDFILE[,FREQ] COMMAND")
            .inUwsgi(Option.SAME)
            .says("the same with a command that stays in the foreground; PIDFILE is written for it");

    static final Option<Boolean> DAEMONS_HONOUR_STDIN = Option.flag("--daemons-honour-stdin")
            .inUwsgi(Option.SAME)
            .says("these commands have the server's standard input, rather than an empty one");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            ATTACH_DAEMON,
            ATTACH_DAEMON2,
            ATTACH_CONTROL_DAEMON,
            SMART_ATTACH_DAEMON,
            SMART_ATTACH_DAEMON2,
            DAEMONS_HONOUR_STDIN);

    private DaemonOptions() {}

    /// What was asked for.
    ///
    /// @throws IllegalArgumentException if a value is none
    public static AttachedDaemons daemons(OptionValues values) {
        boolean withInput = values.of(DAEMONS_HONOUR_STDIN);
        List<DaemonSettings> daemons = Stream.of(
                        each(values, ATTACH_DAEMON, (name, text) -> DaemonSettings.attached(name, text, false)),
                        each(values, ATTACH_DAEMON2, DaemonSettings::keyed),
                        each(values, ATTACH_CONTROL_DAEMON, (name, text) -> DaemonSettings.attached(name, text, true)),
                        each(values, SMART_ATTACH_DAEMON, (name, text) -> DaemonSettings.smart(name, text, false)),
                        each(values, SMART_ATTACH_DAEMON2, (name, text) -> DaemonSettings.smart(name, text, true)))
                .flatMap(stream -> stream)
                .map(daemon -> withInput ? daemon.withServersInput() : daemon)
                .toList();
        return daemons.isEmpty()
                ? AttachedDaemons.NONE
                : new AttachedDaemons(
                        daemons,
                        PythonProgramOptions.workingDirectory(values),
                        values.of(PythonProgramOptions.ENV).stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (_, last) -> last)),
                        values.given(PythonProgramOptions.RELOAD_MERCY)
                                .filter(Duration::isPositive)
                                .orElse(MERCY));
    }

    private static Stream<DaemonSettings> each(
            OptionValues values, Option<List<String>> option, BiFunction<String, String, DaemonSettings> reader) {
        return values.of(option).stream()
                .map(text -> reader.apply(option.names().getFirst(), text));
    }
}
