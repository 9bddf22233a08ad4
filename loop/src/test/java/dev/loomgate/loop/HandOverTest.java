package dev.loomgate.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.carriers.LoopCarrier;
import dev.loomgate.loop.carriers.OsThread;
import dev.loomgate.loop.carriers.OsThreads;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.loop.threads.VirtualThreads;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup.ClassOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A microthread that holds its OS thread delays no other: the loop goes on without it, and has it back when it
/// waits. On the fallback the JDK's scheduler sees to the same. Not with io_uring, see [Transport#mayChangeThread].
@Timeout(60)
@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
@Tag("timing")
class HandOverTest {
    private final LoopGroup group;
    private final Loop loop;

    HandOverTest(Transport transport) {
        group = LoopGroup.builder().transport(transport).start();
        loop = group.next();
    }

    @AfterEach
    void close() {
        group.close();
    }

    static class SleepsAtStart {
        static final String VALUE = returnedBy(() -> {
            Thread.sleep(300);
            return "slept";
        });
    }

    static class SleepsOnTheLoopAtStart {
        static final String VALUE = returnedBy(() -> {
            Loop.sleep(Duration.ofMillis(300));
            return "slept on the loop";
        });
    }

    static class WaitsForATaskAtStart {
        static final String VALUE = returnedBy(
                () -> Loop.current().createTask(HandOverTest::doneByAnother).get(20, SECONDS));
    }

    static class WaitsForTheLoopSideAtStart {
        static final String VALUE = returnedBy(() -> {
            CountDownLatch ran = new CountDownLatch(1);
            Loop.current().side().execute(ran::countDown);
            return ran.await(20, SECONDS) ? "run by the loop side" : "not run";
        });
    }

    // Not in the class itself, which is initialised meanwhile.
    private static String doneByAnother() {
        return "done by another";
    }

    private static final Object LOCK = new Object();

    static class LocksAtStart {
        static final String VALUE = locked();

        private static String locked() {
            synchronized (LOCK) {
                return "locked";
            }
        }
    }

    /// False on the fallback: its microthreads never hold the loop's own thread, but the JDK's few carriers.
    private boolean handsOver() {
        if (loop.carrier() instanceof LoopCarrier) {
            return true;
        }
        assertThat(group.engine()).isEqualTo(Engine.VIRTUAL);
        return false;
    }

    /// Initialises a copy of the class, since a class is initialised once, and returns its value.
    private static Callable<String> initialised(Class<?> type) throws Exception {
        try (InputStream in = type.getResourceAsStream(type.getName().replaceAll(".*\\.", "") + ".class")) {
            MethodHandles.Lookup copy =
                    MethodHandles.lookup().defineHiddenClass(in.readAllBytes(), false, ClassOption.NESTMATE);
            MethodHandle value = copy.findStaticGetter(copy.lookupClass(), "VALUE", String.class);
            return () -> {
                try {
                    return (String) value.invoke();
                } catch (Throwable e) {
                    throw new AssertionError(e);
                }
            };
        }
    }

    private static String returnedBy(Callable<String> body) {
        try {
            return body.call();
        } catch (Exception e) {
            return e.toString();
        }
    }

    @Test
    void staticInitialiserMaySleep() throws Exception {
        assertThat(loop.createTask(initialised(SleepsAtStart.class)).get(20, SECONDS))
                .isEqualTo("slept");
    }

    @Test
    void staticInitialiserMayWaitForATimerOfItsLoop() throws Exception {
        assertThat(loop.createTask(initialised(SleepsOnTheLoopAtStart.class)).get(20, SECONDS))
                .isEqualTo("slept on the loop");
    }

    @Test
    void staticInitialiserMayWaitForAnotherMicrothreadOfItsLoop() throws Exception {
        assertThat(loop.createTask(initialised(WaitsForATaskAtStart.class)).get(20, SECONDS))
                .isEqualTo("done by another");
    }

    @Test
    void staticInitialiserMayWaitForTheLoopSide() throws Exception {
        assertThat(loop.createTask(initialised(WaitsForTheLoopSideAtStart.class))
                        .get(20, SECONDS))
                .isEqualTo("run by the loop side");
    }

    @Test
    void staticInitialiserMayWantALockThatAnotherMicrothreadSleepsWith() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        Task<String> holder = loop.createTask(() -> {
            synchronized (LOCK) {
                taken.countDown();
                Loop.sleep(Duration.ofMillis(200));
            }
            return "released";
        });
        assertThat(taken.await(20, SECONDS)).isTrue();

        assertThat(loop.createTask(initialised(LocksAtStart.class)).get(20, SECONDS))
                .isEqualTo("locked");
        assertThat(holder.get(20, SECONDS)).isEqualTo("released");
    }

    @Test
    void othersGoOnWhileOneWaitsInTheKernel(@TempDir Path directory) throws Exception {
        Path fifo = fifo(directory);
        Task<String> held = loop.createTask(() -> Files.readString(fifo));

        // A second one would be enough; they show that the loop has gone on for good.
        for (int i = 0; i < 20; i++) {
            assertThat(loop.createTask(() -> {
                                Loop.sleep(Duration.ofMillis(5));
                                return "served meanwhile";
                            })
                            .get(20, SECONDS))
                    .isEqualTo("served meanwhile");
        }

        assertThat(held).isNotDone();
        Files.writeString(fifo, "at last");
        assertThat(held.get(20, SECONDS)).isEqualTo("at last");
    }

    @Test
    void othersGoOnWhileOneComputes() throws Exception {
        boolean[] enough = {false};
        Task<String> held = loop.createTask(() -> {
            while (!read(enough)) {
                Thread.onSpinWait();
            }
            return "computed";
        });

        assertThat(loop.createTask(() -> "served meanwhile").get(20, SECONDS)).isEqualTo("served meanwhile");

        assertThat(held).isNotDone();
        synchronized (enough) {
            enough[0] = true;
        }
        assertThat(held.get(20, SECONDS)).isEqualTo("computed");
    }

    private static boolean read(boolean[] flag) {
        synchronized (flag) {
            return flag[0];
        }
    }

    @Test
    void whoWasHeldIsOneOfTheLoopsAgainAfterItsNextWait() throws Exception {
        if (!handsOver()) {
            return;
        }
        OsThreads threads = ((LoopCarrier) loop.carrier()).osThreads();
        Thread before = threads.owner();
        Task<Boolean> backOnTheOwner = loop.createTask(() -> {
            spinUntil(() -> threads.owner() != before);
            boolean aside = VirtualThreads.currentCarrier() == before;
            boolean back = false;
            for (int i = 0; i < 1000 && !back; i++) { // on a noisy machine it may be held once more
                Loop.sleep(Duration.ofMillis(1));
                back = VirtualThreads.currentCarrier() == threads.owner();
            }
            return aside && back;
        });

        assertThat(backOnTheOwner.get(20, SECONDS)).isTrue();
    }

    @Test
    void callsOfOneWhoIsHeldKeepTheirOrder() throws Exception {
        List<Integer> ran = new ArrayList<>(); // loop side only
        CountDownLatch last = new CountDownLatch(1);
        Task<Integer> caller = loop.createTask(() -> {
            int calls = 0;
            for (int round = 0; round < 20; round++) {
                long end = System.nanoTime() + 40_000_000;
                while (System.nanoTime() - end < 0) { // as the owner, then beside it
                    int call = calls++;
                    loop.side().execute(() -> ran.add(call));
                    spin(Duration.ofNanos(100_000));
                }
                Thread.yield(); // the owner again
            }
            loop.side().execute(last::countDown);
            return calls;
        });

        int calls = caller.get(50, SECONDS);
        assertThat(last.await(20, SECONDS)).isTrue();
        assertThat(ran).hasSize(calls).isSorted();
    }

    @Test
    void timerIsCancelledByOneWhoIsHeld() throws Exception {
        boolean[] fired = {false};
        loop.createTask(() -> {
                    Timer timer = loop.callLater(Duration.ofSeconds(1), () -> fired[0] = true);
                    spin(Duration.ofMillis(300));
                    timer.cancel();
                    Timer another = loop.callLater(Duration.ofMillis(400), () -> fired[0] = true);
                    another.cancel();
                    return null;
                })
                .get(20, SECONDS);
        loop.createTask(() -> {
                    Loop.sleep(Duration.ofMillis(1200));
                    return null;
                })
                .get(20, SECONDS);

        assertThat(fired[0]).isFalse();
    }

    private static void spin(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        spinUntil(() -> System.nanoTime() - end >= 0);
    }

    private static void spinUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void manyMayBeHeldAtOnceAndLeaveNothingBehind(@TempDir Path directory) throws Exception {
        if (!handsOver()) {
            return;
        }
        Path fifo = fifo(directory);
        List<Task<String>> held = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            held.add(loop.createTask(() -> {
                try (var in = Files.newInputStream(fifo)) {
                    return "read " + in.read();
                }
            }));
        }

        assertThat(loop.createTask(() -> "served meanwhile").get(30, SECONDS)).isEqualTo("served meanwhile");
        try (var out = Files.newOutputStream(fifo)) {
            out.write(new byte[100]);
            for (Task<String> each : held) {
                assertThat(each.get(30, SECONDS)).isIn("read 0", "read -1");
            }
        }
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        spinUntil(() -> loop.microthreads() == 0 || System.nanoTime() - end >= 0);
        assertThat(loop.microthreads()).isZero(); // a task is done a moment before its microthread
    }

    @Test
    void threadsThatAMicrothreadStartsAreTheJdksOwn() throws Exception {
        if (!handsOver()) {
            return;
        }
        Task<List<Thread>> carriers = loop.createTask(() -> {
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                Thread first = executor.submit(VirtualThreads::currentCarrier).get();
                Thread nested = executor.submit(() -> {
                            Thread[] seen = new Thread[1];
                            Thread.startVirtualThread(() -> {
                                        spin(Duration.ofMillis(1));
                                        Thread.yield();
                                        seen[0] = VirtualThreads.currentCarrier();
                                    })
                                    .join();
                            return seen[0];
                        })
                        .get();
                return List.of(first, nested, VirtualThreads.currentCarrier());
            }
        });

        List<Thread> seen = carriers.get(20, SECONDS);
        assertThat(seen.get(0)).isNotInstanceOf(OsThread.class);
        assertThat(seen.get(1)).isNotInstanceOf(OsThread.class);
        assertThat(seen.get(2)).isInstanceOf(OsThread.class);
    }

    @Test
    void groupEndsWhileOneIsHeld(@TempDir Path directory) throws Exception {
        Path fifo = fifo(directory);
        CountDownLatch begun = new CountDownLatch(1);
        Task<String> held = loop.createTask(() -> {
            begun.countDown();
            return Files.readString(fifo);
        });
        assertThat(begun.await(20, SECONDS)).isTrue();

        long start = System.nanoTime();
        group.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));

        Files.writeString(fifo, "too late");
        assertThat(held.get(20, SECONDS)).isEqualTo("too late");
    }

    private static Path fifo(Path directory) throws Exception {
        Path fifo = directory.resolve("fifo");
        int status = new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
        if (status != 0) {
            throw new IOException("mkfifo ended with " + status);
        }
        return fifo;
    }
}
