package dev.loomgate.cli.log;

import dev.loomgate.gateway.LogId;
import dev.loomgate.server.CurrentRequest;
import java.time.Duration;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/// Where `java.util.logging` ends, and with it `System.Logger` and Netty: passes each record on to the
/// [LogWriter].
final class LogHandler extends Handler {
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final Formatter MESSAGES = new SimpleFormatter();

    private final LogWriter writer;

    LogHandler(LogWriter writer) {
        this.writer = writer;
    }

    @Override
    public void publish(LogRecord record) {
        if (isLoggable(record)) {
            writer.write(new LogEntry(
                    record.getInstant(),
                    levelName(record.getLevel()),
                    String.valueOf(record.getLoggerName()),
                    MESSAGES.formatMessage(record),
                    record.getThrown(),
                    requestId(record)));
        }
    }

    // One that is given is of the request that is told of; else it is told of by who logs.
    private static String requestId(LogRecord record) {
        Object[] parameters = record.getParameters();
        if (parameters != null) {
            for (Object parameter : parameters) {
                if (parameter instanceof LogId id) {
                    return id.text();
                }
            }
        }
        return CurrentRequest.id().orElse("");
    }

    /// The names that `System.Logger` has for the levels.
    private static String levelName(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (value >= Level.WARNING.intValue()) {
            return "WARNING";
        }
        if (value >= Level.CONFIG.intValue()) {
            return "INFO";
        }
        return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }

    @Override
    public void flush() {
        writer.flush(LAST_WORDS);
    }

    /// Called by the log manager when the JVM ends.
    @Override
    public void close() {
        flush();
    }
}
