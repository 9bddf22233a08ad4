package dev.loomgate.cli.daemons;

import dev.loomgate.cli.options.values.KeyValues;
import dev.loomgate.cli.process.RunAs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One command that runs beside the server, as an option's value says it.
///
/// | option | value |
/// |---|---|
/// | `--attach-daemon`, `--attach-control-daemon` | `COMMAND` |
/// | `--smart-attach-daemon`, `--smart-attach-daemon2` | `PIDFILE[,FREQ] COMMAND` |
/// | `--attach-daemon2` | `KEY=VALUE,...`, as in `cmd=celery -A shop worker,stopsignal=3,touch=/srv/shop/tasks.py` |
///
/// @param option which asks for it, for messages
/// @param pidFile the file with its process id, with which it outlives the server; or null for one that ends with it
/// @param daemonizes whether the server writes that file, rather than the command
/// @param checks how many seconds a command has to write its file
/// @param control whether the server ends with it
/// @param stopSignal asks it to end
/// @param reloadSignal asks it to end for a reload; or null for the same
/// @param notified whether one with a file gets these signals, though it isn't ended
/// @param touched files whose change has it started again
/// @param withInput whether it has the server's standard input
/// @param mostThrottleSeconds how long a start waits at most after too many starts; 0 for five minutes
public record DaemonSettings(
        String option,
        String command,
        @Nullable String pidFile,
        boolean daemonizes,
        int checks,
        boolean control,
        int stopSignal,
        @Nullable Integer reloadSignal,
        boolean notified,
        List<Path> touched,
        boolean withInput,
        RunAs runAs,
        @Nullable Path directory,
        int mostThrottleSeconds) {
    private static final int SIGTERM = 15;
    private static final int LAST_SIGNAL = 64;
    private static final int CHECKS = 10;
    private static final int LONGEST_SECONDS = 1_000_000;

    /// The keys of `--attach-daemon2`, with their other names.
    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("command", "command"),
            Map.entry("cmd", "command"),
            Map.entry("exec", "command"),
            Map.entry("freq", "freq"),
            Map.entry("pidfile", "pidfile"),
            Map.entry("control", "control"),
            Map.entry("daemonize", "daemonize"),
            Map.entry("daemon", "daemonize"),
            Map.entry("touch", "touch"),
            Map.entry("stopsignal", "stopsignal"),
            Map.entry("stop_signal", "stopsignal"),
            Map.entry("reloadsignal", "reloadsignal"),
            Map.entry("reload_signal", "reloadsignal"),
            Map.entry("stdin", "stdin"),
            Map.entry("uid", "uid"),
            Map.entry("gid", "gid"),
            Map.entry("chdir", "chdir"),
            Map.entry("max_throttle", "max_throttle"),
            Map.entry("notifypid", "notifypid"));

    private static final Map<String, String> NOT_OFFERED = Map.of(
            "ns_pid", "a process can't be given a namespace of its own here: use unshare --pid --fork in the command",
            "legion", "there are no legions: let the cluster's own tools decide where the command runs");

    public DaemonSettings {
        touched = List.copyOf(touched);
    }

    /// A command that ends with the server.
    ///
    /// @param control whether the server ends with it, too
    /// @throws IllegalArgumentException if there is none
    public static DaemonSettings attached(String option, String command, boolean control) {
        return new Builder(option, command, control).build();
    }

    /// A command with a file that has its process id.
    ///
    /// @param text `PIDFILE[,FREQ] COMMAND`
    /// @param daemonizes whether the server writes that file
    /// @throws IllegalArgumentException if the text isn't that
    public static DaemonSettings smart(String option, String text, boolean daemonizes) {
        int space = text.indexOf(' ');
        if (space < 1 || text.substring(space).isBlank()) {
            throw new IllegalArgumentException(
                    "%s: '%s' has to be PIDFILE and COMMAND, with a space between them".formatted(option, text));
        }
        Builder builder = new Builder(option, text.substring(space + 1), false);
        String file = text.substring(0, space);
        int comma = file.indexOf(',');
        if (comma >= 0) {
            builder.checks = number(option, "the number after the comma", file.substring(comma + 1), LONGEST_SECONDS);
        }
        builder.pidFile = comma < 0 ? file : file.substring(0, comma);
        builder.daemonizes = daemonizes;
        return builder.build();
    }

    /// @param text `KEY=VALUE,...`; a backslash keeps a comma from ending a value
    /// @throws IllegalArgumentException if a key or a value is wrong
    public static DaemonSettings keyed(String option, String text) {
        Map<String, String> values = KeyValues.parse(option, text, KEYS, NOT_OFFERED);
        Builder builder = new Builder(option, values.getOrDefault("command", ""), values.containsKey("control"));
        builder.pidFile = values.get("pidfile");
        builder.daemonizes = values.containsKey("daemonize");
        builder.checks = number(option, "freq", values.getOrDefault("freq", Integer.toString(CHECKS)), LONGEST_SECONDS);
        builder.stopSignal =
                number(option, "stopsignal", values.getOrDefault("stopsignal", Integer.toString(SIGTERM)), LAST_SIGNAL);
        if (values.containsKey("reloadsignal")) {
            builder.reloadSignal = number(option, "reloadsignal", values.getOrDefault("reloadsignal", ""), LAST_SIGNAL);
        }
        builder.notified = values.containsKey("notifypid");
        builder.withInput = values.containsKey("stdin");
        builder.runAs = new RunAs(values.get("uid"), values.get("gid"), List.of(), true);
        String directory = values.get("chdir");
        builder.directory = directory == null ? null : Path.of(directory);
        for (String file : values.getOrDefault("touch", "").split(";", -1)) {
            if (!file.isEmpty()) {
                builder.touched.add(Path.of(file));
            }
        }
        if (values.containsKey("max_throttle")) {
            builder.mostThrottleSeconds =
                    number(option, "max_throttle", values.getOrDefault("max_throttle", ""), LONGEST_SECONDS);
        }
        return builder.build();
    }

    /// The same with the server's standard input.
    public DaemonSettings withServersInput() {
        return new DaemonSettings(
                option,
                command,
                pidFile,
                daemonizes,
                checks,
                control,
                stopSignal,
                reloadSignal,
                notified,
                touched,
                true,
                runAs,
                directory,
                mostThrottleSeconds);
    }

    /// What asks it to end.
    ///
    /// @param forReload whether it is to be started again at once
    int endSignal(boolean forReload) {
        return forReload && reloadSignal != null ? reloadSignal : stopSignal;
    }

    private static int number(String option, String key, String text, int most) {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(
                    "%s: %s is '%s', and has to be a number from 1 to %d".formatted(option, key, text, most));
        }
        return Integer.parseInt(text);
    }

    /// What isn't said is as uWSGI has it.
    private static final class Builder {
        private final String option;
        private final String command;
        private final boolean control;
        private @Nullable String pidFile;
        private boolean daemonizes;
        private int checks = CHECKS;
        private int stopSignal = SIGTERM;
        private @Nullable Integer reloadSignal;
        private boolean notified;
        private final List<Path> touched = new ArrayList<>();
        private boolean withInput;
        private RunAs runAs = RunAs.STARTER;
        private @Nullable Path directory;
        private int mostThrottleSeconds;

        Builder(String option, String command, boolean control) {
            this.option = option;
            this.command = command;
            this.control = control;
        }

        DaemonSettings build() {
            if (command.isBlank()) {
                throw new IllegalArgumentException(option + ": there is no command");
            }
            if (daemonizes && pidFile == null) {
                throw new IllegalArgumentException(option + ": daemonize needs pidfile, which it writes");
            }
            if (control && pidFile != null) {
                throw new IllegalArgumentException(
                        option + ": control doesn't go with pidfile: such a command outlives the server");
            }
            if (notified && pidFile == null) {
                throw new IllegalArgumentException(
                        option + ": notifypid is for a command with pidfile; others get the signal anyway");
            }
            return new DaemonSettings(
                    option,
                    command,
                    pidFile,
                    daemonizes,
                    checks,
                    control,
                    stopSignal,
                    reloadSignal,
                    notified,
                    touched,
                    withInput,
                    runAs,
                    directory,
                    mostThrottleSeconds);
        }
    }
}
