package dev.loomgate.testkit.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A real Apache (Debian's apache2) on a free port of 127.0.0.1, with a configuration and a directory of its own.
///
/// ```java
/// try (Apache apache = Apache.start(directory, "ProxyPass /app scgi://127.0.0.1:4000/")) {
///     HttpResponse<String> response = http.send(HttpRequest.newBuilder(apache.uri("/app/user")).build(), ofString());
/// }
/// ```
public final class Apache implements AutoCloseable {
    private static final int TRIES = 5;

    // A process whose threads are all busy closes its kept connections, also under a client that is about to use one.
    private static final String CONFIGURATION = """
            ServerRoot DIRECTORY
            ServerName localhost
            User www-data
            Group www-data
            PidFile DIRECTORY/apache.pid
            DefaultRuntimeDir DIRECTORY
            ErrorLog DIRECTORY/error.log
            Listen 127.0.0.1:PORT
            LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
            LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
            LoadModule env_module /usr/lib/apache2/modules/mod_env.so
            LoadModule setenvif_module /usr/lib/apache2/modules/mod_setenvif.so
            LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
            LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
            LoadModule proxy_uwsgi_module /usr/lib/apache2/modules/mod_proxy_uwsgi.so
            LoadModule proxy_scgi_module /usr/lib/apache2/modules/mod_proxy_scgi.so
            LoadModule proxy_fcgi_module /usr/lib/apache2/modules/mod_proxy_fcgi.so
            StartServers 2
            ServerLimit 2
            MaxSpareThreads 512
            ThreadLimit 256
            ThreadsPerChild 256
            MaxRequestWorkers 512
            KeepAliveTimeout 100
            MaxKeepAliveRequests 0
            DocumentRoot DIRECTORY
            AllowEncodedSlashes NoDecode
            LINES
            """;

    private final Path directory;
    private final int port;
    private final Program program;

    private Apache(Path directory, int port, Program program) {
        this.directory = directory;
        this.port = port;
        this.program = program;
    }

    /// Starts Apache and waits until it accepts connections.
    ///
    /// @param parent where its directory is made
    /// @param lines of the configuration: what is passed on, and where
    /// @throws IOException if it doesn't start; with what it says
    public static Apache start(Path parent, String... lines) throws IOException {
        IOException last = new IOException("never tried");
        for (int i = 0; i < TRIES; i++) {
            int port = Nginx.freePort();
            Path directory = Files.createTempDirectory(parent, "apache-");
            Path configuration = Files.writeString(
                    directory.resolve("apache.conf"),
                    CONFIGURATION
                            .replace("DIRECTORY", directory.toString())
                            .replace("PORT", Integer.toString(port))
                            .replace("LINES", String.join("\n", lines)));
            Program program = Program.start(
                    directory, List.of("/usr/sbin/apache2", "-DFOREGROUND", "-f", configuration.toString()));
            try {
                return new Apache(
                        directory,
                        port,
                        program.awaitAccepting(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
            } catch (IOException e) {
                // Somebody may have taken the port between our look and Apache's bind.
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

    /// What Apache has had to complain about.
    public String errorLog() throws IOException {
        return Files.readString(directory.resolve("error.log"));
    }

    @Override
    public void close() {
        program.close();
    }
}
