package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.schedule.RunClaims;
import dev.loomgate.toolkit.schedule.RunClaimsContract;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What all claims do, in a real Redis; and what is Redis' own.
@Timeout(120)
@Tag("timing")
class RedisRunClaimsTest extends RunClaimsContract {
    @TempDir
    private Path directory;

    private RedisServer server;
    private Redis redis;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.startDurable(directory);
        redis = Redis.open(server.uri());
    }

    @AfterEach
    void stop() {
        redis.close();
        server.close();
    }

    @Override
    protected RunClaims claims() {
        return RedisRunClaims.of(redis);
    }

    @Override
    protected Class<?> program() {
        return SchedulingServer.class;
    }

    @Override
    protected String address() {
        return server.uri();
    }

    @Override
    protected void killDatabase() throws Exception {
        server.kill();
        server.restart();
    }

    @Test
    void aRunIsRememberedForItsTime() throws Exception {
        RedisRunClaims.of(redis).withMemory(Duration.ofHours(1)).claim(RUN);

        assertThat(Long.parseLong(server.ask("PTTL", "loomgate:run:report@2026-11-29T03:00:00Z")
                        .strip()))
                .isBetween(3_000_000L, 3_600_000L);
    }

    @Test
    void withoutRedisARunWaitsOrIsEverybodys() throws Exception {
        server.kill();
        Eventually.await("Redis is gone", () -> !redis.isThere());
        RedisRunClaims claims = RedisRunClaims.of(redis);
        assertThatThrownBy(() -> claims.claim(RUN)).isInstanceOf(ServiceUnavailable.class);
        assertThat(claims.withWhenGone(RedisRunClaims.WhenGone.RUN).claim(RUN)).isTrue();
        server.restart();
        Eventually.await("Redis is back", redis::isThere);
        assertThat(claims.claim(RUN)).isTrue();
    }

    @Test
    void memoryHasARange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisRunClaims.of(redis).withMemory(Duration.ofSeconds(59)))
                .withMessage("RedisRunClaims: memory is PT59S, not in PT1M to PT8784H");
    }
}
