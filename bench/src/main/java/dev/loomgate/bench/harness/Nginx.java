package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A real nginx with one worker, and for each server behind it a port of its own that passes to a unix socket by
/// `uwsgi_pass`.
public final class Nginx implements AutoCloseable {
    private final ServerProcess process;

    private Nginx(ServerProcess process) {
        this.process = process;
    }

    /// Starts nginx in `folder`, passing each address to its socket. `buffersUploads` is nginx's own default: a
    /// request goes on only when its body is there.
    public static Nginx start(Path folder, Map<Address, Path> sockets, boolean buffersUploads) throws IOException {
        Path configuration = Files.writeString(
                Files.createTempFile(folder, "nginx", ".conf"), configuration(folder, sockets, buffersUploads));
        return new Nginx(ServerProcess.start(
                "nginx",
                List.of("nginx", "-p", folder.toString(), "-c", configuration.toString(), "-e", "stderr"),
                folder));
    }

    private static String configuration(Path folder, Map<Address, Path> sockets, boolean buffersUploads) {
        String servers = sockets.entrySet().stream()
                .map(entry ->
                        """
                          server {
                            listen %s backlog=4096;
                            location / {
                              include /etc/nginx/uwsgi_params;
                              uwsgi_pass unix:%s;
                              uwsgi_request_buffering %s;
                            }
                          }
                        """.formatted(entry.getKey().hostAndPort(), entry.getValue(), buffersUploads ? "on" : "off"))
                .collect(Collectors.joining());
        String folders = List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
                .map(name -> "  %s_temp_path %s/nginx-%s;\n".formatted(name, folder, name))
                .collect(Collectors.joining());
        return """
                daemon off;
                worker_processes 1;
                worker_rlimit_nofile 20000;
                pid %s/nginx.pid;
                error_log stderr warn;
                events { worker_connections 16384; }
                http {
                  access_log off;
                  keepalive_requests 1000000;
                %s%s}
                """.formatted(folder, folders, servers);
    }

    @Override
    public void close() {
        process.close();
    }
}
