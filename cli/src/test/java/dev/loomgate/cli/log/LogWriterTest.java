package dev.loomgate.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogWriterTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Instant TIME = Instant.parse("2026-11-23T05:35:00.125Z");

    /// A sink that nobody reads until it is opened.
    private static final class Stuck extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        @Override
        public void write(int b) {
            throw new AssertionError("one byte at a time");
        }

        @Override
        public void write(byte[] some, int offset, int length) throws IOException {
            reached.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            bytes.write(some, offset, length);
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    private static LogEntry entry(String message) {
        return entry(message, null);
    }

    private static LogEntry entry(String message, @Nullable Throwable thrown) {
        return new LogEntry(TIME, "INFO", "test", message, thrown, "");
    }

    private static void messageOnly(StringBuilder text, LogEntry entry) {
        text.append(entry.message()).append('\n');
    }

    @Test
    void recordsAreWrittenInOrder() {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        LogWriter writer = new LogWriter(sink, LogWriterTest::messageOnly).start();

        writer.write(entry("one"));
        writer.write(entry("zwölf"));
        writer.flush(LIMIT);

        assertThat(sink.toString(StandardCharsets.UTF_8)).isEqualTo("one\nzwölf\n");
    }

    @Test
    void writingNeverWaitsForTheReader() throws InterruptedException {
        Stuck sink = new Stuck();
        LogWriter writer = new LogWriter(sink, LogWriterTest::messageOnly).start();
        writer.write(entry("first"));
        sink.reached.await();

        for (int i = 0; i < LogWriter.MAX_WAITING + 5; i++) {
            writer.write(entry("more"));
        }
        sink.open.countDown();
        writer.flush(LIMIT);

        assertThat(sink.text())
                .startsWith("first\nmore\n")
                .contains("5 log records were dropped: standard error is read too slowly\n");
        assertThat(sink.text().lines().filter("more"::equals)).hasSize(LogWriter.MAX_WAITING);
    }

    @Test
    void flushReturnsAlsoWhereNobodyReads() throws InterruptedException {
        Stuck sink = new Stuck();
        LogWriter writer = new LogWriter(sink, LogWriterTest::messageOnly).start();
        writer.write(entry("first"));
        sink.reached.await();

        writer.flush(Duration.ofMillis(10));

        assertThat(sink.text()).isEmpty();
        sink.open.countDown();
    }

    @Test
    void recordThatCannotDescribeItselfLosesOnlyItsStack() {
        ByteArrayOutputStream sink = new ByteArrayOutputStream();
        LogWriter writer = new LogWriter(sink, new TextFormat()).start();

        writer.write(entry("bad", new RuntimeException() {
            @Override
            public String getMessage() {
                throw new IllegalStateException();
            }
        }));
        writer.write(entry("good"));
        writer.flush(LIMIT);

        assertThat(sink.toString(StandardCharsets.UTF_8)).matches("\\S+ INFO bad\n\\S+ INFO good\n");
    }

    @Test
    void sinkThatFailsDoesNotEndTheLog() {
        ByteArrayOutputStream sink = new ByteArrayOutputStream() {
            private boolean failed;

            @Override
            public void flush() throws IOException {
                if (!failed) {
                    failed = true;
                    throw new IOException("broken pipe");
                }
            }
        };
        LogWriter writer = new LogWriter(sink, LogWriterTest::messageOnly).start();

        writer.write(entry("one"));
        writer.flush(LIMIT);
        writer.write(entry("two"));
        writer.flush(LIMIT);

        assertThat(sink.toString(StandardCharsets.UTF_8)).isEqualTo("one\ntwo\n");
    }

    /// Tells what it has got, a write a string.
    private static final class Told extends OutputStream {
        private final BlockingQueue<String> writes = new LinkedBlockingQueue<>();

        @Override
        public void write(int b) {
            throw new AssertionError("one byte at a time");
        }

        @Override
        public void write(byte[] some, int offset, int length) {
            writes.add(new String(some, offset, length, StandardCharsets.UTF_8));
        }

        String next() throws InterruptedException {
            return String.valueOf(writes.poll(LIMIT.toSeconds(), TimeUnit.SECONDS));
        }
    }

    /// A writer that has just written several records at once.
    private static LogWriter gathering(Told sink, Duration gather) throws InterruptedException {
        LogWriter writer = new LogWriter(sink, LogWriterTest::messageOnly, gather);
        for (int i = 0; i < LogWriter.SEVERAL; i++) {
            writer.write(entry("before"));
        }
        writer.start();
        assertThat(sink.next()).isEqualTo("before\n".repeat(LogWriter.SEVERAL));
        return writer;
    }

    @Test
    void moreRecordsGatherWhereSeveralCameAtOnceUntilAFlush() throws InterruptedException {
        Told sink = new Told();
        LogWriter writer = gathering(sink, Duration.ofHours(1));

        writer.write(entry("one"));
        assertThat(sink.writes.poll(100, TimeUnit.MILLISECONDS)).isNull();
        writer.write(entry("two"));
        writer.flush(LIMIT);

        assertThat(sink.writes).containsExactly("one\ntwo\n");
    }

    @Test
    void aRecordAloneIsWrittenWithoutDelay() throws InterruptedException {
        Told sink = new Told();
        LogWriter writer = new LogWriter(sink, LogWriterTest::messageOnly, Duration.ofHours(1)).start();

        for (int i = 0; i < 20; i++) {
            writer.write(entry("alone"));
            assertThat(sink.next()).isEqualTo("alone\n");
        }
    }

    @Test
    void manyRecordsEndTheGatheringAndNoneIsDropped() throws InterruptedException {
        Told sink = new Told();
        LogWriter writer = gathering(sink, Duration.ofHours(1));

        for (int i = 0; i < LogWriter.MANY_WAITING; i++) {
            writer.write(entry("more"));
        }

        String first = sink.next();
        writer.flush(LIMIT);
        assertThat(first + String.join("", sink.writes)).isEqualTo("more\n".repeat(LogWriter.MANY_WAITING));
    }

    @Test
    void aSinkOfMessagesGetsEachRecordOnItsOwnAndNothingGoesElsewhere() {
        ByteArrayOutputStream before = new ByteArrayOutputStream();
        ByteArrayOutputStream more = new ByteArrayOutputStream();
        List<String> messages = new ArrayList<>();
        LogWriter writer = new LogWriter(before, new TextFormat(time -> "at", false)).start();
        writer.write(entry("zero"));
        writer.flush(LIMIT);
        writer.sendTo(new MessageSink() {
            @Override
            public void message(String text) {
                messages.add(text);
            }

            @Override
            public void flush() {
                messages.add("flushed");
            }
        });
        writer.alsoTo(more);

        writer.write(entry("one"));
        writer.write(entry("two", new IllegalStateException()));
        writer.flush(LIMIT);

        messages.removeIf("flushed"::equals);
        assertThat(messages).hasSize(2);
        assertThat(messages.getFirst()).isEqualTo("at - INFO one\n");
        assertThat(messages.getLast())
                .startsWith("at - INFO two\njava.lang.IllegalStateException\n\tat ")
                .endsWith("\n");
        assertThat(before.toString(StandardCharsets.UTF_8)).isEqualTo("at - INFO zero\n");
        assertThat(more.toString(StandardCharsets.UTF_8)).isEqualTo(String.join("", messages));
    }
}
