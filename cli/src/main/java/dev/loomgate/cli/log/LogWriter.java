package dev.loomgate.cli.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Writes records in a platform thread of its own.
///
/// A caller takes no lock and never waits, so a log line can neither hold a loop nor wait for a lock that a parked
/// microthread holds. The price: when the reader of the log is too slow, records past [#MAX_WAITING] are dropped,
/// and counted in a record of their own.
final class LogWriter {
    static final int MAX_WAITING = 8_192;
    private static final int BATCH_CHARS = 8_192;

    /// What the thread is given to do, in order.
    private sealed interface Item {
        record Entry(LogEntry entry) implements Item {}

        record Flush(CountDownLatch done) implements Item {}
    }

    private final ConcurrentLinkedQueue<Item> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final OutputStream sink;
    private final Thread thread;
    private volatile LogFormat format;
    private volatile @Nullable OutputStream more;

    LogWriter(OutputStream sink, LogFormat format) {
        this.sink = sink;
        this.format = format;
        this.thread = Thread.ofPlatform().daemon().name("loomgate-log").unstarted(this::run);
    }

    LogWriter start() {
        thread.start();
        return this;
    }

    /// What is written goes there as well, until that fails; or no longer, with null.
    void alsoTo(@Nullable OutputStream other) {
        more = other;
    }

    void format(LogFormat other) {
        format = other;
    }

    /// Takes a record. Any thread; never waits.
    void write(LogEntry entry) {
        if (waitingCount.incrementAndGet() > MAX_WAITING) {
            waitingCount.decrementAndGet();
            dropped.incrementAndGet();
            return;
        }
        waiting.add(new Item.Entry(entry));
        LockSupport.unpark(thread);
    }

    /// Waits until what was taken before is written, at most that long. For the end of the program.
    void flush(Duration limit) {
        CountDownLatch done = new CountDownLatch(1);
        waiting.add(new Item.Flush(done));
        LockSupport.unpark(thread);
        try {
            done.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        StringBuilder text = new StringBuilder();
        while (true) {
            Item item = waiting.poll();
            switch (item) {
                case Item.Entry(LogEntry entry) -> {
                    waitingCount.decrementAndGet();
                    append(text, entry);
                    if (text.length() > BATCH_CHARS) {
                        send(text);
                    }
                }
                case Item.Flush(CountDownLatch done) -> {
                    send(text);
                    done.countDown();
                }
                case null -> {
                    send(text);
                    if (waiting.isEmpty()) {
                        LockSupport.park(this);
                    }
                }
            }
        }
    }

    private void append(StringBuilder text, LogEntry entry) {
        int before = text.length();
        try {
            format.append(text, entry);
        } catch (RuntimeException e) {
            // What was thrown can't describe itself; the thread must outlive it.
            text.setLength(before);
            format.append(text, new LogEntry(entry.time(), entry.level(), entry.logger(), entry.message(), null));
        }
    }

    private void writeMore(byte[] bytes) {
        OutputStream other = more;
        if (other != null) {
            try {
                other.write(bytes);
            } catch (IOException e) {
                more = null;
            }
        }
    }

    private void send(StringBuilder text) {
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            String message = lost + " log records were dropped: standard error is read too slowly";
            append(text, new LogEntry(Instant.now(), "WARNING", "dev.loomgate.cli", message, null));
        }
        if (text.isEmpty()) {
            return;
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        writeMore(bytes);
        try {
            sink.write(bytes);
            sink.flush();
        } catch (IOException e) {
            // Standard error is gone: there is nowhere left to say so, and the server goes on.
            dropped.set(0);
        }
        text.setLength(0);
    }
}
