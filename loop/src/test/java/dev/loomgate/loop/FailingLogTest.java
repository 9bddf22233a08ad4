package dev.loomgate.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.carriers.LoopCarrier;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.timers.ScheduledTimer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A loop goes on when something fails and so does the log: as in a process that is out of descriptors.
@Timeout(60)
@ParameterizedClass
@EnumSource(Engine.class)
final class FailingLogTest {
    // The loop's own, and Netty's, which logs the failures of tasks that other threads have entered.
    private final List<Logger> loggers = List.of(Logger.getLogger("dev.loomgate.loop"), Logger.getLogger("io.netty"));
    private final AtomicInteger attempts = new AtomicInteger();
    private final Handler failing = new Handler() {
        @Override
        public void publish(LogRecord line) {
            attempts.incrementAndGet();
            throw new NoClassDefFoundError("no descriptor to load it with");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final LoopGroup group;
    private final Loop loop;

    FailingLogTest(Engine engine) {
        group = LoopGroup.builder().engine(engine).threads(8).start();
        loop = group.next();
        for (Logger logger : loggers) {
            logger.setUseParentHandlers(false);
            logger.addHandler(failing);
        }
    }

    @AfterEach
    void close() {
        for (Logger logger : loggers) {
            logger.removeHandler(failing);
            logger.setUseParentHandlers(true);
        }
        group.close();
    }

    private static void fail() {
        throw new NoClassDefFoundError("the failure itself");
    }

    private void assertLoopRuns() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        loop.createTask(() -> {
            Loop.sleep(Duration.ofMillis(1));
            loop.side().execute(ran::countDown);
            return "";
        });
        assertThat(ran.await(10, SECONDS)).isTrue();
        assertThat(attempts.get()).isPositive();
    }

    @Test
    void aTaskThatAMicrothreadHandedOver() throws Exception {
        loop.createTask(() -> {
                    loop.side().execute(FailingLogTest::fail);
                    return "";
                })
                .get(10, SECONDS);
        CountDownLatch afterwards = new CountDownLatch(1);
        loop.createTask(() -> {
            loop.side().execute(FailingLogTest::fail);
            loop.side().execute(afterwards::countDown);
            return "";
        });

        assertThat(afterwards.await(10, SECONDS)).isTrue();
        assertLoopRuns();
    }

    @Test
    void aPeriodicTask() throws Exception {
        CountDownLatch thrice = new CountDownLatch(3);
        Timer timer = loop.side().every(Duration.ofMillis(1), () -> {
            thrice.countDown();
            fail();
        });

        assertThat(thrice.await(10, SECONDS)).isTrue();
        timer.cancel();
        assertLoopRuns();
    }

    @Test
    void aTurn() throws Exception {
        loop.side().io().execute(() -> {
            // A timer that fails by itself; its like is one whose microthread can't be made.
            if (loop.carrier() instanceof LoopCarrier carrier) {
                carrier.timers().add(new ScheduledTimer(carrier.timers(), System.nanoTime()) {
                    @Override
                    protected void expire() {
                        fail();
                    }
                });
            } else {
                loop.side().runSafely(FailingLogTest::fail);
            }
        });

        while (attempts.get() == 0) {
            Thread.sleep(1);
        }
        assertLoopRuns();
    }

    @Test
    void aMicrothread() throws Exception {
        loop.callSoon(FailingLogTest::fail);

        while (attempts.get() == 0) {
            Thread.sleep(1);
        }
        assertLoopRuns();
        assertThat(group.close(Duration.ofSeconds(10))).isTrue();
    }
}
