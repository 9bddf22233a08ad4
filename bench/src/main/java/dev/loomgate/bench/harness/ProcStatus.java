package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// Resident memory and threads of a process from `/proc/PID/status`; memory is in KiB, as the kernel says it.
public record ProcStatus(long residentKib, long peakResidentKib, long threads) {
    public static ProcStatus parse(String status) {
        return new ProcStatus(
                field(status, "VmRSS").orElse(0),
                field(status, "VmHWM").orElse(0),
                field(status, "Threads").orElse(0));
    }

    public static ProcStatus of(long pid) throws IOException {
        return parse(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
    }

    private static OptionalLong field(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(
                        line.substring(name.length() + 1).replace("kB", "").strip()))
                .findFirst();
    }
}
