package dev.loomgate.loop.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// The pool of the engine `THREADS`, for requests.
///
/// @param executor the pool
/// @param microthreads those that live now, of all loops
public record RequestThreads(Executor executor, Supplier<List<LiveMicrothread>> microthreads) implements SharedThreads {
    @Override
    public String what(UnaryOperator<String> settingNames) {
        return "the threads for requests (" + settingNames.apply("threads") + ")";
    }

    @Override
    public boolean mayBeTaken() {
        return true;
    }

    @Override
    public void run(Runnable probe) {
        executor.execute(probe);
    }

    @Override
    public List<Taker> takers() {
        List<Taker> takers = new ArrayList<>();
        for (LiveMicrothread each : microthreads.get()) {
            Thread thread = each.thread();
            if (thread != null) {
                takers.add(new Taker(each.subject().toString(), ApplicationFrame.in(thread.getStackTrace())));
            }
        }
        return takers;
    }

    @Override
    public String remedy(UnaryOperator<String> settingNames) {
        return "A greater number (" + settingNames.apply("threads") + ") allows more at a time; with "
                + settingNames.apply("engine") + " loop what only waits takes no thread";
    }
}
