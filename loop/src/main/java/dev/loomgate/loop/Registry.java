package dev.loomgate.loop;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The live microthreads of a loop, for dumps, the watchdog and the end.
///
/// A list that is threaded through the microthreads themselves: cheaper to keep than the JDK's map of all threads,
/// which the launcher switches off (`jdk.trackAllThreads=false`). The lock is held for a few instructions, or for
/// one walk.
final class Registry {
    private @Nullable Microthread first; // guarded by this
    private int size; // guarded by this
    private boolean awaited; // guarded by this

    synchronized void add(Microthread microthread) {
        Microthread second = first;
        microthread.next = second;
        if (second != null) {
            second.previous = microthread;
        }
        first = microthread;
        size++;
    }

    synchronized void remove(Microthread microthread) {
        Microthread before = microthread.previous;
        Microthread after = microthread.next;
        if (before != null) {
            before.next = after;
        } else if (first == microthread) {
            first = after;
        }
        if (after != null) {
            after.previous = before;
        }
        microthread.previous = null;
        microthread.next = null;
        size--;
        if (size == 0 && awaited) {
            notifyAll();
        }
    }

    /// Waits until there is none; not on a loop's thread.
    ///
    /// @param endNanos when to give up, in `System.nanoTime()`'s terms
    /// @return whether there was none in time
    synchronized boolean awaitEmpty(long endNanos) {
        awaited = true;
        try {
            while (size > 0) {
                long millis = (endNanos - System.nanoTime() + 999_999) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                wait(millis);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            awaited = false;
        }
    }

    synchronized int size() {
        return size;
    }

    /// Those that live now, the newest first.
    synchronized List<Microthread> snapshot() {
        List<Microthread> all = new ArrayList<>(size);
        for (Microthread each = first; each != null; each = each.next) {
            all.add(each);
        }
        return all;
    }
}
