package dev.loomgate.redis;

import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.spooler.DeadTask;
import dev.loomgate.toolkit.spooler.Taken;
import dev.loomgate.toolkit.spooler.TakenTask;
import dev.loomgate.toolkit.spooler.Task;
import dev.loomgate.toolkit.spooler.TaskCounts;
import dev.loomgate.toolkit.spooler.TaskQueue;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Tasks in Redis, by streams: any server spools them, and the spoolers of all run them.
///
/// ```java
/// static final RedisQueue MAILS = RedisQueue.of(redis, "mails");
///
/// MAILS.spool(Task.of("to", "ann@example.org").withBody(mail));
/// ```
/// It is as durable as Redis: with `appendonly yes` and `appendfsync always` a task that was spooled
/// survives everything but the disk. Needs Redis 6.2 or later.
///
/// Immutable: each method whose name begins with `with` returns a new one.
public final class RedisQueue implements TaskQueue {
    private static final byte[] NONE = {};
    private static final byte[] NO = Redis.number(0);
    private static final byte[] YES = Redis.number(1);

    private final Redis redis;
    private final String name;
    private final long maxTasks;
    private final int maxBytes;
    private final int maxDead;

    private RedisQueue(Redis redis, String name, long maxTasks, int maxBytes, int maxDead) {
        this.redis = redis;
        this.name = name;
        this.maxTasks = maxTasks;
        this.maxBytes = maxBytes;
        this.maxDead = maxDead;
    }

    /// A queue of up to a million tasks, each of up to 1 MiB, that keeps the last 10,000 that were given up.
    ///
    /// @param name letters, digits, `-`, `_` and `.`; queues of one name in one Redis are one
    /// @throws IllegalArgumentException if the name has other characters or over 64
    public static RedisQueue of(Redis redis, String name) {
        return new RedisQueue(redis, Redis.requireName("RedisQueue", name), 1_000_000, 1 << 20, 10_000);
    }

    /// The same with another number of tasks that may be in it, taken ones as well: past that who spools one
    /// gets 503.
    ///
    /// @throws IllegalArgumentException if it isn't above 0
    public RedisQueue withMaxTasks(long other) {
        return new RedisQueue(redis, name, require("maxTasks", other), maxBytes, maxDead);
    }

    /// The same with another size of a task, all in all.
    ///
    /// @throws IllegalArgumentException if it isn't above 0
    public RedisQueue withMaxBytes(int other) {
        return new RedisQueue(redis, name, maxTasks, (int) require("maxBytes", other), maxDead);
    }

    /// The same with another number of given up tasks that are kept: past that the oldest are forgotten.
    ///
    /// @throws IllegalArgumentException if it isn't above 0
    public RedisQueue withMaxDead(int other) {
        return new RedisQueue(redis, name, maxTasks, maxBytes, (int) require("maxDead", other));
    }

    private static long require(String setting, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("RedisQueue: %s is %d, not above 0".formatted(setting, value));
        }
        return value;
    }

    @Override
    public String name() {
        return name;
    }

    /// @throws IllegalArgumentException if it takes over maxBytes
    /// @throws ServiceUnavailable if Redis is gone, or there are maxTasks
    @Override
    public String spool(Task task) {
        byte[] content = task.packed();
        if (content.length > maxBytes) {
            throw new IllegalArgumentException("queue \"%s\": a task takes %d bytes, over %d (RedisQueue, maxBytes)"
                    .formatted(name, content.length, maxBytes));
        }
        try {
            return add(content, task.priority(), task.at()).orElseThrow(() -> {
                redis.link().complain("the queue \"%s\" has %d tasks (RedisQueue, maxTasks)".formatted(name, maxTasks));
                return RedisGone.refusal();
            });
        } catch (RedisGone e) {
            throw RedisGone.refusal();
        }
    }

    /// Adds a task, whatever its size.
    ///
    /// @return its id; empty if there are maxTasks
    /// @throws RedisGone if it can't be asked
    Optional<String> add(byte[] content, int priority, Optional<Instant> at) {
        String id = UUID.randomUUID().toString();
        byte[] start = at.map(Instant::toEpochMilli).map(Redis::number).orElse(NONE);
        long isAdded = redis.run(
                QueueScripts.ADD, base(), Redis.number(maxTasks), start, bytes(id), Redis.number(priority), content);
        return isAdded == 0 ? Optional.empty() : Optional.of(id);
    }

    @Override
    public TaskCounts counts() {
        List<Long> counts = run(QueueScripts.COUNTS);
        return new TaskCounts(
                counts.get(0),
                counts.get(1),
                counts.get(2),
                counts.get(3),
                Duration.ofMillis(counts.get(4)),
                counts.get(5),
                counts.get(6),
                counts.get(7),
                counts.get(8),
                counts.get(9));
    }

    @Override
    public List<DeadTask> dead(int most) {
        List<List<byte[]>> rows = run(QueueScripts.DEAD, Redis.number(most));
        return rows.stream()
                .map(row -> new DeadTask(
                        text(row.get(0)),
                        text(row.get(2)),
                        Integer.parseInt(text(row.get(1))),
                        Integer.parseInt(text(row.get(3))),
                        text(row.get(4)),
                        row.get(5)))
                .toList();
    }

    @Override
    public boolean revive(DeadTask task) {
        return number(QueueScripts.REVIVE, bytes(task.place())) == 1;
    }

    @Override
    public boolean discard(DeadTask task) {
        return number(QueueScripts.DISCARD, bytes(task.place())) == 1;
    }

    @Override
    public Taken take(String owner, int most) {
        List<List<byte[]>> rows = run(QueueScripts.TAKE, bytes(owner), Redis.number(most));
        long wait = Long.parseLong(text(rows.getLast().getFirst()));
        List<TakenTask> tasks = tasks(rows.subList(0, rows.size() - 1));
        return new Taken(tasks, wait < 0 ? null : Duration.ofMillis(wait));
    }

    @Override
    public List<TakenTask> claim(String owner, int most, Duration lease) {
        return tasks(run(QueueScripts.CLAIM, bytes(owner), Redis.number(most), Redis.number(lease.toMillis())));
    }

    /// Of rows: place in its stream, priority, id, failures, losses, bytes.
    private static List<TakenTask> tasks(List<List<byte[]>> rows) {
        return rows.stream()
                .map(row -> new TakenTask(
                        text(row.get(1)) + "/" + text(row.get(0)),
                        text(row.get(2)),
                        Integer.parseInt(text(row.get(1))),
                        Integer.parseInt(text(row.get(3))),
                        Integer.parseInt(text(row.get(4))),
                        row.get(5)))
                .toList();
    }

    @Override
    public Set<String> renew(String owner, Collection<TakenTask> tasks) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(bytes(owner));
        for (TakenTask task : tasks) {
            arguments.add(Redis.number(task.priority()));
            arguments.add(place(task));
        }
        List<byte[]> still = run(QueueScripts.RENEW, arguments.toArray(byte[][]::new));
        Set<String> places = new HashSet<>();
        still.forEach(place -> places.add(text(place)));
        return places;
    }

    @Override
    public boolean done(TakenTask task) {
        return number(QueueScripts.DONE, Redis.number(task.priority()), place(task)) == 1;
    }

    @Override
    public boolean retry(String owner, TakenTask task, Duration after, boolean hasFailed) {
        return number(
                        QueueScripts.RETRY,
                        Redis.number(task.priority()),
                        place(task),
                        bytes(owner),
                        Redis.number(after.toMillis()),
                        hasFailed ? YES : NO)
                == 1;
    }

    @Override
    public boolean bury(String owner, TakenTask task, String why) {
        return number(
                        QueueScripts.BURY,
                        Redis.number(task.priority()),
                        place(task),
                        bytes(owner),
                        bytes(why),
                        Redis.number(maxDead))
                == 1;
    }

    @Override
    public void leave(String owner) {
        number(QueueScripts.LEAVE, bytes(owner));
    }

    @Override
    public Listening listen(Runnable wake) {
        Channel channel = new Channel(wake);
        redis.add(channel);
        return () -> redis.remove(channel);
    }

    private long number(Script<Long> script, byte[]... arguments) {
        return run(script, arguments);
    }

    private <T> T run(Script<T> script, byte[]... arguments) {
        try {
            return redis.run(script, base(), arguments);
        } catch (RedisGone e) {
            throw RedisGone.refusal();
        }
    }

    /// What its keys begin with.
    String base() {
        return redis.key("queue", name);
    }

    /// Without the priority.
    private static byte[] place(TakenTask task) {
        return bytes(task.place().substring(task.place().indexOf('/') + 1));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// Hears that there may be something to take.
    private final class Channel implements Feature {
        private final Runnable wake;

        Channel(Runnable wake) {
            this.wake = wake;
        }

        @Override
        public String name() {
            return "spooler of the queue \"" + name + "\"";
        }

        @Override
        public void connected(StatefulRedisPubSubConnection<String, byte[]> connection) {
            redis.link().await(connection.async().subscribe(base()));
            // What was said meanwhile is missed.
            wake.run();
        }

        @Override
        public void removed(StatefulRedisPubSubConnection<String, byte[]> connection) {
            connection.async().unsubscribe(base());
        }

        @Override
        public void gone() {
            // Who takes finds that out.
        }

        @Override
        public void message(String channel, byte[] content) {
            if (channel.equals(base())) {
                wake.run();
            }
        }
    }
}
