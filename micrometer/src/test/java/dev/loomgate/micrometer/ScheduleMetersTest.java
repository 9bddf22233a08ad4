package dev.loomgate.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.redis.Redis;
import dev.loomgate.redis.RedisRunClaims;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.schedule.JobFunction;
import dev.loomgate.toolkit.schedule.Schedule;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a registry finds of schedules that share a real Redis.
@Timeout(120)
@Tag("timing")
class ScheduleMetersTest {
    private static final JobFunction FAILS = run -> {
        throw new IllegalStateException("on purpose");
    };

    @TempDir
    private Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private static double runs(SimpleMeterRegistry registry, String job, String outcome) {
        return registry.get("loomgate.schedule.runs")
                .tags("job", job, "outcome", outcome)
                .functionCounter()
                .count();
    }

    private Schedule schedule(Redis redis, SimpleMeterRegistry of) {
        Schedule schedule = Schedule.builder()
                .every("works", Duration.ofSeconds(1), run -> {})
                .every("fails", Duration.ofSeconds(1), FAILS)
                .claims(RedisRunClaims.of(redis))
                .start();
        new ScheduleMeters(schedule).bindTo(of);
        return schedule;
    }

    @Test
    void eachRunIsDoneOnOneServerAndElsewhereForTheOther() throws Exception {
        SimpleMeterRegistry other = new SimpleMeterRegistry();
        try (RedisServer server = RedisServer.start(directory);
                Redis redis = Redis.open(server.uri());
                Schedule here = schedule(redis, registry);
                Schedule there = schedule(redis, other)) {
            assertThat(here).isNotSameAs(there);
            Eventually.await(
                    () -> registry.getMetersAsString() + other.getMetersAsString(),
                    () -> runs(registry, "works", "done") + runs(other, "works", "done") >= 2
                            && runs(registry, "fails", "failed") + runs(other, "fails", "failed") >= 2
                            && runs(registry, "works", "elsewhere") + runs(other, "works", "elsewhere") >= 2);
            assertThat(runs(registry, "fails", "done") + runs(other, "fails", "done"))
                    .isZero();
            assertThat(runs(registry, "works", "failed")).isZero();
        }
    }

    @Test
    void whatRunsIsShownAndWhatIsTooLateIsSkipped() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-29T12:00:30Z"));
        CountDownLatch release = new CountDownLatch(1);
        try (Schedule schedule = Schedule.builder()
                .every("report", Duration.ofMinutes(1), run -> release.await())
                .clock(now::get, Duration.ofMillis(1))
                .start()) {
            new ScheduleMeters(schedule).bindTo(registry);
            now.set(Instant.parse("2026-11-29T12:01:00Z"));
            Eventually.await(
                    registry::getMetersAsString,
                    () -> registry.get("loomgate.schedule.running")
                                    .tags("job", "report")
                                    .gauge()
                                    .value()
                            == 1);
            now.set(Instant.parse("2026-11-29T12:11:00Z"));
            release.countDown();

            // 12:02 to 12:09; that of 12:10 isn't over a minute late.
            Eventually.await(registry::getMetersAsString, () -> runs(registry, "report", "skipped") == 8);
            Eventually.await(registry::getMetersAsString, () -> runs(registry, "report", "done") == 3);
        }
    }
}
