package dev.loomgate.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One thread for blocking work, for which one piece of work may wait.
@Timeout(60)
class OffloadTest {
    private final LoopGroup group =
            LoopGroup.builder().blockingThreads(1).blockingQueue(1).start();
    private final Loop loop = group.next();
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        group.close();
    }

    private Task<String> blocking() throws InterruptedException {
        Task<String> task = loop.createTask(() -> Loop.offload(() -> {
            running.countDown();
            release.await();
            return "done";
        }));
        assertThat(running.await(20, SECONDS)).isTrue();
        return task;
    }

    private Task<String> waiting() {
        Task<String> task = loop.createTask(() -> Loop.offload(() -> "done"));
        while (group.offloadCounts().queued() == 0) {
            Thread.onSpinWait();
        }
        return task;
    }

    @Test
    void moreThanMayWaitIsRefusedByTheNamesOfTheSettings() throws Exception {
        Task<String> first = blocking();
        Task<String> second = waiting();
        Task<String> third = loop.createTask(() -> Loop.offload(() -> "too much"));

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> third.get(20, SECONDS))
                .withCauseInstanceOf(RejectedExecutionException.class)
                .withMessageContaining(
                        "blocking work is refused: 1 waits already, the most (blockingQueue), for 1 threads (blockingThreads)");
        assertThat(group.offloadCounts()).isEqualTo(new OffloadCounts(1, 1, 1, 1, 0, 1));
        assertThat(group.dump()).contains("blocking work: 1 of 1 threads are busy, 1 waits");

        release.countDown();
        assertThat(first.get(20, SECONDS)).isEqualTo("done");
        assertThat(second.get(20, SECONDS)).isEqualTo("done");
    }

    @Test
    void workThatHasWaitedForASecondIsInTheLogWithTheOption() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.loop")) {
            Task<String> first = blocking();
            Task<String> second = waiting();

            // What comes looks how long the oldest has waited, and is refused itself.
            Eventually.await("a line about work that waits", () -> {
                loop.createTask(() -> Loop.offload(() -> "too much"))
                        .handle((_, _) -> "")
                        .get(20, SECONDS);
                return !log.with("has waited for").isEmpty();
            });

            assertThat(log.with("has waited for").getFirst())
                    .matches("blocking work has waited for \\d{4,} ms, and 1 waits: all 1 threads are busy "
                            + "\\(blockingThreads\\)");
            assertThat(log.with("is refused")).hasSize(1);
            release.countDown();
            assertThat(first.get(20, SECONDS)).isEqualTo("done");
            assertThat(second.get(20, SECONDS)).isEqualTo("done");
            assertThat(log.with("has waited for")).hasSize(1);
        }
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() throws Exception {
        blocking();
        Task<String> second = waiting();

        second.interrupt();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> second.get(20, SECONDS))
                .withCauseInstanceOf(InterruptedException.class);
        assertThat(group.offloadCounts().queued()).isZero();
    }

    @Test
    void serversOwnWorkHasOtherThreads() throws Exception {
        Task<String> first = blocking();

        assertThat(loop.createTask(() -> Loop.current().side().runBlocking(() -> "read"))
                        .get(20, SECONDS))
                .isEqualTo("read");
        assertThat(first).isNotDone();
    }
}
