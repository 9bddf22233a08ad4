package dev.loomgate.bench.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A TCP port on 127.0.0.1, where everything measured here listens.
///
/// @param tls whether TLS is spoken there
public record Address(int port, boolean tls) {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    // The system gives a port again that nobody listens on yet.
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    /// A port that was free a moment ago, and that this has given to nobody.
    public static Address free() throws IOException {
        return free(false);
    }

    /// The same, for HTTPS.
    public static Address freeForTls() throws IOException {
        return free(true);
    }

    private static Address free(boolean tls) throws IOException {
        while (true) {
            try (ServerSocket probe = new ServerSocket(0, 1, LOOPBACK)) {
                if (GIVEN.add(probe.getLocalPort())) {
                    return new Address(probe.getLocalPort(), tls);
                }
            }
        }
    }

    public String url(String path) {
        return (tls ? "https://" : "http://") + hostAndPort() + path;
    }

    public String host() {
        return LOOPBACK.getHostAddress();
    }

    public String hostAndPort() {
        return host() + ":" + port;
    }

    public Connection connect() throws IOException {
        InetSocketAddress address = new InetSocketAddress(LOOPBACK, port);
        return tls ? Connection.tls(address) : Connection.plain(address);
    }

    /// Asks for `path` on a connection of its own.
    public Answer get(String path) throws IOException {
        try (Connection connection = connect()) {
            return connection.get(path);
        }
    }
}
