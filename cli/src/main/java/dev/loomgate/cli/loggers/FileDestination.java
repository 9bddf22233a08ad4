package dev.loomgate.cli.loggers;

import dev.loomgate.cli.files.Backup;
import dev.loomgate.cli.files.Period;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Appends to a file, many messages by one write, each write at the end as it then is: logrotate may rename
/// the file and ask for [#reopen], or truncate it. No message is lost by either, nor by its own rotation.
final class FileDestination implements Destination {
    private static final int FULL_BYTES = 64 * 1024;
    private static final FileAttribute<?> MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

    private final Path path;
    private final long maxBytes;
    private final @Nullable Path backup;

    // All guarded by this.
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private final Period period;
    private FileChannel file;

    /// @param maxBytes past which the file is renamed and another one begun; 0 for never
    /// @param every at the end of each such period the same; zero for never
    /// @param backup what it is renamed to; null for its own name with the time in seconds
    /// @throws IOException if it can't be opened
    FileDestination(Path path, long maxBytes, Duration every, @Nullable Path backup) throws IOException {
        this.path = path;
        this.maxBytes = maxBytes;
        this.backup = backup;
        this.file = open();
        // What is in it may be of an earlier period, in which another server has written it.
        Instant written = file.size() == 0
                ? Instant.now()
                : Files.getLastModifiedTime(path).toInstant();
        this.period = new Period(every, written, ZoneId.systemDefault());
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), MODE);
    }

    @Override
    public synchronized void write(byte[] message) throws IOException {
        waiting.writeBytes(message);
        if (waiting.size() >= FULL_BYTES) {
            flush();
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        if (waiting.size() == 0) {
            return;
        }
        if (period.isOver(Instant.now()) && file.size() > 0) {
            rotate();
        }
        ByteBuffer bytes = ByteBuffer.wrap(waiting.toByteArray());
        waiting.reset();
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        if (maxBytes > 0 && file.size() > maxBytes) {
            rotate();
        }
    }

    // One that somebody has removed goes on without a name, and would fill the disk: another one begins in its place.
    private void rotate() throws IOException {
        if (Files.exists(path)) {
            Backup.of(path, backup);
        }
        reopen();
    }

    @Override
    public synchronized boolean reopen() throws IOException {
        FileChannel next = open();
        FileChannel before = file;
        file = next;
        before.close();
        return true;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
