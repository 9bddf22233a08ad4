package dev.loomgate.cli.process;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;

/// A command that the server runs in a shell, as its own user: what it writes goes where the server's own output goes,
/// and the log says when it begins and ends. Nobody waits for it.
public final class LoggedCommand {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    private static final File NOTHING = new File("/dev/null");

    private LoggedCommand() {}

    /// Starts it.
    ///
    /// @param why what messages begin with: `cron`
    /// @param directory its working directory
    /// @throws IOException if that isn't possible
    public static Process start(String why, String command, Path directory) throws IOException {
        Process process =
                Shell.of(command, directory).inheritIO().redirectInput(NOTHING).start();
        long began = System.nanoTime();
        LOG.log(Level.INFO, "{0}: ''{1}'' runs (pid {2,number,#})", why, command, process.pid());
        process.onExit()
                .thenAccept(ended -> LOG.log(
                        Level.INFO,
                        "{0}: ''{1}'' (pid {2,number,#}) has ended with status {3} after {4} s",
                        why,
                        command,
                        ended.pid(),
                        ended.exitValue(),
                        Duration.ofNanos(System.nanoTime() - began).toSeconds()));
        return process;
    }
}
