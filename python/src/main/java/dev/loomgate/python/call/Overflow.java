package dev.loomgate.python.call;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.spool.SpoolFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The part of a response that has no room in memory: a file, and behind it what is on its way there.
///
/// ```
///  0        readAt            end        [longest file]
///  ├── read ──┼── the file's ───┤ + tail
/// ```
/// A file that has been read to its end is closed, and the next one begins at 0. What can't be written, because the
/// file has its full length or the disk has no room, waits in memory in the tail; the worker then gets no credit, so
/// that is no more than its window.
///
/// The fields are guarded by the mailbox. The disk is only waited for by `Loop.offload`.
public final class Overflow {
    private static final Logger LOG = System.getLogger("dev.loomgate.python");
    private static final int BATCH_BYTES = 4 * Mailbox.PIECE_BYTES;
    /// A client that is only a little slower than the worker needs no file.
    private static final Duration GRACE = Duration.ofMillis(10);

    private static final byte[] NO_BYTES = {};

    private final Mailbox mailbox;
    private final Deque<Reply> tail = new ArrayDeque<>();
    private @Nullable SpoolFile file;
    private long readAt;
    private long end;
    private boolean spooling;
    private boolean writing;
    private boolean failed;

    /// Bytes of the file.
    record Part(SpoolFile file, long at, int count) {}

    /// Pieces at the tail's beginning.
    private record Batch(int pieces, int countedBytes, byte[] bytes) {}

    Overflow(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    // ---- with the mailbox's lock

    /// Whether something is here, so that whatever comes has to come behind it.
    boolean isInUse() {
        return readAt < end || writing || !tail.isEmpty();
    }

    /// Whether more may be written to the file.
    boolean hasRoom() {
        return !failed && end + Mailbox.PIECE_BYTES <= mailbox.limits.fileBytes();
    }

    void add(Reply reply) {
        if (reply instanceof Reply.Chunk(byte[] bytes, boolean last) && last && bytes.length > 0) {
            tail.addLast(new Reply.Chunk(bytes, false));
            tail.addLast(new Reply.Chunk(NO_BYTES, true));
        } else {
            tail.addLast(reply);
        }
    }

    /// Whether [#spool] has to be called; says so once.
    boolean mustBegin() {
        if (spooling || !hasRoom()) {
            return false;
        }
        spooling = true;
        return true;
    }

    /// What is to be read from the file next.
    @Nullable
    Part nextPart() {
        return file == null || readAt == end
                ? null
                : new Part(file, readAt, (int) Math.min(end - readAt, Mailbox.PIECE_BYTES));
    }

    /// What is next where there is nothing in the file.
    @Nullable
    Reply pollTail() {
        return writing ? null : tail.pollFirst();
    }

    private @Nullable Batch nextBatch() {
        ByteArrayOutputStream joined = new ByteArrayOutputStream(0);
        long room = Math.min(BATCH_BYTES, mailbox.limits.fileBytes() - end);
        int pieces = 0;
        int counted = 0;
        for (Reply reply : tail) {
            int size = Mailbox.size(reply);
            if (size == 0 || !(reply instanceof Reply.Chunk chunk) || joined.size() + chunk.bytes().length > room) {
                break;
            }
            joined.writeBytes(chunk.bytes());
            pieces++;
            counted += size;
        }
        return pieces == 0 ? null : new Batch(pieces, counted, joined.toByteArray());
    }

    // ---- microthread

    /// Reads a part of the file, after which it isn't there any more.
    byte[] read(Part part) throws IOException, InterruptedException {
        byte[] bytes = offloaded(() -> part.file().read(part.at(), part.count()));
        SpoolFile done = null;
        synchronized (mailbox) {
            readAt += part.count();
            if (readAt == end && !writing) {
                done = file;
                file = null;
                readAt = 0;
                end = 0;
            }
        }
        if (done != null) {
            done.closeOn(mailbox.home);
        }
        return bytes;
    }

    private static <T> T offloaded(java.util.concurrent.Callable<T> work) throws IOException, InterruptedException {
        try {
            return Loop.offload(work);
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /// Nobody reads any more. The mailbox is closed.
    void close() {
        SpoolFile done = null;
        synchronized (mailbox) {
            tail.clear();
            if (!writing) {
                done = file;
                file = null;
            }
        }
        if (done != null) {
            done.closeOn(mailbox.home);
        }
    }

    // ---- a microthread of its own

    /// Writes what is in the tail to the file, until nothing is left or may be written. Loop side.
    ///
    /// @param urgent whether others wait for the worker
    /// @param written called after each step; any thread must be able to run it
    public void spool(boolean urgent, Runnable written) {
        boolean mayWait;
        synchronized (mailbox) {
            mayWait = !urgent && file == null;
        }
        mailbox.home.start("temporary file of " + mailbox, () -> {
            try {
                if (mayWait) {
                    Loop.sleep(GRACE);
                }
                while (spoolOnce()) {
                    written.run();
                }
            } catch (InterruptedException e) {
                stopSpooling(); // the server ends
            }
            written.run();
        });
    }

    private boolean spoolOnce() throws InterruptedException {
        Batch batch;
        SpoolFile to;
        long at;
        synchronized (mailbox) {
            batch = mailbox.isClosed() ? null : nextBatch();
            if (batch == null) {
                spooling = false;
                return false;
            }
            writing = true;
            to = file;
            at = end;
        }
        try {
            return written(batch, offloaded(() -> append(to, batch.bytes(), at)));
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    private SpoolFile append(@Nullable SpoolFile begun, byte[] bytes, long at) throws IOException {
        if (begun == null) {
            return SpoolFile.of(mailbox.limits.directory(), ByteBuffer.wrap(bytes));
        }
        begun.write(ByteBuffer.wrap(bytes), at);
        return begun;
    }

    private boolean written(Batch batch, SpoolFile to) {
        boolean closed;
        synchronized (mailbox) {
            writing = false;
            closed = mailbox.isClosed();
            file = closed ? null : to;
            if (!closed) {
                for (int i = 0; i < batch.pieces(); i++) {
                    tail.removeFirst();
                }
                mailbox.count(-batch.countedBytes());
                end += batch.bytes().length;
                mailbox.wake();
            }
        }
        if (closed) {
            to.closeOn(mailbox.home);
        }
        return !closed;
    }

    // What was to be written is still in the tail.
    private void failed(IOException why) {
        if (!(why instanceof ClosedChannelException) && mailbox.limits.mayComplain()) {
            LOG.log(
                    Level.ERROR,
                    mailbox.limits.complaint(why) + "; slow clients of long responses hold Python workers meanwhile");
        }
        SpoolFile done = null;
        synchronized (mailbox) {
            failed = true;
            writing = false;
            spooling = false;
            if (mailbox.isClosed() || readAt == end) {
                done = file;
                file = null;
                readAt = 0;
                end = 0;
            }
            mailbox.wake();
        }
        if (done != null) {
            done.closeOn(mailbox.home);
        }
    }

    private void stopSpooling() {
        synchronized (mailbox) {
            failed = true;
            writing = false;
            spooling = false;
            mailbox.wake();
        }
    }
}
