package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.security.limits.Rate;
import dev.loomgate.security.limits.RateLimit;
import dev.loomgate.security.limits.RateLimitStore.Bucket;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Buckets in a real Redis, which several servers share.
@Timeout(120)
@Tag("timing")
class RedisRateLimitsTest {
    @TempDir
    private Path directory;

    private RedisServer server;
    private Redis redis;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.start(directory);
        redis = Redis.open(server.uri());
    }

    @AfterEach
    void stop() {
        redis.close();
        server.close();
    }

    @Test
    void aBucketIsFullAtFirstAndRefilledEvenly() throws Exception {
        RedisRateLimits limits = RedisRateLimits.of(redis);
        Rate rate = new Rate(3, Duration.ofHours(3));

        Bucket first = limits.take("k", rate);
        assertThat(first.allowed()).isTrue();
        assertThat(first.remaining()).isEqualTo(2);
        assertThat(first.next()).isZero();
        assertThat(first.full()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
        assertThat(limits.take("k", rate).remaining()).isEqualTo(1);
        Bucket last = limits.take("k", rate);
        assertThat(last.allowed()).isTrue();
        assertThat(last.remaining()).isZero();
        assertThat(last.next()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));

        Bucket refused = limits.take("k", rate);
        assertThat(refused.allowed()).isFalse();
        assertThat(refused.next()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
        assertThat(refused.full()).isBetween(Duration.ofMinutes(179), Duration.ofHours(3));
        assertThat(limits.take("other", rate).allowed()).isTrue();
    }

    @Test
    void aFullBucketIsForgotten() throws Exception {
        RedisRateLimits.of(redis).take("k", new Rate(1, Duration.ofMillis(50)));

        Eventually.await("the bucket is forgotten", () -> server.ask("DBSIZE").equals("0"));
    }

    @Test
    void aLimitOverThreeServersIsKept() throws Exception {
        // 200 at once, and 400 a second.
        Rate rate = new Rate(200, Duration.ofMillis(500));
        try (Redis second = Redis.open(server.uri());
                Redis third = Redis.open(server.uri());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<RedisRateLimits> nodes =
                    List.of(RedisRateLimits.of(redis), RedisRateLimits.of(second), RedisRateLimits.of(third));
            for (RedisRateLimits node : nodes) {
                node.take("warm", rate);
            }
            long begin = System.nanoTime();
            long end = begin + Duration.ofMillis(1500).toNanos();
            List<Future<Long>> all = new ArrayList<>();
            for (RedisRateLimits node : nodes) {
                for (int i = 0; i < 4; i++) {
                    all.add(threads.submit(() -> {
                        long allowed = 0;
                        while (System.nanoTime() < end) {
                            if (node.take("k", rate).allowed()) {
                                allowed++;
                            }
                        }
                        return allowed;
                    }));
                }
            }
            long allowed = 0;
            for (Future<Long> each : all) {
                allowed += each.get();
            }
            double seconds = (System.nanoTime() - begin) / 1e9;

            // On a busy machine the last requests come late.
            assertThat((double) allowed).isBetween(0.95 * (200 + 400 * 1.5), 1.05 * (200 + 400 * seconds));
        }
    }

    @Test
    void whileRedisIsGoneEachServerCountsByItself() throws Exception {
        RedisRateLimits limits = RedisRateLimits.of(redis);
        gone();

        Rate rate = new Rate(2, Duration.ofHours(1));
        assertThat(limits.take("k", rate).allowed()).isTrue();
        assertThat(limits.take("k", rate).allowed()).isTrue();
        assertThat(limits.take("k", rate).allowed()).isFalse();
    }

    @Test
    void orAllPass() throws Exception {
        RedisRateLimits limits = RedisRateLimits.of(redis).withWhenGone(RedisRateLimits.WhenGone.ALLOW);
        gone();

        Rate rate = new Rate(1, Duration.ofHours(1));
        assertThat(limits.take("k", rate).allowed()).isTrue();
        assertThat(limits.take("k", rate).allowed()).isTrue();
    }

    @Test
    void orTheRequestIsRefusedByAMiddlewareAsWell() throws Exception {
        Application site = RateLimit.of("all", 1, Duration.ofHours(1))
                .in(RedisRateLimits.of(redis).withWhenGone(RedisRateLimits.WhenGone.REFUSE))
                .wrap((environ, startResponse) -> new Response("in").call(environ, startResponse));
        Client client = Client.of(site);
        assertThat(client.get("/").send().code()).isEqualTo(200);
        assertThat(client.get("/").send().code()).isEqualTo(429);
        gone();

        TestResponse refused = client.get("/").send();
        assertThat(refused.code()).isEqualTo(503);
        assertThat(refused.headers().first("Retry-After")).contains("1");
    }

    private void gone() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.redis")) {
            server.kill();
            Eventually.await("Redis is gone", () -> !redis.isThere());
            log.await("is gone");
        }
    }
}
