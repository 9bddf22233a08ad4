package dev.loomgate.cli.stats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What statistics say of the server's process.
///
/// @param directory the working directory
record ProcessFacts(String version, long pid, int uid, int gid, String directory) {
    /// @param version of the program
    /// @param working the directory that applications run in
    static ProcessFacts of(String version, Path working) {
        return new ProcessFacts(
                version,
                ProcessHandle.current().pid(),
                number("Uid:"),
                number("Gid:"),
                working.toAbsolutePath().normalize().toString());
    }

    // proc_pid_status(5): "Uid:	real	effective	saved	filesystem".
    private static int number(String name) {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> Integer.parseInt(line.split("\\s+", -1)[1]))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }
}
