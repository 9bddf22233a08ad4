package dev.loomgate.micrometer;

import dev.loomgate.toolkit.spooler.Spooler;
import dev.loomgate.toolkit.spooler.SpoolerCounts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// Meters of a spooler, as [SpoolerCounts] has them: what this server does of a queue. Nothing is asked for them, and
/// who looks doesn't wait.
///
/// | meter | tags | what |
/// |---|---|---|
/// | `loomgate.spooler.running` | `queue` | tasks that are run now |
/// | `loomgate.spooler.fetched` | `queue` | tasks that it has, those that run among them |
/// | `loomgate.spooler.tasks` | `queue`, `outcome` | runs that are `done`, `failed`, `ignored`; `buried` tasks |
/// | `loomgate.spooler.runs` | `queue` | a timer: how many runs have ended, and the time of all |
///
/// In one registry a queue has the meters of one spooler. The registry holds on to it until they are removed.
public final class SpoolerMeters implements MeterBinder {
    private final Spooler spooler;

    /// @param spooler that has started
    public SpoolerMeters(Spooler spooler) {
        this.spooler = spooler;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Tags tags = Tags.of("queue", spooler.queue());
        gauge(registry, tags, "loomgate.spooler.running", SpoolerCounts::running);
        gauge(registry, tags, "loomgate.spooler.fetched", SpoolerCounts::fetched);
        tasks(registry, tags, "done", SpoolerCounts::done);
        tasks(registry, tags, "failed", SpoolerCounts::failed);
        tasks(registry, tags, "ignored", SpoolerCounts::ignored);
        tasks(registry, tags, "buried", SpoolerCounts::buried);
        FunctionTimer.builder(
                        "loomgate.spooler.runs",
                        spooler,
                        each -> each.counts().runs(),
                        each -> each.counts().busy().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("How long runs of tasks have taken")
                .tags(tags)
                .register(registry);
    }

    private void gauge(MeterRegistry registry, Tags tags, String name, ToDoubleFunction<SpoolerCounts> figure) {
        Gauge.builder(name, spooler, each -> figure.applyAsDouble(each.counts()))
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private void tasks(MeterRegistry registry, Tags tags, String outcome, ToLongFunction<SpoolerCounts> figure) {
        FunctionCounter.builder("loomgate.spooler.tasks", spooler, each -> figure.applyAsLong(each.counts()))
                .tags(tags.and("outcome", outcome))
                .register(registry);
    }
}
