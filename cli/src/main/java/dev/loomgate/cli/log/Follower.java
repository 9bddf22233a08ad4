package dev.loomgate.cli.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who follows a [LogTail], and the thread that tells it of lines.
final class Follower implements LogTail.Following {
    /// So many lines wait for one that is slow.
    static final int MAX_WAITING = 2_000;

    private static final Logger LOG = System.getLogger("dev.loomgate.cli");

    private final Consumer<LogLine> consumer;
    private final Consumer<Follower> leave;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("loomgate-log-follower").unstarted(this::run);
    private final ArrayDeque<LogLine> waiting = new ArrayDeque<>(); // guarded by itself, as what follows
    private long dropped;
    private boolean closed;

    /// @param leave is told when it ends
    Follower(Consumer<LogLine> consumer, Consumer<Follower> leave) {
        this.consumer = consumer;
        this.leave = leave;
    }

    void start() {
        thread.start();
    }

    /// These come before others. Before it starts.
    void begin(List<LogLine> lines) {
        synchronized (waiting) {
            waiting.addAll(lines);
        }
    }

    /// Never waits for the consumer.
    void add(LogLine line) {
        synchronized (waiting) {
            if (waiting.size() >= MAX_WAITING || dropped > 0) {
                dropped++;
                return;
            }
            waiting.add(line);
            waiting.notifyAll();
        }
    }

    private void run() {
        try {
            for (LogLine line = next(); line != null; line = next()) {
                consumer.accept(line);
            }
        } catch (InterruptedException e) {
            // it was closed while it waited
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "who follows the log has failed, and is told no more", e);
        } finally {
            leave.accept(this);
        }
    }

    // Null at the end.
    private @Nullable LogLine next() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty() && dropped == 0 && !closed) {
                waiting.wait();
            }
            if (closed) {
                return null;
            }
            LogLine line = waiting.poll();
            return line == null ? missing() : line;
        }
    }

    private LogLine missing() {
        String text = dropped + " lines are missing here: who follows the log takes them too slowly";
        dropped = 0;
        return new LogLine(Instant.now(), "WARNING", text, "");
    }

    @Override
    public void close() {
        leave.accept(this);
        synchronized (waiting) {
            closed = true;
            waiting.clear();
        }
        if (Thread.currentThread() != thread) {
            thread.interrupt();
        }
    }
}
