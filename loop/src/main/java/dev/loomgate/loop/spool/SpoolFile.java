package dev.loomgate.loop.spool;

import dev.loomgate.loop.Loop;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A temporary file without a name: nothing of it stays, even if the process is killed. What isn't said
/// to be otherwise blocks; one thread may write while another one reads.
public final class SpoolFile {
    private static final Logger LOG = System.getLogger("dev.loomgate.loop");
    private static final Set<StandardOpenOption> OPTIONS = Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);

    private final FileChannel channel;

    private SpoolFile(FileChannel channel) {
        this.channel = channel;
    }

    /// A new one, which only its owner can read.
    public static SpoolFile open(Path directory) throws IOException {
        FileAttribute<?>[] attributes =
                FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(
                                    Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))
                        }
                        : new FileAttribute<?>[0];
        // The name is taken and left again: CREATE_NEW sees to it that nobody put something of theirs there since.
        Path path = Files.createTempFile(directory, "loomgate-spool-", "", attributes);
        Files.delete(path);
        return new SpoolFile(FileChannel.open(path, OPTIONS, attributes));
    }

    /// A new one with these bytes.
    public static SpoolFile of(Path directory, ByteBuffer bytes) throws IOException {
        SpoolFile file = open(directory);
        try {
            file.write(bytes, 0);
            return file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /// To send it from. Closing the channel closes the file.
    public FileChannel channel() {
        return channel;
    }

    /// Writes all of these bytes from `at` on.
    public void write(ByteBuffer bytes, long at) throws IOException {
        long next = at;
        while (bytes.hasRemaining()) {
            next += channel.write(bytes, next);
        }
    }

    /// Reads so many bytes from `at` on.
    public byte[] read(long at, int count) throws IOException {
        byte[] bytes = new byte[count];
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            if (channel.read(left, at + left.position()) < 0) {
                throw new EOFException("the temporary file has become shorter");
            }
        }
        return bytes;
    }

    /// Gives it up, and the disk's room.
    public void close() throws IOException {
        channel.close();
    }

    /// Closes it without blocking the caller: to give back the room of a long file takes a while. Any thread.
    public void closeOn(Loop loop) {
        loop.start("end of a temporary file", () -> {
            try {
                Loop.offload(() -> {
                    close();
                    return true;
                });
            } catch (Exception e) {
                LOG.log(Level.DEBUG, "a temporary file can''t be closed", e);
            }
        });
    }
}
