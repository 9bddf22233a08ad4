package dev.loomgate.server;

import static org.assertj.core.api.Assertions.fail;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What a log says while this is open; it says it nowhere else meanwhile.
final class LogLines implements AutoCloseable {
    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            String message = line.getParameters() == null
                    ? line.getMessage()
                    : MessageFormat.format(line.getMessage(), line.getParameters());
            lines.add(message + (line.getThrown() == null ? "" : " <- " + line.getThrown()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /// Listens to `dev.loomgate.server`.
    LogLines() {
        this("dev.loomgate.server");
    }

    LogLines(String name) {
        logger = Logger.getLogger(name);
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    /// The lines so far.
    List<String> lines() {
        return List.copyOf(lines);
    }

    /// Waits for a line with this part, up to ten seconds.
    String await(String part) throws InterruptedException {
        long end = System.nanoTime() + 10_000_000_000L;
        while (System.nanoTime() - end < 0) {
            for (String line : lines) {
                if (line.contains(part)) {
                    return line;
                }
            }
            Thread.sleep(5);
        }
        return fail("no line with '%s' in the log: %s", part, lines);
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }
}
