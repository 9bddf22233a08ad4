package dev.loomgate.redis;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.KilledPrograms;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A Redis whose memory survives its death, and three servers that share it ([SharingServer]), each a
/// process of its own.
final class ThreeServers {
    private final Path directory;
    private final RedisServer redis;
    private final KilledPrograms programs;
    private final List<InetSocketAddress> addresses = new ArrayList<>();

    private ThreeServers(Path directory) throws IOException {
        this.directory = directory;
        redis = RedisServer.startDurable(directory);
        programs = new KilledPrograms(directory);
    }

    /// Starts them, and waits until all accept requests.
    ///
    /// @param directory an empty one
    static ThreeServers start(Path directory) throws Exception {
        ThreeServers all = new ThreeServers(directory);
        try {
            all.startServers();
        } catch (Exception | Error e) {
            all.end();
            throw e;
        }
        return all;
    }

    private void startServers() throws Exception {
        List<Path> ports = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Path port = directory.resolve("port-" + i + ".txt");
            ports.add(port);
            programs.start(SharingServer.class, redis.uri(), port.toString());
        }
        for (Path port : ports) {
            Eventually.await(
                    "a server listens",
                    () -> Files.exists(port) && Files.readString(port).endsWith("\n"));
            addresses.add(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(),
                    Integer.parseInt(Files.readString(port).strip())));
        }
    }

    RedisServer redis() {
        return redis;
    }

    /// Where the servers listen.
    List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /// What they have printed so far, all of them together.
    List<String> output() throws IOException {
        List<String> lines = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "output-*")) {
            for (Path file : files) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    /// Logs in on the first server.
    ///
    /// @return a `Cookie` field of the session, which all of them know
    String login() throws IOException {
        try (HttpPeer peer = HttpPeer.to(addresses.getFirst())) {
            String cookie = peer.get("/login").answer().field("set-cookie");
            return "Cookie: " + cookie.substring(0, cookie.indexOf(';'));
        }
    }

    /// Ends them all.
    void end() throws InterruptedException {
        programs.end();
        redis.close();
    }
}
