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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;

/// Meters of a Python application and its workers. They look when the registry asks, which waits for the
/// application's loop, for some seconds at most; a figure that isn't there then is `NaN`.
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
    private static final long LIMIT_SECONDS = 5;

    private final PythonApplication application;
    private final Latest<ProgramSnapshot> latest;

    /// @param application that has started: its server has
    public WorkerMeters(PythonApplication application) {
        this.application = application;
        latest = new Latest<>(this::look);
    }

    /// @throws IllegalStateException if the application says nothing, as when it hasn't started
    @Override
    public void bindTo(MeterRegistry registry) {
        ProgramSnapshot now = latest.get();
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
        Gauge.builder(name, latest, each -> figure.applyAsDouble(each.get()))
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private void counter(MeterRegistry registry, String name, Tags tags, ToDoubleFunction<ProgramSnapshot> figure) {
        FunctionCounter.builder(name, latest, each -> figure.applyAsDouble(each.get()))
                .tags(tags)
                .register(registry);
    }

    private ProgramSnapshot look() {
        try {
            return application.snapshot().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the Python application can't be looked at: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the Python application's loop is held, and says nothing within %d s".formatted(LIMIT_SECONDS), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it looked at the Python application", e);
        }
    }
}
