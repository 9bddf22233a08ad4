package dev.loomgate.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.PostgresServer;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.schedule.RunClaims;
import dev.loomgate.toolkit.schedule.RunClaimsContract;
import dev.loomgate.toolkit.schedule.ScheduledRun;
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

/// What all claims do, in a real PostgreSQL; and what is PostgreSQL's own.
@Timeout(120)
@Tag("timing")
class PostgresRunClaimsTest extends RunClaimsContract {
    private static PostgresServer server;

    private HikariDataSource pool;
    private Postgres postgres;

    @BeforeAll
    static void startServer() throws Exception {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void start() throws Exception {
        pool = Pools.of(server.url());
        postgres = Postgres.of(pool);
        postgres.createTables();
        server.ask("TRUNCATE loomgate_run");
    }

    @AfterEach
    void stop() {
        pool.close();
    }

    @Override
    protected RunClaims claims() {
        return PostgresRunClaims.of(postgres);
    }

    @Override
    protected Class<?> program() {
        return SchedulingServer.class;
    }

    @Override
    protected String address() {
        return server.url();
    }

    @Override
    protected void killDatabase() throws Exception {
        server.kill();
        server.restart();
    }

    @Test
    void aRunIsRememberedForItsTime() throws Exception {
        PostgresRunClaims.of(postgres).withMemory(Duration.ofHours(1)).claim(RUN);

        assertThat(server.ask("SELECT until - now() BETWEEN '59 minutes' AND '60 minutes' FROM loomgate_run"))
                .isEqualTo("t");
    }

    @Test
    void manyServersAtOnceHaveTwentyRunsOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                PostgresRunClaims claims = PostgresRunClaims.of(postgres);
                all.add(threads.submit(() -> claimTwenty(claims)));
            }
            int sum = 0;
            for (Future<Integer> each : all) {
                sum += each.get();
            }
            assertThat(sum).isEqualTo(20);
        }
    }

    private static int claimTwenty(PostgresRunClaims claims) {
        int ours = 0;
        for (int minute = 0; minute < 20; minute++) {
            ours += claims.claim(new ScheduledRun("report", RUN.due().plusSeconds(60L * minute))) ? 1 : 0;
        }
        return ours;
    }

    @Test
    void whatIsOverIsForgotten() throws Exception {
        PostgresRunClaims.of(postgres).claim(RUN);
        server.ask("UPDATE loomgate_run SET until = now() - interval '1 second'");

        PostgresRunClaims.of(postgres).claim(new ScheduledRun("other", RUN.due()));

        assertThat(server.ask("SELECT id FROM loomgate_run")).isEqualTo("other@2026-11-29T03:00:00Z");
    }

    @Test
    void withoutPostgresARunWaitsOrIsEverybodys() throws Exception {
        server.kill();
        PostgresRunClaims claims = PostgresRunClaims.of(postgres);
        assertThatThrownBy(() -> claims.claim(RUN)).isInstanceOf(ServiceUnavailable.class);
        assertThat(claims.withWhenGone(PostgresRunClaims.WhenGone.RUN).claim(RUN))
                .isTrue();
        server.restart();
        Eventually.await("it is back", () -> claims(claims));
    }

    private static boolean claims(PostgresRunClaims claims) {
        try {
            return claims.claim(RUN);
        } catch (ServiceUnavailable e) {
            return false;
        }
    }

    @Test
    void memoryHasARange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PostgresRunClaims.of(postgres).withMemory(Duration.ofSeconds(59)))
                .withMessage("PostgresRunClaims: memory is PT59S, not in PT1M to PT8784H");
    }
}
