package dev.loomgate.jwsgi;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Locks by number, in the order of asking. As in uWSGI, one who asks again for what it has waits for itself, and any
/// thread may give back what another one has taken.
final class ProgramLocks {
    private final Map<Integer, Semaphore> locks = new ConcurrentHashMap<>();

    /// @throws IllegalArgumentException if the number is negative
    /// @throws IllegalStateException if the thread is interrupted while it waits, since its request's time is over
    void lock(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("uwsgi.lock: invalid lock number " + number);
        }
        try {
            locks.computeIfAbsent(number, key -> new Semaphore(1, true)).acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("uwsgi.lock: interrupted while it waits for lock " + number, e);
        }
    }

    /// @throws IllegalStateException if nobody has it
    void unlock(int number) {
        Semaphore lock = locks.get(number);
        if (lock == null) {
            throw new IllegalStateException("uwsgi.unlock: lock " + number + " isn't taken");
        }
        synchronized (lock) {
            if (lock.availablePermits() > 0) {
                throw new IllegalStateException("uwsgi.unlock: lock " + number + " isn't taken");
            }
            lock.release();
        }
    }
}
