package dev.loomgate.loop;

import java.util.concurrent.locks.LockSupport;

/// The kinds of timers that a loop has.
final class Timers {
    private Timers() {}

    /// Wakes a microthread that sleeps.
    static final class Sleep extends Timer {
        private final Thread sleeper = Thread.currentThread();
        private volatile boolean over;

        Sleep(TimerQueue queue, long deadlineNanos) {
            super(queue, deadlineNanos);
        }

        @Override
        void expire() {
            over = true;
            LockSupport.unpark(sleeper);
        }

        void await() throws InterruptedException {
            while (!over) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    cancel();
                    throw new InterruptedException("sleep interrupted");
                }
            }
        }
    }

    /// Runs a callback in a microthread.
    static final class Callback extends Timer {
        private final Loop loop;
        private final Runnable callback;

        Callback(Loop loop, TimerQueue queue, long deadlineNanos, Runnable callback) {
            super(queue, deadlineNanos);
            this.loop = loop;
            this.callback = callback;
        }

        @Override
        void expire() {
            loop.start("callLater", callback);
        }
    }

    /// Runs a task on the loop side again and again.
    static final class Periodic extends Timer {
        private final Loop loop;
        private final TimerQueue queue;
        private final long periodNanos;
        private final Runnable task;

        Periodic(Loop loop, TimerQueue queue, long periodNanos, Runnable task) {
            super(queue, System.nanoTime() + periodNanos);
            this.loop = loop;
            this.queue = queue;
            this.periodNanos = periodNanos;
            this.task = task;
        }

        @Override
        void expire() {
            loop.runSafely(task);
            deadlineNanos = System.nanoTime() + periodNanos;
            queue.add(this);
        }
    }

    /// Interrupts code that [Loop#timeout] limits.
    static final class Limit extends Timer {
        private final Deadline deadline;

        Limit(TimerQueue queue, long deadlineNanos, Deadline deadline) {
            super(queue, deadlineNanos);
            this.deadline = deadline;
        }

        @Override
        void expire() {
            deadline.pass();
        }
    }
}
