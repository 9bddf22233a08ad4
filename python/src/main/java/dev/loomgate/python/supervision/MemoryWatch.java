package dev.loomgate.python.supervision;

import dev.loomgate.loop.Timer;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.ReplacementOptions;
import dev.loomgate.python.states.ProcessState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Replaces processes that have grown too large, or kills them, and knows how much memory all have. Loop side only.
final class MemoryWatch {
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final HomeLoop home;
    private final PythonOptions options;
    private final ReplacementOptions limits;
    private final Supplier<List<WorkerProcess>> processes;
    private @Nullable Timer timer;
    private long residentBytes;

    MemoryWatch(HomeLoop home, PythonOptions options, Supplier<List<WorkerProcess>> processes) {
        this.home = home;
        this.options = options;
        this.limits = options.replacement();
        this.processes = processes;
    }

    void start() {
        if (options.reloadOnRssBytes() > 0
                || limits.reloadOnAsBytes() > 0
                || limits.evilReloadOnAsBytes() > 0
                || limits.evilReloadOnRssBytes() > 0
                || options.cheaper().rssSoftBytes() > 0) {
            timer = home.loop().side().every(LOOK, this::look);
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    /// Of all processes together, as it was last seen; 0 where nobody has to know.
    long residentBytes() {
        return residentBytes;
    }

    private void look() {
        List<WorkerProcess> all = processes.get();
        if (all.isEmpty()) {
            residentBytes = 0;
            return;
        }
        home.loop().start("looking at the memory of Python workers", () -> {
            Map<WorkerProcess, ProcessMemory> found = new HashMap<>();
            for (WorkerProcess process : all) {
                found.put(process, ProcessMemory.of(process.pid()));
            }
            home.execute(() -> seen(found));
        });
    }

    private void seen(Map<WorkerProcess, ProcessMemory> found) {
        residentBytes =
                found.values().stream().mapToLong(ProcessMemory::residentBytes).sum();
        found.forEach((process, memory) -> {
            if (process.state() == ProcessState.SERVING) {
                judge(process, memory);
            }
        });
    }

    private void judge(WorkerProcess process, ProcessMemory memory) {
        long resident = memory.residentBytes();
        long address = memory.addressBytes();
        if (isOver(limits.evilReloadOnAsBytes(), address)) {
            process.kill(reason(address, "address space", "evilReloadOnAsBytes"));
        } else if (isOver(limits.evilReloadOnRssBytes(), resident)) {
            process.kill(reason(resident, "resident memory", "evilReloadOnRssBytes"));
        } else if (process.ageNanos() < limits.minLifetime().toNanos()) {
            return;
        } else if (isOver(options.reloadOnRssBytes(), resident)) {
            process.replace(reason(resident, "resident memory", "reloadOnRssBytes"));
        } else if (isOver(limits.reloadOnAsBytes(), address)) {
            process.replace(reason(address, "address space", "reloadOnAsBytes"));
        }
    }

    private static boolean isOver(long most, long bytes) {
        return most > 0 && bytes > most;
    }

    private String reason(long bytes, String ofWhat, String setting) {
        return "it has %d MiB of %s (%s)".formatted(bytes >> 20, ofWhat, options.nameOf(setting));
    }
}
