package dev.loomgate.testkit.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Pebble, Let's Encrypt's small ACME authority for tests, with a name server that sends every name to 127.0.0.1.
///
/// ```java
/// try (Pebble pebble = Pebble.start(directory, httpPort, httpsPort)) {
///     ... pebble.directory() ...
/// }
/// ```
/// Its own certificate is issued by an authority of the test's: [#authority].
public final class Pebble implements AutoCloseable {
    private final Program names;
    private final Program program;
    private final CertificateAuthority authority;
    private final int port;

    private Pebble(Program names, Program program, CertificateAuthority authority, int port) {
        this.names = names;
        this.program = program;
        this.authority = authority;
        this.port = port;
    }

    /// Starts both and waits until they accept connections.
    ///
    /// @param parent where its directory is made
    /// @param httpPort where it asks for http-01's paths
    /// @param httpsPort where it asks for tls-alpn-01's certificates
    public static Pebble start(Path parent, int httpPort, int httpsPort) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(parent, "pebble-");
        CertificateAuthority authority = CertificateAuthority.in(directory);
        CertificateAuthority.Issued own = authority.issue("pebble", "DNS:localhost,IP:127.0.0.1");
        int port = Nginx.freePort();
        int managementPort = Nginx.freePort();
        int namesPort = Nginx.freePort();
        int namesManagementPort = Nginx.freePort();
        Path configuration = Files.writeString(directory.resolve("pebble.json"), """
                {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                  "certificate": "%s", "privateKey": "%s", "httpPort": %d, "tlsPort": %d}}
                """.formatted(
                        port, managementPort, own.chain(), own.key(), httpPort, httpsPort));
        Program names = Program.start(
                directory,
                List.of(
                        "/usr/bin/pebble-challtestsrv",
                        "-defaultIPv4",
                        "127.0.0.1",
                        "-defaultIPv6",
                        "",
                        "-dns01",
                        "127.0.0.1:" + namesPort,
                        "-http01",
                        "",
                        "-https01",
                        "",
                        "-tlsalpn01",
                        "",
                        "-management",
                        "127.0.0.1:" + namesManagementPort));
        try {
            names.awaitAccepting(local(namesManagementPort));
            Program program = Program.start(
                    directory,
                    Map.of("PEBBLE_VA_NOSLEEP", "1", "PEBBLE_WFE_NONCEREJECT", "20"),
                    List.of(
                            "/usr/bin/pebble",
                            "-strict",
                            "-config",
                            configuration.toString(),
                            "-dnsserver",
                            "127.0.0.1:" + namesPort));
            return new Pebble(names, program.awaitAccepting(local(port)), authority, port);
        } catch (IOException | RuntimeException e) {
            names.close();
            throw e;
        }
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /// Where clients begin.
    public URI directory() {
        return URI.create("https://localhost:" + port + "/dir");
    }

    /// Who has issued its own certificate, for TLS.
    public CertificateAuthority authority() {
        return authority;
    }

    @Override
    public void close() {
        program.close();
        names.close();
    }
}
