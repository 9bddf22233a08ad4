package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// CPU time of a process from `/proc/PID/stat`, in ticks of 10 ms (proc(5): utime, stime, cutime and cstime).
///
/// ```
/// 4711 (a name) with) S ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime ...
/// ```
/// The name may hold spaces and parentheses, so the fields are counted from the last closing one.
public record ProcStat(long ownTicks, long endedChildrenTicks) {
    /// USER_HZ, which the kernel fixes at 100 for user space on every architecture that Loomgate runs on.
    public static final int TICKS_PER_SECOND = 100;

    private static final int UTIME = 11;
    private static final ProcStat GONE = new ProcStat(0, 0);

    public static ProcStat parse(String stat) {
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        return new ProcStat(
                Long.parseLong(fields.get(UTIME)) + Long.parseLong(fields.get(UTIME + 1)),
                Long.parseLong(fields.get(UTIME + 2)) + Long.parseLong(fields.get(UTIME + 3)));
    }

    /// The figures of process `pid`, zero if it has gone.
    public static ProcStat of(long pid) {
        try {
            return parse(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        } catch (IOException e) {
            return GONE;
        }
    }

    /// Ticks of the process and of everything it started that still runs: what `ps` calls its group, as long as no
    /// child has left it.
    public static long treeTicks(ProcessHandle process) {
        return of(process.pid()).ownTicks
                + process.descendants()
                        .mapToLong(child -> of(child.pid()).ownTicks)
                        .sum();
    }
}
