package dev.loomgate.cli.process;

import dev.loomgate.cli.files.Backup;
import dev.loomgate.cli.files.Reasons;
import dev.loomgate.server.ServerStartException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The file that both outputs of this process go to: the server's, the workers' that pass through it, and what the JVM
/// itself writes at a crash.
///
/// Descriptors 1 and 2 are replaced, and those who write there need to know nothing of it. A file is appended to, by
/// each write at its end as it then is, so that logrotate may truncate it or rename it and ask for [#reopen].
/// Any thread.
final class LogFile {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final int STANDARD_MODE = 0640;

    /// Those that are open already, and which the user that the server becomes may be refused to open again.
    private static final Map<String, Integer> OPEN =
            Map.of("/dev/stdout", 1, "/dev/stderr", 2, "/proc/self/fd/1", 1, "/proc/self/fd/2", 2);

    private final String option;
    private final Path path;
    private final LogSettings settings;

    private LogFile(String option, Path path, LogSettings settings) {
        this.option = option;
        this.path = path;
        this.settings = settings;
    }

    /// Has both outputs go there from now on.
    ///
    /// @param option which names the file, for messages
    /// @param owner gives the file to the user that the server becomes, if that is asked for
    static LogFile open(String option, Path path, LogSettings settings, Privileges owner) throws ServerStartException {
        LogFile file = new LogFile(option, path, settings);
        try {
            file.take(settings.truncate() ? SystemCalls.TRUNCATE : 0, settings.chown() ? owner : null);
        } catch (IOException e) {
            throw new ServerStartException(
                    "can't write the log to %s (%s): %s".formatted(path, option, e.getMessage()), e);
        }
        return file;
    }

    private void take(int moreFlags, @Nullable Privileges owner) throws IOException {
        Integer open = OPEN.get(path.toString());
        if (open != null) {
            SystemCalls.dup2(open, 1);
            SystemCalls.dup2(open, 2);
            return;
        }
        int flags = SystemCalls.WRITE_ONLY
                | SystemCalls.CREATE
                | SystemCalls.APPEND
                | SystemCalls.CLOSE_ON_EXEC
                | moreFlags;
        int descriptor = SystemCalls.open(path.toString(), flags, STANDARD_MODE);
        try {
            Integer mode = settings.mode();
            if (mode != null) {
                SystemCalls.fchmod(descriptor, mode);
            }
            if (owner != null) {
                owner.own(descriptor);
            }
            SystemCalls.dup2(descriptor, 1);
            SystemCalls.dup2(descriptor, 2);
        } finally {
            SystemCalls.close(descriptor);
        }
    }

    /// Opens the file again by its name, after somebody has renamed it. Where that fails the old one stays.
    void reopen(String why) {
        try {
            take(0, null);
            LOG.log(Level.INFO, "{0}: the log is open again: {1} ({2})", why, path, option);
        } catch (IOException e) {
            LOG.log(
                    Level.ERROR,
                    "{0}: the log can''t be opened again ({1}), and goes on to the old file: {2}: {3}",
                    why,
                    option,
                    path,
                    e.getMessage());
        }
    }

    /// Renames the file, as it was asked for or by the time, and begins a new one.
    synchronized void rotate(String why) {
        if (!Files.isRegularFile(path)) {
            return;
        }
        Path backup;
        try {
            backup = Backup.of(path, settings.backup());
        } catch (IOException e) {
            LOG.log(Level.ERROR, "{0}: the log can''t be renamed: {1}", why, Reasons.withFile(e));
            return;
        }
        reopen(why + ", the old one is " + backup);
    }

    /// When something was written to it last; now, where that can't be told.
    Instant lastWritten() {
        try {
            return Files.getLastModifiedTime(path).toInstant();
        } catch (IOException e) {
            return Instant.now();
        }
    }

    /// Whether the file has more than that many bytes.
    boolean isOver(long bytes) {
        try {
            return Files.isRegularFile(path) && Files.size(path) > bytes;
        } catch (IOException e) {
            return false;
        }
    }
}
