package dev.loomgate.server.exchange;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.loop.waiting.Parking;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `wsgi.input`: bytes that the loop side appends and the application reads, waiting without holding the loop.
///
/// It ends where the request's body ends. It keeps a bounded number of bytes: past [#HIGH_WATER] the loop side
/// stops reading the channel, until the application has taken them. Read by one thread at a time.
public final class RequestBody extends InputStream {
    private static final int HIGH_WATER = 64 * 1024;
    private static final int FIRST_ROOM = 2 * 1024;
    private static final byte[] NOTHING = {};

    /// The body of a request without one. After the constants that its fields begin with.
    static final RequestBody NONE = new RequestBody();

    /// What the connection does for a body's reader. Called by the reader's thread.
    public interface Source {
        /// The reader waits for the body's first byte: a client that expects `100 Continue` must be told now.
        void bodyIsWanted();

        /// The reader has made room after [RequestBody#append] had returned false.
        void bodyHasRoom();
    }

    private final @Nullable Source source;
    private final int highWater;

    // All guarded by this. No one waits while holding the lock, so the loop side may take it.
    private byte[] bytes = NOTHING;
    private int start;
    private int end;
    private boolean complete;
    private boolean begun;
    private boolean paused;
    private boolean wanted;
    private int awaited; // so many bytes end the reader's wait
    private @Nullable IOException failure;
    private final Parking reader = new Parking();

    private RequestBody() {
        source = null;
        highWater = HIGH_WATER;
        complete = true;
    }

    /// A body whose bytes are still to come.
    public RequestBody(Source source) {
        this(source, HIGH_WATER);
    }

    /// @param highWater the bytes past which there is no room
    public RequestBody(Source source, int highWater) {
        this.source = source;
        this.highWater = highWater;
    }

    /// Takes `length` bytes from `in`. Loop side.
    ///
    /// @return whether there is room for more; if not, [Source#bodyHasRoom] will say when there is
    public boolean append(ByteBuf in, int length) {
        synchronized (this) {
            if (failure != null) {
                in.skipBytes(length);
                return true;
            }
            makeRoom(length);
            in.readBytes(bytes, end, length);
            end += length;
            // More may come before its source stops: what has been told to wait waits for `bodyHasRoom`.
            paused |= end - start >= highWater;
            if (end - start >= awaited) {
                reader.wake();
            }
            return !paused;
        }
    }

    private void makeRoom(int length) {
        if (start == end) {
            start = 0;
            end = 0;
        }
        int kept = end - start;
        if (kept + length > bytes.length) {
            byte[] larger =
                    new byte[Math.max(kept + length, Math.min(Math.max(FIRST_ROOM, 2 * bytes.length), HIGH_WATER))];
            System.arraycopy(bytes, start, larger, 0, kept);
            bytes = larger;
        } else if (end + length > bytes.length) {
            System.arraycopy(bytes, start, bytes, 0, kept);
        } else {
            return;
        }
        start = 0;
        end = kept;
    }

    /// The body's last byte has been appended. Loop side.
    public synchronized void complete() {
        complete = true;
        reader.wake();
    }

    /// What is not read yet will never be: further reads throw this. Has no effect on a body that is complete. Any
    /// thread.
    public synchronized void fail(IOException cause) {
        if (!complete && failure == null) {
            failure = cause;
            bytes = NOTHING;
            start = 0;
            end = 0;
            reader.wake();
        }
    }

    /// Whether more may be appended; if not, [Source#bodyHasRoom] will say when. Any thread.
    public synchronized boolean hasRoom() {
        return !paused;
    }

    /// Whether the application has read some of it. Any thread.
    synchronized boolean isBegun() {
        return begun;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /// Reads what is there, up to `length` bytes; waits for one byte at least.
    ///
    /// @throws ClientGone if the client disconnects before the body's end
    /// @throws InterruptedIOException if the reader is interrupted while it waits
    /// @throws IOException if the body is refused: too long, too slow, not framed properly
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        awaitBytes(1);
        boolean roomAgain;
        int taken;
        synchronized (this) {
            begun = true;
            if (failure != null) {
                throw again(failure);
            }
            taken = Math.min(length, end - start);
            if (taken == 0) {
                return -1;
            }
            System.arraycopy(bytes, start, target, offset, taken);
            start += taken;
            roomAgain = makesRoom();
        }
        if (roomAgain && source != null) {
            source.bodyHasRoom();
        }
        return taken;
    }

    /// Reads a body that there is room for in one piece, with one wait for all of it.
    ///
    /// @throws IOException as [#read(byte[], int, int)] does
    @Override
    public byte[] readNBytes(int most) throws IOException {
        if (most <= 0) {
            return super.readNBytes(most);
        }
        awaitBytes(most > highWater ? highWater / 2 : most);
        byte[] taken = takeAtOnce(most);
        return taken == null ? super.readNBytes(most) : taken;
    }

    // Null if more may come than there is room for.
    private byte @Nullable [] takeAtOnce(int most) throws IOException {
        boolean roomAgain;
        byte[] taken;
        synchronized (this) {
            begun = true;
            if (failure != null) {
                throw again(failure);
            }
            if (!complete && most > end - start) {
                return null;
            }
            int count = Math.min(most, end - start);
            boolean whole = complete && start == 0 && count == bytes.length;
            taken = whole ? bytes : Arrays.copyOfRange(bytes, start, start + count);
            start += count;
            roomAgain = makesRoom();
        }
        if (roomAgain && source != null) {
            source.bodyHasRoom();
        }
        return taken;
    }

    /// Gives all that comes to `target`, which must neither change nor keep the arrays that it is given.
    ///
    /// @throws IOException as [#read(byte[], int, int)] does, or by the target
    @Override
    public long transferTo(OutputStream target) throws IOException {
        byte[] spare = NOTHING;
        long transferred = 0;
        while (true) {
            awaitBytes(1);
            boolean roomAgain;
            byte[] taken;
            int from;
            int count;
            synchronized (this) {
                begun = true;
                if (failure != null) {
                    throw again(failure);
                }
                count = end - start;
                if (count == 0) {
                    return transferred;
                }
                taken = bytes;
                from = start;
                bytes = spare;
                start = 0;
                end = 0;
                roomAgain = makesRoom();
            }
            if (roomAgain && source != null) {
                source.bodyHasRoom();
            }
            target.write(taken, from, count);
            transferred += count;
            spare = taken; // filled while the target takes the other
        }
    }

    // Guarded by this.
    private boolean makesRoom() {
        boolean roomAgain = paused && end - start < highWater / 2;
        paused &= !roomAgain;
        if (complete && start == end) {
            bytes = NOTHING;
            start = 0;
            end = 0;
        }
        return roomAgain;
    }

    private void awaitBytes(int least) throws IOException {
        while (true) {
            boolean tell;
            boolean roomAgain;
            synchronized (this) {
                if (end - start >= least || complete || failure != null) {
                    reader.end();
                    return;
                }
                awaited = least;
                reader.begin();
                tell = !wanted;
                wanted = true;
                // What is there isn't enough, however much it is.
                roomAgain = paused;
                paused = false;
            }
            if (tell && source != null) {
                source.bodyIsWanted();
            }
            if (roomAgain && source != null) {
                source.bodyHasRoom();
            }
            if (!Parking.park(this)) {
                throw new InterruptedIOException("interrupted while waiting for the request's body");
            }
        }
    }

    // The stack of the thread that reads says more than that of the loop side, which made the exception.
    private static IOException again(IOException failure) {
        IOException thrown = failure instanceof RefusedInput refused
                ? new RefusedInput(refused.refusal())
                : failure instanceof ClientGone ? new ClientGone(String.valueOf(failure.getMessage())) : failure;
        return thrown;
    }

    @Override
    public synchronized int available() {
        return end - start;
    }

    /// Does nothing: the server disposes of what is left.
    @Override
    public void close() {}
}
