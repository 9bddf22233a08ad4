package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.python.ProgramCache;
import dev.loomgate.python.ProgramCache.Arithmetic;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.SharedOptions.WhenGone;
import dev.loomgate.python.SharedStore;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.RedisServer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A cache of Python programs that two servers of one JVM share in a real Redis.
@Timeout(120)
class RedisProgramCacheTest {
    private static final String NAMES = "loomgate:program-cache:c*";

    @TempDir
    private Path directory;

    private RedisServer server;
    private SharedStore first;
    private SharedStore second;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.start(directory);
        first = open();
        second = open();
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        server.close();
    }

    private SharedStore open() {
        SharedOptions.Store at = new SharedOptions.Store(server.uri(), Duration.ofSeconds(2), "loomgate:");
        return new RedisPrograms().open(at).orElseThrow();
    }

    private static SharedOptions.Cache options(
            long items, boolean lru, boolean clears, boolean expires, WhenGone gone) {
        return new SharedOptions.Cache("c", items, 10, items, false, 16, lru, clears, expires, 0, true, gone);
    }

    private static SharedOptions.Cache options(long items) {
        return options(items, false, false, true, WhenGone.MISS);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean set(ProgramCache cache, String key, String value) {
        return cache.set(bytes(key), bytes(value), Duration.ZERO, true);
    }

    private static List<String> keys(ProgramCache cache) {
        return cache.keys(0, 1 << 20).stream()
                .map(key -> new String(key, StandardCharsets.UTF_8))
                .sorted()
                .toList();
    }

    private static long number(ProgramCache cache, String key) {
        return ByteBuffer.wrap(cache.get(bytes(key)))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    @Test
    void whatOneServerSetsAnotherHas() {
        ProgramCache here = first.cache(options(10));
        ProgramCache there = second.cache(options(10));
        byte[] binary = {0, -1, 13, 10, -128};

        assertThat(here.set(binary, binary, Duration.ZERO, false)).isTrue();
        assertThat(there.get(binary)).containsExactly(0, -1, 13, 10, -128);
        assertThat(there.set(binary, bytes("other"), Duration.ZERO, false)).isFalse();
        assertThat(there.set(binary, bytes("other"), Duration.ZERO, true)).isTrue();
        assertThat(here.get(binary)).isEqualTo(bytes("other"));
        assertThat(there.delete(binary)).isTrue();
        assertThat(here.exists(binary)).isFalse();
        assertThat(here.delete(binary)).isFalse();
        assertThat(here.snapshot("c").hits()).isEqualTo(1);
    }

    @Test
    void whatIsTooLargeForItsSizesIsNotKept() {
        ProgramCache cache = first.cache(options(10));

        assertThat(set(cache, "k", "12345678901")).isFalse();
        assertThat(set(cache, "k", "")).isFalse();
        assertThat(set(cache, "", "v")).isFalse();
        assertThat(set(cache, "12345678901234567", "v")).isFalse();
        assertThat(set(cache, "1234567890123456", "1234567890")).isTrue();
    }

    @Test
    void aFullOneTakesNoMore() {
        ProgramCache cache = first.cache(options(3));

        assertThat(set(cache, "a", "1") && set(cache, "b", "1")).isTrue();
        assertThat(set(cache, "c", "1")).isFalse();
        assertThat(set(cache, "a", "2")).isTrue();
        assertThat(keys(cache)).containsExactly("a", "b");
        assertThat(cache.snapshot("c").items()).isEqualTo(2);
    }

    @Test
    void whatWasUsedLongestAgoMakesRoom() {
        ProgramCache cache = first.cache(options(3, true, false, true, WhenGone.MISS));
        set(cache, "a", "1");
        set(cache, "b", "1");
        cache.get(bytes("a"));

        assertThat(set(cache, "c", "1")).isTrue();
        assertThat(keys(cache)).containsExactly("a", "c");
        assertThat(cache.snapshot("c").evictions()).isEqualTo(1);
    }

    @Test
    void allOfItMakesRoom() {
        ProgramCache cache = first.cache(options(3, false, true, true, WhenGone.MISS));
        set(cache, "a", "1");
        set(cache, "b", "1");

        assertThat(set(cache, "c", "1")).isTrue();
        assertThat(keys(cache)).containsExactly("c");
    }

    @Test
    void anItemIsGoneWhenItsTimeIsOverAndLeavesNothing() throws Exception {
        ProgramCache cache = first.cache(options(3));
        ProgramCache lasting = second.cache(options(3, false, false, false, WhenGone.MISS));
        set(cache, "stays", "1");
        cache.set(bytes("goes"), bytes("1"), Duration.ofMillis(50), true);

        Eventually.await("it is gone", () -> !cache.exists(bytes("goes")));
        assertThat(keys(cache)).containsExactly("stays");

        lasting.set(bytes("lasts"), bytes("1"), Duration.ofMillis(1), true);
        assertThat(lasting.get(bytes("lasts"))).isEqualTo(bytes("1"));

        cache.clear();
        cache.set(bytes("goes"), bytes("1"), Duration.ofMillis(50), true);
        Eventually.await("Redis has nothing of it", () -> server.ask("--raw", "KEYS", NAMES)
                .isBlank());
    }

    @Test
    void countersHave64Bits() {
        ProgramCache cache = first.cache(options(10));
        byte[] key = bytes("n");

        cache.count(Arithmetic.INC, key, Long.MAX_VALUE, Duration.ZERO);
        assertThat(number(cache, "n")).isEqualTo(Long.MAX_VALUE);
        cache.count(Arithmetic.INC, key, 2, Duration.ZERO);
        assertThat(number(cache, "n")).isEqualTo(Long.MIN_VALUE + 1);
        cache.count(Arithmetic.DEC, key, 1L << 62, Duration.ZERO);
        assertThat(number(cache, "n")).isEqualTo((1L << 62) + 1); // past the least number
        cache.count(Arithmetic.DIV, key, -3, Duration.ZERO);
        assertThat(number(cache, "n")).isEqualTo(((1L << 62) + 1) / -3);
        cache.count(Arithmetic.DIV, key, 0, Duration.ZERO);
        cache.count(Arithmetic.DEC, key, 3, Duration.ZERO);
        cache.count(Arithmetic.MUL, key, 7, Duration.ZERO);
        assertThat(number(cache, "n")).isEqualTo(-21);

        set(cache, "text", "text");
        assertThatThrownBy(() -> cache.count(Arithmetic.INC, bytes("text"), 1, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the cache's text is no counter");
        assertThatThrownBy(() -> cache.count(Arithmetic.MUL, bytes("text"), 1, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void countersOfTwoServersLoseNothing() throws Exception {
        List<ProgramCache> caches = List.of(first.cache(options(10)), second.cache(options(10)));
        caches.getFirst().count(Arithmetic.INC, bytes("product"), 1, Duration.ZERO);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                ProgramCache cache = caches.get(i % 2);
                all.add(threads.submit(() -> {
                    for (int n = 0; n < 25; n++) {
                        cache.count(Arithmetic.INC, bytes("sum"), 3, Duration.ZERO);
                        cache.count(Arithmetic.DEC, bytes("sum"), 1, Duration.ZERO);
                    }
                }));
                if (i < 20) {
                    all.add(threads.submit(() -> cache.count(Arithmetic.MUL, bytes("product"), 3, Duration.ZERO)));
                }
            }
            for (Future<?> each : all) {
                each.get();
            }
        }

        assertThat(number(caches.getFirst(), "sum")).isEqualTo(2000);
        assertThat(number(caches.getLast(), "product")).isEqualTo(3_486_784_401L);
    }

    @Test
    void allKeysComeInPieces() {
        ProgramCache cache = first.cache(options(2002));
        for (int i = 0; i < 2001; i++) {
            set(cache, "key" + i, "v");
        }

        List<byte[]> keys = new ArrayList<>(cache.keys(0, 1 << 20));
        assertThat(keys).hasSize(1000);
        keys.addAll(cache.keys(1000, 1 << 20));
        keys.addAll(cache.keys(2000, 1 << 20));
        assertThat(keys.stream().map(String::new).distinct()).hasSize(2001);
        assertThat(cache.keys(2001, 1 << 20)).isEmpty();
        assertThat(cache.keys(0, 30)).hasSizeBetween(2, 4);
    }

    @Test
    void whatIsTakenOutWhileRedisIsGoneIsNotFoundLater() throws Exception {
        ProgramCache cache = first.cache(options(10));
        set(cache, "deleted", "1");
        set(cache, "replaced", "1");
        set(cache, "kept", "1");
        server.signal("STOP");
        try {
            assertThat(cache.delete(bytes("deleted"))).isFalse();
            assertThat(set(cache, "replaced", "2")).isFalse();
            assertThat(cache.get(bytes("kept"))).isNull();
        } finally {
            server.signal("CONT");
        }

        Eventually.await("it is back", () -> cache.get(bytes("kept")) != null);
        assertThat(keys(cache)).containsExactly("kept");
    }

    @Test
    void callsFailWhileRedisIsGoneIfTheyAreTo() throws Exception {
        ProgramCache cache = first.cache(options(10, false, false, true, WhenGone.FAIL));
        server.kill();

        Eventually.await("it is seen", () -> {
            try {
                return cache.get(bytes("k")) != null;
            } catch (IllegalStateException e) {
                return e.getMessage().startsWith("the cache \"c\" can't be used: Redis: ");
            }
        });
        assertThatThrownBy(() -> set(cache, "k", "v")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> cache.keys(0, 100)).isInstanceOf(IllegalStateException.class);

        server.restart();
        Eventually.await("it is back", () -> {
            try {
                return set(cache, "k", "v");
            } catch (IllegalStateException e) {
                return false;
            }
        });
    }

    @Test
    void aStoreThatIsGoneIsOpenedAndUsedLater() throws Exception {
        server.kill();
        try (SharedStore early = open()) {
            ProgramCache cache = early.cache(options(10));
            assertThat(cache.get(bytes("k"))).isNull();

            server.restart();
            Eventually.await("it is there", () -> set(cache, "k", "v"));
        }
    }

    @Test
    void aNameThatNoKeyCanHaveIsRefused() {
        SharedOptions.Cache odd =
                new SharedOptions.Cache("a b", 10, 10, 10, false, 16, false, false, true, 0, true, WhenGone.MISS);

        assertThatThrownBy(() -> first.cache(odd))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"a b\"");
    }
}
