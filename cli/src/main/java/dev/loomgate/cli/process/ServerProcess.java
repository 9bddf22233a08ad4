package dev.loomgate.cli.process;

import dev.loomgate.cli.files.Reasons;
import dev.loomgate.cli.process.ProcessSettings.NamedPidFile;
import dev.loomgate.cli.process.ProcessSettings.When;
import dev.loomgate.server.ServerStartException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The server's process, from its start to its end, in uWSGI's order:
///
/// | step | as | what |
/// |---|---|---|
/// | [#begin] | who starts it | umask, limit of open files, title, log file, files with the process id |
/// | | who starts it | sockets are bound |
/// | [#becomeUser] | who starts it | unix sockets get their owner; then the user is dropped |
/// | | the user | the late log file, the late files with the process id; the application is loaded |
/// | [#serving] | the user | the safe files with the process id; the terminal is left |
/// | [#close] | the user | files with the process id are removed |
///
/// Used by the thread that starts the server, except [#reopenLog] and [#reloads].
public final class ServerProcess implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    /// What is to be done about the log that isn't the matter of the two outputs.
    public interface Logs {
        /// What is logged goes there as well, to the terminal of a start in the background; or no longer,
        /// with null. When this returns, what was logged before is written.
        void alsoTo(@Nullable OutputStream terminal);

        /// Opens the loggers, as the user who starts the server.
        ///
        /// @throws ServerStartException with a line for the operator
        void openLoggers() throws ServerStartException;

        /// Opens the loggers' files again. Any thread.
        ///
        /// @param why for the log
        /// @return whether there are any
        boolean reopenLoggers(String why);

        /// Whether there are loggers' files.
        boolean hasFiles();
    }

    /// What somebody writes who takes `--daemonize` for a switch.
    private static final Set<String> SWITCHES = Set.of("true", "yes", "on", "1", "false", "no", "off", "0");

    private final ProcessSettings settings;
    private final Logs log;
    private final Map<NamedPidFile, PidFile> pidFiles = new LinkedHashMap<>();
    private final Privileges privileges;
    private @Nullable OutputStream terminal;
    private volatile @Nullable LogFile logFile;
    private @Nullable LogWatch logWatch;

    private ServerProcess(ProcessSettings settings, Logs log, Privileges privileges) {
        this.settings = settings;
        this.log = log;
        this.privileges = privileges;
    }

    /// Whether the server is to be started by [#startInBackground], and not here.
    public static boolean isForBackground(ProcessSettings settings) {
        return settings.background() && !Background.isHere();
    }

    /// Starts the server in the background.
    ///
    /// @param to gets what it says until it serves
    /// @return this process's exit status
    /// @throws ServerStartException if there is no such user or group, or no process can be started
    public static int startInBackground(ProcessSettings settings, PrintStream to) throws ServerStartException {
        if (settings.runAs().isAnother()) {
            settings.runAs().credentials();
        }
        LogSettings.Named file = settings.log().early();
        if (file != null && SWITCHES.contains(String.valueOf(file.path().getFileName()))) {
            to.println("loomgate: %s: the log goes to a file of that name, %s".formatted(file.option(), file.path()));
        }
        return Background.start(to);
    }

    /// The first step.
    ///
    /// @throws ServerStartException with a line for the operator
    public static ServerProcess begin(ProcessSettings settings, Logs log) throws ServerStartException {
        OutputStream terminal = Background.enter().orElse(null);
        ServerProcess process;
        try {
            process = new ServerProcess(settings, log, Privileges.of(settings.runAs()));
        } catch (ServerStartException e) {
            leave(terminal);
            throw e;
        }
        process.terminal = terminal;
        try {
            process.beginNow();
        } catch (ServerStartException e) {
            process.removePidFiles();
            throw e;
        }
        return process;
    }

    private void beginNow() throws ServerStartException {
        OrphanReaper.startIfFirst();
        inherit(settings.inherited());
        String title = settings.title();
        if (title != null) {
            ProcessTitle.set(title);
        }
        LogSettings.Named early = settings.log().early();
        if (early != null) {
            openLog(early);
        }
        log.openLoggers();
        privileges.warn();
        open(EnumSet.of(When.FIRST, When.SERVING));
        write(EnumSet.of(When.FIRST));
        run(EnumSet.of(Hook.Point.ASAP, Hook.Point.PRE_JAIL, Hook.Point.POST_JAIL));
    }

    private static void inherit(ProcessSettings.Inherited inherited) throws ServerStartException {
        if (inherited.umask() != null) {
            SystemCalls.umask(inherited.umask());
        }
        if (inherited.openFiles() != null) {
            OpenFiles.allow(inherited.openFiles());
        }
    }

    // The pipe is the process's output still, and ends with it.
    private static void leave(@Nullable OutputStream terminal) {
        try {
            if (terminal != null) {
                terminal.close();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the terminal has gone: {0}", e.getMessage());
        }
    }

    private void openLog(LogSettings.Named file) throws ServerStartException {
        logFile = LogFile.open(file.option(), file.path(), settings.log(), privileges);
        if (terminal != null) {
            log.alsoTo(terminal);
        }
    }

    private void open(Set<When> when) throws ServerStartException {
        for (NamedPidFile each : settings.pidFiles()) {
            if (when.contains(each.when())) {
                try {
                    pidFiles.put(each, PidFile.open(each.option(), each.path()));
                } catch (IOException e) {
                    throw new ServerStartException(
                            "can't write the process id (%s): %s".formatted(each.option(), Reasons.withFile(e)), e);
                }
            }
        }
    }

    // Here already, since the program's own load may only leave it unserved.
    private void checkDirectory() throws ServerStartException {
        Path directory = settings.directory();
        if (settings.directoryGiven() && !Files.isDirectory(directory)) {
            throw new ServerStartException("there is no directory %s (--chdir)".formatted(directory));
        }
        if (settings.directoryGiven() && !Files.isExecutable(directory)) {
            throw new ServerStartException("the directory %s can't be entered (--chdir)".formatted(directory));
        }
    }

    private void write(Set<When> when) {
        pidFiles.forEach((each, file) -> {
            if (when.contains(each.when())) {
                file.write();
            }
        });
    }

    /// Becomes the user that was asked for, when the sockets are bound.
    ///
    /// @param sockets the files of unix sockets, which are given to the user where that was asked for
    /// @param files what else is given to the user
    /// @throws ServerStartException with a line for the operator
    public void becomeUser(List<Path> sockets, List<Path> files) throws ServerStartException {
        // Asked only where it matters, since most starts need none of the C library's functions.
        boolean isRoot = settings.hooks().stream().anyMatch(ServerProcess::isAroundDrop) && Privileges.isRoot();
        if (isRoot) {
            run(EnumSet.of(Hook.Point.AS_ROOT));
        }
        privileges.drop(settings.ownSockets() ? sockets : List.of(), files);
        if (isRoot) {
            run(EnumSet.of(Hook.Point.AS_USER));
        }
        LogSettings.Named late = settings.log().late();
        if (late != null) {
            openLog(late);
        }
        checkDirectory();
        open(EnumSet.of(When.AFTER_DROP));
        write(EnumSet.of(When.AFTER_DROP));
        run(EnumSet.of(Hook.Point.PRE_APP));
    }

    private void run(Set<Hook.Point> points) throws ServerStartException {
        // Those of one point follow each other, and points are told apart by their order here.
        for (Hook.Point point : points) {
            for (Hook hook : settings.hooks()) {
                if (hook.point() == point) {
                    run(hook);
                }
            }
        }
    }

    private void run(Hook hook) throws ServerStartException {
        try {
            hook.action().run(directory(hook.point()));
        } catch (IOException e) {
            throw new ServerStartException("%s: %s".formatted(hook.option(), Reasons.withFile(e)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerStartException(hook.option() + ": interrupted", e);
        }
    }

    private static boolean isAroundDrop(Hook hook) {
        return hook.point() == Hook.Point.AS_ROOT || hook.point() == Hook.Point.AS_USER;
    }

    private Path directory(Hook.Point point) {
        return point.compareTo(Hook.Point.PRE_APP) >= 0
                ? settings.directory()
                : Path.of("").toAbsolutePath();
    }

    /// The server listens, and the application is loaded.
    ///
    /// @throws ServerStartException if a hook fails, or the process id can't be written; the server is to end then
    public void serving() throws ServerStartException {
        run(EnumSet.of(Hook.Point.POST_APP, Hook.Point.MASTER_START));
        open(EnumSet.of(When.SERVING_AFTER_DROP));
        write(EnumSet.of(When.SERVING, When.SERVING_AFTER_DROP));
        LogFile file = logFile;
        if (file == null) {
            settings.log()
                    .rotations()
                    .forEach(option -> LOG.log(
                            Level.WARNING,
                            "{0}: there is no log file to be rotated (--logto FILE); a logger rotates by itself (--logger"
                                    + " file:logfile=PATH,maxsize=BYTES,every=TIME)",
                            option));
        }
        if (settings.log().isWatched() && (file != null || log.hasFiles())) {
            logWatch = LogWatch.start(file, settings.log(), this::reopenLog);
        }
        if (terminal != null) {
            log.alsoTo(null);
            Background.serves(terminal);
            terminal = null;
        }
    }

    /// Opens the log's file again, if there is one. Any thread.
    ///
    /// @param why for the log
    public void reopenLog(String why) {
        LogFile file = logFile;
        if (file != null) {
            file.reopen(why);
        }
        if (!log.reopenLoggers(why) && file == null) {
            LOG.log(Level.INFO, "{0}: there is no log file to be opened again (--logto, --logger)", why);
        }
    }

    /// Renames the log's file and begins another one, if there is one. Any thread.
    ///
    /// @param why for the log
    public void rotateLog(String why) {
        LogFile file = logFile;
        if (file == null) {
            LOG.log(Level.INFO, "{0}: there is no log file to be rotated (--logto)", why);
        } else {
            file.rotate(why);
        }
    }

    /// Writes the files with the process id again. Any thread, while the server serves.
    public void rewritePidFiles() {
        pidFiles.values().forEach(PidFile::write);
    }

    /// A reload was asked for. Any thread.
    public void reloads() {
        if ((logFile != null || log.hasFiles()) && settings.log().reopenOnReload()) {
            reopenLog("--log-reopen");
        }
    }

    /// A line that didn't go through the log, to the terminal of a start in the background.
    public void tell(String line) {
        if (terminal != null && logFile != null) {
            try {
                terminal.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "the terminal has gone: {0}", e.getMessage());
            }
        }
    }

    /// Removes what names this process. The server has ended.
    @Override
    public void close() {
        if (logWatch != null) {
            logWatch.close();
        }
        try {
            run(EnumSet.of(Hook.Point.AT_EXIT));
        } catch (ServerStartException e) {
            LOG.log(Level.ERROR, String.valueOf(e.getMessage()));
        }
        removePidFiles();
    }

    private void removePidFiles() {
        pidFiles.values().forEach(PidFile::close);
        pidFiles.clear();
    }
}
