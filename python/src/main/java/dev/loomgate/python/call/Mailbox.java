package dev.loomgate.python.call;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.spool.Spool;
import dev.loomgate.loop.waiting.Parking;
import dev.loomgate.python.wire.FrameType;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What has come of a response, between the loop side, which hears of it, and the microthread, which passes it on as
/// fast as the client takes it.
///
/// ```
///  worker ──▶ loop side ──▶ [ front: in memory ][ file ][ tail: in memory, on its way to the file ] ──▶ microthread
/// ```
/// The worker may send as long as there is room for what it sends, whatever the client has taken: so it is soon rid
/// of a response for a slow client. Each piece is there for the microthread at once; the file is used by a response
/// that outgrows its memory, or the memory of all.
public abstract class Mailbox {
    /// Bytes that are handled in one go.
    public static final int PIECE_BYTES = 64 * 1024;

    private static final int WINDOW_BYTES = FrameType.WINDOW_BYTES;
    private static final int CREDIT_STEP_BYTES = WINDOW_BYTES / 4;
    // Of an object of its own for each piece.
    private static final int OVERHEAD_BYTES = 64;

    final Loop home;
    final Spool limits;

    // All guarded by this.
    private @Nullable Reply first;
    private final Deque<Reply> more = new ArrayDeque<>(0);
    private final Parking waiting = new Parking();
    private int counted;
    private int taken;
    private int owed;
    private boolean undecoupled;
    private boolean behind;
    private boolean closed;
    private @Nullable Overflow overflow;

    Mailbox(Loop home, Spool limits) {
        this.home = home;
        this.limits = limits;
    }

    // ---- microthread

    /// Waits for what comes next.
    ///
    /// @throws IOException if what was put into a file can't be read
    Reply await() throws InterruptedException, IOException {
        while (true) {
            Overflow.Part part = null;
            Overflow from = null;
            synchronized (this) {
                forgetTaken();
                Reply reply = first;
                if (reply != null) {
                    first = more.pollFirst();
                } else if (overflow != null) {
                    from = overflow;
                    part = from.nextPart();
                    reply = part == null ? from.pollTail() : null;
                }
                if (reply != null) {
                    waiting.end();
                    taken = size(reply);
                    if (reply instanceof Reply.Chunk chunk && chunk.last()) {
                        forgetTaken(); // nobody may ask again
                    }
                    return reply;
                }
                if (part == null) {
                    waiting.begin();
                } else {
                    waiting.end();
                }
            }
            if (from != null && part != null) {
                return new Reply.Chunk(from.read(part), false);
            }
            if (!Parking.park(this)) {
                throw Parking.interruption("interrupted while a Python worker answered " + this);
            }
        }
    }

    /// What comes next, if it is there already; it stays there.
    synchronized @Nullable Reply arrived() {
        return first;
    }

    /// What was taken last has been passed on.
    ///
    /// @return bytes for which the worker is to be given credit now
    synchronized int passedOn() {
        forgetTaken();
        return creditDue();
    }

    /// The application wants to be held up by its client.
    synchronized void undecoupled() {
        undecoupled = true;
    }

    private void forgetTaken() {
        if (taken > 0) {
            count(-taken);
            taken = 0;
        }
    }

    /// Nobody will take anything any more: memory and file are given back.
    void close() {
        Overflow left;
        synchronized (this) {
            closed = true;
            first = null;
            more.clear();
            taken = 0;
            count(-counted);
            left = overflow;
            overflow = null;
        }
        if (left != null) {
            left.close();
        }
    }

    // ---- any thread

    /// Something else than bytes has come.
    public void deliver(Reply reply) {
        Thread wake;
        synchronized (this) {
            if (closed) {
                return;
            }
            if (overflow != null && overflow.isInUse() && !(reply instanceof Reply.LogVariables)) {
                overflow.add(reply);
            } else {
                enter(reply);
            }
            wake = waiting.waiter();
        }
        LockSupport.unpark(wake);
    }

    private void enter(Reply reply) {
        if (first == null) {
            first = reply;
        } else {
            more.addLast(reply);
        }
    }

    // ---- loop side

    /// So many bytes of the body have come along with the head.
    public synchronized void owe(int bytes) {
        owed += bytes;
    }

    /// More bytes of the body have come.
    ///
    /// @return whether some wait for being written to the file, by [Overflow#spool]
    @Nullable
    public Overflow put(Reply.Chunk chunk) {
        Thread wake;
        Overflow spooled = null;
        synchronized (this) {
            if (closed) {
                return null;
            }
            owed += chunk.bytes().length;
            count(size(chunk));
            behind |= first != null;
            if (goesToTail()) {
                if (overflow == null) {
                    overflow = new Overflow(this);
                }
                overflow.add(chunk);
                spooled = overflow.mustBegin() ? overflow : null;
            } else {
                enter(chunk);
            }
            wake = waiting.waiter();
        }
        LockSupport.unpark(wake);
        return spooled;
    }

    private boolean goesToTail() {
        if (overflow != null && overflow.isInUse()) {
            return true;
        }
        boolean keepsUp = first == null && waiting.isAwaited();
        return !keepsUp && mayUseFile() && (counted > limits.bytes() || limits.isExhausted());
    }

    private boolean mayUseFile() {
        return isDecoupled() && limits.fileBytes() > 0 && (overflow == null || overflow.hasRoom());
    }

    private boolean isDecoupled() {
        return !undecoupled && limits.bytes() > 0;
    }

    /// Whether a piece has had to wait for its client.
    public synchronized boolean isBehind() {
        return behind;
    }

    /// Whether the worker can't send because its client takes too little, and there is no place left.
    public synchronized boolean holdsWorkerUp() {
        return owed >= WINDOW_BYTES;
    }

    /// How many bytes more the worker may send; 0 while it is too little to tell it.
    public synchronized int creditDue() {
        long room = (long) owed - counted;
        if (isDecoupled() && (!limits.isExhausted() || mayUseFile())) {
            room += limits.bytes();
        }
        int credit = (int) Math.min(owed, room);
        if (credit < CREDIT_STEP_BYTES) {
            return 0;
        }
        owed -= credit;
        return credit;
    }

    // ---- guarded by this

    void count(int more) {
        counted += more;
        limits.count(more);
    }

    boolean isClosed() {
        return closed;
    }

    void wake() {
        waiting.wake();
    }

    /// What a reply takes of the memory that is counted.
    static int size(Reply reply) {
        return reply instanceof Reply.Chunk(byte[] bytes, boolean last) && bytes.length > 0
                ? bytes.length + OVERHEAD_BYTES
                : 0;
    }
}
