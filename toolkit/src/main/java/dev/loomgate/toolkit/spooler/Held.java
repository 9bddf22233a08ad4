package dev.loomgate.toolkit.spooler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The tasks that a spooler has, and the threads that run them: as many as there is work for, each until
/// there is none.
///
/// Its lock is held for a few instructions, so [#wake] may be called by any thread.
final class Held {
    private enum Stage {
        OPEN,

        /// Takes no more, and what runs may end.
        CLOSING,

        /// Nobody waits for what still runs.
        ENDED
    }

    private final int prefetch;
    private final Consumer<TakenTask> run;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, TakenTask> all = new LinkedHashMap<>(); // by place; by lock, as what follows
    private final List<TakenTask> waiting = new ArrayList<>();
    private final Set<Thread> threads = new HashSet<>();
    private Stage stage = Stage.OPEN;
    private int workers;
    private boolean isWoken;
    private boolean mayBeMore;

    /// @param run runs a task to its end, and throws nothing
    Held(SpoolerSettings settings, Consumer<TakenTask> run) {
        workers = settings.workers();
        prefetch = settings.prefetch();
        this.run = run;
    }

    /// How many more may be taken.
    int room() {
        lock.lock();
        try {
            int room = stage == Stage.OPEN && workers > 0 ? prefetch - all.size() : 0;
            mayBeMore |= room == 0;
            return room;
        } finally {
            lock.unlock();
        }
    }

    /// Takes tasks in, and has as many run as may.
    ///
    /// @param isAll whether there were no others
    /// @return false, and nothing is taken in, if it is being closed
    boolean add(List<TakenTask> tasks, boolean isAll) {
        lock.lock();
        try {
            if (stage != Stage.OPEN) {
                return false;
            }
            mayBeMore = !isAll;
            tasks.forEach(task -> all.put(task.place(), task));
            waiting.addAll(tasks);
            // Stable: those of one priority keep their order.
            waiting.sort(Comparator.comparingInt(TakenTask::priority));
            begin();
            return true;
        } finally {
            lock.unlock();
        }
    }

    // By lock.
    private void begin() {
        for (int i = 0; i < waiting.size() && threads.size() < workers; i++) {
            Thread thread = Thread.ofVirtual().name("loomgate-spooler-task").unstarted(this::work);
            threads.add(thread);
            thread.start();
        }
    }

    /// From now on so many run at once. What runs goes on.
    void workers(int count) {
        lock.lock();
        try {
            workers = count;
            begin();
            isWoken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Where none may run: what isn't begun, which it has no longer.
    List<TakenTask> unwanted() {
        lock.lock();
        try {
            return workers == 0 ? released() : List.of();
        } finally {
            lock.unlock();
        }
    }

    // By lock.
    private List<TakenTask> released() {
        List<TakenTask> left = List.copyOf(waiting);
        waiting.clear();
        left.forEach(task -> all.remove(task.place()));
        return left;
    }

    private void work() {
        try {
            TakenTask task = next();
            while (task != null) {
                run.accept(task);
                forget(task);
                task = next();
            }
        } finally {
            leave();
        }
    }

    private @Nullable TakenTask next() {
        lock.lock();
        try {
            if (waiting.isEmpty() || threads.size() > workers) {
                // With the same lock: what is added from now on starts another thread.
                threads.remove(Thread.currentThread());
                return null;
            }
            return waiting.removeFirst();
        } finally {
            lock.unlock();
        }
    }

    private void forget(TakenTask task) {
        lock.lock();
        try {
            all.remove(task.place(), task);
            if (mayBeMore && waiting.size() <= (prefetch - workers) / 2) {
                isWoken = true;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            threads.remove(Thread.currentThread());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// All that it has.
    List<TakenTask> tasks() {
        lock.lock();
        try {
            return List.copyOf(all.values());
        } finally {
            lock.unlock();
        }
    }

    /// How many run now.
    int running() {
        lock.lock();
        try {
            return threads.size();
        } finally {
            lock.unlock();
        }
    }

    /// Others have this task now: it isn't begun here any more.
    void drop(TakenTask task) {
        lock.lock();
        try {
            waiting.remove(task);
            all.remove(task.place());
        } finally {
            lock.unlock();
        }
    }

    /// There may be something to take.
    void wake() {
        lock.lock();
        try {
            isWoken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until it is woken or over, or this time has passed.
    void await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (left > 0 && !isWoken && !over()) {
                left = changed.awaitNanos(left);
            }
            isWoken = false;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for so long.
    ///
    /// @return false, and sooner, if nobody waits for what still runs
    boolean pause(Duration time) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = time.toNanos();
            while (left > 0 && stage != Stage.ENDED) {
                left = changed.awaitNanos(left);
            }
            return stage != Stage.ENDED;
        } finally {
            lock.unlock();
        }
    }

    boolean isOpen() {
        lock.lock();
        try {
            return stage == Stage.OPEN;
        } finally {
            lock.unlock();
        }
    }

    /// Whether it has nothing to do any more.
    boolean isOver() {
        lock.lock();
        try {
            return over();
        } finally {
            lock.unlock();
        }
    }

    private boolean over() {
        return stage == Stage.ENDED || (stage == Stage.CLOSING && threads.isEmpty());
    }

    /// Takes in no more.
    ///
    /// @return what isn't begun, which it has no longer
    List<TakenTask> stop() {
        lock.lock();
        try {
            if (stage == Stage.OPEN) {
                stage = Stage.CLOSING;
            }
            List<TakenTask> left = released();
            changed.signalAll();
            return left;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for what runs.
    ///
    /// @return whether all has ended
    boolean awaitEnd(Duration limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = limit.toNanos();
            while (left > 0 && !threads.isEmpty()) {
                left = changed.awaitNanos(left);
            }
            return threads.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Interrupts what runs.
    void interrupt() {
        lock.lock();
        try {
            threads.forEach(Thread::interrupt);
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            stage = Stage.ENDED;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
