package dev.loomgate.python.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.python.ProgramCache;
import dev.loomgate.python.ProgramCache.Arithmetic;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.snapshot.CacheSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedCacheTest {
    private static final Duration NEVER = Duration.ZERO;
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATE = Duration.ofHours(1);
    private static final long HEAP = 1L << 30;

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // it may overflow
    private final SharedCache cache = SharedCache.unasked("", 1 << 20, clock::get);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static SharedOptions.Cache options(int items, boolean bitmap, boolean lru, boolean clear, boolean expires) {
        return new SharedOptions.Cache("c", items, 10, 20, bitmap, 16, lru, clear, expires, 0, false, null);
    }

    private boolean set(ProgramCache where, String key, int length) {
        return where.set(bytes(key), new byte[length], NEVER, false);
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Test
    void whatIsSetIsThereForAll() {
        assertThat(cache.set(bytes("key"), bytes("value"), NEVER, false)).isTrue();
        assertThat(cache.get(bytes("key"))).isEqualTo(bytes("value"));
        assertThat(cache.exists(bytes("key"))).isTrue();
        assertThat(cache.get(bytes("other"))).isNull();
    }

    @Test
    void eachNameIsACacheIfNoneWasAskedFor() {
        SharedCaches all = new SharedCaches(List.of(), null, HEAP, clock::get);
        assertThat(all.find("")).isNotNull().isSameAs(all.find("")).isNotSameAs(all.find("other"));
        assertThatThrownBy(() -> all.find("cache@127.0.0.1:3031"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another server");
    }

    @Test
    void theFirstOfThoseAskedForIsTheOneWithoutAName() {
        SharedOptions.Cache first = options(4, false, false, false, true);
        SharedCaches all = new SharedCaches(List.of(first), null, HEAP, clock::get);
        assertThat(all.find("")).isNotNull().isSameAs(all.find("c"));
        assertThat(all.find("other")).isNull();
    }

    @Test
    void settingDoesNotReplaceAndUpdatingDoes() {
        assertThat(cache.set(bytes("key"), bytes("1"), NEVER, false)).isTrue();
        assertThat(cache.set(bytes("key"), bytes("2"), NEVER, false)).isFalse();
        assertThat(cache.get(bytes("key"))).isEqualTo(bytes("1"));
        assertThat(cache.set(bytes("key"), bytes("3"), NEVER, true)).isTrue();
        assertThat(cache.set(bytes("new"), bytes("4"), NEVER, true)).isTrue();
        assertThat(cache.get(bytes("key"))).isEqualTo(bytes("3"));
        assertThat(cache.get(bytes("new"))).isEqualTo(bytes("4"));
    }

    @Test
    void deletedAndClearedIsGone() {
        set(cache, "a", 1);
        set(cache, "b", 1);
        assertThat(cache.delete(bytes("a"))).isTrue();
        assertThat(cache.delete(bytes("a"))).isFalse();
        cache.clear();
        assertThat(cache.exists(bytes("b"))).isFalse();
    }

    @Test
    void valuesExpireAndUpdatingBeginsTheirTimeAgain() {
        cache.set(bytes("key"), bytes("1"), SOON, false);
        cache.set(bytes("late"), bytes("1"), LATE, false);
        pass(SOON);
        assertThat(cache.get(bytes("key"))).isNull();
        assertThat(cache.keys(0, 1000)).containsExactly(bytes("late"));
        assertThat(cache.set(bytes("key"), bytes("2"), LATE, false)).isTrue();
        cache.set(bytes("key"), bytes("3"), SOON, true);
        pass(SOON);
        assertThat(cache.exists(bytes("key"))).isFalse();
        assertThat(cache.exists(bytes("late"))).isTrue();
    }

    @Test
    void whereNothingExpiresItStays() {
        SharedCache lasting = SharedCache.of(options(4, false, false, false, false), HEAP, clock::get);
        lasting.set(bytes("key"), bytes("1"), SOON, false);
        pass(LATE);
        assertThat(lasting.exists(bytes("key"))).isTrue();
    }

    @Test
    void whatHasExpiredMakesRoom() {
        SharedCache small = SharedCache.of(options(4, false, false, false, true), HEAP, clock::get);
        for (String key : List.of("a", "b", "c")) {
            assertThat(small.set(bytes(key), bytes("1"), SOON, false)).isTrue();
        }
        assertThat(set(small, "d", 1)).isFalse();
        pass(SOON);
        assertThat(set(small, "d", 1)).isTrue();
    }

    @Test
    void countersCountAndKeepTheirTime() {
        assertThat(cache.count(Arithmetic.INC, bytes("n"), 6, NEVER)).isTrue();
        cache.count(Arithmetic.DEC, bytes("n"), 10, NEVER);
        assertThat(cache.get(bytes("n"))).isEqualTo(new byte[] {-4, -1, -1, -1, -1, -1, -1, -1});
        cache.set(bytes("text"), bytes("seven"), NEVER, false);
        assertThatThrownBy(() -> cache.count(Arithmetic.INC, bytes("text"), 1, NEVER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the cache's text has 5 bytes, and a counter has 8");
        cache.count(Arithmetic.INC, bytes("soon"), 1, SOON);
        cache.count(Arithmetic.INC, bytes("soon"), 1, LATE);
        pass(SOON);
        assertThat(cache.exists(bytes("soon"))).isFalse();
    }

    @Test
    void aFullCacheForgetsAndATooLargeValueIsNotTaken() {
        for (int i = 0; i < 100; i++) {
            set(cache, "key" + i, 100_000);
        }
        long left = IntStream.range(0, 100)
                .filter(i -> cache.exists(bytes("key" + i)))
                .count();
        assertThat(left).isEqualTo(10);
        assertThat(cache.exists(bytes("key99"))).isTrue();
        assertThat(set(cache, "huge", 1 << 21)).isFalse();
        assertThat(cache.exists(bytes("huge"))).isFalse();
    }

    @Test
    void theHeapIsALimitToo() {
        SharedCache small = SharedCache.of(options(4, false, false, false, true), 25, clock::get);
        assertThat(set(small, "a", 10)).isTrue();
        assertThat(set(small, "b", 10)).isTrue();
        assertThat(set(small, "c", 10)).isFalse();
    }

    @Test
    void figuresTellWhatHasHappened() {
        SharedCaches all = new SharedCaches(List.of(options(3, false, true, false, true)), null, HEAP, clock::get);
        ProgramCache small = all.find("c");
        assertThat(small).isNotNull();
        small.set(bytes("a"), bytes("1"), SOON, false);
        set(small, "b", 1);
        set(small, "c", 1); // instead of a
        small.get(bytes("b"));
        small.get(bytes("a"));
        assertThat(all.snapshot()).containsExactly(new CacheSnapshot("c", 2, 20, 1, 1, 1));
    }

    @Test
    void manyKeysAreToldInParts() {
        SharedCache blocks = SharedCache.of(options(20, true, false, false, true), HEAP, clock::get);
        for (int i = 0; i < 10; i++) {
            set(blocks, "key" + i, 11);
        }
        assertThat(set(blocks, "over", 1)).isFalse();
        assertThat(blocks.keys(0, 45)).hasSize(5);
        assertThat(blocks.keys(5, 1000)).hasSize(5).contains(bytes("key9"));
        assertThat(blocks.keys(10, 1000)).isEmpty();
    }
}
