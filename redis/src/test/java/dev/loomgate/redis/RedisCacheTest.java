package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A cache that two servers of one JVM share in a real Redis.
@Timeout(120)
class RedisCacheTest {
    @TempDir
    private Path directory;

    private RedisServer server;
    private Redis redis;
    private Redis second;
    private RedisCache here;
    private RedisCache there;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.start(directory);
        redis = Redis.open(server.uri());
        second = Redis.open(server.uri());
        here = RedisCache.of(redis, "test", CacheSettings.DEFAULT);
        there = RedisCache.of(second, "test", CacheSettings.DEFAULT);
    }

    @AfterEach
    void stop() {
        redis.close();
        second.close();
        server.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<String> text(RedisCache cache, String key) {
        return cache.get(key).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    private static String text(RedisCache cache, String key, RedisCache.Loader loader) throws Exception {
        return new String(cache.get(key, loader), StandardCharsets.UTF_8);
    }

    /// Has the cache keep the value in its own process.
    private static void near(RedisCache cache, String key) throws Exception {
        long before = cache.counts().nearHits();
        Eventually.await("the value is near", () -> {
            cache.get(key);
            return cache.counts().nearHits() > before;
        });
    }

    @Test
    void whatOneServerPutsAnotherOneGets() {
        here.put("k", bytes("v"));

        assertThat(text(there, "k")).contains("v");
        assertThat(text(there, "other")).isEmpty();
        here.invalidate("k");
        assertThat(text(here, "k")).isEmpty();
    }

    @Test
    void aValueThatIsReadOftenIsNotAskedOfRedis() throws Exception {
        here.put("k", bytes("v"));
        near(there, "k");

        long calls = second.counts().calls();
        for (int i = 0; i < 100; i++) {
            assertThat(text(there, "k")).contains("v");
        }
        assertThat(second.counts().calls()).isEqualTo(calls);
    }

    @Test
    void aCopyGoesWhenAnotherServerChangesTheValue() throws Exception {
        here.put("k", bytes("1"));
        near(there, "k");

        here.put("k", bytes("2"));
        Eventually.await("the change is seen", () -> text(there, "k").equals(Optional.of("2")));
        near(there, "k");
        here.invalidate("k");
        Eventually.await("the end is seen", () -> text(there, "k").isEmpty());
    }

    @Test
    void aCopyGoesWhenAnotherProgramChangesTheValue() throws Exception {
        here.put("k", bytes("1"));
        near(here, "k");

        server.ask("SET", "loomgate:cache:test:k", "2");
        Eventually.await("the change is seen", () -> text(here, "k").equals(Optional.of("2")));
        near(here, "k");
        server.ask("FLUSHALL");
        Eventually.await("the end is seen", () -> text(here, "k").isEmpty());
    }

    @Test
    void aCopyDoesNotOutliveTheValue() throws Exception {
        here.put("k", bytes("v"), Duration.ofMillis(300));
        here.get("k");

        Eventually.await(
                Duration.ofSeconds(5), () -> "it is over", () -> text(here, "k").isEmpty());
    }

    @Test
    void noChangeIsMissedHoweverItMeetsAReader() throws Exception {
        AtomicInteger written = new AtomicInteger();
        here.put("k", bytes("0"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writer = threads.submit(() -> {
                for (int i = 1; i <= 300; i++) {
                    here.put("k", bytes(Integer.toString(i)));
                    written.set(i);
                }
            });
            while (!writer.isDone()) {
                there.get("k");
            }
            writer.get();
        }

        Eventually.await("the last value is seen", () -> text(there, "k").equals(Optional.of("300")));
        near(there, "k");
        assertThat(text(there, "k")).contains("300");
    }

    @Test
    void ofManyThatWantAValueOneLoadsIt() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch goOn = new CountDownLatch(1);
        List<Future<String>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                all.add(threads.submit(() -> text(here, "k", () -> {
                    goOn.await();
                    return bytes("loaded " + loads.incrementAndGet());
                })));
            }
            Eventually.await("it is looked for", () -> here.counts().misses() == 1);
            goOn.countDown();
        }

        for (Future<String> one : all) {
            assertThat(one.get()).isEqualTo("loaded 1");
        }
        assertThat(text(there, "k", () -> bytes("not asked"))).isEqualTo("loaded 1");
        assertThat(here.counts().loads()).isEqualTo(1);
    }

    @Test
    void aLoadersFailureIsThatOfAllAndIsNotKept() throws Exception {
        assertThatThrownBy(() -> here.get("k", () -> {
                    throw new IOException("the exchange is closed");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the exchange is closed");

        assertThat(text(here, "k", () -> bytes("later"))).isEqualTo("later");
    }

    @Test
    void whoWaitsForALoaderThatIsInterruptedLoadsItself() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> first = threads.submit(() -> text(here, "k", () -> {
                loading.countDown();
                new CountDownLatch(1).await();
                return bytes("never");
            }));
            loading.await();
            Future<String> next = threads.submit(() -> text(here, "k", () -> bytes("mine")));
            first.cancel(true);

            assertThat(next.get()).isEqualTo("mine");
        }
    }

    @Test
    void whatIsInvalidatedWhileItIsLoadedIsNotKept() throws Exception {
        long seen = here.counts().invalidations();
        String value = text(here, "k", () -> {
            there.invalidate("k");
            Eventually.await("it is heard of", () -> here.counts().invalidations() > seen);
            return bytes("old");
        });

        assertThat(value).isEqualTo("old");
        assertThat(text(here, "k")).isEmpty();
        assertThat(text(there, "k")).isEmpty();
    }

    @Test
    void limitsNameTheSetting() {
        RedisCache small = RedisCache.of(redis, "small", CacheSettings.DEFAULT.withMaxValueBytes(3));

        assertThatThrownBy(() -> small.put("k", new byte[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("RedisCache: a value of 4 bytes, over 3 (CacheSettings, maxValueBytes)");
        assertThatThrownBy(() -> small.get("k".repeat(513))).hasMessageContaining("513 characters");
        assertThatThrownBy(() -> RedisCache.of(redis, "a b", CacheSettings.DEFAULT))
                .hasMessageContaining("\"a b\"");
        assertThatThrownBy(() -> RedisCache.of(redis, "small", CacheSettings.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has a cache \"small\" already");
    }

    private void gone() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.redis")) {
            server.kill();
            Eventually.await("Redis is gone", () -> !redis.isThere() && !second.isThere());
            log.await("is gone");
        }
    }

    @Test
    void whileRedisIsGoneLoadersAreAskedAndCopiesAreNotUsed() throws Exception {
        here.put("k", bytes("1"));
        near(here, "k");
        gone();

        assertThat(text(here, "k")).isEmpty();
        assertThat(text(here, "k", () -> bytes("2"))).isEqualTo("2");
        assertThat(text(here, "k", () -> bytes("3"))).isEqualTo("3");
    }

    @Test
    void orCopiesAreUsedForTheirTime() throws Exception {
        RedisCache keeping =
                RedisCache.of(redis, "keeping", CacheSettings.DEFAULT.withWhenGone(RedisCache.WhenGone.KEEP));
        keeping.put("k", bytes("1"));
        near(keeping, "k");
        gone();

        assertThat(text(keeping, "k")).contains("1");
        assertThat(text(keeping, "new", () -> bytes("2"))).isEqualTo("2");
        assertThat(text(keeping, "new", () -> bytes("3"))).isEqualTo("2");
    }

    @Test
    void orCallsAreRefused() throws Exception {
        RedisCache refusing =
                RedisCache.of(redis, "refusing", CacheSettings.DEFAULT.withWhenGone(RedisCache.WhenGone.REFUSE));
        gone();

        assertThatThrownBy(() -> refusing.get("k")).isInstanceOf(ServiceUnavailable.class);
        assertThatThrownBy(() -> refusing.put("k", bytes("v"))).isInstanceOf(ServiceUnavailable.class);
        assertThatThrownBy(() -> refusing.invalidate("k")).isInstanceOf(ServiceUnavailable.class);
    }

    @Test
    void whatIsInvalidatedWhileRedisIsGoneIsNotThereWhenItIsBack() throws Exception {
        try (Redis impatient = Redis.open(RedisSettings.of(server.uri()).withTimeout(Duration.ofMillis(200)));
                LogLines log = LogLines.of("dev.loomgate.redis")) {
            RedisCache cache = RedisCache.of(impatient, "test", CacheSettings.DEFAULT);
            cache.put("a", bytes("1"));
            cache.put("b", bytes("1"));
            server.signal("STOP");
            cache.invalidate("a");
            log.await("is gone");
            cache.put("b", bytes("2"));
            server.signal("CONT");
            Eventually.await("Redis is back", impatient::isThere);

            assertThat(text(cache, "a")).isEmpty();
            assertThat(text(cache, "b")).isEmpty();
            Eventually.await(
                    "others see it",
                    () -> text(there, "a").isEmpty() && text(there, "b").isEmpty());
        }
    }
}
