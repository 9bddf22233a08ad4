package dev.loomgate.testkit.peers;

import dev.loomgate.testkit.Processes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A real Redis on a free port of 127.0.0.1, in memory alone. A killed one can be started again, at the
/// same port.
///
/// ```java
/// try (RedisServer redis = RedisServer.start(directory)) {
///     redis.signal("STOP");
/// }
/// ```
public final class RedisServer implements AutoCloseable {
    private static final int TRIES = 5;

    private final Path directory;
    private final int port;
    private Program program;

    private RedisServer(Path directory, int port) throws IOException {
        this.directory = directory;
        this.port = port;
        program = run(directory, port);
    }

    /// Starts Redis and waits until it accepts connections.
    ///
    /// @param parent where its directory is made
    /// @throws IOException if it doesn't start; with what it says
    public static RedisServer start(Path parent) throws IOException {
        IOException last = new IOException("never tried");
        for (int i = 0; i < TRIES; i++) {
            try {
                return new RedisServer(Files.createTempDirectory(parent, "redis-"), Nginx.freePort());
            } catch (IOException e) {
                // Somebody may have taken the port between our look and Redis' bind.
                last = e;
                if (!String.valueOf(e.getMessage()).contains("Address already in use")) {
                    break;
                }
            }
        }
        throw last;
    }

    private static Program run(Path directory, int port) throws IOException {
        return Program.start(
                        directory,
                        List.of(
                                "/usr/bin/redis-server",
                                "--bind",
                                "127.0.0.1",
                                "--port",
                                Integer.toString(port),
                                "--save",
                                "",
                                "--appendonly",
                                "no"))
                .awaitAccepting(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /// `redis://127.0.0.1:PORT/0`
    public String uri() {
        return "redis://127.0.0.1:" + port + "/0";
    }

    /// Sends it a signal, such as `STOP`.
    public void signal(String name) throws IOException, InterruptedException {
        Processes.signal(program.pid(), name);
    }

    /// Kills it, by SIGKILL: nothing of what it had is left.
    public void kill() throws IOException, InterruptedException {
        signal("KILL");
        program.close();
    }

    /// Starts it again, empty, after [#kill].
    public void restart() throws IOException {
        program = run(directory, port);
    }

    /// Asks it by its own client.
    ///
    /// @return what that prints
    public String ask(String... command) throws IOException, InterruptedException {
        String[] whole = new String[command.length + 3];
        whole[0] = "/usr/bin/redis-cli";
        whole[1] = "-p";
        whole[2] = Integer.toString(port);
        System.arraycopy(command, 0, whole, 3, command.length);
        return Processes.run(whole);
    }

    @Override
    public void close() {
        try {
            if (Processes.exists(program.pid())) {
                // A stopped one gets nothing else.
                signal("KILL");
            }
        } catch (IOException e) {
            // It has ended meanwhile.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        program.close();
    }
}
