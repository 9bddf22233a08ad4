package dev.loomgate.cli.log;

/// How a record is written.
@FunctionalInterface
interface LogFormat {
    /// Appends the record, with a line feed at the end of each line.
    void append(StringBuilder text, LogEntry entry);
}
