package dev.loomgate.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.loop.settings.Engine;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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
class MicrothreadTest {
    private final LoopGroup group;
    private final Loop loop;

    MicrothreadTest(Engine engine) {
        group = LoopGroup.builder().engine(engine).threads(8).start();
        loop = group.next();
    }

    @AfterEach
    void close() {
        group.close();
    }

    /// It inherits the microthread's scheduler, which knows the microthread.
    @Test
    void aVirtualThreadThatOutlivesItsMicrothreadDoesNotHoldTheBody() {
        CountDownLatch end = new CountDownLatch(1);
        try {
            WeakReference<Runnable> body = startParent(end);
            while (!body.refersTo(null)) { // until the test's time is over
                System.gc();
            }
        } finally {
            end.countDown();
        }
    }

    private WeakReference<Runnable> startParent(CountDownLatch end) {
        Runnable body = () -> Thread.startVirtualThread(() -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        loop.start("parent", body);
        return new WeakReference<>(body);
    }

    @Test
    void suspendedMicrothreadIsResumedByACallbackAsInTheArticle() throws Exception {
        long begun = System.nanoTime();
        Task<String> task = loop.createTask(() -> {
            Microthread me = Microthread.current();
            Loop.current().callLater(Duration.ofMillis(200), me::resume);
            Microthread.suspend();
            return "Hello World";
        });

        assertThat(task.get(10, SECONDS)).isEqualTo("Hello World");
        assertThat(System.nanoTime() - begun)
                .isGreaterThanOrEqualTo(Duration.ofMillis(200).toNanos());
    }

    @Test
    void contextClassLoaderIsThatOfTheThreadThatStartedTheGroup() throws Exception {
        Thread starter = Thread.currentThread();
        ClassLoader before = starter.getContextClassLoader();
        ClassLoader ours = new ClassLoader(before) {};
        starter.setContextClassLoader(ours);
        try (LoopGroup own =
                LoopGroup.builder().engine(group.engine()).threads(1).start()) {
            starter.setContextClassLoader(before);
            for (int i = 0; i < 3; i++) {
                Task<ClassLoader> task = own.next().createTask(() -> {
                    ClassLoader seen = Thread.currentThread().getContextClassLoader();
                    Thread.currentThread().setContextClassLoader(before); // a pool's thread is used again
                    return seen;
                });
                assertThat(task.get(10, SECONDS)).isSameAs(ours);
            }
        } finally {
            starter.setContextClassLoader(before);
        }
    }

    @Test
    void suspendReturnsTheValueThatItIsResumedWith() throws Exception {
        Task<Object> task = loop.createTask(() -> {
            Microthread me = Microthread.current();
            Loop.current().callSoon(() -> me.resume(42));
            return Microthread.suspend();
        });

        assertThat(task.get(10, SECONDS)).isEqualTo(42);
    }

    @Test
    void suspendThrowsWhatItIsResumedWith() {
        IOException original = new IOException("from elsewhere");
        Task<Object> task = loop.createTask(() -> {
            Microthread me = Microthread.current();
            Loop.current().callSoon(() -> me.resumeWith(original));
            return Microthread.suspend();
        });

        assertThatThrownBy(() -> task.get(10, SECONDS)).cause().isSameAs(original);
    }

    @Test
    void resumeThatComesFirstIsNotLost() throws Exception {
        Task<Object> task = loop.createTask(() -> {
            Microthread.current().resume("early");
            return Microthread.suspend();
        });

        assertThat(task.get(10, SECONDS)).isEqualTo("early");
    }

    @Test
    void secondResumeIsRefused() {
        Task<Object> task = loop.createTask(() -> {
            Microthread.current().resume("one");
            Microthread.current().resume("two");
            return "never";
        });

        assertThatThrownBy(() -> task.get(10, SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("resumed twice");
    }

    @Test
    void interruptEndsASuspension() {
        Task<Object> task = loop.createTask(() -> {
            Microthread me = Microthread.current();
            Loop.current().callSoon(me::interrupt);
            return Microthread.suspend();
        });

        assertThatThrownBy(() -> task.get(10, SECONDS)).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void interruptAfterTheEndHitsNobody() throws Exception {
        Microthread ended = loop.start("short", () -> {});
        assertThat(group.loops().getFirst().createTask(() -> 0).get(10, SECONDS))
                .isZero();
        for (int i = 0; i < 100; i++) {
            ended.interrupt();
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            loop.start("next", () -> interrupted.complete(Thread.currentThread().isInterrupted()));
            assertThat(interrupted.get(10, SECONDS)).isFalse();
        }
    }

    @Test
    void suspendIsRefusedOutsideAMicrothread() {
        assertThatThrownBy(Microthread::suspend).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void dumpShowsSubjectStateAndStack() throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        Microthread sleeper = loop.start("GET /sleepy", () -> {
            begun.complete(null);
            napForLong();
        });
        begun.get(10, SECONDS);
        String dump = group.dump();
        while (!dump.contains("sleeping")) { // until it has come to its sleep; the timeout of the class ends it
            dump = group.dump();
        }

        assertThat(dump)
                .contains(loop + ": 1 microthread\n")
                .contains("GET /sleepy, sleeping, age ")
                .contains("napForLong");
        sleeper.interrupt();
    }

    private static void napForLong() {
        try {
            Loop.sleep(Duration.ofSeconds(50));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
