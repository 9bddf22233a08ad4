package dev.loomgate.jwsgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.testkit.Eventually;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the class `uwsgi` does, where a program over HTTP can't show it.
@Timeout(60)
class ProgramFunctionsTest {
    private static final int HALF = (int) (ProgramCaches.MOST_BYTES / 2);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L); // it may overflow
    private final ProgramCaches caches = new ProgramCaches(now::get);
    private final ProgramLocks locks = new ProgramLocks();

    @Test
    void aValueIsGoneWhenItsTimeIsOver() {
        caches.put("", "short", new byte[1], 2, true);
        caches.put("", "long", new byte[2], 0, true);

        now.addAndGet(1_999_999_999L);
        assertThat(caches.get("", "short")).hasSize(1);
        now.addAndGet(1);

        assertThat(caches.get("", "short")).isNull();
        assertThat(caches.get("", "long")).hasSize(2);
    }

    @Test
    void aNewValueTakesThePlaceOfOneWhoseTimeIsOver() {
        caches.put("", "a", new byte[1], 1, false);
        caches.put("", "a", new byte[2], 1, false);
        assertThat(caches.get("", "a")).hasSize(1);
        now.addAndGet(1_000_000_000L);

        caches.put("", "a", new byte[3], 1, false);

        assertThat(caches.get("", "a")).hasSize(3);
    }

    @Test
    void whatWasUsedLongestAgoGoesFromAFullCache() {
        caches.put("", "a", new byte[HALF - 10], 0, true);
        caches.put("", "b", new byte[HALF - 10], 0, true);
        caches.get("", "a");

        caches.put("", "c", new byte[HALF - 10], 0, true);

        assertThat(caches.get("", "a")).isNotNull();
        assertThat(caches.get("", "b")).isNull();
        assertThat(caches.get("", "c")).isNotNull();
        assertThatThrownBy(() -> caches.put("", "d", new byte[2 * HALF], 0, true))
                .hasMessage("uwsgi.cache_update: a value of 67108864 bytes, and a cache has room for 67108864");
    }

    @Test
    void aCachedValueIsACopy() {
        byte[] value = {1};
        caches.put("", "a", value, 0, true);
        value[0] = 2;

        byte[] found = caches.get("", "a");
        assertThat(found).containsExactly(1);
        found[0] = 3;
        assertThat(caches.get("", "a")).containsExactly(1);
    }

    @Test
    void aLockIsWaitedForAndEndsWithAnInterrupt() throws Exception {
        locks.lock(0);
        AtomicBoolean has = new AtomicBoolean();
        Thread second = Thread.ofVirtual().start(() -> {
            locks.lock(0);
            has.set(true);
        });
        Eventually.await("the second waits", () -> second.getState() == Thread.State.WAITING);
        assertThat(has).isFalse();
        locks.unlock(0);
        second.join();
        assertThat(has).isTrue();

        AtomicBoolean interrupted = new AtomicBoolean();
        Thread third = Thread.ofVirtual().start(() -> {
            try {
                locks.lock(0);
            } catch (IllegalStateException e) {
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        third.interrupt();
        third.join();
        assertThat(interrupted).isTrue();
    }

    @Test
    void aLockThatIsNotTakenIsSaid() {
        locks.lock(1);
        locks.unlock(1);

        assertThatThrownBy(() -> locks.unlock(1)).hasMessage("uwsgi.unlock: lock 1 isn't taken");
        assertThatThrownBy(() -> locks.unlock(2)).hasMessage("uwsgi.unlock: lock 2 isn't taken");
        assertThatThrownBy(() -> locks.lock(-1)).hasMessage("uwsgi.lock: invalid lock number -1");
    }
}
