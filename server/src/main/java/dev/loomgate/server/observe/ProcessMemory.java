package dev.loomgate.server.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What memory processes take, from `/proc/PID/status`. Of one loop, loop side only: it is read once a second
/// at most for each process, which is a matter of microseconds, since no disk is asked.
final class ProcessMemory {
    private static final long KEPT_NANOS = 1_000_000_000L;
    private static final int MOST_KEPT = 4096;
    private static final long UNKNOWN = -1;

    private record Figures(long resident, long mapped, long nanos) {}

    private final Map<String, Figures> figures = new HashMap<>();

    /// Bytes that are resident; negative if there is no such process any more.
    long resident(String pid) {
        return of(pid).resident();
    }

    /// Bytes of address space; negative if there is no such process any more.
    long mapped(String pid) {
        return of(pid).mapped();
    }

    private Figures of(String pid) {
        long now = System.nanoTime();
        Figures known = figures.get(pid);
        if (known == null || now - known.nanos() > KEPT_NANOS) {
            if (figures.size() >= MOST_KEPT) {
                figures.clear(); // of processes that have ended, most of them
            }
            known = read(pid, now);
            figures.put(pid, known);
        }
        return known;
    }

    private static Figures read(String pid, long now) {
        long resident = UNKNOWN;
        long mapped = UNKNOWN;
        try {
            for (String line : Files.readAllLines(Path.of("/proc", pid, "status"))) {
                if (line.startsWith("VmRSS:")) {
                    resident = bytes(line);
                } else if (line.startsWith("VmSize:")) {
                    mapped = bytes(line);
                }
            }
        } catch (IOException e) {
            return new Figures(UNKNOWN, UNKNOWN, now);
        }
        return new Figures(resident, mapped, now);
    }

    // `VmRSS:     12345 kB`
    private static long bytes(String line) {
        long kilobytes = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c >= '0' && c <= '9') {
                kilobytes = 10 * kilobytes + (c - '0');
            }
        }
        return kilobytes * 1024;
    }
}
