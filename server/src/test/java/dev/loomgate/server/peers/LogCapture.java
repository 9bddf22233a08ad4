package dev.loomgate.server.peers;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// What the server logs while this is open, instead of the console.
public final class LogCapture extends Handler {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    // Kept, for a logger that nobody holds forgets its handlers.
    private final Logger logger = Logger.getLogger("dev.loomgate.server");
    private final List<String> lines = new CopyOnWriteArrayList<>();

    public LogCapture() {
        logger.addHandler(this);
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.INFO);
    }

    @Override
    public void publish(LogRecord record) {
        String thrown = record.getThrown() == null ? "" : " | " + record.getThrown();
        lines.add(new SimpleFormatter().formatMessage(record) + thrown);
    }

    /// All lines so far.
    public List<String> lines() {
        return List.copyOf(lines);
    }

    public void clear() {
        lines.clear();
    }

    /// Waits for a line that begins so.
    public String await(String beginning) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            for (String line : lines) {
                if (line.startsWith(beginning)) {
                    return line;
                }
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "no line that begins with \"" + beginning + "\" in " + LIMIT + ", but " + lines);
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
