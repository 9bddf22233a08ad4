package dev.loomgate.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.loomgate.loop.io.LoopSide;
import dev.loomgate.loop.settings.Engine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@Tag("timing")
class ClosingTest {
    @ParameterizedTest
    @EnumSource(Engine.class)
    void closeWaitsForMicrothreadsThatEndInTime(Engine engine) throws Exception {
        LoopGroup group = LoopGroup.builder().engine(engine).start();
        CompletableFuture<String> ended = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        group.next().start("ends in time", () -> {
            begun.countDown();
            try {
                Loop.sleep(Duration.ofMillis(200));
                ended.complete("by itself");
            } catch (InterruptedException e) {
                ended.complete("interrupted");
            }
        });
        begun.await();

        assertThat(group.close(Duration.ofSeconds(20))).isTrue();
        assertThat(ended.get(10, SECONDS)).isEqualTo("by itself");
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void closeInterruptsMicrothreadsThatDoNot(Engine engine) throws Exception {
        LoopGroup group = LoopGroup.builder().engine(engine).start();
        CompletableFuture<String> ended = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        group.next().start("takes long", () -> {
            begun.countDown();
            try {
                Loop.sleep(Duration.ofSeconds(50));
                ended.complete("by itself");
            } catch (InterruptedException e) {
                ended.complete("interrupted");
            }
        });
        begun.await();

        assertThat(group.close(Duration.ofMillis(50))).isFalse();
        assertThat(ended.get(10, SECONDS)).isEqualTo("interrupted");
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void microthreadThatOutlivesItsLoopStillRunsToItsEnd(Engine engine) throws Exception {
        LoopGroup group = LoopGroup.builder().engine(engine).start();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<String> ended = new CompletableFuture<>();
        group.next().start("deaf to interrupts", () -> {
            begun.countDown();
            while (true) {
                try {
                    release.await();
                    ended.complete("to its end");
                    return;
                } catch (InterruptedException e) {
                    // That is what it is for.
                }
            }
        });
        begun.await();
        group.close(Duration.ZERO);

        release.countDown();

        assertThat(ended.get(20, SECONDS)).isEqualTo("to its end");
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void anEndedLoopRejectsTasksOfItsMicrothreadsAndOfOthers(Engine engine) throws Exception {
        LoopGroup group = LoopGroup.builder().engine(engine).start();
        LoopSide side = group.next().side();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        group.next().start("outlives its loop", () -> {
            begun.countDown();
            while (release.getCount() > 0) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    // That is what it is for.
                }
            }
            thrown.complete(catchThrowable(() -> side.execute(() -> {})));
        });
        begun.await();
        group.close(Duration.ZERO);
        release.countDown();

        assertThat(thrown.get(20, SECONDS)).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> side.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void whatTheLoopSideHandsOverInItsLastTurnIsRun(Engine engine) throws Exception {
        LoopGroup group = LoopGroup.builder().engine(engine).start();
        LoopSide side = group.next().side();
        CompletableFuture<String> ran = new CompletableFuture<>();
        side.io().execute(() -> {
            while (!side.io().isShuttingDown()) {
                Thread.onSpinWait();
            }
            side.execute(() -> ran.complete("ran"));
        });
        group.close();

        assertThat(ran.get(20, SECONDS)).isEqualTo("ran");
    }

    @RepeatedTest(50)
    void nothingIsStrandedWhenWakeUpsRaceWithTheClose() throws Exception {
        LoopGroup group = LoopGroup.builder().loops(2).start();
        Phaser started = new Phaser(1);
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(200);
        for (int i = 0; i < 200; i++) {
            started.register();
            CountDownLatch gate = new CountDownLatch(1);
            group.next().start("racer", () -> {
                started.arriveAndDeregister();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    // The close was first.
                } finally {
                    ended.incrementAndGet();
                    all.countDown();
                }
            });
            Thread.ofPlatform().daemon().start(() -> {
                started.awaitAdvance(0);
                gate.countDown();
            });
        }
        started.arriveAndDeregister();
        group.close(Duration.ofMillis(1));

        assertThat(all.await(30, SECONDS)).as("ended: %s", ended).isTrue();
    }

    @RepeatedTest(20)
    void closeEndsTheLoopsThreads() {
        LoopGroup group = LoopGroup.builder().loops(2).start();
        group.next().createTask(() -> "ran").join();
        group.close();

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("loomgate-loop-"));
    }
}
