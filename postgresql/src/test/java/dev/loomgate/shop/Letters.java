package dev.loomgate.shop;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.loomgate.postgresql.Postgres;
import dev.loomgate.postgresql.PostgresQueue;
import dev.loomgate.postgresql.PostgresRunClaims;
import dev.loomgate.toolkit.schedule.Schedule;
import dev.loomgate.toolkit.spooler.SpoolFunction;
import dev.loomgate.toolkit.spooler.Spooler;
import dev.loomgate.toolkit.spooler.SpoolerSettings;
import dev.loomgate.toolkit.spooler.Task;
import java.time.Duration;

/// Letters that any server sends, and one that is written each hour.
public final class Letters implements AutoCloseable {
    private final HikariDataSource pool;
    private final PostgresQueue queue;
    private final Spooler spooler;
    private final Schedule schedule;

    public Letters(String url, SpoolFunction send) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setConnectionTimeout(3_000);
        config.setInitializationFailTimeout(-1);
        pool = new HikariDataSource(config);
        Postgres postgres = Postgres.of(pool);
        postgres.createTables();
        queue = PostgresQueue.of(postgres, "letters");
        spooler = Spooler.start(queue, SpoolerSettings.DEFAULT, send);
        schedule = Schedule.builder()
                .every("hourly", Duration.ofHours(1), run -> write("everybody", "It is " + run.due()))
                .claims(PostgresRunClaims.of(postgres))
                .start();
    }

    public void write(String to, String text) {
        queue.spool(Task.of("to", to).with("text", text));
    }

    @Override
    public void close() {
        schedule.close();
        spooler.close();
        pool.close();
    }
}
