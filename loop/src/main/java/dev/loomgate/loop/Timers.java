package dev.loomgate.loop;

import dev.loomgate.loop.waiting.Deadline;
import dev.loomgate.loop.waiting.Parking;
import java.util.concurrent.locks.LockSupport;

/// The kinds of timers that a loop has.
final class Timers {
    private Timers() {}

    /// Wakes a microthread that sleeps.
    static final class Sleep extends Timer {
        private final Thread sleeper = Thread.currentThread();
        private volatile boolean over;

        Sleep(TimerService service, long deadlineNanos) {
            super(service, deadlineNanos);
        }

        @Override
        void expire() {
            over = true;
            LockSupport.unpark(sleeper);
        }

        void await() throws InterruptedException {
            while (!over) {
                if (!Parking.park(this)) {
                    cancel();
                    throw Parking.interruption("sleep interrupted");
                }
            }
        }
    }

    /// Runs a callback in a microthread.
    static final class Callback extends Timer {
        private final Loop loop;
        private final Runnable callback;

        Callback(Loop loop, TimerService service, long deadlineNanos, Runnable callback) {
            super(service, deadlineNanos);
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
        private final TimerService service;
        private final long periodNanos;
        private final Runnable task;
        private volatile boolean ended;

        Periodic(Loop loop, TimerService service, long periodNanos, Runnable task) {
            super(service, System.nanoTime() + periodNanos);
            this.loop = loop;
            this.service = service;
            this.periodNanos = periodNanos;
            this.task = task;
        }

        @Override
        void expire() {
            loop.execute(this::runAndGoOn);
        }

        private void runAndGoOn() {
            if (ended) {
                return;
            }
            loop.runSafely(task);
            deadlineNanos = System.nanoTime() + periodNanos;
            if (!ended) {
                service.add(this);
            }
        }

        @Override
        public void cancel() {
            ended = true;
            super.cancel();
        }
    }

    /// Interrupts code that [Loop#timeout] limits.
    static final class Limit extends Timer {
        private final Deadline deadline;

        Limit(TimerService service, long deadlineNanos, Deadline deadline) {
            super(service, deadlineNanos);
            this.deadline = deadline;
        }

        @Override
        void expire() {
            deadline.pass();
        }
    }
}
