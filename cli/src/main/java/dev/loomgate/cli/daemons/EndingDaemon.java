package dev.loomgate.cli.daemons;

import dev.loomgate.cli.process.SessionCommand;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// A command that ends with the server: while the server runs, it is a child process of it, and is started again when
/// it ends.
final class EndingDaemon extends Daemon {
    private @Nullable Process process;
    private boolean ending;

    EndingDaemon(DaemonSettings settings, AttachedDaemons all, Owner owner) {
        super(settings, all, owner, true);
    }

    @Override
    void begun(long now) {
        ending = false;
        process = null;
        start(now);
    }

    @Override
    void started(Process child) {
        process = child;
    }

    @Override
    void lookAtProcess(long now) {
        Process child = process;
        if (child == null || child.isAlive() || ending) {
            return;
        }
        process = null;
        // What it has started would be nobody's.
        SessionCommand.kill(child.pid());
        String what = "%s has ended with status %d".formatted(name(child.pid()), child.exitValue());
        if (settings.control()) {
            owner.endServer("%s (%s)".formatted(what, settings.option()));
        } else {
            LOG.log(Level.WARNING, () -> "%s: %s and is started again".formatted(settings.option(), what));
            start(now);
        }
    }

    @Override
    long leader() {
        return process == null ? 0 : process.pid();
    }

    @Override
    boolean isPolled() {
        return false;
    }

    @Override
    void askToEnd(boolean forReload) {
        ending = true;
        if (process != null && process.isAlive()) {
            SessionCommand.signal(process.pid(), settings.endSignal(forReload));
        }
    }

    @Override
    boolean hasEnded() {
        return process == null || (!process.isAlive() && !SessionCommand.isThere(process.pid()));
    }
}
