package dev.loomgate.server.peers;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// What a log says while this is open; it says it nowhere else meanwhile.
public final class LogLines extends Handler implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    // Kept, for a logger that nobody holds forgets its handlers.
    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /// Listens to `dev.loomgate.server`.
    public LogLines() {
        this("dev.loomgate.server");
    }

    public LogLines(String name) {
        logger = Logger.getLogger(name);
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord line) {
        String thrown = line.getThrown() == null ? "" : " <- " + line.getThrown();
        lines.add(new SimpleFormatter().formatMessage(line) + thrown);
    }

    /// The lines so far.
    public List<String> lines() {
        return List.copyOf(lines);
    }

    public void clear() {
        lines.clear();
    }

    /// Waits for a line with this part.
    public String await(String part) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            for (String line : lines) {
                if (line.contains(part)) {
                    return line;
                }
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no line with \"" + part + "\" in " + LIMIT + ", but " + lines);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
