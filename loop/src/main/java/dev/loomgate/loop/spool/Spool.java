package dev.loomgate.loop.spool;

import dev.loomgate.loop.settings.InvalidSetting;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// How much may wait for slow takers, responses for their clients above all: in memory up to two limits, from there on
/// in a [SpoolFile] for each of them.
///
/// One object is one account: all that share it share the memory in all. Apart from that account it is immutable; any
/// thread.
public final class Spool {
    /// The default for one response in memory.
    public static final long DEFAULT_BYTES = 1 << 20;

    /// The default for all responses in memory.
    public static final long DEFAULT_TOTAL_BYTES = 64 << 20;

    /// The default for a temporary file.
    public static final long DEFAULT_FILE_BYTES = 1 << 30;

    private static final long MAX_BYTES = 1 << 30;
    private static final long LOG_PAUSE_NANOS = 60_000_000_000L;
    // Of the memory in all: what may be on its way out of memory before those who bring more have to help.
    private static final int LEAVING_SHARE = 4;

    private final long bytes;
    private final long totalBytes;
    private final long fileBytes;
    private final Path directory;
    private final UnaryOperator<String> settingNames;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong leaving = new AtomicLong();
    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

    private Spool(long bytes, long totalBytes, long fileBytes, Path directory, UnaryOperator<String> settingNames) {
        this.bytes = bytes;
        this.totalBytes = totalBytes;
        this.fileBytes = fileBytes;
        this.directory = directory;
        this.settingNames = settingNames;
    }

    /// Limits of these sizes.
    ///
    /// @param bytes of one response in memory, up to 1 GiB; 0 for no buffering at all
    /// @param totalBytes of all responses in memory; what is over goes to files
    /// @param fileBytes of one response in its temporary file; 0 for none
    /// @param directory for the temporary files
    /// @throws IllegalArgumentException if a size is out of range; the message names it, as `spool.bytes`
    public static Spool of(long bytes, long totalBytes, long fileBytes, Path directory) {
        return of(bytes, totalBytes, fileBytes, directory, UnaryOperator.identity());
    }

    /// The same, for a program that calls settings otherwise.
    ///
    /// @param settingNames what messages call `spool.bytes`, `spool.totalBytes`, `spool.fileBytes`,
    /// `spool.directory`
    /// @throws IllegalArgumentException if a size is out of range; the message names it, as `spool.bytes`
    public static Spool of(
            long bytes, long totalBytes, long fileBytes, Path directory, UnaryOperator<String> settingNames) {
        InvalidSetting.requireNotNegative("spool.bytes", bytes);
        InvalidSetting.requireNotNegative("spool.totalBytes", totalBytes);
        InvalidSetting.requireNotNegative("spool.fileBytes", fileBytes);
        if (bytes > MAX_BYTES) {
            throw new InvalidSetting("spool.bytes", "is " + bytes + ", the most is 1g");
        }
        return new Spool(bytes, totalBytes, fileBytes, directory, settingNames);
    }

    /// 1 MiB, 64 MiB, 1 GiB, and the JVM's directory for temporary files.
    public static Spool defaults() {
        return of(
                DEFAULT_BYTES, DEFAULT_TOTAL_BYTES, DEFAULT_FILE_BYTES, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /// Memory for one response; 0 where nothing is to wait here.
    public int bytes() {
        return (int) bytes;
    }

    /// The longest temporary file; 0 for none.
    public long fileBytes() {
        return fileBytes;
    }

    /// Where temporary files are made.
    public Path directory() {
        return directory;
    }

    /// So many bytes more are in memory, or fewer.
    public void count(int more) {
        used.addAndGet(more);
    }

    /// The bytes that wait in memory now.
    public long used() {
        return used.get();
    }

    /// Whether all together take more memory than they may.
    public boolean isExhausted() {
        return used.get() > totalBytes;
    }

    /// So many bytes more are in memory only until they are in a file, or fewer.
    ///
    /// @return whether that is more than a quarter of the memory in all
    public boolean leave(long more) {
        return leaving.addAndGet(more) > totalBytes / LEAVING_SHARE;
    }

    /// Whether it is time to log that a temporary file can't be written. True once a minute.
    public boolean mayComplain() {
        long until = quietUntil.get();
        long now = System.nanoTime();
        return now - until >= 0 && quietUntil.compareAndSet(until, now + LOG_PAUSE_NANOS);
    }

    /// The line for the operator, without what follows from it.
    public String complaint(Exception why) {
        return "no temporary file can be written in %s (%s): %s"
                .formatted(directory, settingNames.apply("spool.directory"), why);
    }

    /// Whether the limits are the same, whatever waits now.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Spool spool
                && bytes == spool.bytes
                && totalBytes == spool.totalBytes
                && fileBytes == spool.fileBytes
                && directory.equals(spool.directory);
    }

    @Override
    public int hashCode() {
        return Objects.hash(bytes, totalBytes, fileBytes, directory);
    }

    @Override
    public String toString() {
        return "Spool[%d bytes each, %d in all, files of %d bytes in %s]"
                .formatted(bytes, totalBytes, fileBytes, directory);
    }
}
