package dev.loomgate.testkit.peers;

import dev.loomgate.testkit.Processes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A real Redis on a free port of 127.0.0.1, in memory alone unless it is asked for otherwise. A killed one can
/// be started again, at the same port.
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
    private final Kind kind;
    private Program program;

    private record Kind(String scheme, String portOption, List<String> options) {}

    private RedisServer(Path directory, int port, Kind kind) throws IOException {
        this.directory = directory;
        this.port = port;
        this.kind = kind;
        program = run();
    }

    /// Starts Redis and waits until it accepts connections.
    ///
    /// @param parent where its directory is made
    /// @throws IOException if it doesn't start; with what it says
    public static RedisServer start(Path parent) throws IOException {
        return start(parent, new Kind("redis", "--port", List.of("--appendonly", "no")));
    }

    /// The same of one that answers a write when it is on the disk, and has all of them again after [#restart].
    public static RedisServer startDurable(Path parent) throws IOException {
        return start(parent, new Kind("redis", "--port", List.of("--appendonly", "yes", "--appendfsync", "always")));
    }

    /// The same of one that speaks TLS alone, and wants certificates of its clients.
    ///
    /// @param authority that issued those
    /// @param own its certificate
    public static RedisServer startTls(Path parent, CertificateAuthority authority, CertificateAuthority.Issued own)
            throws IOException {
        List<String> options = List.of(
                "--port",
                "0",
                "--tls-cert-file",
                own.chain().toString(),
                "--tls-key-file",
                own.key().toString(),
                "--tls-ca-cert-file",
                authority.certificate().toString());
        return start(parent, new Kind("rediss", "--tls-port", options));
    }

    /// The same of a replica of another one, which may become a master.
    public static RedisServer startReplica(Path parent, RedisServer master) throws IOException {
        List<String> options = List.of("--replicaof", "127.0.0.1 " + master.port, "--repl-diskless-sync-delay", "0");
        return start(parent, new Kind("redis", "--port", options));
    }

    private static RedisServer start(Path parent, Kind kind) throws IOException {
        IOException last = new IOException("never tried");
        for (int i = 0; i < TRIES; i++) {
            try {
                return new RedisServer(Files.createTempDirectory(parent, "redis-"), Nginx.freePort(), kind);
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

    private Program run() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/redis-server",
                "--bind",
                "127.0.0.1",
                kind.portOption(),
                Integer.toString(port),
                "--save",
                ""));
        command.addAll(kind.options());
        return Program.start(directory, command)
                .awaitAccepting(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /// `redis://127.0.0.1:PORT/0`; `rediss` with TLS.
    public String uri() {
        return kind.scheme() + "://127.0.0.1:" + port + "/0";
    }

    int port() {
        return port;
    }

    /// Sends it a signal, such as `STOP`.
    public void signal(String name) throws IOException, InterruptedException {
        Processes.signal(program.pid(), name);
    }

    /// Kills it, by SIGKILL: of what it had nothing is left, unless it is a durable one.
    public void kill() throws IOException, InterruptedException {
        signal("KILL");
        program.close();
    }

    /// Starts it again, after [#kill].
    public void restart() throws IOException {
        program = run();
    }

    /// Asks it by its own client, without TLS.
    ///
    /// @return what that prints
    public String ask(String... command) throws IOException, InterruptedException {
        return ask(port, command);
    }

    static String ask(int port, String... command) throws IOException, InterruptedException {
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
