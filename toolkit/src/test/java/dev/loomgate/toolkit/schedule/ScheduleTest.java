package dev.loomgate.toolkit.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("timing")
class ScheduleTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-29T10:00:10Z"));
    private final List<String> runs = new CopyOnWriteArrayList<>();

    private Schedule.Builder builder() {
        return Schedule.builder().clock(now::get, Duration.ofMillis(2)).zone(ZoneOffset.UTC);
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private void awaitRuns(int count) throws Exception {
        Eventually.await(() -> count + " runs: " + runs, () -> runs.size() >= count);
    }

    @Test
    void jobsRunWhenTheyAreDue() throws Exception {
        try (Schedule schedule = builder()
                .cron("quarter", "*/15 * * * *", run -> runs.add(run.id()))
                .every("tick", Duration.ofMinutes(10), run -> runs.add(run.id()))
                .start()) {
            pass(Duration.ofMinutes(10));
            awaitRuns(1);
            pass(Duration.ofMinutes(5));
            awaitRuns(2);
            pass(Duration.ofMinutes(5));
            awaitRuns(3);

            assertThat(runs)
                    .containsExactly(
                            "tick@2026-11-29T10:10:00Z", "quarter@2026-11-29T10:15:00Z", "tick@2026-11-29T10:20:00Z");
            Eventually.await("the last one has ended", () -> schedule.counts().running() == 0);
            assertThat(schedule.counts()).isEqualTo(new ScheduleCounts(3, 0, 0, 0, 0));
        }
    }

    @Test
    void cronIsByTheTimeOfItsZone() throws Exception {
        try (Schedule _ = builder()
                .zone(ZoneId.of("Asia/Kolkata"))
                .cron("noon", "0 12 * * *", run -> runs.add(run.id()))
                .mostLate(Duration.ofDays(1))
                .start()) {
            pass(Duration.ofDays(1));
            awaitRuns(1);
            assertThat(runs).containsExactly("noon@2026-11-30T06:30:00Z");
        }
    }

    @Test
    void aRunThatFailsIsLoggedAndFollowedByTheNext() throws Exception {
        try (LogLines log = LogLines.of(Schedule.class.getName());
                Schedule schedule = builder()
                        .cron("bad", "* * * * *", run -> {
                            runs.add(run.id());
                            throw new IOException("no disk");
                        })
                        .start()) {
            pass(Duration.ofMinutes(1));
            awaitRuns(1);
            pass(Duration.ofMinutes(1));
            awaitRuns(2);
            Eventually.await("both are counted", () -> schedule.counts().failed() == 2);
            assertThat(log.lines()).anyMatch(line -> line.contains("bad@2026-11-29T10:01:00Z failed"));
        }
    }

    @Test
    void runsThatWaitedForTheOneBeforeAreBegunUnlessTheyAreTooLate() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (LogLines log = LogLines.of(Schedule.class.getName());
                Schedule schedule = builder()
                        .cron("slow", "* * * * *", run -> {
                            runs.add(run.id());
                            go.await();
                        })
                        .mostLate(Duration.ofMinutes(2))
                        .start()) {
            pass(Duration.ofMinutes(1));
            awaitRuns(1);
            pass(Duration.ofMinutes(5));
            assertThat(schedule.counts().running()).isEqualTo(1);
            go.countDown();
            awaitRuns(3);
            Eventually.await("three have ended", () -> schedule.counts().done() == 3);

            assertThat(runs)
                    .containsExactly(
                            "slow@2026-11-29T10:01:00Z", "slow@2026-11-29T10:05:00Z", "slow@2026-11-29T10:06:00Z");
            assertThat(schedule.counts().skipped()).isEqualTo(3);
            assertThat(log.lines())
                    .anyMatch(line -> line.contains(
                            "job slow: runs left out since they were over PT2M late (mostLate): 3, the first one of"
                                    + " 2026-11-29T10:02:00Z"));
        }
    }

    @Test
    void whatAnotherServerHasClaimedIsNotRun() throws Exception {
        try (Schedule schedule = builder()
                .cron("shared", "* * * * *", run -> runs.add(run.id()))
                .claims(run -> run.due().equals(Instant.parse("2026-11-29T10:02:00Z")))
                .start()) {
            for (int i = 0; i < 3; i++) {
                long told = i + 1L;
                pass(Duration.ofMinutes(1));
                Eventually.await(
                        "it is claimed or not",
                        () -> schedule.counts().others() + schedule.counts().done() == told);
            }
            assertThat(runs).containsExactly("shared@2026-11-29T10:02:00Z");
            assertThat(schedule.counts().others()).isEqualTo(2);
        }
    }

    @Test
    void aRunWaitsForTheClaimsUntilItIsTooLate() throws Exception {
        AtomicBoolean there = new AtomicBoolean();
        AtomicInteger asked = new AtomicInteger();
        try (LogLines log = LogLines.of(Schedule.class.getName());
                Schedule schedule = builder()
                        .cron("patient", "0,30 * * * *", run -> runs.add(run.id()))
                        .claims(run -> {
                            asked.incrementAndGet();
                            if (there.get()) {
                                return true;
                            }
                            throw new ServiceUnavailable(Duration.ofSeconds(1));
                        })
                        .start()) {
            pass(Duration.ofMinutes(30));
            Eventually.await("it is asked", () -> asked.get() > 0);
            there.set(true);
            awaitRuns(1);
            there.set(false);
            int before = asked.get();
            pass(Duration.ofMinutes(30));
            Eventually.await("it is asked again", () -> asked.get() > before);
            assertThat(schedule.counts().skipped()).isZero();
            pass(Duration.ofMinutes(1));
            Eventually.await("it is left out", () -> schedule.counts().skipped() == 1);

            assertThat(runs).containsExactly("patient@2026-11-29T10:30:00Z");
            log.await("patient@2026-11-29T11:00:00Z"); // after it is counted
        }
    }

    @Test
    void closeWaitsForWhatRuns() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Schedule schedule = builder()
                .cron("long", "* * * * *", run -> {
                    runs.add("begun");
                    go.await();
                    runs.add("ended");
                })
                .start();
        pass(Duration.ofMinutes(1));
        awaitRuns(1);
        Thread closing = Thread.startVirtualThread(schedule::close);
        Eventually.await("close waits", () -> closing.getState() == Thread.State.TIMED_WAITING);
        go.countDown();
        closing.join();
        assertThat(runs).containsExactly("begun", "ended");
        pass(Duration.ofMinutes(5));
        assertThat(schedule.counts().done()).isEqualTo(1);
    }

    @Test
    void closeInterruptsWhatRunsForTooLong() throws Exception {
        Schedule schedule = builder()
                .cron("endless", "* * * * *", run -> {
                    runs.add("begun");
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        runs.add("interrupted");
                    }
                })
                .stopTimeout(Duration.ofMillis(50))
                .start();
        pass(Duration.ofMinutes(1));
        awaitRuns(1);
        schedule.close();
        assertThat(runs).containsExactly("begun", "interrupted");
    }

    @Test
    void whatIsWrongIsSaidAtOnce() {
        Schedule.Builder builder = builder().cron("a", "* * * * *", run -> {});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.every("a", Duration.ofSeconds(1), run -> {}))
                .withMessage("Schedule: there are two jobs \"a\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.cron("a b", "* * * * *", run -> {}))
                .withMessageContaining("\"a b\" is no name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.every("b", Duration.ofMillis(10), run -> {}))
                .withMessage("Schedule: period is PT0.01S, not in PT1S to PT8784H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.mostLate(Duration.ZERO))
                .withMessageContaining("mostLate is PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.builder().start())
                .withMessage("Schedule: it has no job");
    }
}
