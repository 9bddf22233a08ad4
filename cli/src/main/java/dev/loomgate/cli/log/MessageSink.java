package dev.loomgate.cli.log;

/// Takes the log's records instead of standard error: one after the other, in the log's own thread, which may wait.
public interface MessageSink {
    /// @param text a record as its format has it, with its line feed at the end; a stack has further lines
    void message(String text);

    /// All that has come is to be written: nothing more waits at the moment.
    void flush();
}
