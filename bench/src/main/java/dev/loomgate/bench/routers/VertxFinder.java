package dev.loomgate.bench.routers;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Vert.x-web's router, which has no way in but a whole request: a routing context is made, routes are asked one
/// after the other, and the handler is called, which keeps the context. The request is a real one, received once;
/// only its path is replaced.
final class VertxFinder implements RouteFinder {
    private static final String RULE = "rule";
    private static final int LIMIT_SECONDS = 10;

    private final Vertx vertx = Vertx.vertx();
    private final HttpServerRequestInternal received;
    private final Router router;
    private @Nullable RoutingContext answer;

    VertxFinder(RouteSet routes) throws Exception {
        received = (HttpServerRequestInternal) receive();
        router = Router.router(vertx);
        for (int i = 0; i < routes.rules().size(); i++) {
            String pattern = routes.rules().get(i).replaceAll("<(?:int:)?(\\w+)>", ":$1");
            router.get(pattern).putMetadata(RULE, i).handler(context -> answer = context);
        }
        router.errorHandler(404, context -> answer = context);
    }

    private HttpServerRequest receive() throws Exception {
        CompletableFuture<HttpServerRequest> arrived = new CompletableFuture<>();
        HttpServer server = vertx.createHttpServer()
                .requestHandler(arrived::complete)
                .listen(0, "127.0.0.1")
                .await(LIMIT_SECONDS, TimeUnit.SECONDS);
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
            client.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return arrived.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public Object find(String path) throws IOException {
        router.handle(new Get(received, path));
        RoutingContext found = answer;
        if (found == null) {
            throw new IOException("the router called nobody for " + path);
        }
        return found;
    }

    @Override
    public @Nullable Found read(Object answer) {
        RoutingContext context = (RoutingContext) answer;
        return context.statusCode() == 404
                ? null
                : new Found(context.currentRoute().<Integer>getMetadata(RULE), new TreeMap<>(context.pathParams()));
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    private static final class Get extends HttpServerRequestWrapper {
        private final String path;

        Get(HttpServerRequestInternal received, String path) {
            super(received);
            this.path = path;
        }

        @Override
        public String path() {
            return path;
        }
    }
}
