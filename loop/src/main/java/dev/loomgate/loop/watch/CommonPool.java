package dev.loomgate.loop.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.UnaryOperator;

/// The JDK's common pool, which parallel streams and `CompletableFuture`'s asynchronous methods share.
public record CommonPool() implements SharedThreads {
    private static final String IDLE = ForkJoinPool.class.getName() + ".awaitWork";

    @Override
    public String what(UnaryOperator<String> settingNames) {
        return "the threads of ForkJoinPool.commonPool()";
    }

    @Override
    public boolean mayBeTaken() {
        int most = ForkJoinPool.getCommonPoolParallelism();
        return most > 0 && ForkJoinPool.commonPool().getActiveThreadCount() >= most;
    }

    @Override
    public void run(Runnable probe) {
        ForkJoinPool.commonPool().execute(probe);
    }

    @Override
    public List<Taker> takers() {
        List<Taker> takers = new ArrayList<>();
        for (Map.Entry<Thread, StackTraceElement[]> each :
                Thread.getAllStackTraces().entrySet()) {
            if (each.getKey() instanceof ForkJoinWorkerThread worker
                    && worker.getPool() == ForkJoinPool.commonPool()
                    && !isIdle(each.getValue())) {
                takers.add(new Taker(worker.getName(), ApplicationFrame.in(each.getValue())));
            }
        }
        return takers;
    }

    private static boolean isIdle(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if ((frame.getClassName() + "." + frame.getMethodName()).equals(IDLE)) {
                return true;
            }
        }
        return stack.length == 0;
    }

    @Override
    public String remedy(UnaryOperator<String> settingNames) {
        return "CompletableFuture's methods take an executor of one's own; " + Remedy.offload(settingNames);
    }
}
