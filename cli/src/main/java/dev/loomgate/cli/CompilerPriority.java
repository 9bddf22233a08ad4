package dev.loomgate.cli;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
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
///
/// Linux's nice value is a thread's own, see setpriority(2) and sched(7).
final class CompilerPriority {
    private static final Logger LOG = System.getLogger("dev.loomgate.cli");
    static final int NICER = 5;
    private static final int NICEST = 19;

    /// As the kernel has it, 15 bytes of `C2 CompilerThread0`.
    private static final String COMPILER = "(C2 CompilerThre)";

    private static final int PRIO_PROCESS = 0;
    private static final Path THREADS = Path.of("/proc/self/task");

    private CompilerPriority() {}

    /// Does so soon, on a thread of its own: to be called once, by any thread. Where it can't be done,
    /// nothing happens.
    static void lower() {
        Thread.ofPlatform().daemon().name("loomgate-priority").start(CompilerPriority::lowerNow);
    }

    private static void lowerNow() {
        try (Stream<Path> threads = Files.list(THREADS)) {
            MethodHandle setPriority = setPriority();
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.contains(COMPILER)) {
                    int id = Integer.parseInt(thread.getFileName().toString());
                    int nice = Math.min(nice(stat) + NICER, NICEST);
                    int failed = (int) setPriority.invokeExact(PRIO_PROCESS, id, nice);
                    LOG.log(Level.DEBUG, "setpriority({0}, {1}): {2}", Integer.toString(id), nice, failed);
                }
            }
        } catch (Throwable e) {
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

    @SuppressWarnings("restricted") // jvm.options allows it; without, it is refused or warned of, and nothing happens
    private static MethodHandle setPriority() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setpriority"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }
}
