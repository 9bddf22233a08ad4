package dev.loomgate.server.websocket;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.loop.waiting.Parking;
import java.io.InterruptedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Frames on their way from the application's threads, which put one after the other and wait while the client is slow,
/// to the loop side, which takes their bytes.
///
/// Control frames of the loop side don't wait and fall between two frames: of several pongs that are due, the last one
/// counts (RFC 6455 section 5.5.3). So at most [CAPACITY] bytes and a few control frames are kept.
final class OutgoingFrames {
    private static final int CAPACITY = 64 * 1024;
    private static final byte[] NOTHING = {};

    private final Runnable handOver;

    // All guarded by this. No one waits while holding the lock, so the loop side may take it.
    private byte[] bytes = NOTHING;
    private int count;
    private boolean inFrame;
    private byte @Nullable [] pong;
    private byte @Nullable [] close;
    private boolean closing;
    private boolean closeTaken;
    private boolean gone;
    private final Parking sender = new Parking();

    /// @param handOver makes the loop side take; any thread must be able to run it
    OutgoingFrames(Runnable handOver) {
        this.handOver = handOver;
    }

    /// Puts a frame of a message, piece by piece if need be. One thread at a time.
    ///
    /// @param opcode with the bits before it
    /// @throws InterruptedIOException if the thread is interrupted while it waits; in the middle of a frame,
    ///     that is the socket's end
    void put(int opcode, byte[] payload) throws ClientGone, InterruptedIOException {
        byte[] header = header(opcode, payload.length);
        int at = -header.length; // below zero: in the header
        while (at < payload.length) {
            awaitRoom();
            synchronized (this) {
                if (gone || (closing && !inFrame)) {
                    throw clientGone();
                }
                if (at < 0) {
                    append(header, 0, header.length);
                    at = 0;
                    inFrame = true;
                }
                int piece = Math.min(payload.length - at, Math.max(0, CAPACITY - count));
                append(payload, at, piece);
                at += piece;
                if (at == payload.length) {
                    inFrame = false;
                    appendControls();
                    handOver.run();
                    return;
                }
            }
            handOver.run();
        }
    }

    private void awaitRoom() throws InterruptedIOException {
        while (true) {
            synchronized (this) {
                if (gone || count < CAPACITY || (closing && !inFrame)) {
                    sender.end();
                    return;
                }
                sender.begin();
            }
            if (!Parking.park(this)) {
                synchronized (this) {
                    sender.end();
                    gone |= inFrame;
                }
                handOver.run();
                throw new InterruptedIOException("interrupted while the client receives a message");
            }
        }
    }

    private static byte[] header(int opcode, int length) {
        if (length < 126) {
            return new byte[] {(byte) opcode, (byte) length};
        }
        if (length < 0x1_0000) {
            return new byte[] {(byte) opcode, 126, (byte) (length >>> 8), (byte) length};
        }
        return new byte[] {
            (byte) opcode,
            127,
            0,
            0,
            0,
            0,
            (byte) (length >>> 24),
            (byte) (length >>> 16),
            (byte) (length >>> 8),
            (byte) length
        };
    }

    // Guarded by this.
    private void append(byte[] some, int from, int length) {
        if (count + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(count + length, count == 0 ? 0 : Math.min(2 * count, CAPACITY)));
        }
        System.arraycopy(some, from, bytes, count, length);
        count += length;
    }

    // Guarded by this.
    private void appendControls() {
        if (inFrame) {
            return;
        }
        byte[] dueClose = close;
        byte[] duePong = pong;
        if (duePong != null && (count < CAPACITY || dueClose != null)) {
            pong = null;
            appendControl(Opcode.PONG, duePong);
        }
        if (dueClose != null) {
            close = null;
            appendControl(Opcode.CLOSE, dueClose);
        }
    }

    private void appendControl(int opcode, byte[] payload) {
        byte[] header = header(0x80 | opcode, payload.length);
        append(header, 0, header.length);
        append(payload, 0, payload.length);
    }

    /// Answers a ping, unless the socket closes. Loop side; the bytes are to be taken.
    synchronized void pong(byte[] payload) {
        if (!closing) {
            pong = payload;
            appendControls();
        }
    }

    /// Pings the client, unless more than that is due anyway. Loop side; the bytes are to be taken.
    synchronized void ping() {
        if (!closing && !inFrame && count < CAPACITY) {
            appendControl(Opcode.PING, NOTHING);
        }
    }

    /// Sends a close frame after what was put; nothing follows it. Any thread; the bytes are to be taken.
    ///
    /// @return false if one was sent already
    synchronized boolean close(byte[] payload) {
        if (closing || gone) {
            return false;
        }
        closing = true;
        close = payload;
        appendControls();
        sender.wake();
        return true;
    }

    /// Takes what was put since the last time. Loop side.
    ///
    /// @return an array of exactly these bytes; an empty one if there are none
    byte[] take() {
        synchronized (this) {
            byte[] taken = count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
            boolean wasFull = count >= CAPACITY;
            bytes = NOTHING;
            count = 0;
            closeTaken |= closing && close == null && !inFrame;
            appendControls();
            if (wasFull) {
                sender.wake();
            }
            return taken;
        }
    }

    /// Whether the close frame, after which nothing comes, has been taken. Loop side.
    synchronized boolean isCloseTaken() {
        return closeTaken && count == 0;
    }

    /// Whether a close frame has been put. Any thread.
    synchronized boolean isClosing() {
        return closing;
    }

    /// Whether all that was put has been taken. Any thread.
    synchronized boolean isEmpty() {
        return count == 0 && !inFrame && pong == null && close == null;
    }

    /// Whether a frame was broken off, or nobody takes any more. Any thread.
    synchronized boolean isGone() {
        return gone;
    }

    /// A message that had to be sent isn't: nothing can follow. Any thread.
    void breakOff() {
        synchronized (this) {
            gone = true;
        }
        handOver.run();
    }

    /// Nobody takes any more: senders get [ClientGone]. Loop side.
    synchronized void gone() {
        gone = true;
        bytes = NOTHING;
        count = 0;
        sender.wake();
    }

    private static ClientGone clientGone() {
        return new ClientGone("the WebSocket is closed");
    }
}
