package dev.loomgate.postgresql;

import com.zaxxer.hikari.HikariDataSource;
import dev.loomgate.testkit.peers.PostgresServer;
import dev.loomgate.toolkit.spooler.QueueKillContract;
import dev.loomgate.toolkit.spooler.TaskQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

/// Spooling programs are killed, and PostgreSQL.
@Tag("timing")
class PostgresQueueKillTest extends QueueKillContract {
    private PostgresServer server;
    private HikariDataSource pool;
    private Postgres postgres;

    @BeforeEach
    void start() throws Exception {
        server = PostgresServer.start();
        pool = Pools.of(server.url());
        postgres = Postgres.of(pool);
        postgres.createTables();
    }

    @AfterEach
    void stop() {
        pool.close();
        server.close();
    }

    @Override
    protected TaskQueue queue() {
        return PostgresQueue.of(postgres, SpoolingServer.QUEUE);
    }

    @Override
    protected Class<?> program() {
        return SpoolingServer.class;
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
}
