package dev.loomgate.python.supervision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How much memory a process has.
///
/// @param residentBytes that are in memory
/// @param addressBytes of the whole address space
public record ProcessMemory(long residentBytes, long addressBytes) {
    /// None.
    public static final ProcessMemory NONE = new ProcessMemory(0, 0);

    /// That of a process now; none if it has just ended. Reads a file.
    public static ProcessMemory of(long pid) {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
            return new ProcessMemory(bytes(lines, "VmRSS:"), bytes(lines, "VmSize:"));
        } catch (IOException | RuntimeException e) {
            return NONE;
        }
    }

    // proc_pid_status(5): "VmRSS:     12345 kB".
    private static long bytes(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElse(0);
    }
}
