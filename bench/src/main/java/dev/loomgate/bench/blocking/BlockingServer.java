package dev.loomgate.bench.blocking;

import dev.loomgate.bench.peers.Hello;
import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// `ENGINE FOLDER POSTGRES PORT`: Loomgate with one loop, the options' defaults, and a path for each [Kind], which
/// answers when it has blocked; any other path says hello.
public final class BlockingServer {
    private BlockingServer() {}

    public static void main(String[] args) throws Exception {
        Server server = Server.builder(application(new Place(Path.of(args[1]), args[2])))
                .listen(ListenAddress.http("127.0.0.1:" + args[3]))
                .options(ServerOptions.builder()
                        .loops(1)
                        .engine(Engine.valueOf(args[0].toUpperCase(Locale.ROOT)))
                        .accessLog(false)
                        .build())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(Duration.ofSeconds(1)), "stop"));
    }

    private static Application application(Place place) {
        return (environ, startResponse) -> {
            Optional<Kind> kind = Kind.at(environ.path());
            if (kind.isPresent()) {
                kind.get().run(place, environ);
            }
            startResponse.start(Status.OK, Headers.of("Content-Type", Hello.CONTENT_TYPE));
            return Body.text(Hello.TEXT);
        };
    }
}
