package dev.loomgate.python.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("timing")
class SharedLocksTest {
    private final SharedLocks locks = new SharedLocks();
    private final List<String> granted = new ArrayList<>();

    private void lock(int number, String owner) {
        lock(number, owner, owner);
    }

    private void lock(int number, String owner, String thread) {
        locks.lock(number, owner, () -> granted.add(thread + " has " + number));
    }

    @Test
    void itIsGivenInTheOrderOfAsking() {
        lock(0, "a");
        lock(0, "b");
        lock(0, "c");
        lock(1, "c");
        assertThat(granted).containsExactly("a has 0", "c has 1");
        locks.unlock(0, "a");
        assertThat(granted).containsExactly("a has 0", "c has 1", "b has 0");
        locks.unlock(0, "b");
        locks.unlock(0, "c");
        assertThat(granted).containsExactly("a has 0", "c has 1", "b has 0", "c has 0");
        assertThat(locks.isLocked(0)).isFalse();
        assertThat(locks.isLocked(1)).isTrue();
        assertThat(locks.isLocked(2)).isFalse();
    }

    @Test
    void theThreadsOfAWorkerTakeTurnsToo() {
        lock(0, "a", "a1");
        lock(0, "a", "a2");
        assertThat(granted).containsExactly("a1 has 0");
        locks.unlock(0, "a");
        assertThat(granted).containsExactly("a1 has 0", "a2 has 0");
    }

    @Test
    void onlyWhoHasItGivesItBack() {
        assertThatThrownBy(() -> locks.unlock(0, "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lock 0 isn't held by this worker");
        lock(0, "a");
        lock(0, "b");
        assertThatThrownBy(() -> locks.unlock(0, "b")).isInstanceOf(IllegalArgumentException.class);
        assertThat(locks.isLocked(0)).isTrue();
    }

    @Test
    void oneThatEndsGivesBackWhatItHasAndAsksForNoMore() {
        lock(0, "a");
        lock(1, "a");
        lock(0, "a", "a2");
        lock(0, "b");
        lock(1, "c");
        lock(2, "b");
        lock(2, "a");
        locks.ended("a");
        assertThat(granted).containsExactlyInAnyOrder("a has 0", "a has 1", "b has 2", "b has 0", "c has 1");
        locks.unlock(2, "b");
        assertThat(locks.isLocked(2)).isFalse();
        locks.ended("a");
        locks.ended("b");
        assertThat(locks.isLocked(0)).isFalse();
        assertThat(locks.isLocked(1)).isTrue();
    }
}
