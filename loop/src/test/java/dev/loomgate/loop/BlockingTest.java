package dev.loomgate.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.settings.Engine;
import dev.loomgate.testkit.LogLines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Code may block: whatever it blocks in, others on the same loop are answered meanwhile, on each engine. What keeps
/// its loop's thread is in the log, with the way out.
@Timeout(60)
@Tag("timing")
class BlockingTest {
    private final LogLines log = LogLines.of("dev.loomgate.loop");

    @TempDir
    private Path directory;

    @AfterEach
    void stopListening() {
        log.close();
    }

    private static LoopGroup.Builder group(Engine engine) {
        return LoopGroup.builder().engine(engine).holdLimit(Duration.ofMillis(100));
    }

    private static Stream<Arguments> kinds() {
        Blockings blockings = new Blockings(Path.of(""));
        Collection<String> names = new ArrayList<>(blockings.thatUnmount().keySet());
        names.addAll(blockings.thatHold().keySet());
        return Stream.of(Engine.values()).flatMap(engine -> names.stream().map(name -> Arguments.of(engine, name)));
    }

    @ParameterizedTest(name = "{1}, {0}")
    @MethodSource("kinds")
    void othersAreAnsweredWhileOneIsIn(Engine engine, String name) throws Exception {
        Blockings blockings = new Blockings(directory);
        boolean holds = blockings.holds(name);
        try (LoopGroup group = group(engine).start()) {
            Loop loop = group.next();
            Task<String> held = loop.createTask(() -> {
                blockings.run(name);
                return "released";
            });
            try {
                for (int i = 0; i < 5; i++) {
                    assertThat(loop.createTask(() -> {
                                        Loop.sleep(Duration.ofMillis(2));
                                        return "answered";
                                    })
                                    .get(20, SECONDS))
                            .isEqualTo("answered");
                }
                assertThat(held).isNotDone();
                if (holds && group.engine() == Engine.LOOP) {
                    assertThat(log.await("has been held for "))
                            .contains("over 100 ms (holdLimit), by: ")
                            .contains("Rule.blocking(), Offloaded, environ.offload() and Loop.offload run such work on "
                                    + "threads of its own (blockingThreads)");
                }
            } finally {
                blockings.release();
            }
            assertThat(held.get(20, SECONDS)).isEqualTo("released");
            if (holds && group.engine() == Engine.LOOP) {
                assertThat(log.await(" ms in all by: ")).matches("loomgate-loop-0 was held for \\d+ ms in all by: .*");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void asManyAsComputeInVirtualThreadsOfTheirOwnAreReported(Engine engine) throws Exception {
        Blockings blockings = new Blockings(directory);
        try (LoopGroup group = group(engine).start()) {
            List<Task<String>> computing = new ArrayList<>();
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                computing.add(group.next().createTask(() -> {
                    blockings.run("a StructuredTaskScope's child that computes");
                    return "computed";
                }));
            }
            try {
                assertThat(log.await("have all been taken"))
                        .contains("the JDK's carriers of virtual threads have all been taken for ")
                        .contains("over 100 ms (holdLimit), by: a virtual thread of the application's own (#")
                        .contains("Rule.blocking(), Offloaded, environ.offload() and Loop.offload run such work on ")
                        .contains("an application's own tasks that compute belong into a pool of platform threads");
                if (group.engine() == Engine.LOOP) {
                    socketIsRead(group.next());
                }
            } finally {
                blockings.release();
            }
            for (Task<String> each : computing) {
                assertThat(each.get(20, SECONDS)).isEqualTo("computed");
            }
            assertThat(log.await("in all"))
                    .matches("the JDK's carriers of virtual threads were all taken for \\d+ ms in all");
        }
    }

    /// Doesn't need the JDK's carriers, though the JDK's own pollers would.
    private void socketIsRead(Loop loop) throws Exception {
        Blockings answering = new Blockings(directory);
        Task<String> read = loop.createTask(() -> {
            answering.run("a socket");
            return "read";
        });
        assertThat(loop.createTask(() -> "answered").get(20, SECONDS)).isEqualTo("answered");
        answering.release();
        assertThat(read.get(20, SECONDS)).isEqualTo("read");
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void commonPoolThatIsTakenIsReported(Engine engine) throws Exception {
        Blockings blockings = new Blockings(directory);
        try (LoopGroup group = group(engine).start()) {
            Task<String> computing = group.next().createTask(() -> {
                blockings.run("a parallel stream");
                return "computed";
            });
            try {
                assertThat(log.await("commonPool() have all been taken"))
                        .contains("by: ForkJoinPool.commonPool-worker-")
                        .contains("CompletableFuture's methods take an executor of one's own");
            } finally {
                blockings.release();
            }
            assertThat(computing.get(20, SECONDS)).isEqualTo("computed");
            assertThat(log.await("commonPool() were all taken")).endsWith(" ms in all");
        }
    }
}
