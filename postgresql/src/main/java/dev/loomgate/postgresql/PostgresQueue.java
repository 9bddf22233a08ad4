package dev.loomgate.postgresql;

import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.spooler.DeadTask;
import dev.loomgate.toolkit.spooler.Taken;
import dev.loomgate.toolkit.spooler.TakenTask;
import dev.loomgate.toolkit.spooler.Task;
import dev.loomgate.toolkit.spooler.TaskCounts;
import dev.loomgate.toolkit.spooler.TaskQueue;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Tasks in PostgreSQL, rows of a table: any server spools them, and the spoolers of all run them.
///
/// ```java
/// PostgresQueue mails = PostgresQueue.of(Postgres.of(pool), "mails");
///
/// mails.spool(Task.of("to", "ann@example.org").withBody(mail));
/// ```
/// It is as durable as PostgreSQL: with its usual settings a task that was spooled survives everything but the disk.
/// Spoolers ask whether there is something to take ([#withPoll]); nothing is said to them. Times are PostgreSQL's.
///
/// Immutable: each method whose name begins with `with` returns a new one.
public final class PostgresQueue implements TaskQueue {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Duration LEAST_POLL = Duration.ofMillis(10);
    private static final Duration MOST_POLL = Duration.ofMinutes(1);

    private final Postgres postgres;
    private final String name;
    private final Limits limits;
    private final Duration poll;

    private record Limits(long maxTasks, int maxBytes, int maxDead) {
        Limits {
            require("maxTasks", maxTasks);
            require("maxBytes", maxBytes);
            require("maxDead", maxDead);
        }

        private static void require(String setting, long value) {
            if (value <= 0) {
                throw new IllegalArgumentException("PostgresQueue: %s is %d, not above 0".formatted(setting, value));
            }
        }
    }

    private PostgresQueue(Postgres postgres, String name, Limits limits, Duration poll) {
        this.postgres = postgres;
        this.name = name;
        this.limits = limits;
        this.poll = poll;
    }

    /// A queue of up to a million tasks, each of up to 1 MiB, that keeps the last 10,000 that were given up. Spoolers
    /// ask ten times a second.
    ///
    /// @param name letters, digits, `-`, `_` and `.`; queues of one name in one schema are one
    /// @throws IllegalArgumentException if the name has other characters or over 64
    public static PostgresQueue of(Postgres postgres, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "PostgresQueue: name is \"%s\", not letters, digits, -, _ and ., up to 64".formatted(name));
        }
        return new PostgresQueue(postgres, name, new Limits(1_000_000, 1 << 20, 10_000), Duration.ofMillis(100));
    }

    /// The same with another number of tasks that may be in it, taken ones as well: past that who spools one gets
    /// 503. Of those that are spooled at the same moment a few may come in beyond it.
    ///
    /// @throws IllegalArgumentException if it isn't above 0
    public PostgresQueue withMaxTasks(long other) {
        return new PostgresQueue(postgres, name, new Limits(other, limits.maxBytes, limits.maxDead), poll);
    }

    /// The same with another size of a task, all in all.
    ///
    /// @throws IllegalArgumentException if it isn't above 0
    public PostgresQueue withMaxBytes(int other) {
        return new PostgresQueue(postgres, name, new Limits(limits.maxTasks, other, limits.maxDead), poll);
    }

    /// The same with another number of given up tasks that are kept: past that the oldest are forgotten.
    ///
    /// @throws IllegalArgumentException if it isn't above 0
    public PostgresQueue withMaxDead(int other) {
        return new PostgresQueue(postgres, name, new Limits(limits.maxTasks, limits.maxBytes, other), poll);
    }

    /// The same with another time between two questions of a spooler whether there is something to take.
    ///
    /// @param other 10 ms to 1 min
    /// @throws IllegalArgumentException if it is out of its range
    public PostgresQueue withPoll(Duration other) {
        if (other.compareTo(LEAST_POLL) < 0 || other.compareTo(MOST_POLL) > 0) {
            throw new IllegalArgumentException(
                    "PostgresQueue: poll is %s, not in %s to %s".formatted(other, LEAST_POLL, MOST_POLL));
        }
        return new PostgresQueue(postgres, name, limits, other);
    }

    @Override
    public String name() {
        return name;
    }

    /// @throws IllegalArgumentException if it takes over maxBytes
    /// @throws ServiceUnavailable if PostgreSQL is gone, or there are maxTasks
    @Override
    public String spool(Task task) {
        byte[] content = task.packed();
        if (content.length > limits.maxBytes) {
            throw new IllegalArgumentException("queue \"%s\": a task takes %d bytes, over %d (PostgresQueue, maxBytes)"
                    .formatted(name, content.length, limits.maxBytes));
        }
        String id = UUID.randomUUID().toString();
        @Nullable Object due = task.at().map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null);
        if (!changes(QueueStatements.SPOOL, name, name, id, task.priority(), due, due, content, limits.maxTasks)) {
            postgres.complain(
                    "the queue \"%s\" has %d tasks (PostgresQueue, maxTasks)".formatted(name, limits.maxTasks));
            throw Postgres.refusal();
        }
        return id;
    }

    @Override
    public TaskCounts counts() {
        return run(
                QueueStatements.COUNTS,
                rows -> {
                    rows.next();
                    return new TaskCounts(
                            rows.getLong(1),
                            rows.getLong(2),
                            rows.getLong(3),
                            rows.getLong(4),
                            Duration.ofMillis(rows.getLong(5)),
                            rows.getLong(6),
                            rows.getLong(7),
                            rows.getLong(8),
                            rows.getLong(9),
                            rows.getLong(10));
                },
                name,
                name,
                name,
                name,
                name,
                name);
    }

    @Override
    public List<DeadTask> dead(int most) {
        return run(
                QueueStatements.DEAD,
                rows -> {
                    List<DeadTask> dead = new ArrayList<>();
                    while (rows.next()) {
                        dead.add(new DeadTask(
                                rows.getString("place"),
                                rows.getString("id"),
                                rows.getInt("priority"),
                                rows.getInt("failures"),
                                rows.getString("why"),
                                rows.getBytes("content")));
                    }
                    return List.copyOf(dead);
                },
                name,
                most);
    }

    @Override
    public boolean revive(DeadTask task) {
        return changes(QueueStatements.REVIVE, name, Long.parseLong(task.place()));
    }

    @Override
    public boolean discard(DeadTask task) {
        return changes(QueueStatements.DISCARD, name, Long.parseLong(task.place()));
    }

    @Override
    public Taken take(String owner, int most) {
        postgres.run(postgres.sql(QueueStatements.COME), statement -> {
            set(statement, name);
            return statement.executeUpdate();
        });
        return run(
                QueueStatements.TAKE,
                rows -> {
                    List<TakenTask> tasks = new ArrayList<>();
                    @Nullable Duration next = null;
                    while (rows.next()) {
                        if (rows.getString("id") != null) {
                            tasks.add(task(rows));
                        }
                        long wait = rows.getLong("wait");
                        next = rows.wasNull() ? null : Duration.ofMillis(Math.max(0, wait));
                    }
                    return new Taken(tasks, next);
                },
                name,
                most,
                owner,
                name);
    }

    @Override
    public List<TakenTask> claim(String owner, int most, Duration lease) {
        return run(
                QueueStatements.CLAIM,
                rows -> {
                    List<TakenTask> tasks = new ArrayList<>();
                    while (rows.next()) {
                        tasks.add(task(rows));
                    }
                    return List.copyOf(tasks);
                },
                name,
                lease.toMillis(),
                most,
                owner);
    }

    private static TakenTask task(ResultSet row) throws SQLException {
        return new TakenTask(
                row.getString("place"),
                row.getString("id"),
                row.getInt("priority"),
                row.getInt("failures"),
                row.getInt("losses"),
                row.getBytes("content"));
    }

    @Override
    public Set<String> renew(String owner, Collection<TakenTask> tasks) {
        Long[] places = tasks.stream().map(PostgresQueue::place).toArray(Long[]::new);
        return run(
                QueueStatements.RENEW,
                rows -> {
                    Set<String> still = new HashSet<>();
                    while (rows.next()) {
                        still.add(rows.getString("place"));
                    }
                    return still;
                },
                name,
                owner,
                places);
    }

    @Override
    public boolean done(TakenTask task) {
        return changes(QueueStatements.DONE, name, place(task));
    }

    @Override
    public boolean retry(String owner, TakenTask task, Duration after, boolean hasFailed) {
        long millis = after.toMillis();
        int failures = hasFailed ? 1 : 0;
        return changes(QueueStatements.RETRY, millis, millis, failures, name, place(task), owner, failures);
    }

    @Override
    public boolean bury(String owner, TakenTask task, String why) {
        // A text of PostgreSQL has no zeros.
        String line = why.replace('\0', ' ');
        return changes(QueueStatements.BURY, name, place(task), owner, line, name, name, limits.maxDead - 1);
    }

    /// Nothing is kept of a spooler but what it has.
    @Override
    public void leave(String owner) {}

    /// Has a thread ask whether there is something to take, and say so as long as there is.
    @Override
    public Listening listen(Runnable wake) {
        return Poll.start(this, poll, wake);
    }

    boolean hasNews() {
        return run(
                QueueStatements.NEWS,
                rows -> {
                    rows.next();
                    return rows.getBoolean(1);
                },
                name,
                name);
    }

    private static long place(TakenTask task) {
        return Long.parseLong(task.place());
    }

    /// Whether a statement that counts what it has changed has changed something.
    private boolean changes(String statement, @Nullable Object... arguments) {
        return run(
                statement,
                rows -> {
                    rows.next();
                    return rows.getLong(1) > 0;
                },
                arguments);
    }

    private <T> T run(String statement, Postgres.Step<ResultSet, T> read, @Nullable Object... arguments) {
        return postgres.run(postgres.sql(statement), prepared -> {
            set(prepared, arguments);
            try (ResultSet rows = prepared.executeQuery()) {
                return read.make(rows);
            }
        });
    }

    private static void set(PreparedStatement statement, @Nullable Object... arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case null -> statement.setNull(i + 1, Types.TIMESTAMP_WITH_TIMEZONE);
                case Long[] places ->
                    statement.setArray(i + 1, statement.getConnection().createArrayOf("bigint", places));
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                case Object other -> statement.setObject(i + 1, other);
            }
        }
    }
}
