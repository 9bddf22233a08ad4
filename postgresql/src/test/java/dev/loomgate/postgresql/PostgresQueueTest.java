package dev.loomgate.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.PostgresServer;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.spooler.TakenTask;
import dev.loomgate.toolkit.spooler.TaskQueue;
import dev.loomgate.toolkit.spooler.TaskQueueContract;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What all queues do, in a real PostgreSQL; and what is PostgreSQL's own.
@Timeout(120)
class PostgresQueueTest extends TaskQueueContract {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static PostgresServer server;
    private static HikariDataSource pool;
    private static Postgres postgres;

    private String name;
    private PostgresQueue queue;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.start();
        pool = Pools.of(server.url());
        postgres = Postgres.of(pool);
        postgres.createTables();
    }

    @AfterAll
    static void stop() {
        pool.close();
        server.close();
    }

    @BeforeEach
    void name() {
        name = "mails-" + NUMBER.incrementAndGet();
        queue = PostgresQueue.of(postgres, name);
    }

    @Override
    protected TaskQueue queue() {
        return queue;
    }

    @Override
    protected TaskQueue withMaxDead(int most) {
        return queue.withMaxDead(most);
    }

    @Override
    protected TaskQueue withMaxTasks(int most) {
        return queue.withMaxTasks(most);
    }

    @Override
    protected TaskQueue another() {
        return PostgresQueue.of(postgres, name + ".letters");
    }

    @Test
    void aFullQueueSaysSoOnce() throws Exception {
        PostgresQueue small = PostgresQueue.of(Postgres.of(pool), name).withMaxTasks(1);
        small.spool(task("a"));
        try (LogLines log = LogLines.of("dev.loomgate.postgresql")) {
            assertThatThrownBy(() -> small.spool(task("b"))).isInstanceOf(ServiceUnavailable.class);
            assertThatThrownBy(() -> small.spool(task("b"))).isInstanceOf(ServiceUnavailable.class);

            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().getFirst()).contains("\"" + name + "\" has 1 tasks (PostgresQueue, maxTasks)");
        }
    }

    @Test
    void aTaskThatIsTooLargeIsRefused() {
        PostgresQueue small = queue.withMaxBytes(100);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> small.spool(task("a").withBody(new byte[100])))
                .withMessage(
                        "queue \"%s\": a task takes 113 bytes, over 100 (PostgresQueue, maxBytes)".formatted(name));
    }

    @Test
    void settingsHaveRanges() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostgresQueue.of(postgres, "a b"))
                .withMessage("PostgresQueue: name is \"a b\", not letters, digits, -, _ and ., up to 64");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> queue.withMaxTasks(0))
                .withMessage("PostgresQueue: maxTasks is 0, not above 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> queue.withPoll(Duration.ofMillis(9)))
                .withMessage("PostgresQueue: poll is PT0.009S, not in PT0.01S to PT1M");
    }

    @Test
    void anAttemptThatIsOverCountsNoMore() {
        queue.spool(task("a"));
        TakenTask first = takeOne("one");
        queue.retry("one", first, Duration.ZERO, true);
        TakenTask second = takeOne("one");

        // Told a second time, since there was no answer.
        assertThat(queue.retry("one", first, Duration.ZERO, true)).isFalse();
        assertThat(queue.renew("one", List.of(first, second))).containsExactly(second.place());
    }

    @Test
    void renewingGrowsNoIndex() throws Exception {
        queue.spool(task("a"));
        List<TakenTask> taken = queue.take("one", 1).tasks();
        String renew = "UPDATE loomgate_task SET seen = now() WHERE place = "
                + taken.getFirst().place();
        String figures = "SELECT n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE relname = 'loomgate_task'";

        assertThat(server.ask(renew + "; " + figures)).isEqualTo("1");
    }

    @Test
    void spoolersAreWokenAsLongAsThereIsSomethingToTake() throws Exception {
        AtomicInteger woken = new AtomicInteger();
        try (TaskQueue.Listening listening =
                queue.withPoll(Duration.ofMillis(10)).listen(woken::incrementAndGet)) {
            queue.spool(task("a"));
            Eventually.await("it is woken", () -> woken.get() > 1);

            assertThat(listening).isNotNull();
        }
    }
}
