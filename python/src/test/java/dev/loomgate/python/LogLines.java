package dev.loomgate.python;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// What is logged for the operator while this is open, instead of on the console.
final class LogLines extends Handler implements AutoCloseable {
    // Kept, for a logger that nobody holds forgets its handlers.
    private final Logger logger = Logger.getLogger("dev.loomgate");
    private final List<String> lines = new CopyOnWriteArrayList<>();

    LogLines() {
        logger.addHandler(this);
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.INFO);
    }

    @Override
    public void publish(LogRecord record) {
        String thrown = record.getThrown() == null ? "" : " | " + record.getThrown();
        String level = record.getLevel().equals(Level.SEVERE)
                ? "ERROR"
                : record.getLevel().getName();
        lines.add(level + " " + new SimpleFormatter().formatMessage(record) + thrown);
    }

    /// All lines so far.
    List<String> lines() {
        return List.copyOf(lines);
    }

    /// Those that have this part.
    List<String> with(String part) {
        return lines.stream().filter(line -> line.contains(part)).toList();
    }

    /// Waits for a line that has this part.
    String await(String part) throws Exception {
        Eventually.await(() -> "a line with \"" + part + "\" in " + String.join("\n", lines), () -> !with(part)
                .isEmpty());
        return with(part).getFirst();
    }

    void clear() {
        lines.clear();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
