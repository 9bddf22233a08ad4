package dev.loomgate.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.loop.settings.Engine;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(Engine.class)
@Tag("timing")
class LoopTest {
    private final LoopGroup group;
    private final Loop loop;

    LoopTest(Engine engine) {
        group = LoopGroup.builder().engine(engine).threads(8).start();
        loop = group.next();
    }

    @AfterEach
    void close() {
        group.close();
    }

    @Test
    void taskCompletesWithWhatItsBodyReturns() throws Exception {
        assertThat(loop.createTask(() -> Loop.current().toString()).get(10, SECONDS))
                .isEqualTo(loop.toString());
    }

    @Test
    void sleepLastsItsDurationAndLetsOthersRun() throws Exception {
        long begun = System.nanoTime();
        Task<Long> sleeper = loop.createTask(() -> {
            Loop.sleep(Duration.ofMillis(200));
            return System.nanoTime() - begun;
        });

        Task<Boolean> other = loop.createTask(() -> !sleeper.isDone());

        assertThat(other.get(10, SECONDS)).isTrue();
        assertThat(sleeper.get(10, SECONDS))
                .isGreaterThanOrEqualTo(Duration.ofMillis(200).toNanos());
    }

    // As the writes of a connection whose client takes at once what it is sent.
    @Test
    void tasksOfTheIoThatFollowEachOtherLeaveTheOthersTheirTurns() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        EventLoop io = loop.side().io();
        Runnable endless = new Runnable() {
            @Override
            public void run() {
                if (!stop.get()) {
                    io.execute(this);
                }
            }
        };
        io.execute(endless);
        try {
            assertThat(loop.createTask(() -> {
                                Loop.sleep(Duration.ofMillis(1));
                                return "a turn";
                            })
                            .get(10, SECONDS))
                    .isEqualTo("a turn");
        } finally {
            stop.set(true);
        }
    }

    @Test
    void timersExpireInTheOrderOfTheirDeadlines() throws Exception {
        List<Integer> expired = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(5);
        for (int tenth : new int[] {4, 1, 3, 0, 2}) {
            loop.callLater(Duration.ofMillis(100L * tenth), () -> {
                synchronized (expired) {
                    expired.add(tenth);
                }
                all.countDown();
            });
        }

        assertThat(all.await(10, SECONDS)).isTrue();
        if (group.engine() == Engine.LOOP) {
            assertThat(expired).containsExactly(0, 1, 2, 3, 4);
        } else {
            // Each callback has a thread of its own, which the system may let run late.
            assertThat(expired).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        }
    }

    @Test
    void cancelledTimerDoesNotExpire() throws Exception {
        CompletableFuture<Void> expired = new CompletableFuture<>();
        Timer timer = loop.callLater(Duration.ofMillis(300), () -> expired.complete(null));
        timer.cancel();

        CompletableFuture<Void> later = new CompletableFuture<>();
        loop.callLater(Duration.ofMillis(600), () -> later.complete(null));
        later.get(10, SECONDS);

        assertThat(expired).isNotDone();
    }

    @Test
    void microthreadsMayAllWaitForWhatTheyStarted() throws Exception {
        int many = 50; // more than the engine THREADS has threads
        CountDownLatch all = new CountDownLatch(many);
        loop.side().execute(() -> {
            for (int i = 0; i < many; i++) {
                loop.start("waits", () -> {
                    Task<String> task = loop.createTask(() -> "done");
                    Microthread me = Microthread.current();
                    loop.callLater(Duration.ofMillis(1), me::resume);
                    try {
                        Microthread.suspend();
                        Loop.await(task);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    all.countDown();
                });
            }
        });

        assertThat(all.await(20, SECONDS)).isTrue();
    }

    @Test
    void awaitThrowsTheVeryExceptionThatTheStageFailedWith() {
        IOException original = new IOException("lost");
        CompletableFuture<String> stage = new CompletableFuture<>();
        Task<String> waiter = loop.createTask(() -> Loop.await(stage.thenApply(value -> value + "!")));
        loop.callLater(Duration.ofMillis(50), () -> stage.completeExceptionally(new CompletionException(original)));

        assertThatThrownBy(() -> waiter.get(10, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isSameAs(original);
    }

    @Test
    void awaitReturnsWhatAnotherTaskGives() throws Exception {
        Task<Integer> sum = loop.createTask(() -> {
            Task<Integer> one = Loop.current().createTask(() -> {
                Loop.sleep(Duration.ofMillis(20));
                return 1;
            });
            return Loop.await(one) + Loop.await(Loop.current().createTask(() -> 2));
        });

        assertThat(sum.get(10, SECONDS)).isEqualTo(3);
    }

    @Test
    void timeoutInterruptsAWaitAndLeavesNoInterruptBehind() throws Exception {
        Task<Boolean> task = loop.createTask(() -> {
            assertThatThrownBy(() -> Loop.timeout(Duration.ofMillis(50), () -> {
                        Loop.sleep(Duration.ofSeconds(30));
                        return "late";
                    }))
                    .isInstanceOf(TimeoutException.class);
            return Thread.currentThread().isInterrupted();
        });

        assertThat(task.get(10, SECONDS)).isFalse();
    }

    @Test
    void outerTimeoutEndsWhatAnInnerOneAllows() {
        Task<String> task = loop.createTask(() -> Loop.timeout(
                Duration.ofMillis(50),
                () -> Loop.timeout(Duration.ofSeconds(20), () -> {
                    Loop.sleep(Duration.ofSeconds(30));
                    return "late";
                })));

        assertThatThrownBy(() -> task.get(10, SECONDS)).hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void timeoutGivesTheResultOfWhatEndsInTime() throws Exception {
        Task<String> task = loop.createTask(() -> Loop.timeout(Duration.ofSeconds(20), () -> {
            Loop.sleep(Duration.ofMillis(10));
            return "in time";
        }));

        assertThat(task.get(10, SECONDS)).isEqualTo("in time");
    }

    @Test
    void offloadedWorkHoldsItsOwnThreadAndNotTheLoop() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Task<Boolean> blocked = loop.createTask(() -> Loop.offload(() -> release.await(10, SECONDS)));
        Task<String> other = loop.createTask(() -> "served meanwhile");

        assertThat(other.get(5, SECONDS)).isEqualTo("served meanwhile");
        release.countDown();
        assertThat(blocked.get(5, SECONDS)).isTrue();
    }

    @Test
    void offloadThrowsTheVeryExceptionOfTheWork() {
        IOException original = new IOException("no such file");
        Task<String> task = loop.createTask(() -> Loop.offload(() -> {
            throw original;
        }));

        assertThatThrownBy(() -> task.get(10, SECONDS)).cause().isSameAs(original);
    }

    @Test
    void cancellingATaskInterruptsItsMicrothread() throws Exception {
        CompletableFuture<String> ended = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        Task<String> task = loop.createTask(() -> {
            begun.countDown();
            try {
                Loop.sleep(Duration.ofSeconds(30));
                ended.complete("slept");
            } catch (InterruptedException e) {
                ended.complete("interrupted");
            }
            return "done";
        });
        begun.await();

        assertThat(task.cancel(true)).isTrue();

        assertThat(ended.get(10, SECONDS)).isEqualTo("interrupted");
        assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
    }

    @Test
    void loopSideTasksRunInTheOrderOfTheCallsAndOnTheLoopSide() throws Exception {
        List<Integer> order = new ArrayList<>();
        CompletableFuture<Boolean> last = new CompletableFuture<>();
        loop.start("hand over", () -> {
            for (int i = 0; i < 1000; i++) {
                int number = i;
                loop.side().execute(() -> order.add(number));
            }
            loop.side().execute(() -> last.complete(loop.side().inLoop()));
        });

        assertThat(last.get(10, SECONDS)).isTrue();
        assertThat(order).hasSize(1000).isSorted();
    }

    @Test
    void failingTasksAndMicrothreadsLeaveTheLoopRunning() throws Exception {
        loop.side().execute(() -> {
            throw new IllegalStateException("thrown by a test on the loop side");
        });
        loop.start("fails", () -> {
            throw new IllegalStateException("thrown by a test in a microthread");
        });

        assertThat(loop.createTask(() -> "alive").get(10, SECONDS)).isEqualTo("alive");
    }

    @Test
    void periodicTaskRunsAgainAndAgainUntilCancelled() throws Exception {
        CountDownLatch three = new CountDownLatch(3);
        Timer timer = loop.side().every(Duration.ofMillis(5), three::countDown);

        assertThat(three.await(10, SECONDS)).isTrue();
        timer.cancel();
    }

    @Test
    void currentLoopIsRefusedOutsideAMicrothread() {
        assertThatThrownBy(Loop::current)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not in a microthread");
    }

    @Test
    void waitingWorksOutsideAMicrothreadToo() throws Exception {
        Loop.sleep(Duration.ofMillis(1));
        assertThat(Loop.await(CompletableFuture.completedFuture("value"))).isEqualTo("value");
        assertThat(Loop.<String>offload(() -> "offloaded")).isEqualTo("offloaded");
        assertThatThrownBy(() -> Loop.timeout(Duration.ofMillis(20), () -> {
                    Loop.sleep(Duration.ofSeconds(30));
                    return "late";
                }))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void endedMicrothreadsAreForgotten() throws Exception {
        for (int i = 0; i < 1000; i++) {
            loop.start("short", () -> {});
        }
        loop.createTask(() -> "after them").get(10, SECONDS);

        assertThat(group.close(Duration.ofSeconds(10))).isTrue();
        assertThat(loop.microthreads()).isZero();
    }
}
