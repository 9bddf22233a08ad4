package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.KilledPrograms;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.schedule.ScheduledRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who does a run, in a real Redis; and three servers with one job, which are killed.
@Timeout(120)
@Tag("timing")
class RedisRunClaimsTest {
    private static final ScheduledRun RUN = new ScheduledRun("report", Instant.parse("2026-11-29T03:00:00Z"));
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private RedisServer server;
    private KilledPrograms programs;
    private Path file;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.startDurable(directory);
        programs = new KilledPrograms(directory);
        file = Files.createFile(directory.resolve("runs.txt"));
    }

    @AfterEach
    void stop() throws Exception {
        programs.end();
        server.close();
    }

    @Test
    void theFirstOneHasARunAndIsToldSoAgain() throws Exception {
        try (Redis redis = Redis.open(server.uri())) {
            RedisRunClaims one = RedisRunClaims.of(redis);
            RedisRunClaims other = RedisRunClaims.of(redis).withMemory(Duration.ofHours(1));
            assertThat(one.claim(RUN)).isTrue();
            assertThat(other.claim(RUN)).isFalse();
            assertThat(one.claim(RUN)).isTrue();
            assertThat(other.claim(new ScheduledRun("report", RUN.due().plus(MINUTE))))
                    .isTrue();
            assertThat(Long.parseLong(server.ask("PTTL", "loomgate:run:report@2026-11-29T03:01:00Z")
                            .strip()))
                    .isBetween(3_000_000L, 3_600_000L);
        }
    }

    @Test
    void withoutRedisARunWaitsOrIsEverybodys() throws Exception {
        try (Redis redis = Redis.open(server.uri())) {
            server.kill();
            Eventually.await("Redis is gone", () -> !redis.isThere());
            RedisRunClaims claims = RedisRunClaims.of(redis);
            assertThatThrownBy(() -> claims.claim(RUN)).isInstanceOf(ServiceUnavailable.class);
            assertThat(claims.withWhenGone(RedisRunClaims.WhenGone.RUN).claim(RUN))
                    .isTrue();
            server.restart();
            Eventually.await("Redis is back", redis::isThere);
            assertThat(claims.claim(RUN)).isTrue();
        }
    }

    @Test
    void memoryHasARange() {
        try (Redis redis = Redis.open(server.uri())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RedisRunClaims.of(redis).withMemory(Duration.ofSeconds(59)))
                    .withMessage("RedisRunClaims: memory is PT59S, not in PT1M to PT8784H");
        }
    }

    private void schedule(long base) throws IOException {
        programs.start(SchedulingServer.class, server.uri(), file.toString(), Long.toString(base));
    }

    private List<Instant> runs() throws IOException {
        return Files.readString(file)
                .lines()
                .map(line -> Instant.parse(line.substring(line.indexOf('@') + 1)))
                .sorted()
                .toList();
    }

    private void awaitMinutes(int count) throws Exception {
        Eventually.await(count + " runs", () -> runs().size() >= count);
    }

    private static int missing(List<Instant> runs, int minutes) {
        Set<Instant> there = new HashSet<>(runs);
        int missing = 0;
        for (int i = 0; i < minutes; i++) {
            missing += there.contains(runs.getFirst().plus(MINUTE.multipliedBy(i))) ? 0 : 1;
        }
        return missing;
    }

    @Test
    void anHourOfMinutesOnThreeServersWithoutAndWithDeaths() throws Exception {
        long base = System.currentTimeMillis();
        for (int i = 0; i < 3; i++) {
            schedule(base);
        }
        awaitMinutes(1);
        Eventually.await("each minute of an hour has its run", () -> missing(runs(), 60) == 0);
        assertThat(runs()).doesNotHaveDuplicates();

        int kills = 0;
        for (int minutes = 75; minutes <= 105; minutes += 15) {
            awaitMinutes(minutes);
            programs.killOldest();
            kills++;
            schedule(base);
        }
        awaitMinutes(115);
        server.kill();
        server.restart();
        awaitMinutes(130);

        // One that had no answer from Redis asks again, while the others go on.
        int lost = kills;
        Eventually.await("at most one run is lost for each death", () -> missing(runs(), 115) <= lost);
        assertThat(runs()).doesNotHaveDuplicates();
    }
}
