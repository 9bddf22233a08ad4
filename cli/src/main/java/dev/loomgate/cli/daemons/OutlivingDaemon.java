package dev.loomgate.cli.daemons;

import dev.loomgate.cli.process.SessionCommand;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A command with a file that has its process id: it isn't started while that process lives, and stays when the server
/// ends. Once a second the file is looked at.
///
/// As in uWSGI, a command that was just started has some seconds ([DaemonSettings#checks]) to write its file; a process
/// that was seen alive and is no more is started again at once.
final class OutlivingDaemon extends Daemon {
    private static final int SIGHUP = 1;
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(900); // some less than what the thread rests

    private final Path pidFile;
    private @Nullable Process launcher;
    private long known;
    private boolean seenAlive;
    private int looks;
    private long lastLook;

    OutlivingDaemon(DaemonSettings settings, AttachedDaemons all, Owner owner, Path pidFile) {
        super(settings, all, owner, false);
        this.pidFile = pidFile;
    }

    @Override
    void begun(long now) {
        boolean isExpected = launcher != null && !seenAlive; // it may write its file yet
        known = alive();
        seenAlive = known > 0;
        if (seenAlive) {
            LOG.log(Level.INFO, "{0}: {1} runs already", settings.option(), name(known));
        } else if (!isExpected) {
            start(now);
        }
    }

    @Override
    void started(Process process) {
        launcher = process;
        known = 0;
        seenAlive = false;
        looks = 0;
        lastLook = System.nanoTime();
    }

    @Override
    void lookAtProcess(long now) {
        if (now - lastLook < PERIOD) {
            return;
        }
        lastLook = now;
        long alive = alive();
        if (alive > 0) {
            if (known > 0 && alive != known) {
                LOG.log(Level.INFO, "{0}: {1} has taken over, by {2}", settings.option(), name(alive), pidFile);
            }
            known = alive;
            seenAlive = true;
        } else if (seenAlive) {
            LOG.log(Level.WARNING, () -> "%s: %s has ended and is started again"
                    .formatted(settings.option(), name(known)));
            start(now);
        } else if (++looks >= settings.checks()) {
            complain(now);
        }
    }

    private void complain(long now) {
        Process child = launcher;
        String what;
        if (child != null && child.isAlive() && !settings.daemonizes()) {
            what = name(child.pid()) + " hasn't gone to the background";
        } else {
            what = name(null) + " is started again";
            start(now);
        }
        LOG.log(Level.WARNING, () -> "%s: after %d s there is no process whose id is in %s; %s"
                .formatted(settings.option(), settings.checks(), pidFile, what));
        looks = 0;
    }

    /// The process of the file, if it is there; else 0.
    private long alive() {
        try {
            String text = Files.readString(pidFile, StandardCharsets.ISO_8859_1).strip();
            boolean isNumber = text.matches("[1-9][0-9]{0,8}");
            return isNumber && ProcessHandle.of(Long.parseLong(text)).isPresent() ? Long.parseLong(text) : 0;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0}: can''t read {1}", settings.option(), pidFile);
            return 0;
        }
    }

    @Override
    long leader() {
        return known;
    }

    @Override
    boolean isPolled() {
        return true;
    }

    @Override
    void askToEnd(boolean forReload) {
        if (settings.notified() && known > 0) {
            Integer reload = settings.reloadSignal();
            SessionCommand.signal(known, forReload ? reload == null ? SIGHUP : reload : settings.stopSignal());
        }
    }

    @Override
    boolean hasEnded() {
        return true;
    }
}
