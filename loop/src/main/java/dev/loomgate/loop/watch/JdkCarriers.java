package dev.loomgate.loop.watch;

import dev.loomgate.loop.threads.MountedThreads;
import dev.loomgate.loop.threads.VirtualThreads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// The platform threads on which the JDK runs virtual threads, one for each CPU: those of an application's
/// (a `StructuredTaskScope`'s, an executor's) on any engine, and the microthreads of the engine `VIRTUAL`.
///
/// @param microthreads those that live now, of all loops
public record JdkCarriers(Supplier<List<LiveMicrothread>> microthreads) implements SharedThreads {
    private static final String CARRIER = "ForkJoinPool-";

    @Override
    public String what(UnaryOperator<String> settingNames) {
        return "the JDK's carriers of virtual threads";
    }

    @Override
    public boolean mayBeTaken() {
        return !(VirtualThreads.defaultScheduler() instanceof ForkJoinPool pool)
                || pool.getActiveThreadCount() >= pool.getParallelism();
    }

    @Override
    public void run(Runnable probe) {
        Thread.ofVirtual().inheritInheritableThreadLocals(false).start(probe);
    }

    @Override
    public List<Taker> takers() {
        Map<Long, LiveMicrothread> known = new HashMap<>();
        for (LiveMicrothread each : microthreads.get()) {
            Thread thread = each.thread();
            if (thread != null && thread.isVirtual()) {
                known.put(thread.threadId(), each);
            }
        }
        List<Taker> takers = new ArrayList<>();
        for (MountedThreads.Mounted each : MountedThreads.now()) {
            if (each.carrier().startsWith(CARRIER)) {
                LiveMicrothread microthread = known.get(each.id());
                String what = microthread == null
                        ? "a virtual thread of the application's own (#" + each.id() + ")"
                        : microthread.subject().toString();
                takers.add(new Taker(what, ApplicationFrame.inTexts(each.frames())));
            }
        }
        return takers;
    }

    @Override
    public String remedy(UnaryOperator<String> settingNames) {
        return Remedy.offload(settingNames) + "; an application's own tasks that compute belong into a pool of platform"
                + " threads";
    }
}
