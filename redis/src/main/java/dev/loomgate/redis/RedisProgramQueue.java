package dev.loomgate.redis;

import dev.loomgate.python.ProgramQueue;
import dev.loomgate.python.SpoolPlace;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.spooler.SpoolResult;
import dev.loomgate.toolkit.spooler.Spooler;
import dev.loomgate.toolkit.spooler.SpoolerSettings;
import dev.loomgate.toolkit.spooler.TaskCounts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The queue of a Python program's spoolers: a [RedisQueue], which a [Spooler] works off.
final class RedisProgramQueue implements ProgramQueue {
    // An entry may have a megabyte, which Redis copies where a look passes it.
    private static final int AT_ONCE = 100;
    private static final String LATER = "later";

    private final Redis redis;
    private final SpoolPlace.Queue options;
    private final RedisQueue queue;
    private volatile long waiting;

    RedisProgramQueue(Redis redis, SpoolPlace.Queue options) {
        this.redis = redis;
        this.options = options;
        queue = RedisQueue.of(redis, options.name())
                .withMaxTasks(options.length())
                .withMaxDead(options.dead());
    }

    @Override
    public @Nullable String spool(byte[] content, int priority, @Nullable Instant at) {
        Optional<Instant> start = Optional.ofNullable(at);
        return asked(() -> queue.add(content, priority, start)).orElse(null);
    }

    // ---- what is in it

    /// In the order of priorities, then those whose time hasn't come. Goes on at `PRIORITY/PLACE`, or
    /// `later/NUMBER`.
    @Override
    public Ids ids(String from) {
        String start = from.isEmpty() ? "0/-" : from;
        String part = start.substring(0, start.indexOf('/'));
        String place = start.substring(part.length() + 1);
        if (part.equals(LATER)) {
            return later(Long.parseLong(place));
        }
        List<List<byte[]>> rows = asked(() -> run(ProgramQueueScripts.IDS, part, place, Integer.toString(AT_ONCE)));
        List<String> ids = rows.stream().map(row -> text(row.get(1))).toList();
        if (rows.size() == AT_ONCE) {
            return new Ids(ids, part + "/(" + text(rows.getLast().getFirst()));
        }
        int priority = Integer.parseInt(part);
        return new Ids(ids, priority == LAST ? LATER + "/0" : (priority + 1) + "/-");
    }

    private Ids later(long from) {
        List<String> ids =
                asked(() -> run(ProgramQueueScripts.LATER, Long.toString(from), Integer.toString(10 * AT_ONCE)))
                        .stream()
                        .map(RedisProgramQueue::text)
                        .toList();
        return new Ids(ids, ids.size() < 10 * AT_ONCE ? "" : LATER + "/" + (from + ids.size()));
    }

    /// Walks the whole queue: a stream knows places, and no ids.
    @Override
    public byte @Nullable [] find(String id) {
        List<byte[]> found = asked(() -> run(ProgramQueueScripts.FIND_LATER, id));
        for (int priority = 0; found.isEmpty() && priority <= LAST; priority++) {
            String number = Integer.toString(priority);
            Optional<String> place = place(number, id);
            if (place.isPresent()) {
                List<byte[]> content = asked(() -> run(ProgramQueueScripts.READ, number, place.get()));
                return content.isEmpty() ? null : content.getFirst();
            }
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    private Optional<String> place(String priority, String id) {
        String from = "-";
        List<List<byte[]>> rows;
        do {
            String start = from;
            rows = asked(() -> run(ProgramQueueScripts.IDS, priority, start, Integer.toString(AT_ONCE)));
            for (List<byte[]> row : rows) {
                from = "(" + text(row.getFirst());
                if (text(row.get(1)).equals(id)) {
                    return Optional.of(text(row.getFirst()));
                }
            }
        } while (rows.size() == AT_ONCE);
        return Optional.empty();
    }

    @Override
    public long waiting() {
        try {
            TaskCounts counts = queue.counts();
            waiting = counts.waiting() + counts.later();
        } catch (ServiceUnavailable | IllegalStateException e) {
            // As it was when it was seen last.
        }
        return waiting;
    }

    // ---- its work

    @Override
    public Work work(int most, Duration stopTime, UnaryOperator<String> settingNames, Run run) {
        SpoolerSettings settings = new SpoolerSettings(
                most,
                Math.max(options.prefetch(), most),
                options.lease(),
                options.attempts(),
                options.losses(),
                options.backoff(),
                options.maxBackoff(),
                stopTime);
        Spooler spooler = Spooler.idle(
                queue,
                settings,
                name -> settingNames.apply(
                        switch (name) {
                            case "mostAttempts" -> "attempts";
                            case "mostLosses" -> "losses";
                            default -> name;
                        }),
                task -> result(run.run(task.id(), task.task().packed())));
        return new Work() {
            @Override
            public void workers(int count) {
                spooler.workers(count);
            }

            @Override
            public void close() {
                spooler.close();
            }
        };
    }

    private static SpoolResult result(Outcome outcome) throws Failure {
        return switch (outcome) {
            case Outcome.Done() -> SpoolResult.OK;
            case Outcome.Ignored() -> SpoolResult.IGNORE;
            case Outcome.Failed(String why) when why.isEmpty() -> SpoolResult.RETRY;
            case Outcome.Failed(String why) -> throw new Failure(why);
        };
    }

    /// A task has failed in Python, which has logged where: there is no stack to tell here.
    private static final class Failure extends Exception {
        private static final long serialVersionUID = 1;

        Failure(String why) {
            super(why, null, false, false);
        }

        // What the log and the reason of a given up task are to say, without a class of ours.
        @Override
        @SuppressWarnings("OverrideThrowableToString")
        public String toString() {
            return String.valueOf(getMessage());
        }
    }

    private <T> T run(Script<T> script, String... arguments) {
        byte[][] bytes = new byte[arguments.length][];
        for (int i = 0; i < arguments.length; i++) {
            bytes[i] = arguments[i].getBytes(StandardCharsets.UTF_8);
        }
        return redis.run(script, queue.base(), bytes);
    }

    private <T> T asked(Supplier<T> call) {
        try {
            return call.get();
        } catch (RedisGone e) {
            throw new IllegalStateException("%s can't be used: Redis: %s".formatted(options, e.getMessage()), e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
