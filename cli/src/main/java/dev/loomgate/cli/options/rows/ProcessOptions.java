package dev.loomgate.cli.options.rows;

import dev.loomgate.cli.options.table.Option;
import dev.loomgate.cli.options.table.OptionValues;
import dev.loomgate.cli.options.values.Range;
import dev.loomgate.cli.options.values.ValueType;
import dev.loomgate.cli.process.LogSettings;
import dev.loomgate.cli.process.ProcessNames;
import dev.loomgate.cli.process.ProcessSettings;
import dev.loomgate.cli.process.ProcessSettings.NamedPidFile;
import dev.loomgate.cli.process.ProcessSettings.When;
import dev.loomgate.cli.process.RunAs;
import dev.loomgate.cli.process.RunningServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The server as a process: its user, its name, its log's file, and files that name it.
public final class ProcessOptions {
    static final Option<String> UID = Option.value(ValueType.TEXT, "--uid")
            .label("USER")
            .standardText("who starts it")
            .inUwsgi("without --gid, the group is the user's own instead of root's")
            .ofProcess()
            .says("started as root, the server becomes this user, a name or a number, when its sockets are bound and"
                    + " before an application is loaded; not started as root, it stays who it is");

    static final Option<String> GID = Option.value(ValueType.TEXT, "--gid")
            .label("GROUP")
            .standardText("the user's own")
            .inUwsgi(Option.SAME)
            .ofProcess()
            .says("the group that it then has, a name or a number");

    static final Option<List<String>> ADD_GID = Option.values(ValueType.TEXT, "--add-gid")
            .label("GROUP")
            .inUwsgi(Option.SAME)
            .ofProcess()
            .says("a further group, instead of those that the system has the user in");

    static final Option<Boolean> NO_INITGROUPS = Option.flag("--no-initgroups")
            .inUwsgi(Option.SAME)
            .says("no further groups, though the system has the user in some");

    static final Option<Path> PIDFILE = file("--pidfile")
            .inUwsgi("removed at the end; emptied, where the user that the server has become may not remove it")
            .ofProcess()
            .says("write the server's process id there at the start, as the user who starts it");

    static final Option<Path> PIDFILE2 = file("--pidfile2")
            .inUwsgi("removed at the end")
            .ofProcess()
            .says("the same, as the user that the server becomes; relative to --chdir");

    static final Option<Path> SAFE_PIDFILE = file("--safe-pidfile")
            .inUwsgi("removed at the end")
            .ofProcess()
            .says("the same as --pidfile, written when the server serves");

    static final Option<Path> SAFE_PIDFILE2 = file("--safe-pidfile2")
            .inUwsgi("removed at the end")
            .ofProcess()
            .says("the same as --pidfile2, written when the server serves");

    static final Option<Path> DAEMONIZE = file("-d", "--daemonize")
            .inUwsgi("returns when the server serves, with its exit status if it can't; keeps the umask")
            .ofProcess()
            .says("run in the background, and write both outputs to that file; what is said at the start is on the"
                    + " terminal, too");

    static final Option<Path> DAEMONIZE2 = file("--daemonize2")
            .inUwsgi(Option.SAME)
            .ofProcess()
            .says("the same, with a file that is opened as the user that the server becomes");

    static final Option<Path> LOGTO = file("--logto")
            .inUwsgi("no UDP addresses")
            .ofProcess()
            .says("append both outputs to that file, requests and all else, which is opened at the very start");

    static final Option<Path> LOGTO2 = file("--logto2")
            .inUwsgi("no UDP addresses")
            .ofProcess()
            .says("the same, with a file that is opened as the user that the server becomes");

    static final Option<Boolean> LOGFILE_CHOWN = Option.flag("--logfile-chown")
            .inUwsgi(Option.SAME)
            .says("the log's file is given to the user that the server becomes");

    static final Option<Integer> LOGFILE_CHMOD = Option.value(ValueType.MODE, "--logfile-chmod")
            .standardText("640, less the umask's")
            .range(Range.between(0, 0777))
            .inUwsgi(Option.SAME)
            .says("permission bits of the log's file");

    static final Option<Boolean> LOG_TRUNCATE =
            Option.flag("--log-truncate").inUwsgi(Option.SAME).says("empty the log's file at the start");

    static final Option<Boolean> LOG_REOPEN =
            Option.flag("--log-reopen").inUwsgi(Option.SAME).says("SIGHUP opens the log's file again, as SIGUSR2 does");

    static final Option<List<Path>> TOUCH_LOGREOPEN = Option.values(ValueType.PATH, "--touch-logreopen")
            .label("FILE")
            .inUwsgi(Option.SAME)
            .says("open the log's file again when this file changes");

    static final Option<List<Path>> TOUCH_LOGROTATE = Option.values(ValueType.PATH, "--touch-logrotate")
            .label("FILE")
            .inUwsgi(Option.SAME)
            .says("rename the log's file, and begin another one, when this file changes");

    static final Option<Long> LOG_MAXSIZE = Option.value(ValueType.LONG_SIZE, "--log-maxsize")
            .standard(0L)
            .inUwsgi(Option.SAME)
            .says("rename the log's file, and begin another one, when it is over that size; 0 for never");

    static final Option<Duration> LOG_ROTATE_EVERY = Option.value(ValueType.TIME, "--log-rotate-every")
            .standard(Duration.ZERO)
            .says(
                    "the same at the end of each such period by the clock, as in 1d at midnight, if the file isn't empty; 0 for"
                            + " never");

    static final Option<Path> LOG_BACKUPNAME = file("--log-backupname")
            .standardText("its own with the time in seconds")
            .inUwsgi(Option.SAME)
            .says("the name that the log's file then gets");

    static final Option<Boolean> AUTO_PROCNAME = Option.flag("--auto-procname")
            .inUwsgi("'loomgate' instead of 'uWSGI'")
            .ofProcess()
            .says("ps shows 'loomgate master' for the JVM, 'loomgate zygote', and 'loomgate worker 1'");

    static final Option<String> PROCNAME_PREFIX =
            name("--procname-prefix").ofProcess().says("before these names");

    static final Option<String> PROCNAME_PREFIX_SPACED =
            name("--procname-prefix-spaced").ofProcess().says("before these names, and a space");

    static final Option<String> PROCNAME_APPEND =
            name("--procname-append").ofProcess().says("after these names");

    static final Option<String> PROCNAME = name("--procname").ofProcess().says("this name for all of them");

    static final Option<String> PROCNAME_MASTER =
            name("--procname-master").ofProcess().says("this name for the JVM");

    static final Option<Path> STOP = file("--stop")
            .inUwsgi("SIGTERM instead of SIGINT")
            .says("start no server, but stop the one whose process id is in that file");

    static final Option<Path> RELOAD =
            file("--reload").inUwsgi(Option.SAME).says("start no server, but have that one reload, by SIGHUP");

    static final Option<Path> SUSPEND = Option.value(ValueType.PATH, "--suspend", "--resume", "--pause")
            .label("FILE")
            .inUwsgi("requests on connections that are open are answered")
            .says("start no server, but have new connections to that one wait, or be served again, by SIGTSTP");

    /// In the order of the help.
    public static final List<Option<?>> ALL = List.of(
            UID,
            GID,
            ADD_GID,
            NO_INITGROUPS,
            PIDFILE,
            PIDFILE2,
            SAFE_PIDFILE,
            SAFE_PIDFILE2,
            DAEMONIZE,
            DAEMONIZE2,
            LOGTO,
            LOGTO2,
            LOGFILE_CHOWN,
            LOGFILE_CHMOD,
            LOG_TRUNCATE,
            LOG_REOPEN,
            TOUCH_LOGREOPEN,
            TOUCH_LOGROTATE,
            LOG_MAXSIZE,
            LOG_ROTATE_EVERY,
            LOG_BACKUPNAME,
            AUTO_PROCNAME,
            PROCNAME_PREFIX,
            PROCNAME_PREFIX_SPACED,
            PROCNAME_APPEND,
            PROCNAME,
            PROCNAME_MASTER,
            STOP,
            RELOAD,
            SUSPEND);

    private ProcessOptions() {}

    private static Option.Builder<Path> file(String... names) {
        return Option.value(ValueType.PATH, names).label("FILE");
    }

    private static Option.Builder<String> name(String name) {
        return Option.value(ValueType.TEXT, name).label("NAME").inUwsgi(Option.SAME);
    }

    /// What was asked for.
    ///
    /// @param directory what paths are relative to that are used after the start
    /// @throws IllegalArgumentException if a value makes no sense
    public static ProcessSettings settings(OptionValues values, Path directory) {
        return new ProcessSettings(
                new ProcessSettings.Inherited(
                        values.given(SocketSetupOptions.UMASK).orElse(null),
                        values.given(RunOptions.MAX_FD).orElse(null)),
                new RunAs(
                        values.given(UID).orElse(null),
                        values.given(GID).orElse(null),
                        values.of(ADD_GID),
                        !values.of(NO_INITGROUPS)),
                values.given(SocketSetupOptions.CHOWN_SOCKET).isEmpty(),
                pidFiles(values, directory),
                log(values, directory),
                values.given(DAEMONIZE).isPresent() || values.given(DAEMONIZE2).isPresent(),
                title(values),
                HookOptions.hooks(values),
                directory,
                values.given(PythonProgramOptions.CHDIR).isPresent());
    }

    private static boolean isEmperor(OptionValues values) {
        return !values.of(EmperorOptions.EMPEROR).isEmpty();
    }

    private static @Nullable String title(OptionValues values) {
        Optional<String> emperors = isEmperor(values) ? values.given(EmperorOptions.PROCNAME) : Optional.empty();
        return emperors.or(() -> names(values).map(ProcessNames::master)).orElse(null);
    }

    /// The server that is to be signalled instead of starting one.
    public static Optional<RunningServer> signalled(OptionValues values) {
        return signalled(values, STOP, RunningServer.Signal.STOP)
                .or(() -> signalled(values, RELOAD, RunningServer.Signal.RELOAD))
                .or(() -> signalled(values, SUSPEND, RunningServer.Signal.SUSPEND_OR_RESUME));
    }

    private static Optional<RunningServer> signalled(
            OptionValues values, Option<Path> option, RunningServer.Signal signal) {
        return values.given(option)
                .map(file -> new RunningServer(StartDirectory.path().resolve(file), signal));
    }

    private static List<NamedPidFile> pidFiles(OptionValues values, Path directory) {
        List<NamedPidFile> files = new ArrayList<>();
        add(files, values, PIDFILE, StartDirectory.path(), When.FIRST);
        add(files, values, PIDFILE2, directory, When.AFTER_DROP);
        if (isEmperor(values)) {
            add(files, values, EmperorOptions.PIDFILE, StartDirectory.path(), When.AFTER_DROP);
        }
        add(files, values, SAFE_PIDFILE, StartDirectory.path(), When.SERVING);
        add(files, values, SAFE_PIDFILE2, directory, When.SERVING_AFTER_DROP);
        return files;
    }

    private static void add(
            List<NamedPidFile> files, OptionValues values, Option<Path> option, Path directory, When when) {
        values.given(option)
                .ifPresent(path -> files.add(new NamedPidFile(option.longName(), directory.resolve(path), when)));
    }

    private static LogSettings log(OptionValues values, Path directory) {
        Duration every = values.of(LOG_ROTATE_EVERY);
        if (every.isPositive() && every.toSeconds() == 0) {
            throw new IllegalArgumentException("--log-rotate-every: must be at least 1s, or 0 for never");
        }
        return new LogSettings(
                log(values, DAEMONIZE).or(() -> log(values, LOGTO)).orElse(null),
                log(values, DAEMONIZE2).or(() -> log(values, LOGTO2)).orElse(null),
                values.given(LOGFILE_CHMOD).orElse(null),
                values.of(LOGFILE_CHOWN),
                values.of(LOG_TRUNCATE),
                values.of(LOG_REOPEN),
                resolved(values.of(TOUCH_LOGREOPEN), directory),
                resolved(values.of(TOUCH_LOGROTATE), directory),
                values.of(LOG_MAXSIZE),
                every,
                values.given(LOG_BACKUPNAME).map(StartDirectory.path()::resolve).orElse(null));
    }

    private static Optional<LogSettings.Named> log(OptionValues values, Option<Path> option) {
        return values.given(option).map(path -> {
            String name = option.longName();
            if (path.toString().contains(":")) {
                throw new IllegalArgumentException("%s: '%s' is a UDP address in uWSGI; here that is --logger socket:%s"
                        .formatted(name, path, path));
            }
            return new LogSettings.Named(name, StartDirectory.path().resolve(path));
        });
    }

    private static List<Path> resolved(List<Path> files, Path directory) {
        return files.stream().map(directory::resolve).toList();
    }

    /// What `ps` shows of the server's processes; empty for their command lines.
    public static Optional<ProcessNames> names(OptionValues values) {
        String prefix = values.given(PROCNAME_PREFIX_SPACED)
                .map(text -> text + " ")
                .or(() -> values.given(PROCNAME_PREFIX))
                .orElse("");
        String append = values.given(PROCNAME_APPEND).orElse("");
        @Nullable String all = values.given(PROCNAME).orElse(null);
        @Nullable String master = values.given(PROCNAME_MASTER).orElse(all);
        boolean none = prefix.isEmpty() && append.isEmpty() && master == null && !values.of(AUTO_PROCNAME);
        return none
                ? Optional.empty()
                : Optional.of(new ProcessNames(
                        prefix + (master == null ? "loomgate master" : master) + append,
                        prefix + (all == null ? "loomgate zygote" : all) + append,
                        prefix + (all == null ? "loomgate worker {id}" : all) + append));
    }
}
