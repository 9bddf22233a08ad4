package dev.loomgate.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogTailTest {
    private static final Instant TIME = Instant.parse("2026-11-23T05:35:00.125Z");

    private static LogEntry entry(String message, String requestId) {
        return new LogEntry(TIME, "INFO", "test", message, null, requestId);
    }

    private static LogEntry entry(String message) {
        return entry(message, "");
    }

    private static List<String> texts(List<LogLine> lines) {
        return lines.stream().map(LogLine::text).toList();
    }

    @Test
    void nothingIsKeptBeforeItIsStarted() {
        LogTail tail = new LogTail();

        tail.record(entry("before"));
        tail.start();
        tail.record(entry("after"));

        assertThat(texts(tail.lines(10))).containsExactly("after");
    }

    @Test
    void theLastLinesAreKeptInTheirOrder() {
        LogTail tail = new LogTail(3, LogTail.MAX_BYTES).start();

        List.of("a", "b", "c", "d", "e").forEach(text -> tail.record(entry(text)));

        assertThat(texts(tail.lines(10))).containsExactly("c", "d", "e");
        assertThat(texts(tail.lines(2))).containsExactly("d", "e");
    }

    @Test
    void memoryIsBoundedWhateverIsLogged() {
        LogTail tail = new LogTail(1_000, 1 << 20).start();

        for (int i = 0; i < 200; i++) {
            tail.record(entry("x".repeat(1 << 20)));
        }

        List<LogLine> kept = tail.lines(1_000);
        assertThat(kept).hasSizeBetween(30, 33);
        assertThat(kept).allSatisfy(line -> {
            assertThat(line.text()).hasSize(LogTail.MAX_LINE_CHARS);
            assertThat(line.text()).endsWith("x...");
        });
    }

    @Test
    void aLineHasTheLevelAndTheStackAndNothingThatATerminalObeys() {
        LogTail tail = new LogTail().start();

        tail.record(new LogEntry(TIME, "ERROR", "test", "a\u001b[2Jb", new IllegalStateException("why"), "r1"));

        LogLine line = tail.lines(1).getFirst();
        assertThat(line.time()).isEqualTo(TIME);
        assertThat(line.level()).isEqualTo("ERROR");
        assertThat(line.requestId()).isEqualTo("r1");
        assertThat(line.text()).startsWith("a\\x1b[2Jb\njava.lang.IllegalStateException: why\n\tat ");
    }

    @Test
    void linesOfOneRequestAreFound() {
        LogTail tail = new LogTail().start();

        tail.record(entry("one", "r1"));
        tail.record(entry("two", "r2"));
        tail.record(entry("three"));
        tail.record(entry("four", "r1"));

        assertThat(texts(tail.ofRequest("r1"))).containsExactly("one", "four");
    }

    @Test
    void whoFollowsGetsTheLastLinesAndThenWhatComes() throws InterruptedException {
        LogTail tail = new LogTail().start();
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        tail.record(entry("old"));
        tail.record(entry("last"));

        try (LogTail.Following _ = tail.follow(1, line -> got.add(line.text()))) {
            tail.record(entry("new"));
            assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo("last");
            assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo("new");
        }
        tail.record(entry("afterwards"));

        assertThat(got).isEmpty();
    }

    @Test
    void aSlowFollowerHoldsNobodyAndIsToldWhatItHasMissed() throws Exception {
        LogTail tail = new LogTail();
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        try (LogTail.Following _ = tail.follow(line -> {
            held.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            got.add(line.text());
        })) {
            tail.record(entry("first"));
            assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < Follower.MAX_WAITING + 7; i++) {
                tail.record(entry("line " + i)); // returns, though nobody takes it
            }
            goOn.countDown();

            Eventually.await("all but what was left out", () -> got.size() == Follower.MAX_WAITING + 2);
            assertThat(got).endsWith("7 lines are missing here: who follows the log takes them too slowly");
            tail.record(entry("later"));
            Eventually.await("what comes later", () -> got.contains("later"));
        }
    }

    @Test
    void aFollowersThreadEndsWithIt() throws Exception {
        LogTail tail = new LogTail();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        LogTail.Following following = tail.follow(line -> threads.add(Thread.currentThread()));
        tail.record(entry("one"));
        Eventually.await("a line", () -> !threads.isEmpty());

        following.close();

        Eventually.await("its end", () -> !threads.getFirst().isAlive());
    }
}
