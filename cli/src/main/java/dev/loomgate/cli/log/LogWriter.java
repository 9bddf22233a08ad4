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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes records in a platform thread of its own, many at once: where several came at the same time, it lets more
/// gather for [#GATHER] before it looks again, since to be woken for each costs more than to write it.
///
/// A caller takes no lock and never waits, so a log line can neither hold a loop nor wait for a lock that a parked
/// microthread holds. The price: when the reader of the log is too slow, records past [#MAX_WAITING] are dropped,
/// and counted in a record of their own.
final class LogWriter {
    static final int MAX_WAITING = 8_192;
    /// What a record waits at most, and only behind others.
    static final Duration GATHER = Duration.ofMillis(5);
    /// So many records at once are a sign that more will come.
    static final int SEVERAL = 4;
    /// So many wait for nothing more to gather.
    static final int MANY_WAITING = MAX_WAITING / 4;

    private static final int BATCH_CHARS = 16_384;

    /// What the thread is given to do, in order.
    sealed interface Item permits LogEntry, Flush {}

    private record Flush(CountDownLatch done) implements Item {}

    private final ConcurrentLinkedQueue<Item> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final long gatherNanos;
    private final OutputStream sink;
    private final Thread thread;
    private volatile LogFormat format;
    /// The thread has nothing to do until it is woken. Who sets this to false wakes it.
    private volatile boolean idle;
    private volatile @Nullable OutputStream more;
    private volatile Consumer<LogEntry> watcher = entry -> {};
    private volatile @Nullable MessageSink instead;

    LogWriter(OutputStream sink, LogFormat format) {
        this(sink, format, GATHER);
    }

    /// @param gather instead of [#GATHER]
    LogWriter(OutputStream sink, LogFormat format, Duration gather) {
        this.gatherNanos = gather.toNanos();
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

    /// What is written goes there, one record after the other, instead of to the sink.
    void sendTo(MessageSink messages) {
        instead = messages;
    }

    /// Is told of each record as it is written, in the writer's thread; throws nothing.
    void watch(Consumer<LogEntry> other) {
        watcher = other;
    }

    void format(LogFormat other) {
        format = other;
    }

    /// Takes a record. Any thread; never waits.
    void write(LogEntry entry) {
        int count = waitingCount.incrementAndGet();
        if (count > MAX_WAITING) {
            waitingCount.decrementAndGet();
            dropped.incrementAndGet();
            return;
        }
        waiting.add(entry);
        if (idle || count == MANY_WAITING) {
            wake();
        }
    }

    private void wake() {
        idle = false;
        LockSupport.unpark(thread);
    }

    /// Waits until what was taken before is written, at most that long. For the end of the program.
    void flush(Duration limit) {
        CountDownLatch done = new CountDownLatch(1);
        waiting.add(new Flush(done));
        wake();
        try {
            done.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        StringBuilder text = new StringBuilder();
        int inText = 0;
        int atOnce = 0;
        while (true) {
            Item item = waiting.poll();
            if (item instanceof LogEntry entry) {
                append(text, entry);
                watcher.accept(entry);
                inText++;
                atOnce++;
                passOn(text);
                if (text.length() <= BATCH_CHARS) {
                    continue;
                }
            }
            waitingCount.addAndGet(-inText);
            inText = 0;
            send(text);
            if (item instanceof Flush(CountDownLatch done)) {
                done.countDown();
            } else if (item == null) {
                pause(atOnce >= SEVERAL);
                atOnce = 0;
            }
        }
    }

    private void pause(boolean moreWillCome) {
        if (moreWillCome) {
            LockSupport.parkNanos(this, gatherNanos);
            return;
        }
        idle = true;
        if (waiting.isEmpty()) {
            LockSupport.park(this);
        }
        idle = false;
    }

    private void append(StringBuilder text, LogEntry entry) {
        int before = text.length();
        try {
            format.append(text, entry);
        } catch (RuntimeException e) {
            // What was thrown can't describe itself; the thread must outlive it.
            text.setLength(before);
            format.append(
                    text,
                    new LogEntry(
                            entry.time(), entry.level(), entry.logger(), entry.message(), null, entry.requestId()));
        }
    }

    private void passOn(StringBuilder text) {
        MessageSink messages = instead;
        if (messages != null && !text.isEmpty()) {
            String record = text.toString();
            messages.message(record);
            writeMore(record.getBytes(StandardCharsets.UTF_8));
            text.setLength(0);
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
            append(text, new LogEntry(Instant.now(), "WARNING", "dev.loomgate.cli", message, null, ""));
        }
        passOn(text);
        MessageSink messages = instead;
        if (messages != null) {
            messages.flush();
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
