package dev.loomgate.micrometer;

import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.snapshot.ProgramSnapshot;
import dev.loomgate.python.snapshot.WorkDone;
import dev.loomgate.python.snapshot.WorkerSnapshot;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// Meters of a Python application and its workers. They look when the registry asks, which waits for the
/// application's loop, for some seconds at most. Without an answer by then gauges are `NaN`, and counters are what they
/// were last.
///
/// | meter | tags | what |
/// |---|---|---|
/// | `loomgate.program.waiting` | `program` | requests that no worker has got yet |
/// | `loomgate.program.generation` | `program` | times that it was imported until the version that serves |
/// | `loomgate.worker.busy` | `program`, `worker` | 1 where it has requests |
/// | `loomgate.worker.memory` | `program`, `worker` | bytes of its memory that are resident |
/// | `loomgate.worker.requests` | `program`, `worker` | requests that it has answered |
/// | `loomgate.worker.exceptions` | `program`, `worker` | exceptions that the program raised instead of an answer |
/// | `loomgate.worker.overtimes` | `program`, `worker` | requests whose time was over |
///
/// A worker is a number: its counters go on when its process is replaced. The registry holds on to the application
/// until the meters are removed.
public final class WorkerMeters implements MeterBinder {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration KEPT = Duration.ofMillis(500);

    private final Asked<ProgramSnapshot> latest;

    /// @param application that has started: its server has
    public WorkerMeters(PythonApplication application) {
        latest = new Asked<>(
                "the Python application",
                () -> Optional.of(
                        application.snapshot().toCompletableFuture().get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)),
                KEPT,
                PATIENCE);
    }

    /// @throws IllegalStateException if the application says nothing, as when it hasn't started
    @Override
    public void bindTo(MeterRegistry registry) {
        ProgramSnapshot now = latest.get()
                .orElseThrow(() -> new IllegalStateException(
                        "the Python application says nothing: it hasn't started, or its loop is held"));
        Tags program = Tags.of("program", now.name());
        gauge(registry, "loomgate.program.waiting", program, ProgramSnapshot::waiting);
        gauge(registry, "loomgate.program.generation", program, ProgramSnapshot::generation);
        for (int i = 0; i < now.workers().size(); i++) {
            int index = i;
            Tags tags = program.and(
                    "worker", Integer.toString(now.workers().get(index).number()));
            gauge(
                    registry,
                    "loomgate.worker.busy",
                    tags,
                    seen -> seen.workers().get(index).status() == WorkerSnapshot.Status.BUSY ? 1 : 0);
            gauge(registry, "loomgate.worker.memory", tags, seen -> seen.workers()
                    .get(index)
                    .residentBytes());
            counter(registry, "loomgate.worker.requests", tags, seen -> work(seen, index)
                    .requests());
            counter(registry, "loomgate.worker.exceptions", tags, seen -> work(seen, index)
                    .exceptions());
            counter(registry, "loomgate.worker.overtimes", tags, seen -> work(seen, index)
                    .overtimes());
        }
    }

    private static WorkDone work(ProgramSnapshot seen, int index) {
        return seen.workers().get(index).work();
    }

    private void gauge(MeterRegistry registry, String name, Tags tags, ToDoubleFunction<ProgramSnapshot> figure) {
        Gauge.builder(name, latest, each -> orNothing(each.get(), figure))
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, Tags tags, ToDoubleFunction<ProgramSnapshot> figure) {
        FunctionCounter.builder(name, latest, each -> orNothing(each.known(), figure))
                .tags(tags)
                .register(registry);
    }

    private static double orNothing(Optional<ProgramSnapshot> seen, ToDoubleFunction<ProgramSnapshot> figure) {
        return seen.isPresent() ? figure.applyAsDouble(seen.get()) : Double.NaN;
    }
}
