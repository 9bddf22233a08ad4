package dev.loomgate.server.unix;

import dev.loomgate.loop.Timer;
import dev.loomgate.loop.io.LoopSide;
import io.netty.util.concurrent.FastThreadLocal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks that are done some milliseconds later, all together, because most of them turn out to be unnecessary
/// by then. One for each loop; loop side only.
final class DelayedTasks {
    private static final Duration DELAY = Duration.ofMillis(5);
    private static final FastThreadLocal<DelayedTasks> OF_LOOP = new FastThreadLocal<>();

    private final LoopSide loop;
    private List<Runnable> young = new ArrayList<>();
    private List<Runnable> old = new ArrayList<>();
    private @Nullable Timer timer;

    private DelayedTasks(LoopSide loop) {
        this.loop = loop;
    }

    /// Those of that loop, which is the caller's.
    static DelayedTasks of(LoopSide loop) {
        DelayedTasks tasks = OF_LOOP.getIfExists();
        if (tasks == null) {
            tasks = new DelayedTasks(loop);
            OF_LOOP.set(tasks);
        }
        return tasks;
    }

    /// Runs `task` between 5 and 10 ms from now.
    void add(Runnable task) {
        young.add(task);
        if (timer == null) {
            timer = loop.every(DELAY, this::tick);
        }
    }

    private void tick() {
        List<Runnable> due = old;
        old = young;
        young = due;
        due.forEach(loop::runSafely);
        due.clear();
        if (old.isEmpty() && timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
