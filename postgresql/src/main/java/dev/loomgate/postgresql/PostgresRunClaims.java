package dev.loomgate.postgresql;

import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.schedule.RunClaims;
import dev.loomgate.toolkit.schedule.ScheduledRun;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// Claims of runs in PostgreSQL: of all servers that have a job, one does each of its runs.
///
/// ```java
/// Schedule.builder().cron("report", "0 3 * * *", run -> report()).claims(PostgresRunClaims.of(postgres)).start()
/// ```
/// A claim is a row with the run's id, which the first server inserts and which stays for [#withMemory]. No server
/// leads the others, so none has to be noticed as dead: a run that its server dies in isn't done again.
///
/// Immutable: each method returns a new one.
public final class PostgresRunClaims implements RunClaims {
    /// What happens while PostgreSQL is gone.
    public enum WhenGone {
        /// No run begins; those that aren't too late by then (`mostLate`) when it is back: the usual.
        WAIT,

        /// Each server does each run: right where a run may be done several times, as to refresh something.
        RUN
    }

    private static final Duration LEAST_MEMORY = Duration.ofMinutes(1);
    private static final Duration MOST_MEMORY = Duration.ofDays(366);
    private static final long SWEEP_NANOS = Duration.ofMinutes(10).toNanos();

    /// Id, owner, memory in milliseconds. A row if it is the owner's: now, or since it asked before.
    private static final String CLAIM = """
            INSERT INTO {schema}loomgate_run AS run (id, owner, until)
            VALUES (?, ?, now() + ? * interval '1 millisecond')
            ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, until = excluded.until
            WHERE run.owner = excluded.owner OR run.until < now()
            RETURNING id
            """;

    private static final String FORGET = "DELETE FROM {schema}loomgate_run WHERE until < now()";

    private final Postgres postgres;
    private final WhenGone whenGone;
    private final Duration memory;
    private final String owner;
    private final AtomicLong swept = new AtomicLong(System.nanoTime() - SWEEP_NANOS);

    private PostgresRunClaims(Postgres postgres, WhenGone whenGone, Duration memory, String owner) {
        this.postgres = postgres;
        this.whenGone = whenGone;
        this.memory = memory;
        this.owner = owner;
    }

    /// Claims that are remembered for two days, and wait while PostgreSQL is gone.
    public static PostgresRunClaims of(Postgres postgres) {
        return new PostgresRunClaims(
                postgres, WhenGone.WAIT, Duration.ofDays(2), UUID.randomUUID().toString());
    }

    /// The same with another answer while PostgreSQL is gone.
    public PostgresRunClaims withWhenGone(WhenGone other) {
        return new PostgresRunClaims(postgres, other, memory, owner);
    }

    /// The same with another time for which a run is remembered: longer than the schedules' `mostLate`, and than
    /// their clocks may differ.
    ///
    /// @param time 1 min to 366 days
    /// @throws IllegalArgumentException if it is out of its range
    public PostgresRunClaims withMemory(Duration time) {
        if (time.compareTo(LEAST_MEMORY) < 0 || time.compareTo(MOST_MEMORY) > 0) {
            throw new IllegalArgumentException(
                    "PostgresRunClaims: memory is %s, not in %s to %s".formatted(time, LEAST_MEMORY, MOST_MEMORY));
        }
        return new PostgresRunClaims(postgres, whenGone, time, owner);
    }

    @Override
    public boolean claim(ScheduledRun run) {
        boolean isOurs;
        try {
            isOurs = postgres.run(postgres.sql(CLAIM), statement -> {
                statement.setString(1, run.id());
                statement.setString(2, owner);
                statement.setLong(3, memory.toMillis());
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next();
                }
            });
        } catch (ServiceUnavailable e) {
            return switch (whenGone) {
                case WAIT -> throw e;
                case RUN -> true;
            };
        }
        forget();
        return isOurs;
    }

    /// Deletes what is over, every ten minutes at the most.
    private void forget() {
        long last = swept.get();
        long now = System.nanoTime();
        if (now - last < SWEEP_NANOS || !swept.compareAndSet(last, now)) {
            return;
        }
        try {
            postgres.run(postgres.sql(FORGET), statement -> statement.executeUpdate());
        } catch (ServiceUnavailable e) {
            // The next time.
        }
    }
}
