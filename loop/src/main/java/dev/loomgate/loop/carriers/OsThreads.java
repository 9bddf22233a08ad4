package dev.loomgate.loop.carriers;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The OS threads of one loop: the owner, those whose microthread holds them, and spares that wait to be needed.
public final class OsThreads {
    private static final long IDLE_MILLIS = 10_000;

    private final LoopCarrier carrier;
    private final String name;
    private final int mostHeld;

    // Changes under the lock; see OsThread on who may read it without.
    private volatile OsThread owner;

    // All guarded by this.
    private final Deque<OsThread> spares = new ArrayDeque<>();
    private int held;
    private int made;
    private boolean ended;

    OsThreads(LoopCarrier carrier, String name, int mostHeld) {
        this.carrier = carrier;
        this.name = name;
        this.mostHeld = mostHeld;
        this.owner = new OsThread(carrier, name);
    }

    /// The thread that carries the loop. Any thread.
    public OsThread owner() {
        return owner;
    }

    /// Has a spare take the loop over from its owner, which runs a microthread in that turn and is held by it. By
    /// the watchdog.
    ///
    /// @return the new owner; null if the old one is held no more, or as many as may be are held
    public synchronized @Nullable OsThread takeOver(OsThread holder, long turn) {
        if (owner != holder || ended || held >= mostHeld) {
            return null;
        }
        OsThread next = spare(); // before anything is changed: there may be no thread to have
        if (!holder.losesAt(turn)) {
            return null; // if it has been told to lose for nothing, it finds out in keeps()
        }
        spares.remove(next);
        held++;
        owner = next;
        notifyAll();
        return next;
    }

    private OsThread spare() {
        OsThread spare = spares.peekLast();
        if (spare == null) {
            OsThread made = new OsThread(carrier, name + "-" + ++this.made);
            made.start();
            spares.addLast(made);
            return made;
        }
        return spare;
    }

    /// Whether as many OS threads are held as may be. Any thread.
    public synchronized boolean isFull() {
        return held >= mostHeld;
    }

    /// Whether a thread that may have lost the loop is the owner still. By that thread, after its turn.
    synchronized boolean keeps(OsThread thread) {
        if (owner == thread) {
            thread.keeps();
            return true;
        }
        held--;
        if (!ended) {
            spares.addLast(thread);
        }
        return false;
    }

    /// Waits until the thread, a spare, becomes the owner.
    ///
    /// @return false if it isn't needed any more
    synchronized boolean awaitOwnership(OsThread thread) {
        long end = System.nanoTime() + IDLE_MILLIS * 1_000_000;
        while (owner != thread) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (ended || millis <= 0) {
                spares.remove(thread);
                return false;
            }
            try {
                wait(millis);
            } catch (InterruptedException e) {
                // Meant for the microthread that it ran.
            }
        }
        thread.keeps();
        return true;
    }

    /// The loop has ended: spares end too. By the owner.
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /// Waits for the owner and the spares to end; those that are held are nobody's any more.
    ///
    /// @return whether they have
    boolean join(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        OsThread last = owner;
        while (last.isAlive() || last != owner) {
            long rest = (end - System.nanoTime()) / 1_000_000;
            if (rest <= 0) {
                return false;
            }
            last.join(Math.min(rest, 50)); // a hand-over may change it meanwhile
            last = owner;
        }
        List<OsThread> idle;
        synchronized (this) {
            idle = new ArrayList<>(spares);
        }
        for (OsThread spare : idle) {
            spare.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        }
        return true;
    }
}
