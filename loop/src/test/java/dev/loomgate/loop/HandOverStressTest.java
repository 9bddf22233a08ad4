package dev.loomgate.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.settings.Transport;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Loops that change their OS thread all the time lose nothing: no timer, no hand-over, no wake-up, and no order.
@Timeout(90)
@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@Tag("timing")
class HandOverStressTest {
    private static final int MICROTHREADS = 24;
    private static final int STEPS = 60;

    private final Transport transport;

    HandOverStressTest(Transport transport) {
        this.transport = transport;
    }

    /// Waits in its static initialiser, which pins the thread that runs it.
    static class Waits {
        static final boolean DONE = waited();

        private static boolean waited() {
            try {
                Loop.sleep(Duration.ofMillis(4));
                return true;
            } catch (InterruptedException e) {
                return false;
            }
        }
    }

    @RepeatedTest(3)
    void nothingIsLostWhileLoopsChangeTheirThreads() throws Exception {
        try (LoopGroup group = LoopGroup.builder()
                .loops(2)
                .transport(transport)
                .handOver(Duration.ofMillis(1))
                .holdLimit(Duration.ZERO)
                .start()) {
            byte[] waits = Waits.class
                    .getResourceAsStream("HandOverStressTest$Waits.class")
                    .readAllBytes();
            SynchronousQueue<Integer> foreign = new SynchronousQueue<>();
            AtomicInteger timers = new AtomicInteger();
            AtomicInteger expected = new AtomicInteger();
            Thread producer = Thread.ofPlatform().daemon().start(() -> {
                try {
                    for (int i = 0; ; i++) {
                        foreign.put(i);
                    }
                } catch (InterruptedException e) {
                    // The end.
                }
            });
            List<Task<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < MICROTHREADS; i++) {
                Random random = new Random(i);
                Loop loop = group.next();
                tasks.add(loop.createTask(() -> {
                    ArrayDeque<Integer> ran = new ArrayDeque<>(); // loop side only, until the last one
                    int calls = 0;
                    for (int step = 0; step < STEPS; step++) {
                        int call = calls++;
                        loop.side().execute(() -> ran.add(call));
                        switch (random.nextInt(8)) {
                            case 0 -> spin(random.nextInt(6_000_000));
                            case 1 -> {
                                var copy = MethodHandles.lookup().defineHiddenClass(waits, false);
                                copy.ensureInitialized(copy.lookupClass());
                            }
                            case 2 -> Loop.sleep(Duration.ofNanos(random.nextInt(2_000_000)));
                            case 3 -> Thread.sleep(Duration.ofNanos(random.nextInt(2_000_000)));
                            case 4 -> foreign.take();
                            case 5 -> {
                                expected.incrementAndGet();
                                loop.callLater(Duration.ofNanos(random.nextInt(3_000_000)), timers::incrementAndGet);
                                spin(random.nextInt(2_000_000));
                            }
                            case 6 ->
                                loop.callLater(Duration.ofHours(1), () -> timers.addAndGet(1_000_000))
                                        .cancel();
                            default -> Thread.yield();
                        }
                        int again = calls++;
                        loop.side().execute(() -> ran.add(again));
                    }
                    CountDownLatch last = new CountDownLatch(1);
                    loop.side().execute(last::countDown);
                    last.await();
                    return inOrder(ran, calls);
                }));
            }
            for (Task<Boolean> task : tasks) {
                assertThat(task.get(80, SECONDS)).isTrue();
            }
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (timers.get() != expected.get() && System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
            assertThat(timers).hasValue(expected.get());
            producer.interrupt();
        }
        awaitEndOfThreads();
    }

    /// One that has been left behind ends a moment after its microthread, the loop or no loop.
    private static void awaitEndOfThreads() {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        List<String> left = threadsOfLoops();
        while (!left.isEmpty() && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
            left = threadsOfLoops();
        }
        assertThat(left).isEmpty();
    }

    private static List<String> threadsOfLoops() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("loomgate-loop-"))
                .toList();
    }

    private static boolean inOrder(ArrayDeque<Integer> ran, int calls) {
        int next = 0;
        for (int call : ran) {
            if (call != next++) {
                return false;
            }
        }
        return next == calls;
    }

    private static void spin(int nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
