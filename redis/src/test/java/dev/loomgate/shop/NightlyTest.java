package dev.loomgate.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.redis.Redis;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.schedule.Schedule;
import dev.loomgate.toolkit.schedule.ScheduleCounts;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The program of docs/schedule.md.
@Timeout(120)
class NightlyTest {
    @TempDir
    private Path directory;

    @Test
    void thePageShowsThisProgram() throws Exception {
        String program = Files.readString(Path.of("src/test/java/dev/loomgate/shop/Nightly.java"));

        assertThat(Files.readString(Path.of("..", "docs/schedule.md")))
                .contains(program.substring(program.indexOf("import")));
    }

    @Test
    void itStartsAndEnds() throws Exception {
        try (RedisServer server = RedisServer.start(directory);
                Redis redis = Redis.open(server.uri());
                Schedule schedule = Nightly.schedule(redis, run -> {}, run -> {})) {
            ScheduleCounts counts = schedule.counts();

            assertThat(counts.failed()).isZero();
            assertThat(counts.skipped()).isZero();
        }
    }
}
