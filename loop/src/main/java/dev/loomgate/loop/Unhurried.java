package dev.loomgate.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks that are done some milliseconds later, all together, because most of them turn out to be needless by
/// then. Loop side only.
final class Unhurried {
    private static final Duration DELAY = Duration.ofMillis(5);

    private final Loop loop;
    private List<Runnable> young = new ArrayList<>();
    private List<Runnable> old = new ArrayList<>();
    private @Nullable Timer timer;

    Unhurried(Loop loop) {
        this.loop = loop;
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
