package dev.loomgate.python.background;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whose turn it is, of processes that have the same number: a new one begins when the one before has ended, so
/// that two never do the same work. Loop side only.
final class Turns {
    private final Map<Integer, Deque<BackgroundWorker>> queues = new HashMap<>();

    /// It is ready, and begins as soon as it may.
    void enter(BackgroundWorker worker) {
        Deque<BackgroundWorker> queue = queues.computeIfAbsent(worker.number(), number -> new ArrayDeque<>());
        queue.addLast(worker);
        if (queue.size() == 1) {
            worker.begin();
        }
    }

    /// Its process has ended. It may never have entered.
    void ended(BackgroundWorker worker) {
        Deque<BackgroundWorker> queue = queues.getOrDefault(worker.number(), new ArrayDeque<>());
        boolean hadIt = queue.peekFirst() == worker;
        queue.remove(worker);
        BackgroundWorker next = queue.peekFirst();
        if (hadIt && next != null) {
            next.begin();
        }
    }

    /// The one with this number whose turn it is; null if there is none.
    @Nullable
    BackgroundWorker at(int number) {
        Deque<BackgroundWorker> queue = queues.get(number);
        return queue == null ? null : queue.peekFirst();
    }
}
