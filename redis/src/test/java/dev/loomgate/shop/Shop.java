package dev.loomgate.shop;

import dev.loomgate.gateway.Application;
import dev.loomgate.redis.CacheSettings;
import dev.loomgate.redis.Redis;
import dev.loomgate.redis.RedisCache;
import dev.loomgate.redis.RedisRateLimits;
import dev.loomgate.redis.RedisSessions;
import dev.loomgate.redis.RedisTopic;
import dev.loomgate.security.limits.RateLimit;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.events.Event;
import dev.loomgate.toolkit.events.Topic;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.sessions.Sessions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Prices that are slow to get, news for all who listen, and a login.
public final class Shop {
    private Shop() {}

    public static Application site(Redis redis, String key) {
        RedisCache prices = RedisCache.of(redis, "prices", CacheSettings.DEFAULT);
        RedisTopic news = RedisTopic.of(redis, "news", Topic.of(), RedisTopic.WhenGone.LOCAL);
        RateLimit logins = RateLimit.of("login", 10, Duration.ofMinutes(1)).in(RedisRateLimits.of(redis));
        WebApplication application = WebApplication.of(
                Route.get("/price/<share>", (request, share) -> text(prices.get(share, () -> ask(share)))),
                Route.get("/news", request -> Response.events(request, news.local())),
                Route.post(
                        "/news",
                        request -> news.publish(Event.of(request.text())).id().orElse("")),
                Route.post("/login", request -> {
                            request.session().renew().put("user", request.text());
                            return "welcome";
                        })
                        .guardedBy(logins),
                Route.get(
                        "/",
                        request -> request.session().get("user", String.class).orElse("nobody")));
        return Sessions.stored(RedisSessions.of(redis), key).wrap(application);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] ask(String share) {
        return (share + ": 42").getBytes(StandardCharsets.UTF_8);
    }
}
