package dev.loomgate.loop;

import dev.loomgate.loop.carriers.LoopCarrier;
import dev.loomgate.loop.waiting.Deadline;
import dev.loomgate.loop.waiting.Parking;
import dev.loomgate.loop.waiting.Rethrow;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A thread of execution that a [Loop] runs in turn with others: a greenlet's role.
///
/// It runs until it waits: for anything, be it a [Loop#sleep], a lock, a queue or a socket. While it waits the
/// loop runs others. Under the engine `LOOP` no two microthreads of a loop run at the same time.
///
/// Its context class loader, where service loaders look, is the one of the thread that started the [LoopGroup].
///
/// Two microthreads, or a microthread and a callback, hand control to each other as greenlets do:
/// ```java
/// Microthread me = Microthread.current();
/// Loop.current().callLater(Duration.ofSeconds(2), me::resume);
/// Microthread.suspend();   // back to the event loop; returns two seconds later
/// ```
public final class Microthread implements Runnable {
    // For engines that run microthreads on threads of the JDK's own scheduling.
    private static final ThreadLocal<@Nullable Microthread> ON_OTHER_THREADS = new ThreadLocal<>();

    private final Loop loop;
    private final Object subject;
    private @Nullable Runnable body; // until it has run
    final long startedNanos;

    // The registry's own: the neighbours in its list.
    @Nullable
    Microthread previous;

    @Nullable
    Microthread next;

    // The innermost limit that it runs under; its own thread only.
    @Nullable
    Deadline deadline;

    private volatile @Nullable Thread thread;
    private boolean interruptedEarly; // guarded by this
    private boolean over; // guarded by this
    private volatile @Nullable Resumption resumption;

    /// What a suspended microthread is resumed with.
    private record Resumption(
            @Nullable Object value, @Nullable Throwable thrown) {}

    private static final Resumption WITH_NOTHING = new Resumption(null, null);

    Microthread(Loop loop, Object subject, Runnable body) {
        this.loop = loop;
        this.subject = subject;
        this.body = body;
        this.startedNanos = loop.nowNanos();
    }

    /// The microthread that the caller is.
    ///
    /// @throws IllegalStateException in any other thread
    public static Microthread current() {
        Microthread current = currentOrNull();
        if (current == null) {
            throw new IllegalStateException("not in a microthread: " + Thread.currentThread());
        }
        return current;
    }

    /// Whether the caller is in a microthread.
    public static boolean isCurrent() {
        return currentOrNull() != null;
    }

    static @Nullable Microthread currentOrNull() {
        Microthread carried = carriedOrNull();
        return carried != null ? carried : ON_OTHER_THREADS.get();
    }

    /// The microthread whose loop carries the calling thread itself.
    private static @Nullable Microthread carriedOrNull() {
        // A virtual thread that a microthread has started is no microthread, though it has its scheduler.
        return LoopCarrier.currentTask() instanceof Microthread task && task.thread == Thread.currentThread()
                ? task
                : null;
    }

    /// The loop that runs it.
    public Loop loop() {
        return loop;
    }

    /// What it was started for, for people to read: a dump shows its `toString()`.
    public Object subject() {
        return subject;
    }

    /// Its thread, to be unparked; null until it runs for the first time on a pool's thread.
    public @Nullable Thread thread() {
        return thread;
    }

    void runsOn(Thread carried) {
        thread = carried;
    }

    /// Runs the body; called by the engine, once.
    @Override
    public void run() {
        Thread carried = Thread.currentThread();
        thread = carried;
        carried.setContextClassLoader(loop.contextClassLoader());
        boolean found = carriedOrNull() == this;
        if (!found) {
            ON_OTHER_THREADS.set(this);
        }
        try {
            if (takeEarlyInterrupt()) {
                carried.interrupt();
            }
            Objects.requireNonNull(body).run();
        } catch (Throwable thrown) {
            loop.failures().log(this, thrown);
        } finally {
            // Virtual threads that it has started inherit its scheduler, which leads here, and may live on.
            body = null;
            synchronized (this) {
                over = true; // from here on an interrupt would hit a stranger, on a pool's thread
            }
            if (!found) {
                ON_OTHER_THREADS.remove();
            }
            loop.ended(this);
        }
    }

    private synchronized boolean takeEarlyInterrupt() {
        return interruptedEarly;
    }

    /// Interrupts what it waits for; does nothing once its body has ended. Any thread.
    public synchronized void interrupt() {
        Thread running = thread;
        if (over) {
            return;
        }
        if (running == null) {
            interruptedEarly = true;
        } else {
            running.interrupt();
        }
    }

    /// Gives the loop control until [#resume] is called: greenlet's `parent.switch()`. A resume that came
    /// first is not lost: then this returns at once.
    ///
    /// @return the value it is resumed with, or null
    /// @throws InterruptedException if it is interrupted meanwhile
    /// @throws IllegalStateException outside a microthread
    public static @Nullable Object suspend() throws InterruptedException {
        return current().waitForResumption();
    }

    private @Nullable Object waitForResumption() throws InterruptedException {
        Resumption with = resumption;
        while (with == null) {
            if (!Parking.park(this)) {
                throw Parking.interruption("microthread interrupted while suspended: " + subject);
            }
            with = resumption;
        }
        resumption = null;
        if (with.thrown() != null) {
            throw Rethrow.<RuntimeException>unchecked(with.thrown());
        }
        return with.value();
    }

    /// Makes [#suspend] return null: greenlet's `me.switch()`. Any thread.
    ///
    /// @throws IllegalStateException if an earlier resume hasn't been taken yet
    public void resume() {
        resume(WITH_NOTHING);
    }

    /// Makes [#suspend] return `value`. Any thread.
    ///
    /// @throws IllegalStateException if an earlier resume hasn't been taken yet
    public void resume(@Nullable Object value) {
        resume(new Resumption(value, null));
    }

    /// Makes [#suspend] throw `thrown`, whatever its type. Any thread.
    ///
    /// @throws IllegalStateException if an earlier resume hasn't been taken yet
    public void resumeWith(Throwable thrown) {
        resume(new Resumption(null, thrown));
    }

    private void resume(Resumption with) {
        synchronized (this) {
            if (resumption != null) {
                throw new IllegalStateException("microthread is resumed twice: " + subject);
            }
            resumption = with;
        }
        LockSupport.unpark(thread);
    }

    @Override
    public String toString() {
        return "Microthread[" + subject + "]";
    }
}
