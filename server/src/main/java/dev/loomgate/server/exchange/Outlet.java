package dev.loomgate.server.exchange;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.loop.waiting.Parking;
import io.netty.channel.FileRegion;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A streamed response on its way from the microthread, which puts, to the loop side, which takes.
///
/// ```
///  microthread  -- put, waits while [CAPACITY] is full -->  bytes  -- take, while the channel is writable -->  Netty
/// ```
/// So a slow client holds one microthread and a bounded number of bytes. Small pieces gather and leave as one.
public final class Outlet {
    private static final int CAPACITY = 64 * 1024;
    private static final int FIRST_ROOM = 2 * 1024;
    private static final long FOR_EVER = Long.MAX_VALUE;
    private static final byte[] NOTHING = {};

    /// What happens after the bytes that were taken.
    public enum Next {
        /// More will come.
        MORE,
        /// A file comes.
        FILE,
        /// The response is complete.
        END,
        /// The response can't be completed.
        BROKEN
    }

    private final Exchange exchange;

    // All guarded by this. No one waits while holding the lock, so the loop side may take it.
    private byte[] bytes = NOTHING;
    private int count;
    private @Nullable FileRegion file;
    private boolean fileTaken;
    private boolean ofFile;
    private boolean fileSent;
    private Next last = Next.MORE;
    private boolean gone;
    private final Parking writer = new Parking();

    // Loop side only: what was taken last, and its array, which is used again.
    private byte[] taken = NOTHING;
    private int takenCount;

    public Outlet(Exchange exchange) {
        this.exchange = exchange;
    }

    /// Takes all of the buffer's bytes, in pieces if need be. Microthread.
    public void put(ByteBuffer source) throws ClientGone, InterruptedIOException {
        put(source, FOR_EVER);
    }

    /// Takes the buffer's bytes while no piece of them has to wait for the client for longer than that time.
    /// Microthread.
    ///
    /// @return whether all of them are taken
    public boolean put(ByteBuffer source, long patienceNanos) throws ClientGone, InterruptedIOException {
        while (source.hasRemaining()) {
            if (!awaitRoom(patienceNanos)) {
                return false;
            }
            synchronized (this) {
                if (gone) {
                    throw clientGone();
                }
                int piece = Math.min(source.remaining(), CAPACITY - count);
                if (count + piece > bytes.length) {
                    int room = Math.max(Math.max(2 * bytes.length, FIRST_ROOM), count + piece);
                    bytes = Arrays.copyOf(bytes, Math.min(room, CAPACITY));
                }
                source.get(bytes, count, piece);
                count += piece;
            }
            exchange.handOver();
        }
        return true;
    }

    private boolean awaitRoom(long patienceNanos) throws InterruptedIOException {
        long since = patienceNanos == FOR_EVER ? 0 : System.nanoTime();
        while (true) {
            synchronized (this) {
                if (gone || count < CAPACITY) {
                    writer.end();
                    return true;
                }
                writer.begin();
            }
            boolean undisturbed;
            if (patienceNanos == FOR_EVER) {
                undisturbed = Parking.park(this);
            } else {
                long left = since + patienceNanos - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                undisturbed = Parking.parkNanos(this, left);
            }
            if (!undisturbed) {
                throw new InterruptedIOException("interrupted while the client receives the response");
            }
        }
    }

    /// What is put from now on is a file's. Microthread.
    public synchronized void fileBegun() {
        ofFile = true;
    }

    /// Sends a file after the bytes that were put; [#awaitFile] is to be called next. Microthread.
    public void putFile(FileRegion region) {
        synchronized (this) {
            file = region;
            ofFile = true;
            writer.begin();
        }
        exchange.handOver();
    }

    /// Returns when the file has been sent; releases it in any case. Microthread.
    public void awaitFile(FileRegion region) throws ClientGone, InterruptedIOException {
        try {
            while (true) {
                synchronized (this) {
                    if (fileSent) {
                        return;
                    }
                    if (gone) {
                        throw clientGone();
                    }
                }
                if (!Parking.park(this)) {
                    throw new InterruptedIOException("interrupted while the client receives a file");
                }
            }
        } finally {
            if (dropFile()) {
                region.release();
            }
        }
    }

    private synchronized boolean dropFile() {
        writer.end();
        if (fileTaken) {
            return false; // Netty releases it
        }
        file = null;
        return true;
    }

    /// The response is complete, or broken off after what was put. Microthread.
    public synchronized void end(boolean broken) {
        last = broken ? Next.BROKEN : Next.END;
    }

    /// Takes what was put since the last time; [#taken] and [#takenCount] hold it until the next time. Loop side.
    public synchronized Next take() {
        byte[] empty = taken;
        taken = bytes;
        takenCount = count;
        bytes = empty;
        count = 0;
        if (file != null && !fileTaken) {
            fileTaken = true;
            return Next.FILE;
        }
        if (takenCount == CAPACITY) {
            writer.wake();
        }
        return last;
    }

    /// Holds, in its first [#takenCount] bytes, what [#take] has taken. Loop side.
    public byte[] taken() {
        return taken;
    }

    /// How many bytes [#take] has taken. Loop side.
    public int takenCount() {
        return takenCount;
    }

    /// The file that [#take] announced; belongs to the caller. Loop side.
    public synchronized FileRegion takenFile() {
        if (file == null) {
            throw new IllegalStateException("no file was announced");
        }
        return file;
    }

    /// Whether content that is a file has begun. Loop side.
    public synchronized boolean isOfFile() {
        return ofFile;
    }

    /// The file has been sent. Loop side.
    public synchronized void fileSent() {
        fileSent = true;
        writer.wake();
    }

    /// Nobody takes any more: the writer gets [ClientGone]. Loop side.
    synchronized void gone() {
        gone = true;
        writer.wake();
    }

    /// Whether the client's taking is waited for. Loop side.
    synchronized boolean isWaitedFor() {
        return count == CAPACITY || (file != null && !fileSent);
    }

    synchronized boolean isGone() {
        return gone;
    }

    private static ClientGone clientGone() {
        return new ClientGone("the client disconnected before the response's end");
    }
}
