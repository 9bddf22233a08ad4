package dev.loomgate.bench.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A TCP port on 127.0.0.1, where everything measured here listens.
public record Address(int port) {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    // The system gives a port again that nobody listens on yet.
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    /// A port that was free a moment ago, and that this has given to nobody.
    public static Address free() throws IOException {
        while (true) {
            try (ServerSocket probe = new ServerSocket(0, 1, LOOPBACK)) {
                if (GIVEN.add(probe.getLocalPort())) {
                    return new Address(probe.getLocalPort());
                }
            }
        }
    }

    public String url(String path) {
        return "http://" + hostAndPort() + path;
    }

    public String hostAndPort() {
        return LOOPBACK.getHostAddress() + ":" + port;
    }

    public Connection connect() throws IOException {
        return new Connection(new InetSocketAddress(LOOPBACK, port));
    }

    /// Asks for `path` on a connection of its own.
    public Answer get(String path) throws IOException {
        try (Connection connection = connect()) {
            return connection.get(path);
        }
    }
}
