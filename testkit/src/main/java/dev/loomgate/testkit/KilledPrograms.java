package dev.loomgate.testkit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/// Programs with a `main` of the tests, each in a JVM of its own, that are killed: the oldest one first, and all at the
/// end.
public final class KilledPrograms {
    private final Path directory;
    private final Deque<Process> running = new ArrayDeque<>();

    /// @param directory for what they print
    public KilledPrograms(Path directory) {
        this.directory = directory;
    }

    /// Starts one more.
    ///
    /// @param program with a `main`
    /// @return its process id
    public long start(Class<?> program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        // Where microthreads run depends on it.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.add(program.getName());
        Collections.addAll(command, arguments);
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        Files.createTempFile(directory, "output-", ".txt").toFile())
                .start();
        running.add(started);
        return started.pid();
    }

    /// Kills the one that has run for longest.
    public void killOldest() throws IOException, InterruptedException {
        Process oldest = running.removeFirst();
        Processes.signal(oldest.pid(), "KILL");
        oldest.waitFor();
    }

    /// Ends them all.
    public void end() throws InterruptedException {
        for (Process each : running) {
            each.destroyForcibly().waitFor();
        }
    }
}
