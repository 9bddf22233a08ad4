package dev.loomgate.python.direct;

import dev.loomgate.python.wire.PacketHead;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The page that a worker writes and the JVM reads, even when the worker has died: what it has begun. Any thread.
///
/// ```
///  0            8        16     24           32             40      64
///  | last       | direct | direct requests    | bytes of     |       | beginning of the last direct
///  | REQUEST    | begun  | over  | last begun | that packet  | ...   | request's packet, in mode sync
/// ```
/// Little-endian words of 8 bytes, each written by a single store; see docs/worker-protocol.md.
public final class Scoreboard {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");

    static final int PACKET_AT = 64;

    private static final VarHandle WORD =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final int WORD_LAST_REQUEST = 0;
    private static final int WORD_BEGUN = 1;
    private static final int WORD_OVER = 2;
    private static final int WORD_LAST_BEGUN_NANOS = 3;
    private static final int WORD_PACKET_BYTES = 4;

    private final Path file;
    private final Arena arena = Arena.ofShared();

    // Both guarded by this. What was read last stays true when the page has gone.
    private @Nullable MemorySegment page;
    private Reading last = new Reading(0, 0, 0);

    /// What the page said at a moment.
    ///
    /// @param begun direct requests that have begun
    /// @param over those of them that are answered or handed over; never more than have begun
    /// @param lastBegunNanos when the last one began, on the clock of `System.nanoTime`
    public record Reading(long begun, long over, long lastBegunNanos) {
        /// How many the worker runs, and answers itself.
        public int inFlight() {
            return (int) Math.min(begun - over, Integer.MAX_VALUE);
        }
    }

    private Scoreboard(Path file, @Nullable MemorySegment page) {
        this.file = file;
        this.page = page;
    }

    /// The scoreboard of the worker that listens on a socket. A page from the page cache: quick enough for the loop
    /// side.
    public static Scoreboard of(Path socket) {
        String name = String.valueOf(socket.getFileName());
        return open(socket.resolveSibling(name.replaceFirst("\\.sock$", ".scoreboard")));
    }

    static Scoreboard open(Path file) {
        Scoreboard made = new Scoreboard(file, null);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long bytes = channel.size();
            if (bytes < PACKET_AT) {
                throw new IOException("it has only %d bytes".formatted(bytes));
            }
            made.page = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, made.arena);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} can''t be read, so it isn''t known what its worker begins: {1}", file, e);
        }
        return made;
    }

    /// The number of the last REQUEST that was begun; where the page can't be read, more than any.
    public synchronized int lastRequest() {
        return page == null ? Integer.MAX_VALUE : (int) Math.min(word(page, WORD_LAST_REQUEST), Integer.MAX_VALUE);
    }

    /// The direct requests, now; after [#close], at the end.
    public synchronized Reading read() {
        if (page != null) {
            // In this order: one that begins meanwhile is counted as begun only.
            long over = word(page, WORD_OVER);
            long lastBegun = word(page, WORD_LAST_BEGUN_NANOS);
            long begun = word(page, WORD_BEGUN);
            last = new Reading(Math.max(begun, over), over, lastBegun);
        }
        return last;
    }

    /// What the packet says that the last direct request came with; empty where the worker doesn't keep it.
    synchronized Optional<PacketHead> lastPacket() {
        if (page == null) {
            return Optional.empty();
        }
        int count = Math.clamp(word(page, WORD_PACKET_BYTES), 0, (int) page.byteSize() - PACKET_AT);
        if (count == 0) {
            return Optional.empty();
        }
        byte[] packet = new byte[count];
        MemorySegment.copy(page, ValueLayout.JAVA_BYTE, PACKET_AT, packet, 0, count);
        return Optional.of(PacketHead.of(packet));
    }

    private static long word(MemorySegment page, int number) {
        return (long) WORD.getAcquire(page, (long) number * Long.BYTES);
    }

    /// Its worker has died, and what it says is known: the page is given back, and the file deleted.
    public synchronized void close() {
        if (page == null) {
            return;
        }
        read();
        page = null;
        arena.close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} can''t be deleted: {1}", file, e);
        }
    }
}
