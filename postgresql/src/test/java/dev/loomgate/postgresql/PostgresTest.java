package dev.loomgate.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.PostgresServer;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.spooler.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tables, and a real PostgreSQL that is slow, gone and back.
@Timeout(120)
@Tag("timing")
class PostgresTest {
    private static final Task TASK = Task.of("name", "a");

    private static PostgresServer server;

    private HikariDataSource pool;

    @BeforeAll
    static void startServer() throws Exception {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void start() {
        pool = Pools.of(server.url());
    }

    @AfterEach
    void stop() {
        pool.close();
    }

    @Test
    void threeServersMakeTheTablesAtOnceInASchema() throws Exception {
        PostgresSettings settings = PostgresSettings.DEFAULT.withSchema("jobs");
        assertThatThrownBy(() ->
                        PostgresQueue.of(Postgres.of(pool, settings), "mails").spool(TASK))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "PostgreSQL: a table is missing (Postgres, createTables; PostgresSettings, schema): ");
        server.ask("CREATE SCHEMA jobs");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(threads.submit(() -> Postgres.of(pool, settings).createTables()));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }

        PostgresQueue.of(Postgres.of(pool, settings), "mails").spool(TASK);
        assertThat(server.ask("SELECT count(*) FROM jobs.loomgate_task")).isEqualTo("1");
        // Nothing of it stays with the pool's connections.
        assertThat(server.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo("0");
    }

    @Test
    void whatIsSlowIsEndedAndTheSettingIsNamed() throws Exception {
        Postgres postgres = Postgres.of(pool, PostgresSettings.DEFAULT.withTimeout(Duration.ofSeconds(1)));
        try (LogLines log = LogLines.of("dev.loomgate.postgresql")) {
            assertThatThrownBy(() -> postgres.run("SELECT pg_sleep(100)", statement -> statement.executeQuery()))
                    .isInstanceOf(ServiceUnavailable.class);

            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().getFirst()).contains("a statement took over 1 s (PostgresSettings, timeout)");
            assertThat(postgres.isThere()).isTrue();
        }
    }

    @Test
    void whileItIsGoneCallsAreRefusedAtOnceAndTheLogHasOneLine() throws Exception {
        server.ask("CREATE SCHEMA outage");
        Postgres postgres =
                Postgres.of(pool, PostgresSettings.DEFAULT.withSchema("outage").withTimeout(Duration.ofSeconds(1)));
        postgres.createTables();
        PostgresQueue queue = PostgresQueue.of(postgres, "mails");
        queue.spool(TASK);
        try (LogLines log = LogLines.withLevels("dev.loomgate.postgresql")) {
            // It accepts connections, and doesn't answer.
            server.signal("STOP");
            assertThatThrownBy(() -> queue.spool(TASK)).isInstanceOf(ServiceUnavailable.class);
            assertThat(postgres.isThere()).isFalse();
            long begin = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> queue.take("one", 1)).isInstanceOf(ServiceUnavailable.class);
                if (System.nanoTime() - begin > Duration.ofMillis(200).toNanos()) {
                    break;
                }
            }
            server.kill();
            server.restart();
            Eventually.await("it is back", () -> spools(queue));

            assertThat(queue.counts().waiting()).isGreaterThanOrEqualTo(2);
            assertThat(log.lines()).hasSize(2);
            assertThat(log.lines().getFirst()).contains("PostgreSQL is gone");
            assertThat(log.lines().getLast()).contains("PostgreSQL is back after");
            assertThat(postgres.counts().outages()).isEqualTo(1);
            assertThat(postgres.counts().refused()).isGreaterThan(1);
        }
    }

    private static boolean spools(PostgresQueue queue) {
        try {
            queue.spool(TASK);
            return true;
        } catch (ServiceUnavailable e) {
            return false;
        }
    }

    @Test
    void settingsHaveRanges() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostgresSettings.DEFAULT.withSchema("a\"b"))
                .withMessage("PostgresSettings: schema is \"a\"b\", not letters, digits and _, up to 63");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostgresSettings.DEFAULT.withTimeout(Duration.ofMillis(1500)))
                .withMessage("PostgresSettings: timeout is PT1.5S, not whole seconds in PT1S to PT5M");
    }
}
