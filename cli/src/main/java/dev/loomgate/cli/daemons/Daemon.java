package dev.loomgate.cli.daemons;

import dev.loomgate.cli.files.WatchedFiles;
import dev.loomgate.cli.process.SessionCommand;
import dev.loomgate.server.ServerStartException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One command's life: when it is started, started again, and asked to end. Used by the thread of [Daemons] alone.
abstract class Daemon {
    static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final long FOREVER = Long.MAX_VALUE;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /// What it asks of the thread.
    interface Owner {
        /// A process has ended: the thread is to look again. Any thread.
        void wake();

        /// The server is to end.
        void endServer(String why);
    }

    final DaemonSettings settings;
    final Owner owner;
    private final SessionCommand command;
    private final WatchedFiles touched;
    private int starts;
    private long lastStart;
    private boolean isDue;
    private long due;

    Daemon(DaemonSettings settings, AttachedDaemons all, Owner owner, boolean endsWithServer) {
        this.settings = settings;
        this.owner = owner;
        Path base = all.directory();
        Path pidFile = settings.pidFile() != null && settings.daemonizes() ? base.resolve(settings.pidFile()) : null;
        command = new SessionCommand(
                settings.command(),
                settings.directory() == null ? base : base.resolve(settings.directory()),
                all.environment(),
                settings.withInput(),
                endsWithServer,
                settings.runAs(),
                pidFile);
        touched = new WatchedFiles(
                settings.option() + " (touch)",
                settings.touched().stream().map(base::resolve).toList(),
                false);
        touched.haveChanged();
    }

    static Daemon of(DaemonSettings settings, AttachedDaemons all, Owner owner) {
        return settings.pidFile() == null
                ? new EndingDaemon(settings, all, owner)
                : new OutlivingDaemon(settings, all, owner, all.directory().resolve(settings.pidFile()));
    }

    /// @throws ServerStartException if it can't be started at all
    final void check() throws ServerStartException {
        command.check(settings.option());
    }

    /// The server serves, for the first time or after a reload.
    final void begin(long now) {
        starts = 0;
        begun(now);
    }

    abstract void begun(long now);

    /// Starts it, at once or when the throttle allows it.
    final void start(long now) {
        long wait =
                starts == 0 ? 0 : Throttle.seconds(starts, (now - lastStart) / SECOND, settings.mostThrottleSeconds());
        if (wait > 0) {
            LOG.log(Level.INFO, "{0}: ''{1}'' is started in {2} s", settings.option(), settings.command(), wait);
        }
        starts++;
        lastStart = now;
        isDue = true;
        due = now + wait * SECOND;
        startIfDue(now);
    }

    private void startIfDue(long now) {
        if (!isDue || now - due < 0) {
            return;
        }
        isDue = false;
        try {
            Process process = command.start();
            LOG.log(
                    Level.INFO,
                    "{0}: ''{1}'' is process {2}",
                    settings.option(),
                    settings.command(),
                    Long.toString(process.pid()));
            started(process);
            process.onExit().thenRun(owner::wake);
        } catch (IOException e) {
            LOG.log(
                    Level.ERROR,
                    "{0}: ''{1}'' can''t be started: {2}",
                    settings.option(),
                    settings.command(),
                    e.getMessage());
            start(now);
        }
    }

    abstract void started(Process process);

    /// Does what is to be done now.
    final void look(long now) {
        startIfDue(now);
        if (!isDue) {
            lookAtProcess(now);
        }
        if (!settings.touched().isEmpty() && touched.haveChanged() && leader() > 0) {
            LOG.log(
                    Level.INFO,
                    "{0}: ''{1}'' is started again: a file has changed",
                    settings.option(),
                    settings.command());
            SessionCommand.signal(leader(), settings.stopSignal());
        }
    }

    abstract void lookAtProcess(long now);

    /// The process that leads the command's group; 0 for none.
    abstract long leader();

    /// How long nothing is to be done, in nanoseconds, unless [Owner#wake] says otherwise.
    final long rest(long now) {
        long rest = isPolled() || !settings.touched().isEmpty() ? SECOND : FOREVER;
        return isDue ? Math.min(rest, Math.max(0, due - now)) : rest;
    }

    abstract boolean isPolled();

    /// Asks it to end, if it ends with the server.
    ///
    /// @param forReload whether it is to begin again
    final void end(boolean forReload) {
        isDue = false;
        askToEnd(forReload);
    }

    abstract void askToEnd(boolean forReload);

    /// Whether nothing of it is left that is to end.
    abstract boolean hasEnded();

    final void kill() {
        SessionCommand.kill(leader());
    }

    /// `'celery worker' (process 4711)`.
    final String name(@Nullable Long process) {
        return "'%s'".formatted(settings.command()) + (process == null ? "" : " (process %d)".formatted(process));
    }
}
