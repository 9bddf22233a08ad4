package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How busy the rest of the machine was: what the first line of `/proc/stat` counts, less what the harness and
/// everything it started used. Time stolen by the hypervisor counts as others'.
public final class MachineLoad {
    private final long startedNanos = System.nanoTime();
    private final long othersTicks;

    private MachineLoad(long othersTicks) {
        this.othersTicks = othersTicks;
    }

    public static MachineLoad snapshot() {
        return new MachineLoad(othersNow());
    }

    /// Cores that others have kept busy since the snapshot, on average.
    public double othersCores() {
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        return Math.max(0, (othersNow() - othersTicks) / (seconds * ProcStat.TICKS_PER_SECOND));
    }

    private static long othersNow() {
        try {
            return busyTicks(Files.readString(Path.of("/proc/stat"))) - ownTicks();
        } catch (IOException e) {
            return 0;
        }
    }

    /// user + nice + system + irq + softirq + steal of `cpu  user nice system idle iowait irq softirq steal guest
    /// ...`.
    static long busyTicks(String stat) {
        List<String> fields = List.of(stat.substring(0, stat.indexOf('\n')).split(" +", -1));
        return List.of(1, 2, 3, 6, 7, 8).stream()
                .mapToLong(i -> Long.parseLong(fields.get(i)))
                .sum();
    }

    private static long ownTicks() {
        ProcessHandle self = ProcessHandle.current();
        ProcStat own = ProcStat.of(self.pid());
        return ProcStat.treeTicks(self) + own.endedChildrenTicks();
    }
}
