package dev.loomgate.loop.watch;

import dev.loomgate.loop.failures.Failures;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.threads.VirtualThreads;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Threads that the microthreads of all loops share, as the watchdog sees them: those of the JDK's scheduler, or the
/// pool of the engine `THREADS`. On the engine `LOOP` no microthread runs there, and nobody looks.
///
/// @param engine the one in force
/// @param executor has something run there as a request would
/// @param failures logs what fails while they are looked at
/// @param microthreads those that live now, of all loops
public record SharedThreads(
        Engine engine, Executor executor, Failures failures, Supplier<List<LiveMicrothread>> microthreads) {

    private boolean isPool() {
        return engine == Engine.THREADS;
    }

    /// What a message calls them.
    String what(UnaryOperator<String> settingNames) {
        return isPool()
                ? "the threads for requests (" + settingNames.apply("threads") + ")"
                : "the JDK's carriers of virtual threads";
    }

    /// Those that have one of the threads, as far as that can be seen.
    List<LiveMicrothread> takers() {
        return microthreads.get().stream()
                .filter(each -> isPool() ? each.thread() != null : isMounted(each))
                .toList();
    }

    private static boolean isMounted(LiveMicrothread microthread) {
        Thread thread = microthread.thread();
        if (thread == null || !thread.isVirtual()) {
            return false;
        }
        // Where the JDK doesn't tell, one that waits for a carrier is among them.
        return VirtualThreads.closed() == null
                ? VirtualThreads.carrierOf(thread) != null
                : thread.getState() == Thread.State.RUNNABLE;
    }

    /// What the operator can do, as a sentence.
    String remedy(UnaryOperator<String> settingNames) {
        return isPool()
                ? "A greater number (" + settingNames.apply("threads") + ") allows more at a time; with "
                        + settingNames.apply("engine") + " loop what only waits takes no thread"
                : "Loop.offload and Rule.blocking() run such work elsewhere";
    }
}
