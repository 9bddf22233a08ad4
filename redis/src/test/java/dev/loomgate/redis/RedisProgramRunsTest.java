package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.python.ProgramRuns;
import dev.loomgate.python.ProgramRuns.Whose;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.SharedStore;
import dev.loomgate.python.SharedStores;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who does a run of a Python program's cron, in a real Redis.
@Timeout(120)
class RedisProgramRunsTest {
    private static final String JOB = "shop.wsgi/tasks.report/-1,-1,-1,-1,-1";
    private static final Instant DUE = Instant.parse("2026-11-29T03:00:00Z");

    @TempDir
    private Path directory;

    @Test
    void theFirstOneThatAsksHasARunAndWhatItHoldsIsItsOwn() throws Exception {
        try (RedisServer redis = RedisServer.startDurable(directory);
                SharedStore store =
                        SharedStores.find(new SharedOptions.Store(redis.uri(), Duration.ofMillis(500), "site:"))) {
            ProgramRuns one = store.runs();
            ProgramRuns other = store.runs(); // as after a reload, or of another server
            assertThat(one.claim(JOB, DUE)).isEqualTo(Whose.OURS);
            assertThat(other.claim(JOB, DUE)).isEqualTo(Whose.ANOTHERS);
            assertThat(one.claim(JOB, DUE)).isEqualTo(Whose.OURS);
            assertThat(other.claim(JOB, DUE.plusSeconds(60))).isEqualTo(Whose.OURS);
            assertThat(redis.ask("EXISTS", "site:run:" + JOB + "@2026-11-29T03:00:00Z"))
                    .isEqualToIgnoringNewLines("1");

            assertThat(one.hold(JOB)).isEqualTo(Whose.OURS);
            assertThat(other.hold(JOB)).isEqualTo(Whose.ANOTHERS);
            other.release(JOB);
            assertThat(one.hold(JOB)).isEqualTo(Whose.OURS);
            one.release(JOB);
            assertThat(other.hold(JOB)).isEqualTo(Whose.OURS);

            redis.signal("STOP");
            Instant next = DUE.plusSeconds(120);
            assertThat(one.claim(JOB, next)).isEqualTo(Whose.UNKNOWN);
            assertThat(one.hold(JOB)).isEqualTo(Whose.UNKNOWN);
            one.release(JOB);
            redis.signal("CONT");
            Eventually.await("it is back", () -> one.claim(JOB, next) == Whose.OURS);
            assertThat(other.claim(JOB, next)).isEqualTo(Whose.ANOTHERS);
        }
    }
}
