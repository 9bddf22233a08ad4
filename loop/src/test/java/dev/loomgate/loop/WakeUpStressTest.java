package dev.loomgate.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.settings.Transport;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// No wake-up is lost: each round goes on only after the loop has slept and been woken by another thread, so a
/// single lost one ends the test at its deadline. (No timer runs meanwhile that would end a sleep by chance.)
@Timeout(90)
@ParameterizedClass
@EnumSource(Transport.class)
@Tag("timing")
class WakeUpStressTest {
    private static final int ROUNDS = 50_000;

    private final LoopGroup group;

    WakeUpStressTest(Transport transport) {
        group = LoopGroup.builder().loops(2).transport(transport).start();
    }

    @AfterEach
    void close() {
        group.close();
    }

    @Test
    void parkedMicrothreadIsWokenByAnotherThreadEachTime() throws Exception {
        AtomicInteger turn = new AtomicInteger(); // even: the microthread's, odd: this thread's
        Thread tester = Thread.currentThread();
        Microthread ping = group.next().start("ping", () -> {
            for (int i = 0; i < 2 * ROUNDS; i += 2) {
                await(turn, i);
                turn.set(i + 1);
                LockSupport.unpark(tester);
            }
        });
        for (int i = 1; i < 2 * ROUNDS; i += 2) {
            await(turn, i);
            turn.set(i + 1);
            LockSupport.unpark(ping.thread());
        }

        assertThat(turn).hasValue(2 * ROUNDS);
    }

    private static void await(AtomicInteger turn, int value) {
        while (turn.get() != value) {
            LockSupport.park();
            assertThat(Thread.currentThread().isInterrupted())
                    .as("stopped by its deadline")
                    .isFalse();
        }
    }

    @Test
    void taskEnteredByAnotherThreadRunsEachTime() throws Exception {
        Loop loop = group.next();
        for (int i = 0; i < ROUNDS / 5; i++) {

            // Sometimes before the loop sleeps, sometimes just when it is about to, sometimes after.
            spin(ThreadLocalRandom.current().nextInt(2000));
            CountDownLatch ran = new CountDownLatch(1);
            loop.side().execute(ran::countDown);
            assertThat(ran.await(30, SECONDS)).as("round %d", i).isTrue();
        }
    }

    @Test
    void microthreadStartedByAnotherThreadRunsEachTime() throws Exception {
        Loop loop = group.next();
        for (int i = 0; i < ROUNDS / 5; i++) {
            spin(ThreadLocalRandom.current().nextInt(2000));
            CountDownLatch ran = new CountDownLatch(1);
            loop.start("short", ran::countDown);
            assertThat(ran.await(30, SECONDS)).as("round %d", i).isTrue();
        }
    }

    @Test
    void microthreadsOfTwoLoopsHandOverToEachOther() throws Exception {
        Exchanger<Integer> exchanger = new Exchanger<>();
        Loop one = group.loops().get(0);
        Loop two = group.loops().get(1);
        Task<Integer> left = one.createTask(() -> {
            int last = -1;
            for (int i = 0; i < ROUNDS / 5; i++) {
                last = exchanger.exchange(i);
            }
            return last;
        });
        Task<Integer> right = two.createTask(() -> {
            int last = -1;
            for (int i = 0; i < ROUNDS / 5; i++) {
                last = exchanger.exchange(i);
            }
            return last;
        });

        assertThat(left.get(60, SECONDS)).isEqualTo(ROUNDS / 5 - 1);
        assertThat(right.get(60, SECONDS)).isEqualTo(ROUNDS / 5 - 1);
    }

    @Test
    void sleepersWakeHoweverTheirTimersAndOtherThreadsMeet() throws Exception {
        Loop loop = group.next();
        int sleepers = 2000;
        CountDownLatch woken = new CountDownLatch(sleepers);
        for (int i = 0; i < sleepers; i++) {
            int micros = ThreadLocalRandom.current().nextInt(2000);
            loop.start("sleeper", () -> {
                try {
                    for (int nap = 0; nap < 10; nap++) {
                        if (nap % 2 == 0) {
                            Loop.sleep(Duration.ofNanos(micros * 1000L));
                        } else {
                            Thread.sleep(Duration.ofNanos(micros * 1000L)); // by the JDK's timer thread
                        }
                    }
                    woken.countDown();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        assertThat(woken.await(60, SECONDS)).isTrue();
    }

    @Test
    void loopSideThatWaitsForALockIsWokenByAnotherThread() throws Exception {
        Loop loop = group.next();
        Object monitor = new Object();
        for (int i = 0; i < 500; i++) {
            CountDownLatch wanted = new CountDownLatch(1);
            CountDownLatch taken = new CountDownLatch(1);
            synchronized (monitor) {
                loop.side().execute(() -> {
                    wanted.countDown();
                    synchronized (monitor) {
                        taken.countDown();
                    }
                });
                assertThat(wanted.await(30, SECONDS)).isTrue();
                spin(ThreadLocalRandom.current().nextInt(2000));
            }
            assertThat(taken.await(30, SECONDS)).as("round %d", i).isTrue();
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }
}
