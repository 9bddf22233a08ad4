package dev.loomgate.python.shared;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Locks by number that workers take turns to have: `uwsgi.lock`. In the order of asking; one who asks again for
/// what it has gets it at once. Used by one thread.
public final class SharedLocks {
    /// Somebody who may have locks.
    public interface Owner {
        /// The lock is its own now.
        void granted();
    }

    private static final class Lock {
        private @Nullable Owner owner;
        private final Deque<Owner> waiting = new ArrayDeque<>();
    }

    private final Map<Long, Lock> locks = new HashMap<>();

    /// Asks for a lock; [Owner#granted] is called, now or later.
    public void lock(long number, Owner owner) {
        Lock lock = locks.computeIfAbsent(number, key -> new Lock());
        if (lock.owner == null || lock.owner == owner) {
            lock.owner = owner;
            owner.granted();
        } else {
            lock.waiting.addLast(owner);
        }
    }

    /// Gives a lock back.
    ///
    /// @throws IllegalArgumentException if it isn't the owner's
    public void unlock(long number, Owner owner) {
        Lock lock = locks.get(number);
        if (lock == null || lock.owner != owner) {
            throw new IllegalArgumentException("lock " + number + " isn't held by this worker");
        }
        next(lock);
    }

    private static void next(Lock lock) {
        Owner owner = lock.waiting.pollFirst();
        lock.owner = owner;
        if (owner != null) {
            owner.granted();
        }
    }

    public boolean isLocked(long number) {
        Lock lock = locks.get(number);
        return lock != null && lock.owner != null;
    }

    /// Takes back whatever a worker has that has ended.
    public void ended(Owner owner) {
        List<Lock> held = new ArrayList<>();
        for (Lock lock : locks.values()) {
            lock.waiting.removeIf(waiting -> waiting == owner);
            if (lock.owner == owner) {
                held.add(lock);
            }
        }
        held.forEach(SharedLocks::next);
    }
}
