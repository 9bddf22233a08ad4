package dev.loomgate.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// What a logger of this JVM says while this is open, instead of on the console. A line is its message, followed by
/// ` <- ` and the exception where there is one.
///
/// ```java
/// try (LogLines log = LogLines.of("dev.loomgate.server"); Server server = start()) {
///     ...
///     log.await("the application failed");
/// }
/// ```
public final class LogLines extends Handler implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    // Kept: a logger without references loses its handlers.
    private final Logger logger;
    private final boolean withLevels;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LogLines(String name, boolean withLevels) {
        logger = Logger.getLogger(name);
        this.withLevels = withLevels;
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    /// The lines of a logger and those below it.
    ///
    /// @param name such as `dev.loomgate.server`
    public static LogLines of(String name) {
        return new LogLines(name, false);
    }

    /// The same, each line with its level before it: `INFO`, `WARNING` or `ERROR`, as `System.Logger` names them.
    public static LogLines withLevels(String name) {
        return new LogLines(name, true);
    }

    @Override
    public void publish(LogRecord entry) {
        String level = withLevels ? level(entry.getLevel()) + " " : "";
        String thrown = entry.getThrown() == null ? "" : " <- " + entry.getThrown();
        lines.add(level + new SimpleFormatter().formatMessage(entry) + thrown);
    }

    private static String level(Level level) {
        return level.equals(Level.SEVERE) ? "ERROR" : level.getName();
    }

    /// The lines so far.
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /// Those of the lines so far that contain this.
    public List<String> with(String part) {
        return lines.stream().filter(line -> line.contains(part)).toList();
    }

    /// Forgets the lines so far.
    public void clear() {
        lines.clear();
    }

    /// Waits for a line that contains this, and returns the first one.
    ///
    /// @throws AssertionError if none comes in 30 seconds
    public String await(String part) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            for (String line : lines) {
                if (line.contains(part)) {
                    return line;
                }
            }
            if (System.nanoTime() - deadline > 0) {
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
        logger.setUseParentHandlers(Arrays.stream(logger.getHandlers()).noneMatch(LogLines.class::isInstance));
    }
}
