package dev.loomgate.cli.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The memory of this process, without its workers'.
///
/// @param residentBytes in memory
/// @param addressBytes of its address space
public record OwnMemory(long residentBytes, long addressBytes) {
    private static final long PAGE_BYTES = 4096;

    /// As the system says now; zeros where it doesn't.
    ///
    /// Source: proc_pid_statm(5), "size resident shared ...", in pages.
    public static OwnMemory read() {
        try {
            String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
            return new OwnMemory(Long.parseLong(pages[1]) * PAGE_BYTES, Long.parseLong(pages[0]) * PAGE_BYTES);
        } catch (IOException | RuntimeException e) {
            return new OwnMemory(0, 0);
        }
    }
}
