package dev.loomgate.python.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SharedCacheTest {
    private static final Duration NEVER = Duration.ZERO;
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration LATE = Duration.ofHours(1);

    private final SharedCache cache = new SharedCache(1 << 20);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void awaitGone(String key) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (cache.exists("", key)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    @Test
    void whatIsSetIsThereForAll() {
        byte[] value = bytes("value");
        assertThat(cache.set("", "key", value, NEVER, false)).isTrue();
        value[0] = 'X';
        assertThat(cache.get("", "key")).isEqualTo(bytes("value"));
        assertThat(cache.exists("", "key")).isTrue();
        assertThat(cache.get("", "other")).isNull();
        assertThat(cache.get("another cache", "key")).isNull();
    }

    @Test
    void settingDoesNotReplaceAndUpdatingDoes() {
        assertThat(cache.set("", "key", bytes("1"), NEVER, false)).isTrue();
        assertThat(cache.set("", "key", bytes("2"), NEVER, false)).isFalse();
        assertThat(cache.get("", "key")).isEqualTo(bytes("1"));
        assertThat(cache.set("", "key", bytes("3"), NEVER, true)).isTrue();
        assertThat(cache.set("", "new", bytes("4"), NEVER, true)).isTrue();
        assertThat(cache.get("", "key")).isEqualTo(bytes("3"));
        assertThat(cache.get("", "new")).isEqualTo(bytes("4"));
    }

    @Test
    void deletedAndClearedIsGone() {
        cache.set("", "a", bytes("1"), NEVER, false);
        cache.set("", "b", bytes("1"), NEVER, false);
        cache.set("other", "a", bytes("1"), NEVER, false);
        assertThat(cache.delete("", "a")).isTrue();
        assertThat(cache.delete("", "a")).isFalse();
        cache.clear("");
        assertThat(cache.exists("", "b")).isFalse();
        assertThat(cache.exists("other", "a")).isTrue();
    }

    @Test
    void valuesExpireAndUpdatingBeginsTheirTimeAnew() throws Exception {
        cache.set("", "key", bytes("1"), SOON, false);
        cache.set("", "late", bytes("1"), LATE, false);
        awaitGone("key");
        assertThat(cache.set("", "key", bytes("2"), LATE, false)).isTrue();
        cache.set("", "key", bytes("3"), SOON, true);
        awaitGone("key");
        assertThat(cache.exists("", "late")).isTrue();
    }

    @Test
    void countersCountAndKeepTheirTime() throws Exception {
        assertThat(cache.add("", "n", 1, NEVER)).isOne();
        assertThat(cache.add("", "n", 5, NEVER)).isEqualTo(6);
        assertThat(cache.add("", "n", -10, NEVER)).isEqualTo(-4);
        assertThat(cache.get("", "n")).isEqualTo(new byte[] {-4, -1, -1, -1, -1, -1, -1, -1});
        cache.set("", "text", bytes("seven"), NEVER, false);
        assertThatThrownBy(() -> cache.add("", "text", 1, NEVER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the cache's text has 5 bytes, and a counter has 8");
        cache.add("", "soon", 1, SOON);
        cache.add("", "soon", 1, LATE);
        awaitGone("soon");
        assertThat(cache.add("", "soon", 1, NEVER)).isOne();
    }

    @Test
    void aFullCacheForgetsAndATooLargeValueIsNotTaken() {
        for (int i = 0; i < 100; i++) {
            cache.set("", "key" + i, new byte[100_000], NEVER, false);
        }
        long left = java.util.stream.IntStream.range(0, 100)
                .filter(i -> cache.exists("", "key" + i))
                .count();
        assertThat(left).isBetween(1L, 10L);
        assertThat(cache.set("", "huge", new byte[1 << 21], NEVER, true)).isFalse();
        assertThat(cache.exists("", "huge")).isFalse();
    }
}
