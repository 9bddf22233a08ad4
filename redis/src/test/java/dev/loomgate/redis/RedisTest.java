package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.Session;
import dev.loomgate.toolkit.sessions.Sessions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What happens when a real Redis is killed, stopped and back.
@Timeout(120)
@Tag("timing")
class RedisTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @TempDir
    private Path directory;

    private RedisServer server;
    private LogLines log;
    private LogLines lettuce;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.start(directory);
        log = LogLines.withLevels("dev.loomgate.redis");
        lettuce = LogLines.withLevels("io.lettuce");
    }

    @AfterEach
    void stop() {
        log.close();
        lettuce.close();
        server.close();
        assertThat(lettuce.lines()).isEmpty();
    }

    private Redis open() {
        return Redis.open(RedisSettings.of(server.uri()).withTimeout(TIMEOUT));
    }

    private static byte[] get(Redis redis) {
        return redis.call(commands -> commands.get("key"));
    }

    @Test
    void aKilledRedisIsGoneAndFoundAgain() throws Exception {
        try (Redis redis = open()) {
            assertThat(redis.isThere()).isTrue();

            server.kill();
            Eventually.await("it is gone", () -> !redis.isThere());
            for (int i = 0; i < 1000; i++) {
                assertThatThrownBy(() -> get(redis)).isInstanceOf(RedisGone.class);
            }
            server.restart();
            long back = System.nanoTime();
            Eventually.await("it is back", redis::isThere);

            assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(2));
            assertThat(get(redis)).isNull();
            assertThat(redis.counts().outages()).isEqualTo(1);
            assertThat(redis.counts().refused()).isEqualTo(1000);
            log.await("is back");
            assertThat(log.lines()).hasSize(2);
            assertThat(log.lines().getFirst())
                    .startsWith("WARNING Redis at 127.0.0.1:")
                    .contains("is gone: ");
            assertThat(log.lines().getLast()).startsWith("INFO ").contains("1000 calls were refused");
        }
    }

    @Test
    void aStoppedRedisIsWaitedForOnce() throws Exception {
        try (Redis redis = open()) {
            server.signal("STOP");
            assertThatThrownBy(() -> get(redis))
                    .isInstanceOf(RedisGone.class)
                    .hasMessageContaining("no answer in 1000 ms");

            long begin = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                assertThatThrownBy(() -> get(redis)).isInstanceOf(RedisGone.class);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(TIMEOUT.multipliedBy(10));
            assertThat(redis.counts().timeouts()).isEqualTo(1);

            server.signal("CONT");
            long back = System.nanoTime();
            Eventually.await("it is back", redis::isThere);

            assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(2));
            assertThat(get(redis)).isNull();
            assertThat(log.with("is gone")).hasSize(1);
        }
    }

    @Test
    void noRequestWaitsForOneThatWaitsForRedis() throws Exception {
        try (Redis redis = Redis.open(RedisSettings.of(server.uri()).withTimeout(Duration.ofSeconds(5)))) {
            Application site = Sessions.stored(RedisSessions.of(redis)).wrap((environ, startResponse) -> {
                String text = environ.path().equals("/session")
                        ? Session.of(environ).get("user", String.class).orElse("nobody")
                        : "no session";
                return new Response(text).call(environ, startResponse);
            });
            try (Server loomgate = Server.builder(site)
                            .options(ServerOptions.builder()
                                    .loops(1)
                                    .accessLog(false)
                                    .accessLogTo(OutputStream.nullOutputStream())
                                    .build())
                            .listen(ListenAddress.http("127.0.0.1:0"))
                            .start();
                    HttpPeer waiting =
                            HttpPeer.to(loomgate.addresses().getFirst().socketAddress());
                    HttpPeer quick = HttpPeer.to(loomgate.addresses().getFirst().socketAddress())) {
                server.signal("STOP");
                waiting.send("GET /session HTTP/1.1\r\nHost: a\r\nCookie: session=" + "a".repeat(43) + "\r\n\r\n");
                Eventually.await("the call is under way", () -> redis.counts().calls() == 1);

                for (int i = 0; i < 100; i++) {
                    assertThat(quick.get("/").answer().text()).isEqualTo("no session");
                }
                assertThat(redis.counts().timeouts()).isZero();
                server.signal("CONT");
                assertThat(waiting.answer().text()).isEqualTo("nobody");
            }
        }
    }

    @Test
    void aServerStartsWithoutRedisAndFindsItLater() throws Exception {
        server.kill();
        try (Redis redis = open()) {
            assertThat(redis.isThere()).isFalse();
            assertThat(log.with("is gone").getFirst()).contains("Connection refused");

            server.restart();
            Eventually.await("it is there", redis::isThere);
        }
    }

    @Test
    void callsOfManyThreadsShareOneConnection() throws Exception {
        try (Redis redis = open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> all = IntStream.range(0, 500)
                    .mapToObj(i -> threads.submit(() -> {
                        byte[] value = Redis.number(i);
                        redis.call(commands -> commands.set("key" + i, value));
                        return new String(
                                redis.<byte[]>call(commands -> commands.get("key" + i)), StandardCharsets.UTF_8);
                    }))
                    .toList();

            for (int i = 0; i < all.size(); i++) {
                assertThat(all.get(i).get()).isEqualTo(Integer.toString(i));
            }
            assertThat(server.ask("CLIENT", "LIST").lines().filter(line -> line.contains("resp=3")))
                    .hasSize(1);
        }
    }

    @Test
    void aClosedOneLeavesNoSocketAndNoThread() throws Exception {
        int sockets = Processes.openFiles("socket:").size();
        Redis redis = open();
        redis.close();
        redis.close();

        assertThatThrownBy(() -> get(redis)).isInstanceOf(RedisGone.class);
        Eventually.await(
                "its sockets are closed", () -> Processes.openFiles("socket:").size() <= sockets);
        Eventually.await("its threads have ended", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("lettuce")));
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void neitherLogNorErrorsHaveThePassword() throws Exception {
        String uri = server.uri().replace("redis://", "redis://:geheim@");
        server.ask("CONFIG", "SET", "requirepass", "another");
        try (Redis redis = Redis.open(uri)) {
            assertThat(redis.isThere()).isFalse();
            assertThat(log.with("is gone")).hasSize(1);
            assertThat(log.lines()).noneMatch(line -> line.contains("geheim"));
        }
        assertThat(RedisSettings.of(uri)).asString().doesNotContain("geheim");
        assertThatThrownBy(() -> Redis.open("http://:geheim@localhost"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("RedisSettings: uri")
                .message()
                .doesNotContain("geheim");
    }

    @Test
    void metersSayWhetherItIsThere() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Redis redis = open()) {
            RedisCache cache = RedisCache.of(redis, "prices", CacheSettings.DEFAULT);
            new RedisMeters(redis, Map.of("prices", cache)).bindTo(registry);
            assertThat(cache.get("acme")).isEmpty();
            assertThat(registry.get("loomgate.redis.there").gauge().value()).isEqualTo(1);
            assertThat(registry.get("loomgate.cache.gets")
                            .tag("found", "nowhere")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);

            server.kill();
            Eventually.await(
                    "the meter says 0",
                    () -> registry.get("loomgate.redis.there").gauge().value() == 0);
            assertThat(registry.get("loomgate.redis.outages").functionCounter().count())
                    .isEqualTo(1);
        }
    }
}
