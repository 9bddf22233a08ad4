package dev.loomgate.python.shared;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Locks by number that workers, and the threads of each, take turns to have: `uwsgi.lock`. In the order of
/// asking. As in uWSGI, one who asks again for what it has waits for itself. Used by one thread.
public final class SharedLocks {
    /// Somebody who wants a lock.
    ///
    /// @param owner who has it then, and may give it back: a worker, for whichever of its threads
    /// @param granted is run when the lock is the owner's
    private record Claim(Object owner, Runnable granted) {}

    private static final class Lock {
        private @Nullable Object owner;
        private final Deque<Claim> waiting = new ArrayDeque<>();
    }

    private final Map<Long, Lock> locks = new HashMap<>();

    /// Asks for a lock; `granted` is run when it is the owner's, now or later.
    public void lock(long number, Object owner, Runnable granted) {
        Lock lock = locks.computeIfAbsent(number, key -> new Lock());
        if (lock.owner == null) {
            lock.owner = owner;
            granted.run();
        } else {
            lock.waiting.addLast(new Claim(owner, granted));
        }
    }

    /// Gives a lock back.
    ///
    /// @throws IllegalArgumentException if it isn't the owner's
    public void unlock(long number, Object owner) {
        Lock lock = locks.get(number);
        if (lock == null || lock.owner != owner) {
            throw new IllegalArgumentException("lock " + number + " isn't held by this worker");
        }
        next(lock);
    }

    private static void next(Lock lock) {
        Claim claim = lock.waiting.pollFirst();
        lock.owner = claim == null ? null : claim.owner();
        if (claim != null) {
            claim.granted().run();
        }
    }

    /// Who has which lock.
    public Map<Long, Object> owners() {
        Map<Long, Object> owners = new HashMap<>();
        locks.forEach((number, lock) -> {
            if (lock.owner != null) {
                owners.put(number, lock.owner);
            }
        });
        return owners;
    }

    public boolean isLocked(long number) {
        Lock lock = locks.get(number);
        return lock != null && lock.owner != null;
    }

    /// Takes back whatever one has that has ended.
    public void ended(Object owner) {
        List<Lock> held = new ArrayList<>();
        for (Lock lock : locks.values()) {
            lock.waiting.removeIf(claim -> claim.owner() == owner);
            if (lock.owner == owner) {
                held.add(lock);
            }
        }
        held.forEach(SharedLocks::next);
    }
}
