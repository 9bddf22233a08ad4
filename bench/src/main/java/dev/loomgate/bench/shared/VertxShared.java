package dev.loomgate.bench.shared;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.SessionHandler;
import io.vertx.ext.web.sstore.redis.RedisSessionStore;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.TimeUnit;

/// `URI PORT`: Vert.x Web on one event loop with its native transport, sessions by `vertx-web-sstore-redis` over its
/// pool of connections, the cache by `vertx-redis-client` over one connection, which is pipelined. It has no copies.
public final class VertxShared {
    private static final int BACKLOG = 4096;

    // More calls than connections wait for one: the default is 24, past which a request fails.
    private static final int WAITING = 4096;

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
            Redis redis = Redis.createClient(
                    vertx, new RedisOptions().setConnectionString(uri).setMaxPoolWaiting(WAITING));
            return redis.connect()
                    .compose(connection -> connection
                            .send(Request.cmd(Command.SET).arg("vertx-cache:user").arg(SharedPaths.USER))
                            .compose(_ -> vertx.createHttpServer(new HttpServerOptions().setAcceptBacklog(BACKLOG))
                                    .requestHandler(router(redis, connection))
                                    .listen(port, SharedPaths.HOST)));
        }

        private Router router(Redis redis, RedisConnection connection) {
            Router router = Router.router(vertx);
            SessionHandler sessions = SessionHandler.create(RedisSessionStore.create(vertx, redis))
                    .setNagHttps(false)
                    .setLazySession(true);
            router.get(SharedPaths.PLAIN).handler(context -> answer(context, SharedPaths.USER));
            router.get(SharedPaths.LOGIN).handler(sessions).handler(context -> {
                context.session().put("user", SharedPaths.USER);
                answer(context, SharedPaths.USER);
            });
            router.get(SharedPaths.SESSION).handler(sessions).handler(context -> {
                String user = context.session().get("user");
                answer(context, user == null ? SharedPaths.NOBODY : user);
            });
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
