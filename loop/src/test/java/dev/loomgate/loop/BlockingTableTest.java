package dev.loomgate.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.settings.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How long others on the same loop wait at most while one of them blocks, by what it does: the table of
/// docs/blocking.md, on the engine `loop`. With `-Dloomgate.blocking.table=all` on all engines, and printed.
@Timeout(300)
@Tag("timing")
class BlockingTableTest {
    private static final boolean ALL = "all".equals(System.getProperty("loomgate.blocking.table"));
    private static final int HOLD_MILLIS = ALL ? 1000 : 400;

    @TempDir
    private Path directory;

    /// What blocks, for about [#HOLD_MILLIS].
    @FunctionalInterface
    private interface Blocking {
        void run() throws Exception;
    }

    static final class SleepsAtStart {
        static final long SLEPT = slept();

        private static long slept() {
            try {
                Thread.sleep(HOLD_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return HOLD_MILLIS;
        }
    }

    private static void compute() {
        long end = System.nanoTime() + HOLD_MILLIS * 1_000_000L;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    private static void contended() throws InterruptedException {
        Object lock = new Object();
        Thread holder = Thread.ofPlatform().start(() -> {
            synchronized (lock) {
                rest();
            }
        });
        while (holder.getState() == Thread.State.NEW || holder.getState() == Thread.State.RUNNABLE) {
            Thread.sleep(1);
        }
        synchronized (lock) {
            holder.join(Duration.ofSeconds(20));
        }
    }

    private static void rest() {
        try {
            Thread.sleep(HOLD_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fifo() throws Exception {
        Path fifo = Files.createTempDirectory(directory, "fifo").resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Thread.ofPlatform().start(() -> {
            rest();
            try {
                Files.writeString(fifo, "x");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Files.readString(fifo);
    }

    private void files() throws IOException {
        Path file = Files.createTempFile(directory, "large", "");
        Files.write(file, new byte[ALL ? 300_000_000 : 60_000_000]);
        assertThat(Files.readAllBytes(file)).isNotEmpty();
        Files.delete(file);
    }

    private static void walk() throws IOException {
        long end = System.nanoTime() + HOLD_MILLIS * 1_000_000L;
        while (System.nanoTime() - end < 0) {
            try (Stream<Path> found = Files.walk(Path.of("src"))) {
                assertThat(found.count()).isPositive();
            }
        }
    }

    private static void socket() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            Thread.ofPlatform().start(() -> {
                try (Socket accepted = server.accept()) {
                    rest();
                    accepted.getOutputStream().write(1);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(client.getInputStream().read()).isEqualTo(1);
        }
    }

    private static void inVirtualThreads() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            executor.submit(BlockingTableTest::compute).get();
        }
    }

    private Map<String, Blocking> kinds() {
        Map<String, Blocking> kinds = new LinkedHashMap<>();
        kinds.put("`Thread.sleep`", () -> Thread.sleep(HOLD_MILLIS));
        kinds.put("`synchronized`, contended", BlockingTableTest::contended);
        kinds.put("a socket", BlockingTableTest::socket);
        kinds.put("a child process", () -> new ProcessBuilder("sleep", Float.toString(HOLD_MILLIS / 1000f))
                .start()
                .waitFor());
        kinds.put("`Files.write`, `readAllBytes` of a large file", this::files);
        kinds.put("`Files.walk`", BlockingTableTest::walk);
        kinds.put("opening a FIFO", this::fifo);
        kinds.put("a static initialiser that sleeps", () -> assertThat(SleepsAtStart.SLEPT)
                .isPositive());
        kinds.put("computing", BlockingTableTest::compute);
        kinds.put("`parallelStream`", () -> IntStream.range(0, 4).parallel().forEach(i -> compute()));
        kinds.put("computing in `newVirtualThreadPerTaskExecutor`", BlockingTableTest::inVirtualThreads);
        kinds.put(
                "computing in `Loop.offload`",
                () -> Loop.offload(() -> {
                    compute();
                    return 0;
                }));
        return kinds;
    }

    /// @return the longest wait of another, and how long the blocking took, in nanoseconds
    private static long[] measure(LoopGroup group, Blocking blocking) throws Exception {
        Loop loop = group.next();
        for (int i = 0; i < 50; i++) {
            loop.createTask(() -> 0).get(20, SECONDS); // warm
        }
        long begin = System.nanoTime();
        Task<Long> task = loop.createTask(() -> {
            blocking.run();
            return System.nanoTime() - begin;
        });
        long longest = 0;
        while (!task.isDone()) {
            long start = System.nanoTime();
            loop.createTask(() -> 0).get(30, SECONDS);
            longest = Math.max(longest, System.nanoTime() - start);
            Thread.sleep(1);
        }
        return new long[] {longest, task.get(30, SECONDS)};
    }

    @Test
    void noBlockingHoldsTheOthersForItsWholeTime() throws Exception {
        StringBuilder table = new StringBuilder();
        for (Map.Entry<String, Blocking> kind : kinds().entrySet()) {
            table.append("| ").append(kind.getKey());
            for (Engine engine : ALL ? Engine.values() : new Engine[] {Engine.LOOP}) {
                try (LoopGroup group = LoopGroup.builder().engine(engine).start()) {
                    long[] nanos = measure(group, kind.getValue());
                    table.append(" | ").append(nanos[0] / 1_000_000);
                    if (!ALL && nanos[1] > HOLD_MILLIS * 900_000L) {
                        assertThat(nanos[0]).as(kind.getKey()).isLessThan(nanos[1] * 3 / 4);
                    }
                }
            }
            table.append(" |\n");
        }
        if (ALL) {
            System.out.println(table);
        }
    }
}
