package dev.loomgate.testkit.peers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A program of the machine that a test has started: its output goes to a file, and it ends with the test, or with
/// the JVM at the latest.
final class Program implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL_PERIOD = Duration.ofMillis(20);

    private final String name;
    private final Path output;
    private final Process process;
    private final Thread endWithJvm;

    private Program(String name, Path output, Process process) {
        this.name = name;
        this.output = output;
        this.process = process;
        endWithJvm = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(endWithJvm);
    }

    /// A condition that may fail while it is not fulfilled yet.
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    static Program start(Path directory, List<String> command) throws IOException {
        return start(directory, Map.of(), command);
    }

    /// @param environment what it has besides this process's own
    static Program start(Path directory, Map<String, String> environment, List<String> command) throws IOException {
        Path output = Files.createTempFile(directory, "output-", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new Program(command.getFirst(), output, builder.start());
    }

    /// Waits until it is ready.
    ///
    /// @throws IOException if it ends before, or isn't ready in time; with its output
    Program await(Condition ready) throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            String why = "not ready";
            try {
                if (ready.holds()) {
                    return this;
                }
            } catch (IOException e) {
                why = e.toString();
            }
            boolean late = System.nanoTime() > deadline;
            if (late || !process.isAlive()) {
                String text = output();
                close();
                throw new IOException(name + (late ? " isn't ready after " + START_LIMIT + ": " + why : " has ended")
                        + "; its output:\n" + text);
            }
            pause();
        }
    }

    /// Waits until it accepts connections.
    ///
    /// @throws IOException as [#await]
    Program awaitAccepting(SocketAddress address) throws IOException {
        return await(() -> {
            try (SocketChannel probe = SocketChannel.open(address)) {
                return probe.isConnected();
            }
        });
    }

    /// Waits until it says where it listens, and accepts connections there.
    ///
    /// @param said what it says, with host and port as groups
    /// @throws IOException as [#await]
    InetSocketAddress awaitListening(Pattern said) throws IOException {
        await(() -> said.matcher(output()).find());
        Matcher found = said.matcher(output());
        if (!found.find()) {
            throw new IllegalStateException("it has said it before");
        }
        InetSocketAddress address = new InetSocketAddress(found.group(1), Integer.parseInt(found.group(2)));
        awaitAccepting(address);
        return address;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL_PERIOD);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    long pid() {
        return process.pid();
    }

    /// What it has written so far.
    String output() throws IOException {
        return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    }

    /// Ends it by SIGTERM, and by SIGKILL if that has no effect; so end the processes that it leaves behind.
    @Override
    public void close() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
            descendants.forEach(ProcessHandle::destroyForcibly);
            Runtime.getRuntime().removeShutdownHook(endWithJvm);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
