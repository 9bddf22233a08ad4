package dev.loomgate.testkit.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A real nginx on a free port of 127.0.0.1, with a configuration of its own in a directory of its own.
///
/// ```java
/// try (Nginx nginx = Nginx.start(directory, Nginx.uwsgiPass("/", "unix:" + socket))) {
///     HttpResponse<String> response = http.send(HttpRequest.newBuilder(nginx.uri("/user")).build(), ofString());
/// }
/// ```
public final class Nginx implements AutoCloseable {
    private static final int TRIES = 5;
    private static final String CONFIGURATION = """
            daemon off;
            worker_processes 1;
            user USER;
            error_log DIRECTORY/error.log;
            pid DIRECTORY/nginx.pid;
            events { worker_connections 4096; }
            http {
              access_log off;
              client_body_temp_path DIRECTORY/body;
              proxy_temp_path DIRECTORY/proxy;
              fastcgi_temp_path DIRECTORY/fastcgi;
              uwsgi_temp_path DIRECTORY/uwsgi;
              scgi_temp_path DIRECTORY/scgi;
              server {
                listen 127.0.0.1:PORT backlog=4096;
                LINES
              }
            }
            """;

    private final Path directory;
    private final int port;
    private final Program program;

    private Nginx(Path directory, int port, Program program) {
        this.directory = directory;
        this.port = port;
        this.program = program;
    }

    /// A location whose requests go to a uwsgi server.
    ///
    /// @param target `unix:/path` or `host:port`
    /// @param directives more lines of the location
    public static String uwsgiPass(String path, String target, String... directives) {
        return "location %s { include /etc/nginx/uwsgi_params; uwsgi_pass %s; %s }"
                .formatted(path, target, String.join(" ", directives));
    }

    /// A location whose requests go to an SCGI server.
    ///
    /// @param target `unix:/path` or `host:port`
    /// @param directives more lines of the location
    public static String scgiPass(String path, String target, String... directives) {
        return "location %s { include /etc/nginx/scgi_params; scgi_pass %s; %s }"
                .formatted(path, target, String.join(" ", directives));
    }

    /// A location whose requests go to a FastCGI server.
    ///
    /// @param target `unix:/path`, `host:port`, or the name of an upstream
    /// @param directives more lines of the location
    public static String fastcgiPass(String path, String target, String... directives) {
        return "location %s { include /etc/nginx/fastcgi_params; fastcgi_pass %s; %s }"
                .formatted(path, target, String.join(" ", directives));
    }

    /// A location whose requests go to an HTTP server.
    ///
    /// @param target `http://host:port` or `http://unix:/path`
    /// @param directives more lines of the location
    public static String proxyPass(String path, String target, String... directives) {
        return "location %s { proxy_pass %s; %s }".formatted(path, target, String.join(" ", directives));
    }

    /// Starts nginx and waits until it accepts connections.
    ///
    /// @param parent where its directory is made
    /// @param lines of the `server` block: locations, limits
    /// @throws IOException if it doesn't start; with what it says
    public static Nginx start(Path parent, String... lines) throws IOException {
        IOException last = new IOException("never tried");
        for (int i = 0; i < TRIES; i++) {
            int port = freePort();
            Path directory = Files.createTempDirectory(parent, "nginx-");
            Path configuration = Files.writeString(
                    directory.resolve("nginx.conf"),
                    CONFIGURATION
                            .replace("USER", System.getProperty("user.name"))
                            .replace("DIRECTORY", directory.toString())
                            .replace("PORT", Integer.toString(port))
                            .replace("LINES", String.join("\n", lines)));
            Program program = Program.start(
                    directory,
                    List.of(
                            "/usr/sbin/nginx",
                            "-e",
                            directory.resolve("error.log").toString(),
                            "-c",
                            configuration.toString()));
            try {
                return new Nginx(
                        directory,
                        port,
                        program.awaitAccepting(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
            } catch (IOException e) {
                // Somebody may have taken the port between our look and nginx's bind.
                last = e;
                if (!String.valueOf(e.getMessage()).contains("Address already in use")) {
                    break;
                }
            }
        }
        throw last;
    }

    /// A port of 127.0.0.1 that was free a moment ago.
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    /// @param target path and query
    public URI uri(String target) {
        return URI.create("http://127.0.0.1:" + port + target);
    }

    /// What nginx has had to complain about.
    public String errorLog() throws IOException {
        return Files.readString(directory.resolve("error.log"));
    }

    @Override
    public void close() {
        program.close();
    }
}
