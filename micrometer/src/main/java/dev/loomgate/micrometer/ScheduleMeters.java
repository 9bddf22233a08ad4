package dev.loomgate.micrometer;

import dev.loomgate.toolkit.schedule.Schedule;
import dev.loomgate.toolkit.schedule.ScheduleCounts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToLongFunction;

/// Meters of a schedule's jobs on this server, as [ScheduleCounts] has them. Nothing is asked for them, and who looks
/// doesn't wait.
///
/// | meter | tags | what |
/// |---|---|---|
/// | `loomgate.schedule.runs` | `job`, `outcome` | `done`, `failed`: here; `elsewhere`; `skipped`: too late |
/// | `loomgate.schedule.running` | `job` | 1 while a run is under way here |
///
/// Over all servers the sum of `done` and `failed` is how often a job has run. The registry holds on to the schedule
/// until the meters are removed.
public final class ScheduleMeters implements MeterBinder {
    private final Schedule schedule;

    /// @param schedule that has started
    public ScheduleMeters(Schedule schedule) {
        this.schedule = schedule;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (String job : schedule.countsByJob().keySet()) {
            Tags tags = Tags.of("job", job);
            Gauge.builder("loomgate.schedule.running", schedule, each -> of(each, job)
                            .running())
                    .tags(tags)
                    .strongReference(true)
                    .register(registry);
            // A run that has failed has ended, too.
            runs(registry, job, "done", counts -> counts.done() - counts.failed());
            runs(registry, job, "failed", ScheduleCounts::failed);
            runs(registry, job, "elsewhere", ScheduleCounts::others);
            runs(registry, job, "skipped", ScheduleCounts::skipped);
        }
    }

    private void runs(MeterRegistry registry, String job, String outcome, ToLongFunction<ScheduleCounts> figure) {
        FunctionCounter.builder("loomgate.schedule.runs", schedule, each -> figure.applyAsLong(of(each, job)))
                .tags("job", job, "outcome", outcome)
                .register(registry);
    }

    private static ScheduleCounts of(Schedule schedule, String job) {
        ScheduleCounts counts = schedule.countsByJob().get(job);
        if (counts == null) {
            throw new IllegalStateException("a schedule keeps its jobs: " + job);
        }
        return counts;
    }
}
