package dev.loomgate.cli.emperor;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A program that is run with a vassal's name when its process has ended. It delays no vassal. [#run] is called by the
/// emperor's thread, [#close] when that has ended.
final class StopHooks implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final @Nullable String program;
    private final Duration limit;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();

    /// @param program null for none
    /// @param limit how long the end waits for those that still run
    StopHooks(@Nullable String program, Duration limit) {
        this.program = program;
        this.limit = limit;
    }

    void run(VassalFile vassal) {
        if (program == null) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(program, vassal.name())
                .directory(vassal.directory().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .put(VassalCommand.DIRECTORY_VARIABLE, vassal.directory().toString());
        try {
            Process process = builder.start();
            running.add(process);
            process.onExit().thenAccept(ended -> ended(vassal, ended));
        } catch (IOException e) {
            LOG.log(Level.ERROR, "emperor: {0}: --vassals-stop-hook: {1}", vassal.name(), e.getMessage());
        }
    }

    private void ended(VassalFile vassal, Process process) {
        running.remove(process);
        LOG.log(
                Level.INFO,
                "emperor: {0}: the stop hook has ended with status {1}",
                vassal.name(),
                process.exitValue());
    }

    /// Waits for those that still run, and ends them at the limit.
    @Override
    public void close() {
        long end = System.nanoTime() + limit.toNanos();
        for (Process process : running) {
            try {
                if (!process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
    }
}
