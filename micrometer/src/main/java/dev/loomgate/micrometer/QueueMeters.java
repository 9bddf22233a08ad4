package dev.loomgate.micrometer;

import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.spooler.TaskCounts;
import dev.loomgate.toolkit.spooler.TaskQueue;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/// Meters of a queue of tasks, whichever database it is in.
///
/// | meter | tags | what |
/// |---|---|---|
/// | `loomgate.queue.there` | `queue` | 1 where the queue has answered, 0 while it is gone |
/// | `loomgate.queue.tasks` | `queue`, `state` | tasks that are `waiting`, `later`, `taken`, `dead` |
/// | `loomgate.queue.oldest` | `queue` | seconds for which the oldest has waited that could be taken |
/// | `loomgate.queue.spooled`, `.done`, `.retried`, `.lost`, `.buried` | `queue` | as [TaskCounts] |
///
/// All servers of a queue say the same: take the largest of them, not their sum. [SpoolerMeters] has what is one
/// server's.
///
/// A registry's look asks the database at most once in [#KEPT], in a thread of its own, and waits for at most
/// [#PATIENCE]. Without an answer by then gauges are `NaN` and counters are what they were last: `NaN` before the first
/// answer.
public final class QueueMeters implements MeterBinder {
    /// How old an answer may be, unless it is set.
    public static final Duration KEPT = Duration.ofSeconds(5);

    /// How long a registry waits for an answer, unless it is set.
    public static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration LEAST = Duration.ofMillis(10);
    private static final Duration MOST_KEPT = Duration.ofHours(1);
    private static final Duration MOST_PATIENCE = Duration.ofMinutes(1);

    private final String name;
    private final Asked<TaskCounts> counts;

    /// Those of a queue, with the usual times.
    public QueueMeters(TaskQueue queue) {
        this(queue, KEPT, PATIENCE);
    }

    /// The same with other times.
    ///
    /// @param kept how old an answer may be: 10 ms to 1 h. Counting millions of tasks takes a database long
    /// @param patience how long a registry waits for an answer: 10 ms to 1 min
    /// @throws IllegalArgumentException if one is out of its range
    public QueueMeters(TaskQueue queue, Duration kept, Duration patience) {
        check("kept", kept, MOST_KEPT);
        check("patience", patience, MOST_PATIENCE);
        name = queue.name();
        counts = new Asked<>("the queue \"%s\"".formatted(name), () -> ask(queue), kept, patience);
    }

    private static void check(String setting, Duration value, Duration most) {
        if (value.compareTo(LEAST) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "QueueMeters: %s is %s, not in %s to %s".formatted(setting, value, LEAST, most));
        }
    }

    private static Optional<TaskCounts> ask(TaskQueue queue) {
        try {
            return Optional.of(queue.counts());
        } catch (ServiceUnavailable e) {
            // Its connection has a line in the log.
            return Optional.empty();
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Tags tags = Tags.of("queue", name);
        Gauge.builder("loomgate.queue.there", counts, each -> each.get().isPresent() ? 1 : 0)
                .tags(tags)
                .strongReference(true)
                .register(registry);
        tasks(registry, tags.and("state", "waiting"), TaskCounts::waiting);
        tasks(registry, tags.and("state", "later"), TaskCounts::later);
        tasks(registry, tags.and("state", "taken"), TaskCounts::taken);
        tasks(registry, tags.and("state", "dead"), TaskCounts::dead);
        TimeGauge.builder(
                        "loomgate.queue.oldest",
                        counts,
                        TimeUnit.MILLISECONDS,
                        each -> orNothing(each.get(), now -> now.oldest().toMillis()))
                .description("For how long the oldest task has waited that could be taken")
                .tags(tags)
                .strongReference(true)
                .register(registry);
        counter(registry, tags, "spooled", TaskCounts::spooled);
        counter(registry, tags, "done", TaskCounts::done);
        counter(registry, tags, "retried", TaskCounts::retried);
        counter(registry, tags, "lost", TaskCounts::lost);
        counter(registry, tags, "buried", TaskCounts::buried);
    }

    private void tasks(MeterRegistry registry, Tags tags, ToLongFunction<TaskCounts> figure) {
        Gauge.builder("loomgate.queue.tasks", counts, each -> orNothing(each.get(), figure))
                .description("Tasks in the queue, over all servers")
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private void counter(MeterRegistry registry, Tags tags, String what, ToLongFunction<TaskCounts> figure) {
        FunctionCounter.builder("loomgate.queue." + what, counts, each -> orNothing(each.known(), figure))
                .description("Over all servers")
                .tags(tags)
                .register(registry);
    }

    private static double orNothing(Optional<TaskCounts> counts, ToLongFunction<TaskCounts> figure) {
        return counts.isPresent() ? figure.applyAsLong(counts.get()) : Double.NaN;
    }
}
