package dev.loomgate.bench.arena;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.util.concurrent.TimeUnit;

/// Vert.x Web on one event loop with its native transport; TLS by BoringSSL. Its static handler knows
/// no `.gz` beside a file, and compresses what is sent as the server's option says.
public final class VertxEntry {
    private VertxEntry() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(Places.of(args));
    }

    public static AutoCloseable start(Places places) throws Exception {
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        done(vertx.deployVerticle(new Serving(places)));
        return () -> done(vertx.close());
    }

    private static void done(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static final class Serving extends VerticleBase {
        private final Places places;

        Serving(Places places) {
            this.places = places;
        }

        @Override
        public Future<?> start() {
            Router router = router();
            return Future.all(
                    listen(new HttpServerOptions(), places.http().port(), router),
                    listen(tls().setUseAlpn(false), places.https().port(), router),
                    listen(tls().setUseAlpn(true), places.h2().port(), router),
                    vertx.createHttpServer(options(new HttpServerOptions()))
                            .requestHandler(request -> http2Only(request, router))
                            .listen(places.h2c().port(), Places.HOST));
        }

        private Future<?> listen(HttpServerOptions options, int port, Router router) {
            return vertx.createHttpServer(options(options))
                    .requestHandler(router)
                    .listen(port, Places.HOST);
        }

        private static HttpServerOptions options(HttpServerOptions options) {
            return options.setCompressionSupported(true).setPerMessageWebSocketCompressionSupported(false);
        }

        private HttpServerOptions tls() {
            return new HttpServerOptions()
                    .setSsl(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertPath(places.certificate().certificate().toString())
                            .setKeyPath(places.certificate().key().toString()))
                    .setSslEngineOptions(new OpenSSLEngineOptions());
        }

        private static void http2Only(HttpServerRequest request, Router router) {
            if (request.version() == HttpVersion.HTTP_2) {
                router.handle(request);
            } else {
                request.response().setStatusCode(505).end();
            }
        }

        private Router router() {
            Dataset dataset = Dataset.read(places);
            Router router = Router.router(vertx);
            router.get("/baseline11").handler(context -> text(context, sum(context)));
            router.get("/baseline2").handler(context -> text(context, sum(context)));
            router.post("/baseline11")
                    .handler(BodyHandler.create(false))
                    .handler(context -> text(
                            context,
                            sum(context) + Integer.parseInt(context.body().asString())));
            router.get("/pipeline").handler(context -> context.response()
                    .putHeader("content-type", "text/plain")
                    .end("ok"));
            router.get("/json/:count")
                    .handler(context -> context.json(dataset.first(
                            Integer.parseInt(context.pathParam("count")),
                            Integer.parseInt(context.queryParams().get("m")))));
            router.post("/upload").handler(Serving::upload);
            router.get("/ws").handler(Serving::echo);
            router.route("/static/*")
                    .handler(StaticHandler.create(
                            FileSystemAccess.ROOT, places.statics().toString()));
            return router;
        }

        private static int sum(RoutingContext context) {
            return Integer.parseInt(context.queryParams().get("a"))
                    + Integer.parseInt(context.queryParams().get("b"));
        }

        private static void text(RoutingContext context, long number) {
            context.response().putHeader("content-type", "text/plain").end(Long.toString(number));
        }

        private static void upload(RoutingContext context) {
            long[] bytes = {0};
            context.request().handler(piece -> bytes[0] += piece.length()).endHandler(_ -> text(context, bytes[0]));
        }

        private static void echo(RoutingContext context) {
            context.request().toWebSocket().onSuccess(Serving::echo).onFailure(_ -> context.fail(400));
        }

        private static void echo(ServerWebSocket socket) {
            socket.textMessageHandler(socket::writeTextMessage).binaryMessageHandler(socket::writeBinaryMessage);
        }
    }
}
