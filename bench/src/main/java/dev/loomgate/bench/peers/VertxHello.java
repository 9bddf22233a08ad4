package dev.loomgate.bench.peers;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PfxOptions;
import java.util.concurrent.TimeUnit;

/// Vert.x with one event loop and its native transport, the handler on the loop. TLS by BoringSSL.
public final class VertxHello {
    private static final CharSequence SERVER = HttpHeaders.createOptimized(Hello.SERVER);
    private static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized(Hello.CONTENT_TYPE);

    private VertxHello() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(Listening.of(args));
    }

    public static AutoCloseable start(Listening listening) throws Exception {
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        if (!vertx.isNativeTransportEnabled()) {
            throw new IllegalStateException("Vert.x did not take its native transport");
        }
        done(vertx.deployVerticle(new Answering(listening)));
        return () -> done(vertx.close());
    }

    private static void done(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static final class Answering extends AbstractVerticle {
        private final Listening listening;
        private CharSequence date = HttpHeaders.createOptimized(Hello.date());

        Answering(Listening listening) {
            this.listening = listening;
        }

        @Override
        public void start(Promise<Void> started) {
            Buffer body = Buffer.buffer(Hello.TEXT);
            vertx.setPeriodic(1000, _ -> date = HttpHeaders.createOptimized(Hello.date()));
            HttpServerOptions options = new HttpServerOptions().setAcceptBacklog(Hello.BACKLOG);
            listening.store().ifPresent(store -> options.setSsl(true)
                    .setKeyCertOptions(
                            new PfxOptions().setPath(store.toString()).setPassword(Listening.PASSWORD))
                    .setSslEngineOptions(new OpenSSLEngineOptions()));
            vertx.createHttpServer(options)
                    .requestHandler(request -> request.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE)
                            .putHeader(HttpHeaders.DATE, date)
                            .putHeader(HttpHeaders.SERVER, SERVER)
                            .end(body))
                    .listen(listening.port(), Hello.HOST)
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }
}
