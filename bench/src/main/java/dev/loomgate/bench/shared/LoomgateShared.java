package dev.loomgate.bench.shared;

import dev.loomgate.gateway.Application;
import dev.loomgate.redis.CacheSettings;
import dev.loomgate.redis.Redis;
import dev.loomgate.redis.RedisCache;
import dev.loomgate.redis.RedisSessions;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.sessions.Sessions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// `URI PORT`: Loomgate with one loop, and `loomgate-redis`.
public final class LoomgateShared {
    private LoomgateShared() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(args[0], Integer.parseInt(args[1]));
    }

    static AutoCloseable start(String uri, int port) throws Exception {
        Redis redis = Redis.open(uri);
        Server server = Server.builder(application(redis))
                .listen(ListenAddress.http(SharedPaths.HOST + ":" + port))
                .options(ServerOptions.builder().loops(1).accessLog(false).build())
                .start();
        return () -> {
            server.stop(Duration.ofSeconds(1));
            redis.close();
        };
    }

    private static Application application(Redis redis) {
        RedisCache asked = RedisCache.of(redis, "asked", CacheSettings.DEFAULT.withNear(0, Duration.ofMinutes(1)));
        RedisCache near = RedisCache.of(redis, "near", CacheSettings.DEFAULT);
        return Sessions.stored(RedisSessions.of(redis))
                .wrap(WebApplication.of(
                        Route.get(SharedPaths.PLAIN, _ -> SharedPaths.USER),
                        Route.get(SharedPaths.LOGIN, request -> {
                            request.session().put("user", SharedPaths.USER);
                            return SharedPaths.USER;
                        }),
                        Route.get(SharedPaths.SESSION, request -> request.session()
                                .get("user", String.class)
                                .orElse(SharedPaths.NOBODY)),
                        Route.get(SharedPaths.CACHE, _ -> value(asked)),
                        Route.get(SharedPaths.NEAR, _ -> value(near))));
    }

    private static String value(RedisCache cache) throws Exception {
        return new String(
                cache.get("user", () -> SharedPaths.USER.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
