package dev.loomgate.loop.waiting;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// How one thread waits for what others change: a condition variable for one waiter, without a lock of its own.
///
/// Its owner has the condition and the lock. It looks at the condition under the lock, and parks outside of it:
/// ```java
/// // the one that waits                                   // the one that changes something
/// while (true) {                                          synchronized (this) {
///     synchronized (this) {                                   left += more;
///         if (left > 0) {                                     parking.wake();
///             parking.end();                              }
///             return take();
///         }
///         parking.begin();
///     }
///     if (!Parking.park(this)) {
///         throw Parking.interruption("interrupted while waiting for room");
///     }
/// }
/// ```
/// No wake-up is lost. [#begin] and the change are under one lock: so either the waiter sees the change, or the other
/// side sees the waiter. A wake-up that comes before the park makes the park return at once.
///
/// The wait itself allocates nothing and takes no lock, so the loop side may be the one that wakes. Any thread may
/// wait: a microthread gives its loop away meanwhile, a platform thread blocks.
public final class Parking {
    private @Nullable Thread waiter; // guarded by the owner's lock

    /// The calling thread is about to park. Under the owner's lock.
    public void begin() {
        waiter = Thread.currentThread();
    }

    /// Nobody waits any more. Under the owner's lock.
    public void end() {
        waiter = null;
    }

    /// The thread that waits, or is about to: for `LockSupport.unpark` after the lock has been released. Null, which
    /// `unpark` ignores, if there is none. Under the owner's lock.
    public @Nullable Thread waiter() {
        return waiter;
    }

    /// Whether a thread waits, or is about to. Under the owner's lock.
    public boolean isAwaited() {
        return waiter != null;
    }

    /// Makes the one that waits look at the condition again. Under the owner's lock.
    public void wake() {
        LockSupport.unpark(waiter);
    }

    /// Waits until the calling thread is unparked; may also return for no reason. Outside of the owner's lock.
    ///
    /// Enough by itself where the one that wakes knows the thread anyway.
    ///
    /// @param owner what thread dumps show as the thing that is waited for
    /// @return false if the thread is interrupted; the interrupt is still set
    public static boolean park(Object owner) {
        LockSupport.park(owner);
        return !Thread.currentThread().isInterrupted();
    }

    /// The same, for that time at most.
    ///
    /// @param nanos more than 0
    public static boolean parkNanos(Object owner, long nanos) {
        LockSupport.parkNanos(owner, nanos);
        return !Thread.currentThread().isInterrupted();
    }

    /// Takes the interrupt of the calling thread, and makes the exception of it.
    public static InterruptedException interruption(String message) {
        Thread.interrupted();
        return new InterruptedException(message);
    }
}
