package dev.loomgate.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.loomgate.postgresql.Postgres;
import dev.loomgate.postgresql.PostgresQueue;
import dev.loomgate.postgresql.PostgresSettings;
import dev.loomgate.redis.Redis;
import dev.loomgate.redis.RedisQueue;
import dev.loomgate.redis.RedisSettings;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.PostgresServer;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.spooler.SpoolResult;
import dev.loomgate.toolkit.spooler.Spooler;
import dev.loomgate.toolkit.spooler.SpoolerSettings;
import dev.loomgate.toolkit.spooler.Task;
import dev.loomgate.toolkit.spooler.TaskQueue;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a registry finds of queues in a real Redis and a real PostgreSQL, also while these are gone.
@Timeout(120)
@Tag("timing")
class QueueMetersTest {
    private static final Duration BRIEFLY = Duration.ofMillis(10);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private enum Kind {
        REDIS,
        POSTGRESQL;

        Database start(Path directory) throws Exception {
            return switch (this) {
                case REDIS -> new InRedis(directory);
                case POSTGRESQL -> new InPostgres();
            };
        }
    }

    /// A database with an empty queue `mails`.
    private interface Database extends AutoCloseable {
        TaskQueue queue();

        void signal(String name) throws Exception;

        void kill() throws Exception;

        void restart() throws Exception;

        @Override
        void close();
    }

    private static final class InRedis implements Database {
        private final RedisServer server;
        private final Redis redis;

        InRedis(Path directory) throws Exception {
            server = RedisServer.startDurable(directory);
            redis = Redis.open(RedisSettings.of(server.uri()).withTimeout(Duration.ofSeconds(5)));
        }

        @Override
        public TaskQueue queue() {
            return RedisQueue.of(redis, "mails");
        }

        @Override
        public void signal(String name) throws Exception {
            server.signal(name);
        }

        @Override
        public void kill() throws Exception {
            server.kill();
        }

        @Override
        public void restart() throws Exception {
            server.restart();
        }

        @Override
        public void close() {
            redis.close();
            server.close();
        }
    }

    private static final class InPostgres implements Database {
        private final PostgresServer server;
        private final HikariDataSource pool;
        private final PostgresQueue queue;

        InPostgres() throws Exception {
            server = PostgresServer.start();
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(server.url());
            config.setMaximumPoolSize(4);
            config.setMinimumIdle(0);
            config.setConnectionTimeout(5_000);
            pool = new HikariDataSource(config);
            Postgres postgres = Postgres.of(pool, PostgresSettings.DEFAULT);
            postgres.createTables();
            queue = PostgresQueue.of(postgres, "mails");
        }

        @Override
        public TaskQueue queue() {
            return queue;
        }

        @Override
        public void signal(String name) throws Exception {
            server.signal(name);
        }

        @Override
        public void kill() throws Exception {
            server.kill();
        }

        @Override
        public void restart() throws Exception {
            server.restart();
        }

        @Override
        public void close() {
            pool.close();
            server.close();
        }
    }

    private static Task task(String name) {
        return Task.of("name", name);
    }

    private double tasks(String state) {
        return registry.get("loomgate.queue.tasks")
                .tags("queue", "mails", "state", state)
                .gauge()
                .value();
    }

    private double gauge(String name) {
        return registry.get(name).tags("queue", "mails").gauge().value();
    }

    private double counter(String name, String... tags) {
        return registry.get(name)
                .tags("queue", "mails")
                .tags(tags)
                .functionCounter()
                .count();
    }

    /// As a registry does that sends or shows all of them.
    private List<Double> lookAtAll() {
        return registry.getMeters().stream()
                .flatMap(meter -> StreamSupport.stream(meter.measure().spliterator(), false))
                .map(measurement -> measurement.getValue())
                .toList();
    }

    private String meters() {
        return registry.getMetersAsString();
    }

    @ParameterizedTest
    @EnumSource
    void theQueuesMetersShowWhatIsInIt(Kind kind) throws Exception {
        try (Database database = kind.start(directory)) {
            TaskQueue queue = database.queue();
            new QueueMeters(queue, BRIEFLY, LONG).bindTo(registry);
            queue.spool(task("waits"));
            queue.spool(task("waits, too"));
            queue.spool(task("taken").withPriority(0));
            queue.spool(task("given up").withPriority(0));
            queue.spool(task("done").withPriority(0));
            queue.spool(task("later").withAt(Instant.now().plus(Duration.ofDays(1))));
            var taken = queue.take("one", 3).tasks();
            queue.bury("one", taken.get(1), "on purpose");
            queue.done(taken.get(2));

            Eventually.await(this::meters, () -> tasks("waiting") == 2);
            assertThat(tasks("later")).isEqualTo(1);
            assertThat(tasks("taken")).isEqualTo(1);
            assertThat(tasks("dead")).isEqualTo(1);
            assertThat(gauge("loomgate.queue.there")).isEqualTo(1);
            assertThat(counter("loomgate.queue.spooled")).isEqualTo(6);
            assertThat(counter("loomgate.queue.done")).isEqualTo(1);
            assertThat(counter("loomgate.queue.buried")).isEqualTo(1);
            // In seconds, the registry's unit.
            Eventually.await(this::meters, () -> gauge("loomgate.queue.oldest") > 0.2);
            assertThat(gauge("loomgate.queue.oldest")).isLessThan(60);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whileTheDatabaseIsGoneNothingIsKnownAndCountersStand(Kind kind) throws Exception {
        try (Database database = kind.start(directory)) {
            TaskQueue queue = database.queue();
            new QueueMeters(queue, BRIEFLY, LONG).bindTo(registry);
            queue.spool(task("a"));
            Eventually.await(this::meters, () -> counter("loomgate.queue.spooled") == 1);

            database.kill();
            Eventually.await(this::meters, () -> gauge("loomgate.queue.there") == 0);
            assertThat(tasks("waiting")).isNaN();
            assertThat(gauge("loomgate.queue.oldest")).isNaN();
            assertThat(counter("loomgate.queue.spooled")).isEqualTo(1);

            database.restart();
            Eventually.await(this::meters, () -> gauge("loomgate.queue.there") == 1);
            assertThat(tasks("waiting")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whileTheDatabaseHangsARegistryWaitsOnceAndNotForLong(Kind kind) throws Exception {
        Duration patience = Duration.ofMillis(300);
        try (Database database = kind.start(directory)) {
            TaskQueue queue = database.queue();
            new QueueMeters(queue, BRIEFLY, patience).bindTo(registry);
            queue.spool(task("a"));
            Eventually.await(this::meters, () -> counter("loomgate.queue.spooled") == 1);

            database.signal("STOP");
            Eventually.await("nothing is known", () -> Double.isNaN(tasks("waiting")));
            long begin = System.nanoTime();
            List<Double> all = lookAtAll();
            Duration time = Duration.ofNanos(System.nanoTime() - begin);
            database.signal("CONT");

            // There are eleven of them.
            assertThat(time).isLessThan(patience.multipliedBy(4));
            assertThat(all).hasSize(11).contains(Double.NaN, 1.0);
            Eventually.await(this::meters, () -> tasks("waiting") == 1);
        }
    }

    @Test
    void allMetersTogetherAskOnceAndNotAgainSoon() throws Exception {
        try (RedisServer server = RedisServer.start(directory);
                Redis redis = Redis.open(server.uri())) {
            TaskQueue queue = RedisQueue.of(redis, "mails");
            new QueueMeters(queue, Duration.ofHours(1), LONG).bindTo(registry);
            assertThat(tasks("waiting")).isZero();
            long calls = redis.counts().calls();

            lookAtAll();
            lookAtAll();

            assertThat(redis.counts().calls()).isEqualTo(calls);
        }
    }

    @Test
    void aWrongQueueIsSaidOnceAndIsNoException() throws Exception {
        try (RedisServer server = RedisServer.start(directory);
                Redis redis = Redis.open(server.uri());
                LogLines log = LogLines.of("dev.loomgate.micrometer")) {
            server.ask("SET", "loomgate:queue:mails:9", "no stream");
            new QueueMeters(RedisQueue.of(redis, "mails"), BRIEFLY, LONG).bindTo(registry);

            assertThat(tasks("waiting")).isNaN();
            assertThat(counter("loomgate.queue.done")).isNaN();
            for (int i = 0; i < 5; i++) {
                Thread.sleep(BRIEFLY.multipliedBy(2));
                assertThat(gauge("loomgate.queue.there")).isZero();
            }
            assertThat(log.with("the meters of the queue \"mails\" know nothing"))
                    .hasSize(1);
        }
    }

    @Test
    void timesHaveRanges() throws Exception {
        try (RedisServer server = RedisServer.start(directory);
                Redis redis = Redis.open(server.uri())) {
            TaskQueue queue = RedisQueue.of(redis, "mails");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new QueueMeters(queue, Duration.ZERO, LONG))
                    .withMessage("QueueMeters: kept is PT0S, not in PT0.01S to PT1H");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new QueueMeters(queue, BRIEFLY, Duration.ofHours(1)))
                    .withMessage("QueueMeters: patience is PT1H, not in PT0.01S to PT1M");
        }
    }

    @Test
    void aSpoolersMetersShowWhatBecameOfItsTasks() throws Exception {
        SpoolerSettings settings =
                SpoolerSettings.DEFAULT.withMostAttempts(2).withBackoff(Duration.ofMillis(10), Duration.ofMillis(10));
        CountDownLatch release = new CountDownLatch(1);
        try (RedisServer server = RedisServer.start(directory);
                Redis redis = Redis.open(server.uri())) {
            TaskQueue queue = RedisQueue.of(redis, "mails");
            try (Spooler spooler = Spooler.start(queue, settings, run -> {
                switch (run.task().text("name").orElseThrow()) {
                    case "waits" -> release.await();
                    case "fails" -> throw new IllegalStateException("on purpose");
                    default -> {}
                }
                return SpoolResult.OK;
            })) {
                new SpoolerMeters(spooler).bindTo(registry);
                queue.spool(task("waits"));
                Eventually.await(this::meters, () -> gauge("loomgate.spooler.running") == 1);
                assertThat(gauge("loomgate.spooler.fetched")).isEqualTo(1);
                queue.spool(task("fails"));
                Eventually.await(this::meters, () -> counter("loomgate.spooler.tasks", "outcome", "buried") == 1);
                assertThat(counter("loomgate.spooler.tasks", "outcome", "failed"))
                        .isEqualTo(1);
                release.countDown();
                Eventually.await(this::meters, () -> counter("loomgate.spooler.tasks", "outcome", "done") == 1);
                Eventually.await(this::meters, () -> gauge("loomgate.spooler.running") == 0);

                Meter runs = registry.get("loomgate.spooler.runs")
                        .tags("queue", "mails")
                        .functionTimer();
                assertThat(runs.measure())
                        .extracting(each -> each.getValue())
                        .first()
                        .isEqualTo(3.0);
                assertThat(registry.get("loomgate.spooler.runs").functionTimer().totalTime(TimeUnit.MILLISECONDS))
                        .isPositive();
            }
        }
    }
}
