package dev.loomgate.testkit.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A real HAProxy on a free port of 127.0.0.1.
///
/// ```java
/// try (HaProxy haproxy = HaProxy.start(directory, "mode tcp", "server s 127.0.0.1:8000 send-proxy-v2")) { ... }
/// ```
public final class HaProxy implements AutoCloseable {
    private static final int TRIES = 5;
    private static final String CONFIGURATION = """
            global
              maxconn 500
            defaults
              timeout connect 20s
              timeout client 60s
              timeout server 60s
            listen test
              bind 127.0.0.1:PORT
              LINES
            """;

    private final int port;
    private final Program program;

    private HaProxy(int port, Program program) {
        this.port = port;
        this.program = program;
    }

    /// Starts HAProxy and waits until it accepts connections.
    ///
    /// @param parent where its directory is made
    /// @param lines of its `listen` section
    /// @throws IOException if it doesn't start; with what it says
    public static HaProxy start(Path parent, String... lines) throws IOException {
        IOException last = new IOException("never tried");
        for (int i = 0; i < TRIES; i++) {
            int port = Nginx.freePort();
            Path directory = Files.createTempDirectory(parent, "haproxy-");
            Path configuration = Files.writeString(
                    directory.resolve("haproxy.cfg"),
                    CONFIGURATION.replace("PORT", Integer.toString(port)).replace("LINES", String.join("\n  ", lines)));
            Program program =
                    Program.start(directory, List.of("/usr/sbin/haproxy", "-db", "-f", configuration.toString()));
            try {
                return new HaProxy(
                        port, program.awaitAccepting(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
            } catch (IOException e) {
                // Somebody may have taken the port between our look and HAProxy's bind.
                last = e;
                if (!String.valueOf(e.getMessage()).contains("Address already in use")) {
                    break;
                }
            }
        }
        throw last;
    }

    /// @param target path and query
    public URI uri(String target) {
        return URI.create("http://127.0.0.1:" + port + target);
    }

    @Override
    public void close() {
        program.close();
    }
}
