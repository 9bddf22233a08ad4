package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.spooler.SpoolFunction;
import dev.loomgate.toolkit.spooler.SpoolResult;
import dev.loomgate.toolkit.spooler.Spooler;
import dev.loomgate.toolkit.spooler.SpoolerSettings;
import dev.loomgate.toolkit.spooler.Task;
import dev.loomgate.toolkit.spooler.TaskRun;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Spoolers of one JVM at a queue in a real Redis, which keeps what it has when it is killed.
@Timeout(120)
@Tag("timing")
class RedisSpoolerTest {
    private static final SpoolerSettings QUICK = SpoolerSettings.DEFAULT
            .withLease(Duration.ofSeconds(1))
            .withBackoff(Duration.ofMillis(10), Duration.ofMillis(50));

    @TempDir
    private Path directory;

    private final List<TaskRun> runs = new CopyOnWriteArrayList<>();
    private RedisServer server;
    private Redis redis;
    private RedisQueue queue;
    private LogLines log;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.startDurable(directory);
        redis = Redis.open(RedisSettings.of(server.uri()).withTimeout(Duration.ofSeconds(5)));
        queue = RedisQueue.of(redis, "mails");
        log = LogLines.withLevels("dev.loomgate");
    }

    @AfterEach
    void stop() {
        redis.close();
        log.close();
        server.close();
    }

    private static Task task(String name) {
        return Task.of("name", name);
    }

    /// Remembers each run before it goes on.
    private Spooler spooler(SpoolerSettings settings, SpoolFunction then) {
        return Spooler.start(queue, settings, run -> {
            runs.add(run);
            return then.run(run);
        });
    }

    private void awaitDone(long count) throws Exception {
        Eventually.await(
                () -> count + " are done: " + queue.counts(),
                () -> queue.counts().done() == count);
    }

    private List<String> names() {
        return runs.stream().map(run -> run.task().text("name").orElseThrow()).toList();
    }

    @Test
    void tasksOfAnyServerAreRun() throws Exception {
        try (Redis other = Redis.open(server.uri());
                Spooler spooler = spooler(SpoolerSettings.DEFAULT, run -> SpoolResult.OK)) {
            String first = RedisQueue.of(other, "mails").spool(task("a").withPriority(3));
            awaitDone(1);

            assertThat(spooler).isNotNull();
            assertThat(runs).hasSize(1);
            assertThat(runs.getFirst().id()).isEqualTo(first);
            assertThat(runs.getFirst().attempt()).isEqualTo(1);
            assertThat(runs.getFirst().task().priority()).isEqualTo(3);
        }
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void oneThatIsIdleTakesNothingAndGivesBackWhatIsNotBegun() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        try (Spooler spooler = Spooler.idle(queue, SpoolerSettings.DEFAULT.withWorkers(2), name -> name, run -> {
            runs.add(run);
            open.await();
            return SpoolResult.OK;
        })) {
            for (int i = 0; i < 6; i++) {
                queue.spool(task(Integer.toString(i)));
            }
            spooler.workers(1);
            Eventually.await(
                    "it has its prefetch, and runs one", () -> queue.counts().taken() == 4 && !runs.isEmpty());
            assertThat(names()).containsExactly("0");
            spooler.workers(2);
            Eventually.await("another one runs", () -> runs.size() == 2);

            spooler.workers(0);
            Eventually.await("it has what runs", () -> queue.counts().taken() == 2);
            assertThat(queue.counts().waiting()).isEqualTo(4);
            open.countDown();
            awaitDone(2);

            spooler.workers(1);
            awaitDone(6);
            assertThat(queue.counts().lost()).isZero();
            assertThatThrownBy(() -> spooler.workers(5)).hasMessage("Spooler: workers is 5, not in 0 to 4");
        }
    }

    @Test
    void aTaskWaitsForItsTime() throws Exception {
        Instant at = Instant.now().plusMillis(600);
        List<Instant> begun = new CopyOnWriteArrayList<>();
        try (Spooler spooler = spooler(SpoolerSettings.DEFAULT, run -> {
            begun.add(Instant.now());
            return SpoolResult.OK;
        })) {
            queue.spool(task("later").withAt(at));
            queue.spool(task("now"));
            awaitDone(2);

            assertThat(spooler).isNotNull();
            assertThat(names()).containsExactly("now", "later");
            assertThat(begun.getLast()).isAfterOrEqualTo(at.minusMillis(2));
        }
    }

    @Test
    void whatFailsIsTriedAgainAndGivenUpInTheEnd() throws Exception {
        try (Spooler spooler = spooler(QUICK.withMostAttempts(3), run -> {
            if (run.attempt() == 2) {
                return SpoolResult.RETRY;
            }
            throw new IllegalStateException("no such mailbox");
        })) {
            String id = queue.spool(task("a"));
            Eventually.await("it is given up", () -> queue.counts().dead() == 1);

            assertThat(spooler).isNotNull();
            assertThat(runs.stream().map(TaskRun::attempt)).containsExactly(1, 2, 3);
            assertThat(queue.dead(1).getFirst().id()).isEqualTo(id);
            assertThat(queue.dead(1).getFirst().why())
                    .isEqualTo("3 attempts failed (SpoolerSettings, mostAttempts):"
                            + " java.lang.IllegalStateException: no such mailbox");
            assertThat(log.with("attempt 1 of 3; the next one is in 10 ms <- java.lang.IllegalStateException"))
                    .hasSize(1);
            assertThat(log.await("ERROR task " + id)).contains("of queue \"mails\" is given up: 3 attempts failed");
        }
    }

    @Test
    void whatIsIgnoredDoesNotCount() throws Exception {
        try (Spooler spooler =
                spooler(QUICK.withMostAttempts(2), run -> runs.size() < 4 ? SpoolResult.IGNORE : SpoolResult.OK)) {
            queue.spool(task("a"));
            awaitDone(1);

            assertThat(spooler).isNotNull();
            assertThat(runs.stream().map(TaskRun::attempt)).containsExactly(1, 1, 1, 1);
        }
    }

    @Test
    void noMoreRunAtOnceThanThereAreWorkers() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Spooler spooler = spooler(QUICK.withWorkers(3), run -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.yield();
            now.decrementAndGet();
            return SpoolResult.OK;
        })) {
            for (int i = 0; i < 100; i++) {
                queue.spool(task("task " + i));
            }
            awaitDone(100);

            assertThat(spooler).isNotNull();
            assertThat(most.get()).isBetween(1, 3);
            assertThat(names()).doesNotHaveDuplicates().hasSize(100);
        }
    }

    @Test
    void atItsEndWhatIsNotDoneIsGivenBackAtOnce() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Spooler spooler = spooler(QUICK.withWorkers(1).withPrefetch(4).withStopTimeout(Duration.ZERO), run -> {
            never.await();
            return SpoolResult.OK;
        });
        for (int i = 0; i < 4; i++) {
            queue.spool(task("task " + i));
        }
        Eventually.await("it has all", () -> queue.counts().taken() == 4 && runs.size() == 1);

        spooler.close();
        assertThat(queue.counts().waiting()).isEqualTo(4);
        assertThat(server.ask("XINFO", "CONSUMERS", "loomgate:queue:mails:9", "spooler"))
                .isEmpty();

        runs.clear();
        try (Spooler next = spooler(QUICK, run -> SpoolResult.OK)) {
            awaitDone(4);
            assertThat(next).isNotNull();
            assertThat(runs.stream().map(TaskRun::attempt)).containsOnly(1);
            assertThat(queue.counts().lost()).isZero();
        }
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void atItsEndWhatRunsMayEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Spooler spooler = spooler(QUICK, run -> {
            begun.countDown();
            go.await();
            return SpoolResult.OK;
        });
        queue.spool(task("a"));
        begun.await();
        Thread closing = Thread.ofVirtual().start(spooler::close);
        Eventually.await("it is being closed", () -> closing.getState() == Thread.State.TIMED_WAITING);

        go.countDown();
        closing.join();
        assertThat(queue.counts().done()).isEqualTo(1);
    }

    @Test
    void aTaskThatTakesLongerThanTheLeaseIsRunOnce() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Duration lease = Duration.ofSeconds(2);
        try (Spooler spooler = spooler(QUICK.withLease(lease), run -> {
            go.await();
            return SpoolResult.OK;
        })) {
            queue.spool(task("a"));
            long begin = System.nanoTime();
            Eventually.await("its lease is over", () -> {
                assertThat(queue.claim("another", 1, lease)).isEmpty();
                return System.nanoTime() - begin > lease.toNanos() * 3 / 2;
            });
            go.countDown();
            awaitDone(1);

            assertThat(spooler).isNotNull();
            assertThat(runs).hasSize(1);
        }
    }

    @Test
    void aTaskThatKillsItsSpoolersIsGivenUp() throws Exception {
        queue.spool(task("deadly"));
        queue.take("one", 1);
        queue.claim("two", 1, Duration.ZERO);
        queue.claim("three", 1, Duration.ZERO);
        try (Spooler spooler = spooler(QUICK.withMostLosses(2), run -> SpoolResult.OK)) {
            Eventually.await("it is given up", () -> queue.counts().dead() == 1);

            assertThat(spooler).isNotNull();
            assertThat(queue.dead(1).getFirst().why())
                    .isEqualTo("3 spoolers that had it were lost (SpoolerSettings, mostLosses)");
            assertThat(runs).isEmpty();
        }
    }

    @Test
    void whatIsDoneWhileRedisIsGoneIsToldWhenItIsBack() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Spooler spooler = spooler(QUICK.withWorkers(1), run -> {
            begun.countDown();
            go.await();
            return SpoolResult.OK;
        })) {
            queue.spool(task("a"));
            queue.spool(task("b"));
            begun.await();
            server.kill();
            Eventually.await("Redis is gone", () -> !redis.isThere());
            go.countDown();
            server.restart();
            Eventually.await("Redis is back", redis::isThere);
            awaitDone(2);

            assertThat(spooler).isNotNull();
            assertThat(names()).containsExactly("a", "b");
            assertThat(log.with("is gone")).hasSize(1);
            assertThat(log.lines()).hasSize(2);
        }
    }
}
