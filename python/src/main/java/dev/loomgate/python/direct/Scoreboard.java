package dev.loomgate.python.direct;

import dev.loomgate.gateway.direct.DirectSeries;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The memory that a worker writes and the JVM reads, even when the worker has died: what it has begun. Any thread.
///
/// ```
///  0            8        16     24           32      40      48            56       64
///  | last       | direct | direct requests    | bytes | nanos | connections | loop   |
///  | REQUEST    | begun  | over  | last begun | sent  | taken | of HTTP     | turned |   ...
///
///  1024           2048
///  | a direct     | another
///  | request      |          ...
///
///  65536                     65792
///  | a kind of requests       | another
///  | that are answered        |          ...
///
///  such a slot:  0       8          12             1024
///                | since | socket's | beginning of |
///                |       | number   | its packet   |
///
///  such a kind:  0       8       16                     168                      256
///                | bytes | nanos | how many took so     | GET 200 HTTP/1.1 http  |
///                | sent  | taken | long, by the bounds  | and zeros              |
/// ```
/// Little-endian words of 8 bytes, each written by a single store, and slots; see docs/worker-protocol.md.
public final class Scoreboard {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");

    static final int SLOT_BYTES = 1024;
    private static final int NUMBER_AT = Long.BYTES;
    static final int PACKET_AT = NUMBER_AT + Integer.BYTES;

    private static final long SLOTS_END = 64 * SLOT_BYTES;
    private static final int KIND_BYTES = 256;
    private static final int KIND_COUNTS_AT = 2 * Long.BYTES;
    private static final int KIND_NAME_AT = 168;

    private static final VarHandle WORD =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final int WORD_LAST_REQUEST = 0;
    private static final int WORD_BEGUN = 1;
    private static final int WORD_OVER = 2;
    private static final int WORD_LAST_BEGUN_NANOS = 3;
    private static final int WORD_SENT = 4;
    private static final int WORD_NANOS = 5;
    private static final int WORD_CONNECTIONS = 6;
    private static final int WORD_TURNED_NANOS = 7;
    private static final ValueLayout.OfInt NUMBER = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final Arena arena = Arena.ofShared();

    // Both guarded by this. What was read last stays true when it has gone.
    private @Nullable MemorySegment page;
    private Reading last = new Reading(0, 0, 0);
    private Answered lastAnswered = new Answered(0, 0);
    private List<DirectSeries> lastMeasured = List.of();

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

    /// What the worker has answered itself of the direct requests, where it is told to count that.
    ///
    /// @param sentBytes of heads and bodies
    /// @param nanos that those requests have taken together
    public record Answered(long sentBytes, long nanos) {}

    /// A direct request that the worker is inside.
    ///
    /// @param sinceNanos when it began, on the clock of `System.nanoTime`
    /// @param socket number of the listening socket
    /// @param packet that it came with; the beginning of a long one
    public record Inside(long sinceNanos, int socket, byte[] packet) {
        PacketHead head() {
            return PacketHead.of(packet);
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
            if (bytes < SLOT_BYTES) {
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

    /// How many connections of HTTP it has; none after [#close].
    public synchronized int connections() {
        return page == null ? 0 : (int) Math.min(word(page, WORD_CONNECTIONS), Integer.MAX_VALUE);
    }

    /// When its event loop has said last that it turns, on the clock of `System.nanoTime`; 0 if it never has, and after
    /// [#close].
    public synchronized long turnedNanos() {
        return page == null ? 0 : word(page, WORD_TURNED_NANOS);
    }

    /// What it has answered itself, now; after [#close], at the end.
    public synchronized Answered answered() {
        if (page != null) {
            List<DirectSeries> kinds = measured();
            lastAnswered = new Answered(
                    word(page, WORD_SENT)
                            + kinds.stream().mapToLong(DirectSeries::sentBytes).sum(),
                    word(page, WORD_NANOS)
                            + kinds.stream().mapToLong(DirectSeries::nanos).sum());
        }
        return lastAnswered;
    }

    /// What it has answered itself by kinds, where it is told to count that; after [#close], at the end.
    public synchronized List<DirectSeries> measured() {
        MemorySegment now = page;
        if (now != null) {
            List<DirectSeries> found = new ArrayList<>();
            for (long at = SLOTS_END; at + KIND_BYTES <= now.byteSize(); at += KIND_BYTES) {
                DirectSeries kind = kind(now, at);
                if (kind == null) {
                    break;
                }
                found.add(kind);
            }
            lastMeasured = found;
        }
        return lastMeasured;
    }

    // Null for a place that none has. The first request writes the name before it counts.
    private static @Nullable DirectSeries kind(MemorySegment page, long at) {
        List<Long> counts = new ArrayList<>();
        for (long place = at + KIND_COUNTS_AT; place < at + KIND_NAME_AT; place += Long.BYTES) {
            counts.add(word(page, (int) (place / Long.BYTES)));
        }
        if (counts.stream().allMatch(count -> count == 0)) {
            return null;
        }
        String[] name =
                page.getString(at + KIND_NAME_AT, StandardCharsets.US_ASCII).split(" ", -1);
        int first = (int) (at / Long.BYTES);
        return new DirectSeries(
                name[0], Integer.parseInt(name[1]), name[2], name[3], counts, word(page, first + 1), word(page, first));
    }

    /// The direct requests that it is inside, the oldest first; without those that were too many for its slots.
    public synchronized List<Inside> inside() {
        List<Inside> found = new ArrayList<>();
        for (long at = SLOT_BYTES;
                page != null && at + SLOT_BYTES <= Math.min(SLOTS_END, page.byteSize());
                at += SLOT_BYTES) {
            long since = word(page, (int) (at / Long.BYTES));
            if (since != 0) {
                byte[] packet =
                        page.asSlice(at + PACKET_AT, SLOT_BYTES - PACKET_AT).toArray(ValueLayout.JAVA_BYTE);
                found.add(new Inside(since, page.get(NUMBER, at + NUMBER_AT), packet));
            }
        }
        found.sort(Comparator.comparingLong(Inside::sinceNanos));
        return found;
    }

    private static long word(MemorySegment page, int number) {
        return (long) WORD.getAcquire(page, (long) number * Long.BYTES);
    }

    /// Its worker has died, and what it says is known: the memory is given back, and the file deleted.
    public synchronized void close() {
        if (page == null) {
            return;
        }
        read();
        answered();
        measured();
        page = null;
        arena.close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0} can''t be deleted: {1}", file, e);
        }
    }
}
