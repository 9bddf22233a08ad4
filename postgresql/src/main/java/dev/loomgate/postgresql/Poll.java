package dev.loomgate.postgresql;

import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.spooler.TaskQueue;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Asks a queue whether there is something to take, in a virtual thread, until it is closed.
final class Poll implements TaskQueue.Listening {
    private static final Logger LOGGER = System.getLogger(Poll.class.getName());

    private final PostgresQueue queue;
    private final Duration period;
    private final Runnable wake;
    private final CountDownLatch end = new CountDownLatch(1);

    private Poll(PostgresQueue queue, Duration period, Runnable wake) {
        this.queue = queue;
        this.period = period;
        this.wake = wake;
    }

    static Poll start(PostgresQueue queue, Duration period, Runnable wake) {
        Poll poll = new Poll(queue, period, wake);
        Thread.ofVirtual().name("loomgate-queue-poll").start(poll::ask);
        return poll;
    }

    private void ask() {
        try {
            while (!end.await(period.toNanos(), TimeUnit.NANOSECONDS)) {
                try {
                    if (queue.hasNews()) {
                        wake.run();
                    }
                } catch (ServiceUnavailable e) {
                    // Asked again.
                } catch (RuntimeException e) {
                    // The spooler says why; it takes no tasks either.
                    LOGGER.log(Level.DEBUG, "queue \"%s\" can't be asked for news".formatted(queue.name()), e);
                }
            }
        } catch (InterruptedException e) {
            // Nobody does that.
        }
    }

    @Override
    public void close() {
        end.countDown();
    }
}
