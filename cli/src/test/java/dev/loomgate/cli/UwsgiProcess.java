package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The real uWSGI with a command line of the test's, which speaks HTTP on a port of 127.0.0.1.
final class UwsgiProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /// Its workers that wait for something keep its master from an end for a minute.
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final Pattern PORT = Pattern.compile("bound to TCP address 127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final Path log;
    private final int port;

    private UwsgiProcess(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /// Starts it, and waits until it listens.
    static UwsgiProcess start(Path directory, String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("/usr/bin/uwsgi", "--plugin", "python3", "--http-socket", "127.0.0.1:0", "--die-on-term"));
        command.addAll(List.of(options));
        Path log = Files.createTempFile(directory, "uwsgi-", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Eventually.await(
                    LIMIT,
                    () -> said(log),
                    () -> PORT.matcher(Files.readString(log)).find() || !process.isAlive());
            Matcher port = PORT.matcher(Files.readString(log));
            if (!port.find()) {
                throw new AssertionError("uWSGI has ended: " + Files.readString(log));
            }
            return new UwsgiProcess(process, log, Integer.parseInt(port.group(1)));
        } catch (Exception | AssertionError e) {
            process.destroyForcibly().waitFor();
            throw e;
        }
    }

    /// Runs it until it ends, with nothing but these options.
    ///
    /// @return its exit status
    static int status(Path directory, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("/usr/bin/uwsgi", "--plugin", "python3"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("uwsgi.txt").toFile())
                .start();
        try {
            assertThat(process.waitFor(LIMIT)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String said(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /// What it has logged so far.
    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        // Without a master, they stay.
        List<ProcessHandle> workers = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(GRACE)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        workers.forEach(ProcessHandle::destroyForcibly);
    }
}
