package dev.loomgate.cli.process;

import dev.loomgate.server.ServerStartException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A start in the background. A JVM can't fork, so the first process starts a second one with the same command line,
/// and stays until that one serves or has failed:
///
/// ```
///  terminal      first process                      the server, in a session of its own
///    |             |-- java ... -Dloomgate.background ->|
///    |<- lines ----|<============ pipe =================| whatever it says while it starts
///    |             |<------------ NUL ------------------| serves; from now on the log alone
///    |<- exit 0 ---'                                    |
/// ```
///
/// Without the NUL it has failed, and its exit status is the first one's. Wrong options are told by the first process
/// alone: it reads them before it starts another one. Working directory, umask and environment stay the same.
public final class Background {
    private static final String PROPERTY = "loomgate.background";
    private static final int SERVES = 0;

    private Background() {}

    /// Whether this process is the server in the background.
    static boolean isHere() {
        return Boolean.getBoolean(PROPERTY);
    }

    /// Starts the server in the background, and waits for what becomes of its start.
    ///
    /// @param terminal gets what it says meanwhile
    /// @return this process's exit status: 0 if it serves
    /// @throws ServerStartException if it can't be started at all
    static int start(PrintStream terminal) throws ServerStartException {
        try {
            Process server = new ProcessBuilder(command())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .start();
            // Who interrupts the start means the server.
            Thread end = new Thread(server::destroy, "loomgate-background-end");
            Runtime.getRuntime().addShutdownHook(end);
            boolean serves;
            try (InputStream said = server.getInputStream()) {
                serves = passOn(said, terminal);
            }
            if (serves) {
                Runtime.getRuntime().removeShutdownHook(end);
                return 0;
            }
            return server.waitFor();
        } catch (IOException e) {
            throw new ServerStartException("can't start in the background (--daemonize): " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static boolean passOn(InputStream said, PrintStream terminal) throws IOException {
        byte[] part = new byte[8192];
        for (int count = said.read(part); count >= 0; count = said.read(part)) {
            boolean serves = count > 0 && part[count - 1] == SERVES;
            terminal.write(part, 0, serves ? count - 1 : count);
            terminal.flush();
            if (serves) {
                return true;
            }
        }
        return false;
    }

    /// The command line of this process, whose first word may be no more than a name.
    private static List<String> command() throws IOException {
        List<String> words = OwnCommand.all();
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse(words.getFirst()));
        command.add("-D" + PROPERTY + "=true");
        command.addAll(words.subList(1, words.size()));
        return command;
    }

    /// Where the first process reads what this one says while it starts, as an output of its own; empty if this one
    /// isn't in the background. It leaves the terminal's session.
    static Optional<OutputStream> enter() {
        if (!isHere()) {
            return Optional.empty();
        }
        try {
            SystemCalls.newSession();
            return Optional.of(new FileOutputStream("/proc/self/fd/1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Tells the first process that the server serves, and lets it end.
    static void serves(OutputStream terminal) {
        try (terminal) {
            terminal.write(SERVES);
        } catch (IOException e) {
            // Nobody waits for that any more.
        }
    }
}
