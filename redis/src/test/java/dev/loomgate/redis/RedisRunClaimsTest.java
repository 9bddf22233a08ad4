package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.testkit.Eventually;
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

    private long schedule(long base) throws IOException {
        return programs.start(SchedulingServer.class, server.uri(), file.toString(), Long.toString(base));
    }

    private List<Instant> runs() throws IOException {
        return Files.readString(file)
                .lines()
                .map(line -> Instant.parse(line.substring(line.indexOf('@') + 1, line.indexOf(' '))))
                .sorted()
                .toList();
    }

    /// How many minutes lie between the first run and the last one so far.
    private int minutes() throws IOException {
        List<Instant> runs = runs();
        return (int) Duration.between(runs.getFirst(), runs.getLast()).toMinutes();
    }

    private void awaitRunOf(long server) throws Exception {
        Eventually.await("a server takes part", () -> Files.readString(file).contains(" " + server + "\n"));
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
        List<Long> servers = List.of(schedule(base), schedule(base), schedule(base));
        for (long each : servers) {
            awaitRunOf(each);
        }
        int hour = minutes() + 60;
        Eventually.await("each minute of an hour has its run", () -> missing(runs(), hour) == 0);
        assertThat(runs()).doesNotHaveDuplicates();

        // Each one's successor takes part before the next one dies: there are always two.
        int kills = 3;
        for (int i = 0; i < kills; i++) {
            programs.killOldest();
            awaitRunOf(schedule(base));
        }
        Eventually.await("an hour with deaths is over", () -> minutes() >= hour + 60);
        int minutes = minutes();
        server.kill();
        server.restart();
        Eventually.await("they go on", () -> minutes() >= minutes + 15);

        // One that had no answer from Redis asks again, while the others go on.
        Eventually.await("at most one run is lost for each death", () -> missing(runs(), minutes) <= kills);
        assertThat(runs()).doesNotHaveDuplicates();
    }
}
