package dev.loomgate.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.settings.Engine;
import dev.loomgate.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("timing")
class WatchdogTest {
    private final Logger logger = Logger.getLogger("dev.loomgate.loop");
    private final BlockingQueue<String> logged = new LinkedBlockingQueue<>();
    private final Handler handler = new Handler() {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord entry) {
            logged.add(formatter.formatMessage(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
    }

    @Test
    void microthreadThatHoldsTheLoopIsReportedWithItsStackAndItsWholeTime() throws Exception {
        try (LoopGroup group =
                LoopGroup.builder().holdLimit(Duration.ofSeconds(1)).start()) {
            if (group.engine() != Engine.LOOP) {
                // The JDK's scheduler: nobody can hold the loop, and the one line says how to change that.
                assertThat(logged.poll(10, SECONDS)).contains("--add-opens java.base/java.lang=");
                return;
            }
            Task<Integer> held = group.next().createTask(WatchdogTest::spinUntilReported);

            String report = logged.poll(20, SECONDS);
            assertThat(report)
                    .contains("loomgate-loop-0 has been held for ")
                    .contains("over 1000 ms (holdLimit)")
                    .contains("spinUntilReported")
                    .contains("the loop has gone on without it after ")
                    .contains(
                            "Rule.blocking(), Offloaded, environ.offload() and Loop.offload run such work on threads of "
                                    + "its own (blockingThreads)")
                    .contains("engine virtual");
            release = true;
            held.get(10, SECONDS);
            assertThat(logged.poll(20, SECONDS)).matches("loomgate-loop-0 was held for \\d+ ms in all by: .*");
            assertThat(logged).isEmpty();
        }
    }

    @Test
    void loopThatMayNotHandOverSaysThatNothingElseRuns() throws Exception {
        try (LoopGroup group = LoopGroup.builder()
                .holdLimit(Duration.ofMillis(100))
                .handOver(Duration.ZERO)
                .start()) {
            if (group.engine() != Engine.LOOP) {
                return;
            }
            Task<Integer> held = group.next().createTask(WatchdogTest::spinUntilReported);
            Task<String> waiting = group.next().createTask(() -> "after it");

            assertThat(logged.poll(20, SECONDS)).contains("nothing else runs on the loop meanwhile");
            assertThat(waiting).isNotDone();
            release = true;
            held.get(10, SECONDS);
            assertThat(waiting.get(10, SECONDS)).isEqualTo("after it");
        }
    }

    @Test
    void holdsAtOnePlaceAreOneLineInTenSeconds() throws Exception {
        try (LoopGroup group =
                LoopGroup.builder().holdLimit(Duration.ofMillis(50)).start()) {
            if (group.engine() != Engine.LOOP) {
                return;
            }
            for (int i = 0; i < 4; i++) {
                group.next().createTask(() -> spinFor(Duration.ofMillis(150))).get(20, SECONDS);
            }
            group.next().createTask(() -> spinFor(Duration.ofMillis(150))).get(20, SECONDS);

            assertThat(logged.poll(20, SECONDS)).contains(" has been held for ");
            assertThat(logged.poll(20, SECONDS)).contains(" was held for ");
            assertThat(logged).isEmpty();
        }
    }

    private static int spinFor(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        int spins = 0;
        while (System.nanoTime() - end < 0) {
            spins++;
        }
        return spins;
    }

    private static volatile boolean release;

    private static int spinUntilReported() {
        release = false;
        int spins = 0;
        while (!release) {
            spins++;
            Thread.onSpinWait();
        }
        return spins;
    }

    @Test
    void waitingAndIdleLoopsAreNotReported() throws Exception {
        try (LoopGroup group =
                LoopGroup.builder().holdLimit(Duration.ofMillis(60)).start()) {
            logged.clear(); // the line about the fallback, where it is in force
            group.next()
                    .createTask(() -> {
                        Loop.sleep(Duration.ofMillis(400));
                        return null;
                    })
                    .get(10, SECONDS);
            assertThat(logged).isEmpty();
        }
    }

    // By itself it looks once a second while it rests.
    @Test
    void itRestsUntilAMicrothreadRuns() throws Exception {
        try (LoopGroup group = LoopGroup.builder().loops(2).start()) {
            if (group.engine() != Engine.LOOP) {
                return;
            }
            List<Long> delays = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Eventually.await("it rests", WatchdogTest::rests);
                Loop loop = group.next();
                long begin = System.nanoTime();
                Task<Integer> held = loop.createTask(WatchdogTest::spinUntilReported);
                loop.createTask(() -> "after it").get(20, SECONDS);
                delays.add((System.nanoTime() - begin) / 1_000_000);
                release = true;
                held.get(10, SECONDS);
            }
            assertThat(Collections.min(delays)).isLessThan(500);
        }
    }

    private static boolean rests() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> each.getKey().getName().equals("loomgate-watchdog"))
                .flatMap(each -> Stream.of(each.getValue()))
                .anyMatch(frame -> frame.getMethodName().equals("rest"));
    }
}
