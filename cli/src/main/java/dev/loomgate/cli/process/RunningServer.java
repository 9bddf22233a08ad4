package dev.loomgate.cli.process;

import dev.loomgate.cli.files.Reasons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A server that runs elsewhere, by the file with its process id.
///
/// @param pidFile names it
/// @param signal what it is to be sent
public record RunningServer(Path pidFile, Signal signal) {
    /// What a server can be asked for.
    public enum Signal {
        /// SIGTERM.
        STOP(15),
        /// SIGHUP.
        RELOAD(1),
        /// SIGTSTP.
        SUSPEND_OR_RESUME(20);

        private final int number;

        Signal(int number) {
            this.number = number;
        }
    }

    /// Sends the signal, and waits for no effect of it.
    ///
    /// @return what was wrong, for the operator; empty if it was sent
    public Optional<String> send() {
        String text;
        try {
            text = Files.readString(pidFile, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            return Optional.of("can't read the process id: " + Reasons.withFile(e));
        }
        // Zero and negative numbers mean groups of processes.
        if (!text.matches("[1-9][0-9]{0,8}")) {
            return Optional.of("%s has no process id in it".formatted(pidFile));
        }
        try {
            SystemCalls.kill(Integer.parseInt(text), signal.number);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("process %s of %s can't be signalled: %s".formatted(text, pidFile, e.getMessage()));
        }
    }
}
