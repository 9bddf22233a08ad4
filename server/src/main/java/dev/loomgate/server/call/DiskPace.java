package dev.loomgate.server.call;

import dev.loomgate.loop.spool.SpoolFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/// Whether the kernel takes what is written to files at the memory's pace. It does until far more has been written than
/// the disk can keep up with; then it holds writers up, for 0.2 s at a time, and loops may not write for a while: 0.1 s
/// first, since a thread that had to wait for a processor looks the same, and twice as long each time, up to 5 s.
final class DiskPace {
    private static final int PIECE_BYTES = 256 * 1024;
    private static final long SLOW_NANOS = 100_000_000;
    private static final long SHORT_PAUSE_NANOS = 100_000_000;
    private static final long LONG_PAUSE_NANOS = 5_000_000_000L;

    private static final AtomicLong SLOW_UNTIL = new AtomicLong(System.nanoTime());
    private static volatile long pauseNanos = SHORT_PAUSE_NANOS;

    private DiskPace() {}

    /// Whether loops may write.
    static boolean isFast() {
        return System.nanoTime() - SLOW_UNTIL.get() >= 0;
    }

    /// Writes the bytes to the file's beginning, until a piece of them is slow.
    ///
    /// @return how many have been written
    static long write(SpoolFile file, ByteBuffer bytes) throws IOException {
        long written = 0;
        long since = System.nanoTime();
        while (bytes.hasRemaining()) {
            int count = Math.min(bytes.remaining(), PIECE_BYTES);
            file.write(bytes.slice(bytes.position(), count), written);
            bytes.position(bytes.position() + count);
            written += count;
            long now = System.nanoTime();
            if (now - since > SLOW_NANOS) {
                long pause = pauseNanos;
                SLOW_UNTIL.set(now + pause);
                pauseNanos = Math.min(2 * pause, LONG_PAUSE_NANOS);
                return written;
            }
            since = now;
        }
        pauseNanos = SHORT_PAUSE_NANOS;
        return written;
    }
}
