package dev.loomgate.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.settings.Transport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Loop-side code that waits for a lock which a parked microthread of the same loop holds: on the raw OS thread
/// this hangs forever (netty#13204).
@Timeout(60)
@ParameterizedClass
@EnumSource(Transport.class)
@Tag("timing")
class LockInversionTest {
    private static final Duration HELD = Duration.ofMillis(100);

    private final LoopGroup group;
    private final Loop loop;

    LockInversionTest(Transport transport) {
        group = LoopGroup.builder().loops(2).transport(transport).start();
        loop = group.next();
    }

    @AfterEach
    void close() {
        group.close();
    }

    @Test
    void reentrantLockHeldAcrossASleepDoesNotHangTheLoopSide() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        CompletableFuture<String> taken = new CompletableFuture<>();
        loop.start("holder", () -> {
            lock.lock();
            try {
                loop.side().execute(() -> {
                    lock.lock();
                    try {
                        taken.complete("taken");
                    } finally {
                        lock.unlock();
                    }
                });
                sleep();
            } finally {
                lock.unlock();
            }
        });

        assertThat(taken.get(20, SECONDS)).isEqualTo("taken");
    }

    @Test
    void monitorHeldAcrossASleepDoesNotHangTheLoopSide() throws Exception {
        Object monitor = new Object();
        CompletableFuture<String> taken = new CompletableFuture<>();
        loop.start("holder", () -> {
            synchronized (monitor) {
                loop.side().execute(() -> {
                    synchronized (monitor) {
                        taken.complete("taken");
                    }
                });
                sleep();
            }
        });

        assertThat(taken.get(20, SECONDS)).isEqualTo("taken");
    }

    @Test
    void queueOfMicrothreadsBeforeTheLoopSideDoesNotHangIt() throws Exception {
        ReentrantLock fair = new ReentrantLock(true);
        CompletableFuture<String> taken = new CompletableFuture<>();
        CountDownLatch queued = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            loop.start("in the queue", () -> {
                queued.countDown();
                fair.lock();
                try {
                    Thread.yield();
                } finally {
                    fair.unlock();
                }
            });
        }
        queued.await();
        loop.side().execute(() -> {
            fair.lock();
            try {
                taken.complete("taken");
            } finally {
                fair.unlock();
            }
        });

        assertThat(taken.get(20, SECONDS)).isEqualTo("taken");
    }

    @Test
    void twoLoopsThatContendForALockBothGoOn() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Object monitor = new Object();
        int rounds = 200;
        CountDownLatch done = new CountDownLatch(4 * rounds);
        for (Loop each : group.loops()) {
            for (int i = 0; i < rounds; i++) {
                each.start("contender", () -> {
                    lock.lock();
                    try {
                        each.side().execute(() -> {
                            synchronized (monitor) {
                                done.countDown();
                            }
                        });
                        Thread.yield();
                    } finally {
                        lock.unlock();
                    }
                    synchronized (monitor) {
                        done.countDown();
                    }
                });
                each.side().execute(() -> {
                    lock.lock();
                    try {
                        done.getCount();
                    } finally {
                        lock.unlock();
                    }
                });
            }
        }

        assertThat(done.await(30, SECONDS)).isTrue();
    }

    @Test
    void logHandlerThatBothSidesUseDoesNotHang() throws Exception {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        Logger logger = Logger.getAnonymousLogger();
        logger.setUseParentHandlers(false);
        logger.addHandler(
                new StreamHandler(
                        new PrintStream(written, true, java.nio.charset.StandardCharsets.UTF_8),
                        new SimpleFormatter()) {
                    @Override
                    public synchronized void publish(java.util.logging.LogRecord record) {
                        super.publish(record);
                        if (Microthread.currentOrNull() != null) {
                            LockInversionTest.sleep(); // a slow appender that waits while it holds its lock
                        }
                        super.flush();
                    }
                });
        List<CompletableFuture<Void>> logged = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            CompletableFuture<Void> both = new CompletableFuture<>();
            logged.add(both);
            loop.start("logs", () -> {
                loop.side().execute(() -> {
                    logger.info("from the loop side");
                    both.complete(null);
                });
                logger.info("from a microthread");
            });
        }
        for (CompletableFuture<Void> each : logged) {
            each.get(20, SECONDS);
        }

        assertThat(written.toString(java.nio.charset.StandardCharsets.UTF_8)).contains("from the loop side");
    }

    private static void sleep() {
        try {
            Loop.sleep(HELD);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
