package dev.loomgate.cli.loggers;

import java.io.IOException;

/// Where messages go. Several threads may use it, none of which is a loop's: it may wait.
interface Destination {
    /// Takes a message, which may be kept until [#flush].
    ///
    /// @param message a line with its line feed, as a rule; encoders may have made something else of it
    /// @throws IOException if it can't be written; then it is lost
    void write(byte[] message) throws IOException;

    /// Writes what has been kept.
    default void flush() throws IOException {}

    /// Opens the file again, by its name, after somebody has renamed it.
    ///
    /// @return whether it is a file
    /// @throws IOException if it can't be opened; then it goes on to the old one
    default boolean reopen() throws IOException {
        return false;
    }
}
