package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// CPU time of each thread of a process and of everything that it has started, from
/// `/proc/PID/task/TID/schedstat`, whose first figure is nanoseconds on a CPU. [ProcStat] counts in ticks of
/// 10 ms, which is too coarse where a window holds 200 requests; what it counts and this doesn't are threads
/// that have ended.
///
/// @param threads by `PID/task/TID`
public record ThreadTimes(Map<String, Time> threads) {

    /// One thread.
    ///
    /// @param name as the kernel has it, at most 15 bytes
    record Time(String name, long nanos) {}

    static ThreadTimes of(ProcessHandle process) {
        Map<String, Time> threads = new HashMap<>();
        Stream.concat(Stream.of(process), process.descendants()).forEach(member -> read(member.pid(), threads));
        return new ThreadTimes(threads);
    }

    private static void read(long pid, Map<String, Time> threads) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks.toList()) {
                try {
                    String name = Files.readString(task.resolve("comm")).strip();
                    threads.put(task.toString(), new Time(name, nanos(Files.readString(task.resolve("schedstat")))));
                } catch (IOException e) {
                    // It has ended meanwhile.
                }
            }
        } catch (IOException e) {
            // So has the process.
        }
    }

    static long nanos(String schedstat) {
        return Long.parseLong(List.of(schedstat.strip().split(" ", -1)).getFirst());
    }

    /// Microseconds that all threads have used since `before`. A thread that has ended since then counts as
    /// if it had stood still.
    public double microsSince(ThreadTimes before) {
        return nanosSince(before, _ -> true) / 1e3;
    }

    /// Seconds of them that the JVM's compilers have used; zero for a server that is no JVM.
    public double compilerSecondsSince(ThreadTimes before) {
        return nanosSince(before, name -> name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler")) / 1e9;
    }

    /// What there is before the process is: nothing.
    public static ThreadTimes none() {
        return new ThreadTimes(Map.of());
    }

    private long nanosSince(ThreadTimes before, Predicate<String> counts) {
        return threads.entrySet().stream()
                .filter(entry -> counts.test(entry.getValue().name()))
                .mapToLong(entry -> entry.getValue().nanos()
                        - before.threads
                                .getOrDefault(entry.getKey(), new Time("", 0))
                                .nanos())
                .sum();
    }
}
