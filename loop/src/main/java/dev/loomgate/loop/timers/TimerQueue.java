package dev.loomgate.loop.timers;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A loop's timers by deadline: a binary heap in which each timer knows its place, so that cancelling is
/// logarithmic too.
///
/// Owned by the loop: a thread on the loop's OS thread changes it at once, another one hands the change over.
/// Deadlines are `System.nanoTime()` values and compare by difference.
public final class TimerQueue implements TimerService {
    private final Owner owner;
    private @Nullable ScheduledTimer[] heap = new ScheduledTimer[64];
    private int size;

    /// The OS thread that may change the queue.
    public interface Owner {
        /// Runs `change` there: at once if the caller is on it, else soon.
        void runAsOwner(Runnable change);

        /// The first deadline is an earlier one now: a wait that has begun is too long. Within a change.
        void firstDeadlineChanged();
    }

    /// A queue without timers.
    public TimerQueue(Owner owner) {
        this.owner = owner;
    }

    @Override
    public void add(ScheduledTimer timer) {
        owner.runAsOwner(() -> insert(timer));
    }

    @Override
    public void cancel(ScheduledTimer timer) {
        owner.runAsOwner(() -> {
            if (timer.place != ScheduledTimer.OUT) {
                removeAt(timer.place);
            }
        });
    }

    /// The nanoseconds until the first deadline, at least 1; 0 if there is no timer: `ManualIoEventLoop.run`'s
    /// argument.
    public long waitNanos(long now) {
        return size == 0 ? 0 : Math.max(1, at(0).deadlineNanos - now);
    }

    boolean due(long now) {
        return size > 0 && at(0).deadlineNanos - now <= 0;
    }

    /// Expires what is due. A timer that is added meanwhile waits for the next turn, however short its delay.
    public void expireDue(long now) {
        for (int due = size; due > 0 && due(now); due--) {
            ScheduledTimer first = at(0);
            removeAt(0);
            first.expire();
        }
    }

    private void insert(ScheduledTimer timer) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        siftUp(size++, timer);
        if (timer.place == 0) {
            owner.firstDeadlineChanged();
        }
    }

    private void removeAt(int place) {
        at(place).place = ScheduledTimer.OUT;
        ScheduledTimer last = at(--size);
        heap[size] = null;
        if (place < size) {
            siftDown(place, last);
            if (heap[place] == last) {
                siftUp(place, last);
            }
        }
    }

    private void siftUp(int from, ScheduledTimer timer) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            if (!before(timer, at(parent))) {
                break;
            }
            put(place, at(parent));
            place = parent;
        }
        put(place, timer);
    }

    private void siftDown(int from, ScheduledTimer timer) {
        int place = from;
        for (int child = 2 * place + 1; child < size; child = 2 * place + 1) {
            if (child + 1 < size && before(at(child + 1), at(child))) {
                child++;
            }
            if (!before(at(child), timer)) {
                break;
            }
            put(place, at(child));
            place = child;
        }
        put(place, timer);
    }

    private void put(int place, ScheduledTimer timer) {
        heap[place] = timer;
        timer.place = place;
    }

    private ScheduledTimer at(int place) {
        ScheduledTimer timer = heap[place];
        assert timer != null;
        return timer;
    }

    private static boolean before(ScheduledTimer a, ScheduledTimer b) {
        return a.deadlineNanos - b.deadlineNanos < 0;
    }
}
