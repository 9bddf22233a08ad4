package dev.loomgate.python.supervision;

import dev.loomgate.loop.Timer;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.states.ProcessState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Replaces processes that have grown too large. Loop side only.
final class MemoryWatch {
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final HomeLoop home;
    private final long mostBytes;
    private final String setting;
    private final Supplier<List<WorkerProcess>> processes;
    private @Nullable Timer timer;

    /// @param options say how much resident memory a process may have; 0 for no limit
    MemoryWatch(HomeLoop home, PythonOptions options, Supplier<List<WorkerProcess>> processes) {
        this.home = home;
        this.mostBytes = options.reloadOnRssBytes();
        this.setting = options.nameOf("reloadOnRssBytes");
        this.processes = processes;
    }

    void start() {
        if (mostBytes > 0) {
            timer = home.loop().side().every(LOOK, this::look);
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void look() {
        List<WorkerProcess> all = processes.get();
        if (all.isEmpty()) {
            return;
        }
        home.loop().start("looking at the memory of Python workers", () -> {
            for (WorkerProcess process : all) {
                long bytes = residentBytes(process.pid());
                if (bytes > mostBytes) {
                    home.execute(() -> tooLarge(process, bytes));
                }
            }
        });
    }

    private void tooLarge(WorkerProcess process, long bytes) {
        if (process.state() == ProcessState.SERVING) {
            process.replace("it has %d MiB of resident memory (%s)".formatted(bytes >> 20, setting));
        }
    }

    private static long residentBytes(long pid) {
        // proc_pid_status(5): "VmRSS:     12345 kB".
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | RuntimeException e) {
            return 0; // it has just ended
        }
    }
}
