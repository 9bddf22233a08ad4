package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.spooler.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Processes that run tasks are killed, and Redis as well.
@Timeout(120)
@Tag("timing")
class RedisQueueKillTest {
    private static final int TASKS = 1200;

    @TempDir
    private Path directory;

    private RedisServer server;
    private KilledPrograms programs;
    private Path file;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.startDurable(directory);
        programs = new KilledPrograms(directory);
        file = Files.createFile(directory.resolve("numbers.txt"));
    }

    @AfterEach
    void stop() throws Exception {
        programs.end();
        server.close();
    }

    private void spool() throws IOException {
        programs.start(SpoolingServer.class, server.uri(), file.toString());
    }

    private List<String> numbers() throws IOException {
        return Files.readString(file).lines().toList();
    }

    private void awaitRuns(int count) throws Exception {
        Eventually.await(count + " runs", () -> numbers().size() >= count);
    }

    private void fill(RedisQueue queue) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                Task task = Task.of("number", Integer.toString(i)).withPriority(i % 3);
                all.add(threads.submit(() -> queue.spool(task)));
            }
            for (Future<String> each : all) {
                each.get();
            }
        }
    }

    @Test
    void noneIsLostAndFewAreRunTwice() throws Exception {
        try (Redis redis = Redis.open(SpoolingServer.settings(server.uri()))) {
            RedisQueue queue = RedisQueue.of(redis, "numbers");
            fill(queue);
            spool();
            spool();
            int kills = 0;
            for (int runs = 150; runs < 600; runs += 200) {
                awaitRuns(runs);
                programs.killOldest();
                kills++;
                spool();
            }
            awaitRuns(750);
            server.kill();
            kills++;
            server.restart();
            Eventually.await("Redis is back", redis::isThere);
            Eventually.await(
                    () -> "all are done: " + queue.counts(),
                    () -> queue.counts().waiting() == 0 && queue.counts().taken() == 0);

            List<String> numbers = numbers();
            Set<String> different = new HashSet<>(numbers);
            assertThat(different).hasSize(TASKS);
            assertThat(numbers.size() - TASKS).isBetween(0, kills * SpoolingServer.PREFETCH);
            // They were killed at work.
            assertThat(queue.counts().lost()).isPositive();
            assertThat(queue.counts().dead()).isZero();
            assertThat(queue.counts().later()).isZero();
        }
    }
}
