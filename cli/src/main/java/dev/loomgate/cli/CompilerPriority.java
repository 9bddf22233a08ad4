package dev.loomgate.cli;

import dev.loomgate.cli.process.ThreadPriority;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Has the JVM's optimising compiler step back where the machine is busy.
///
/// In the first ten seconds of load it uses a third of a core or more, and on a machine of two cores that are
/// busy it takes that from loops and Python workers. With a higher nice value it still has every core that
/// nobody needs. The quick compiler keeps its priority: until it is through, code is interpreted. The JVM's
/// own flag for this (CompilerThreadPriority) knows no difference between the two, and warns at each start
/// that isn't root's.
final class CompilerPriority {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    static final int NICER = 5;
    private static final int NICEST = 19;

    /// As the kernel has it, 15 bytes of `C2 CompilerThread0`.
    private static final String COMPILER = "(C2 CompilerThre)";

    private static final Path THREADS = Path.of("/proc/self/task");

    private CompilerPriority() {}

    /// Does so soon, on a thread of its own: to be called once, by any thread. Where it can't be done,
    /// nothing happens.
    static void lower() {
        Thread.ofPlatform().daemon().name("loomgate-priority").start(CompilerPriority::lowerNow);
    }

    private static void lowerNow() {
        try (Stream<Path> threads = Files.list(THREADS)) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.contains(COMPILER)) {
                    int id = Integer.parseInt(thread.getFileName().toString());
                    int nice = Math.min(nice(stat) + NICER, NICEST);
                    ThreadPriority.set(id, nice);
                    LOG.log(Level.DEBUG, "the compiler''s thread {0} has nice value {1}", Integer.toString(id), nice);
                }
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.log(Level.DEBUG, "the compiler keeps its priority: {0}", e.toString());
        }
    }

    /// @param stat of a thread, proc(5): `id (name) state ppid ...`; the 19th field, the first being 1, is
    /// the nice value
    static int nice(String stat) {
        List<String> afterName =
                List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        return Integer.parseInt(afterName.get(16));
    }
}
