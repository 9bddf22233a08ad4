package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Memory of a process and of everything that it has started: the sum of the `Pss` of
/// `/proc/PID/smaps_rollup`. A page that several processes share counts once in all, which it doesn't in a
/// sum of resident sizes: forked workers share most of theirs.
///
/// @param kib in all
/// @param processes how many there are
public record ProportionalMemory(long kib, int processes) {
    static ProportionalMemory of(ProcessHandle process) {
        long[] all = Stream.concat(Stream.of(process), process.descendants())
                .mapToLong(member -> pssKib(member.pid()))
                .filter(kib -> kib > 0)
                .toArray();
        long sum = 0;
        for (long kib : all) {
            sum += kib;
        }
        return new ProportionalMemory(sum, all.length);
    }

    private static long pssKib(long pid) {
        try {
            return pssKib(Files.readString(Path.of("/proc", Long.toString(pid), "smaps_rollup")));
        } catch (IOException e) {
            return 0; // it has ended
        }
    }

    static long pssKib(String rollup) {
        return rollup.lines()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(
                        line.substring("Pss:".length()).replace("kB", "").strip()))
                .findFirst()
                .orElse(0);
    }
}
