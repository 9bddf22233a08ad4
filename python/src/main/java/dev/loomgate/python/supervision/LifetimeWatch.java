package dev.loomgate.python.supervision;

import dev.loomgate.loop.Timer;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.ReplacementOptions;
import dev.loomgate.python.states.ProcessState;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Replaces processes that have become too old. Loop side only.
final class LifetimeWatch {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final HomeLoop home;
    private final ReplacementOptions limits;
    private final String setting;
    private final Supplier<List<WorkerProcess>> processes;
    private @Nullable Timer timer;

    LifetimeWatch(HomeLoop home, PythonOptions options, Supplier<List<WorkerProcess>> processes) {
        this.home = home;
        this.limits = options.replacement();
        this.setting = options.nameOf("maxWorkerLifetime");
        this.processes = processes;
    }

    void start() {
        if (limits.maxLifetime().isPositive()) {
            timer = home.loop().side().every(LOOK, this::look);
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void look() {
        for (WorkerProcess process : processes.get()) {
            Duration most = limits.maxLifetime().plus(limits.maxLifetimeDelta().multipliedBy(process.slot() - 1L));
            Duration age = Duration.ofNanos(process.ageNanos());
            if (process.state() == ProcessState.SERVING && age.compareTo(most) > 0) {
                process.replace("it is %d s old (%s)".formatted(age.toSeconds(), setting));
            }
        }
    }
}
