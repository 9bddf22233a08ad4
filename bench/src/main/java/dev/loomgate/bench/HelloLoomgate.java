package dev.loomgate.bench;

import dev.loomgate.gateway.Application;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.TlsOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Loomgate as the tables start it: one loop, no access log.
///
/// `[--app NAME | --file FILE] [--engine E] [--transport T] (--http PORT | --socket PATH)`, or for TLS
/// `--certificate FILE --key FILE [--tls-engine E] --https PORT`; the names are those of [Applications], and
/// `--file FILE` in its place is [Bulk].
public final class HelloLoomgate {
    private HelloLoomgate() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        Server server = start(options);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(Duration.ofSeconds(1)), "stop"));
    }

    static Server start(Map<String, String> options) throws Exception {
        return Server.builder(application(options))
                .listen(address(options))
                .options(ServerOptions.builder()
                        .loops(1)
                        .engine(Engine.valueOf(constant(options.getOrDefault("--engine", "loop"))))
                        .transport(Transport.valueOf(constant(options.getOrDefault("--transport", "epoll"))))
                        .socketMode(0666) // nginx's worker is another user
                        .accessLog(false)
                        .tls(tls(options))
                        .build())
                .start();
    }

    private static Application application(Map<String, String> options) throws IOException {
        String file = options.get("--file");
        return file == null ? Applications.named(options.getOrDefault("--app", "hello")) : Bulk.of(Path.of(file));
    }

    private static ListenAddress address(Map<String, String> options) {
        if (options.containsKey("--https")) {
            return ListenAddress.https("127.0.0.1:" + options.get("--https"));
        }
        return options.containsKey("--http")
                ? ListenAddress.http("127.0.0.1:" + options.get("--http"))
                : ListenAddress.uwsgi(options.getOrDefault("--socket", ""));
    }

    private static TlsOptions tls(Map<String, String> options) {
        String certificate = options.get("--certificate");
        String key = options.get("--key");
        TlsOptions.Builder tls = TlsOptions.builder()
                .engine(TlsOptions.Engine.valueOf(constant(options.getOrDefault("--tls-engine", "auto"))));
        if (certificate != null && key != null) {
            tls.certificate(new TlsOptions.CertificateFiles(Path.of(certificate), Path.of(key)));
        }
        return tls.build();
    }

    private static String constant(String option) {
        return option.toUpperCase(Locale.ROOT);
    }
}
