package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// An nginx with one worker that speaks TLS itself: `/` is a text, `/file` a file.
public final class TlsNginx {
    private TlsNginx() {}

    /// Starts it in a folder of its own below `folder`.
    public static ServerProcess start(
            String name, Path folder, Address address, SelfSigned certificate, String text, Path file)
            throws IOException {
        Path own = Files.createTempDirectory(folder, "nginx");
        String folders = List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
                .map(kind -> "  %s_temp_path %s/%s;\n".formatted(kind, own, kind))
                .collect(Collectors.joining());
        Path configuration = Files.writeString(own.resolve("nginx.conf"), """
                daemon off;
                worker_processes 1;
                pid %s/nginx.pid;
                error_log stderr warn;
                events { worker_connections 1024; }
                http {
                  access_log off;
                  keepalive_requests 1000000;
                %s  server {
                    listen %s ssl backlog=4096;
                    ssl_certificate %s;
                    ssl_certificate_key %s;
                    ssl_protocols TLSv1.2 TLSv1.3;
                    location / { default_type text/plain; return 200 "%s"; }
                    location = /file { alias %s; }
                  }
                }
                """.formatted(
                        own, folders, address.hostAndPort(), certificate.certificate(), certificate.key(), text, file));
        return ServerProcess.start(
                name, List.of("nginx", "-p", own.toString(), "-c", configuration.toString(), "-e", "stderr"), folder);
    }
}
