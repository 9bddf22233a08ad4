package dev.loomgate.bench.peers;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;

/// Vert.x as in [VertxHello], with an echo of WebSocket messages at `/echo`.
public final class VertxEcho {
    private VertxEcho() {}

    public static void main(String[] args) throws Exception {
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        vertx.deployVerticle(new Echoing(Listening.of(args).port()))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static final class Echoing extends AbstractVerticle {
        private final int port;

        Echoing(int port) {
            this.port = port;
        }

        @Override
        public void start(Promise<Void> started) {
            vertx.createHttpServer(new HttpServerOptions()
                            .setAcceptBacklog(Hello.BACKLOG)
                            .setPerMessageWebSocketCompressionSupported(false)
                            .setPerFrameWebSocketCompressionSupported(false))
                    .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
                    .requestHandler(request -> request.response().end(Hello.TEXT))
                    .listen(port, Hello.HOST)
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }
}
