package dev.loomgate.bench.shared;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.TimeUnit;

/// `URI PORT`: Vert.x Web on one event loop with its native transport, and `vertx-redis-client` over one
/// connection, which is pipelined. No sessions, and no copies of cached values.
public final class VertxShared {
    private static final int BACKLOG = 4096;

    private VertxShared() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(args[0], Integer.parseInt(args[1]));
    }

    static AutoCloseable start(String uri, int port) throws Exception {
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        done(vertx.deployVerticle(new Serving(uri, port)));
        return () -> done(vertx.close());
    }

    private static void done(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static final class Serving extends VerticleBase {
        private final String uri;
        private final int port;

        Serving(String uri, int port) {
            this.uri = uri;
            this.port = port;
        }

        @Override
        public Future<?> start() {
            return Redis.createClient(vertx, uri).connect().compose(connection -> connection
                    .send(Request.cmd(Command.SET).arg("vertx-cache:user").arg(SharedPaths.USER))
                    .compose(_ -> vertx.createHttpServer(new HttpServerOptions().setAcceptBacklog(BACKLOG))
                            .requestHandler(router(connection))
                            .listen(port, SharedPaths.HOST)));
        }

        private Router router(RedisConnection connection) {
            Router router = Router.router(vertx);
            router.get(SharedPaths.PLAIN).handler(context -> answer(context, SharedPaths.USER));
            router.get(SharedPaths.CACHE).handler(context -> connection
                    .send(Request.cmd(Command.GET).arg("vertx-cache:user"))
                    .map(Response::toString)
                    .onSuccess(user -> answer(context, user))
                    .onFailure(context::fail));
            return router;
        }

        private static void answer(RoutingContext context, String text) {
            context.response().putHeader("Content-Type", "text/plain").end(text);
        }
    }
}
