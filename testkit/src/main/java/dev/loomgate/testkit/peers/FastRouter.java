package dev.loomgate.testkit.peers;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// uWSGI's router: passes uwsgi packets on to the servers that have subscribed to it.
public final class FastRouter implements AutoCloseable {
    private final SocketAddress address;
    private final String subscriptionServer;
    private final Program program;

    private FastRouter(SocketAddress address, String subscriptionServer, Program program) {
        this.address = address;
        this.subscriptionServer = subscriptionServer;
        this.program = program;
    }

    /// Starts one whose subscription server is a UDP port of 127.0.0.1.
    ///
    /// @param parent where its directory is made
    public static FastRouter start(Path parent) throws IOException {
        return start(Files.createTempDirectory(parent, "router-"), "127.0.0.1:" + freePort());
    }

    /// Starts one whose subscription server is a unix socket.
    ///
    /// @param parent where its directory is made
    public static FastRouter startOnUnixSocket(Path parent) throws IOException {
        Path directory = Files.createTempDirectory(parent, "router-");
        return start(directory, directory.resolve("subscriptions").toString());
    }

    private static FastRouter start(Path directory, String subscriptionServer) throws IOException {
        Path socket = directory.resolve("router");
        Program program = Program.start(
                directory,
                List.of(
                        "/usr/bin/uwsgi",
                        "--plugins",
                        "corerouter,fastrouter",
                        "--master",
                        "--die-on-term",
                        "--fastrouter",
                        socket.toString(),
                        "--fastrouter-subscription-server",
                        subscriptionServer));
        SocketAddress address = UnixDomainSocketAddress.of(socket);
        return new FastRouter(address, subscriptionServer, program.awaitAccepting(address));
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Where it takes uwsgi packets.
    public SocketAddress address() {
        return address;
    }

    /// Where it takes subscriptions: HOST:PORT, or a unix socket's path.
    public String subscriptionServer() {
        return subscriptionServer;
    }

    /// What it has logged so far.
    public String log() throws IOException {
        return program.output();
    }

    @Override
    public void close() {
        program.close();
    }
}
