package dev.loomgate.bench;

import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Loomgate as the tables start it: one loop, no access log.
///
/// `[--app hello|toolkit|article|upload] [--engine E] [--transport T] (--http PORT | --socket PATH)`
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
        String port = options.get("--http");
        ListenAddress address = port == null
                ? ListenAddress.uwsgi(options.getOrDefault("--socket", ""))
                : ListenAddress.http("127.0.0.1:" + port);
        return Server.builder(Applications.named(options.getOrDefault("--app", "hello")))
                .listen(address)
                .options(ServerOptions.builder()
                        .loops(1)
                        .engine(Engine.valueOf(constant(options.getOrDefault("--engine", "loop"))))
                        .transport(Transport.valueOf(constant(options.getOrDefault("--transport", "epoll"))))
                        .socketMode(0666) // nginx's worker is another user
                        .accessLog(false)
                        .build())
                .start();
    }

    private static String constant(String option) {
        return option.toUpperCase(Locale.ROOT);
    }
}
