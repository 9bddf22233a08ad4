package dev.loomgate.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcTest {
    @Test
    void cpuTimeIsFoundAfterANameWithSpacesAndParentheses() {
        ProcStat stat = ProcStat.parse(
                "4711 (a (b) c) S 1 4711 4711 0 -1 4194560 812 34 5 6 1200 345 67 8 20 0 12 0 901 234 56");

        assertThat(stat.ownTicks()).isEqualTo(1545);
        assertThat(stat.endedChildrenTicks()).isEqualTo(75);
    }

    @Test
    void aProcessThatHasGoneUsedNothing() {
        assertThat(ProcStat.of(Integer.MAX_VALUE)).isEqualTo(new ProcStat(0, 0));
    }

    @Test
    void theTreeHasTheCpuTimeOfChildrenThatRun() throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "sh -c 'while :; do :; done' & wait").start();
        try (Children.Registration _ = Children.register(shell)) {
            long deadline = System.nanoTime() + 20_000_000_000L;
            while (ProcStat.treeTicks(shell.toHandle()) < 5) {
                assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
                Thread.onSpinWait();
            }
            assertThat(ProcStat.of(shell.pid()).ownTicks()).isLessThan(5);
        }
        assertThat(shell.descendants()).isEmpty();
        assertThat(shell.isAlive()).isFalse();
    }

    @Test
    void memoryAndThreadsAreReadFromStatus() {
        assertThat(ProcStatus.parse("Name:\tjava\nVmHWM:\t  204800 kB\nVmRSS:\t  102400 kB\nThreads:\t21\n"))
                .isEqualTo(new ProcStatus(102_400, 204_800, 21));
    }

    @Test
    void busyTicksLeaveOutIdleAndWaiting() {
        assertThat(MachineLoad.busyTicks("cpu  1 20 300 4000 50000 600000 7000000 80000000 9 9\ncpu0 1 2 3\n"))
                .isEqualTo(87_600_321);
    }

    @Test
    void aThreadsTimeIsTheFirstFigureOfItsSchedstat() {
        assertThat(ThreadTimes.nanos("1234567890 55 66\n")).isEqualTo(1_234_567_890);
    }

    @Test
    void threadsThatHaveBegunCountWholeAndThoseThatHaveEndedNotAtAll() {
        ThreadTimes before = new ThreadTimes(Map.of(
                "1/task/1", new ThreadTimes.Time("java", 1_000_000),
                "1/task/2", new ThreadTimes.Time("C2 CompilerThre", 5_000_000),
                "1/task/3", new ThreadTimes.Time("gone", 9_000_000)));
        ThreadTimes after = new ThreadTimes(Map.of(
                "1/task/1", new ThreadTimes.Time("java", 3_000_000),
                "1/task/2", new ThreadTimes.Time("C2 CompilerThre", 9_000_000),
                "1/task/4", new ThreadTimes.Time("C1 CompilerThre", 500_000)));

        assertThat(after.microsSince(before)).isEqualTo(6_500);
        assertThat(after.compilerSecondsSince(before)).isEqualTo(0.0045);
    }

    @Test
    void threadsOfTheTreeAreRead() throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "sh -c 'while :; do :; done' & wait").start();
        try (Children.Registration _ = Children.register(shell)) {
            long deadline = System.nanoTime() + 20_000_000_000L;
            while (ThreadTimes.of(shell.toHandle()).microsSince(ThreadTimes.none()) < 50_000) {
                assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
                Thread.onSpinWait();
            }
            ProportionalMemory memory = ProportionalMemory.of(shell.toHandle());
            assertThat(memory.processes()).isEqualTo(2);
            assertThat(memory.kib()).isPositive();
        }
    }

    @Test
    void proportionalMemoryIsReadFromTheRollup() {
        assertThat(ProportionalMemory.pssKib("""
                55d-7ff ---p 00000000 00:00 0    [rollup]
                Rss:                2048 kB
                Pss:                 512 kB
                Pss_Dirty:           100 kB
                """)).isEqualTo(512);
    }
}
