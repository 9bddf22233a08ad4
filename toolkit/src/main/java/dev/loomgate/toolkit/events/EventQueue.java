package dev.loomgate.toolkit.events;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Events on their way from those who send them to the one thread that takes them, at most so many. Any thread.
///
/// ```text
///  open -- finish --> finished: nothing more comes, what is there is taken
///    |                    |
///    +------- end --------+--> over: what was there is forgotten
/// ```
/// Threads that wait, on either side, go on at once when it ends.
final class EventQueue {
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition freed = lock.newCondition();
    private final ArrayDeque<Event> events; // by lock, as what follows
    private boolean finished;

    /// @param ahead what is to be taken first, on top of the capacity
    EventQueue(int capacity, Collection<Event> ahead) {
        this.capacity = capacity + ahead.size();
        events = new ArrayDeque<>(ahead);
    }

    /// Waits while it is full.
    ///
    /// @return false if it takes no more
    boolean put(Event event) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!finished && events.size() >= capacity) {
                freed.await();
            }
            return add(event);
        } finally {
            lock.unlock();
        }
    }

    /// Never waits.
    ///
    /// @return false if it is full; one that takes no more takes nothing and says true
    boolean offer(Event event) {
        lock.lock();
        try {
            return finished || (events.size() < capacity && add(event));
        } finally {
            lock.unlock();
        }
    }

    /// Never waits: if it is full, the oldest one makes room.
    ///
    /// @return false if one was left out
    boolean offerNewest(Event event) {
        lock.lock();
        try {
            boolean room = finished || events.size() < capacity;
            if (!room) {
                events.remove();
            }
            add(event);
            return room;
        } finally {
            lock.unlock();
        }
    }

    private boolean add(Event event) {
        if (!finished) {
            events.add(event);
            filled.signal();
        }
        return !finished;
    }

    /// Waits for the next one.
    ///
    /// @return null if none came in that time, or none will come
    @Nullable
    Event poll(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (events.isEmpty() && !finished && left > 0) {
                left = filled.awaitNanos(left);
            }
            return taken();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the next one.
    ///
    /// @return null if none will come
    @Nullable
    Event take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (events.isEmpty() && !finished) {
                filled.await();
            }
            return taken();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Event taken() {
        Event next = events.poll();
        freed.signal();
        return next;
    }

    /// Whether nothing more will be taken from it.
    boolean isOver() {
        lock.lock();
        try {
            return finished && events.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Whether it takes nothing more.
    boolean isFinished() {
        lock.lock();
        try {
            return finished;
        } finally {
            lock.unlock();
        }
    }

    /// Nothing more comes.
    void finish() {
        lock.lock();
        try {
            finished = true;
            filled.signalAll();
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Nobody wants the rest either.
    void end() {
        lock.lock();
        try {
            events.clear();
            finish();
        } finally {
            lock.unlock();
        }
    }
}
