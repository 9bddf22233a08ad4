package dev.loomgate.python.cheaper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.python.BusynessOptions;
import dev.loomgate.python.CheaperAlgorithm;
import dev.loomgate.python.CheaperOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What each rule says in the course of some seconds, without a process. The expected numbers are those that uWSGI's
/// functions of the same name give for the same figures.
class CountRulesTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<String> log = new ArrayList<>();
    private CountRule rule = (figures, mayGrow) -> 0;
    private int most = 8;
    private int active;
    private long second;
    private long bytes;
    /// By slots, as far as there are workers.
    private final long[] busyNanos = new long[16];

    private void rule(CheaperOptions.Builder options) {
        CheaperOptions built = options.build();
        rule = CountRule.of(built, log::add);
        active = built.least();
    }

    /// A second later, with so many workers that were busy all the time, and requests that wait.
    private int after(int busy, int waiting) {
        second++;
        List<Figures.Seen> seen = new ArrayList<>();
        for (int slot = 0; slot < active; slot++) {
            busyNanos[slot] += slot < busy ? SECOND : 0;
            seen.add(new Figures.Seen(slot, slot < busy, busyNanos[slot]));
        }
        int change = rule.change(new Figures(second * SECOND, most, seen, waiting, bytes), true);
        active += change;
        return change;
    }

    /// What is said in each of so many seconds.
    private List<Integer> changes(int seconds, int busy, int waiting) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < seconds; i++) {
            all.add(after(Math.min(busy, active), waiting));
        }
        return all;
    }

    @Test
    void spareStartsMoreWhenAllHaveBeenBusyAndKeepsOneFree() {
        rule(CheaperOptions.builder().least(2).step(2));
        assertThat(changes(7, 100, 0)).containsExactly(0, 0, 2, 0, 0, 2, 0);
        assertThat(active).isEqualTo(6);
        // One look with all of them busy is undone by the first with a free one; then it ends one in three seconds.
        assertThat(changes(8, 1, 0)).containsExactly(0, 0, -1, 0, 0, -1, 0, 0);
        assertThat(active).isEqualTo(4);
        // One is free: nothing to do.
        assertThat(changes(10, 3, 0)).containsOnly(0);
        assertThat(changes(30, 0, 0)).filteredOn(change -> change == -1).hasSize(2);
        assertThat(active).isEqualTo(2);
    }

    @Test
    void spareStartsNoMoreThanThereMayBe() {
        most = 3;
        rule(CheaperOptions.builder().least(2).step(4).overload(1));
        assertThat(changes(3, 100, 0)).containsExactly(1, 0, 0);
    }

    @Test
    void spare2KeepsSomeFree() {
        rule(CheaperOptions.builder()
                .least(2)
                .step(3)
                .algorithm(CheaperAlgorithm.SPARE2)
                .idleCycles(4));
        assertThat(changes(4, 1, 0)).containsExactly(1, 0, 0, 0);
        assertThat(changes(2, 4, 0)).containsExactly(2, 1);
        assertThat(active).isEqualTo(6);
        assertThat(changes(9, 0, 0)).containsExactly(0, 0, 0, -1, 0, 0, 0, -1, 0);
        assertThat(changes(40, 0, 0)).filteredOn(change -> change == -1).hasSize(2);
        assertThat(active).isEqualTo(2);
    }

    @Test
    void backlogFollowsWhatWaits() {
        rule(CheaperOptions.builder().least(1).algorithm(CheaperAlgorithm.BACKLOG));
        assertThat(changes(2, 1, 4)).containsExactly(1, 1);
        assertThat(changes(2, 1, 3)).containsExactly(0, 0);
        assertThat(changes(4, 1, 2)).containsExactly(-1, -1, 0, 0);
    }

    @Test
    void busynessGoesByTheShareOfTheTime() {
        rule(CheaperOptions.builder()
                .least(2)
                .algorithm(CheaperAlgorithm.BUSYNESS)
                .overload(2)
                .busyness(BusynessOptions.builder().multiplier(3).build()));
        assertThat(changes(5, 2, 0)).containsExactly(0, 0, 1, 0, 1);
        assertThat(active).isEqualTo(4);
        // A quarter is neither much nor little.
        assertThat(changes(4, 1, 0)).containsOnly(0);
        // From the last start on, three cycles and those two that were not quiet.
        assertThat(changes(10, 0, 0)).filteredOn(change -> change == -1).hasSize(1);
        assertThat(changes(40, 0, 0)).filteredOn(change -> change == -1).hasSize(1);
        assertThat(active).isEqualTo(2);
        // A worker is wanted again soon after one has ended: it waits for longer from now on.
        changes(6, 2, 0);
        while (after(0, 0) == 0) {
            assertThat(second).isLessThan(200);
        }
        changes(4, 100, 0);
        assertThat(log).anyMatch(line -> line.contains("from now on 5 quiet cycles"));
    }

    @Test
    void busynessStartsWorkersAtOnceWhenManyRequestsWait() {
        rule(CheaperOptions.builder()
                .least(2)
                .algorithm(CheaperAlgorithm.BUSYNESS)
                .overload(100)
                .busyness(BusynessOptions.builder()
                        .backlogAlert(5)
                        .backlogStep(2)
                        .backlogNonzero(4)
                        .build()));
        assertThat(changes(2, 1, 6)).containsExactly(2, 2);
        assertThat(changes(5, 1, 1)).containsExactly(0, 0, 0, 0, 2);
        assertThat(changes(2, 1, 9)).containsExactly(0, 0);
    }

    @Test
    void manualChangesNothing() {
        rule(CheaperOptions.builder().least(2).algorithm(CheaperAlgorithm.MANUAL));
        assertThat(changes(10, 2, 50)).containsOnly(0);
    }

    @Test
    void memoryBoundsTheNumber() {
        rule(CheaperOptions.builder().least(2).overload(1).rssSoftBytes(100).rssHardBytes(200));
        bytes = 99;
        assertThat(changes(1, 100, 0)).containsExactly(1);
        bytes = 100;
        assertThat(changes(3, 100, 0)).containsOnly(0);
        bytes = 200;
        assertThat(changes(4, 100, 0)).containsExactly(-1, -1, 0, 0);
        assertThat(active).isEqualTo(1);
    }

    @Test
    void idleCountsFromTheLastRequestOn() {
        IdleRule idle = new IdleRule(Duration.ofSeconds(3));
        assertThat(idle.isOver(10 * SECOND, false)).isFalse();
        assertThat(idle.isOver(13 * SECOND, false)).isFalse();
        assertThat(idle.isOver(14 * SECOND, false)).isTrue();
        assertThat(idle.isOver(15 * SECOND, true)).isFalse();
        assertThat(idle.isOver(18 * SECOND, false)).isFalse();
        assertThat(idle.isOver(19 * SECOND, false)).isTrue();
        assertThat(new IdleRule(Duration.ZERO).isOver(1000 * SECOND, false)).isFalse();
    }
}
