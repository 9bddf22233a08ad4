package dev.loomgate.python.requests;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file in which a worker says which request it has begun: what it has not begun when it dies may go to
/// another one.
final class BegunFile {
    private BegunFile() {}

    /// Reads and deletes the file. A few bytes from the page cache: quick enough for the loop side.
    ///
    /// @return the id of the last request that was begun; where the file can't be read, more than any
    static int read(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            return (int) Math.min(
                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(), Integer.MAX_VALUE);
        } catch (IOException | java.nio.BufferUnderflowException e) {
            return Integer.MAX_VALUE;
        }
    }
}
