package dev.loomgate.server.websocket;

import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/// Deflates the messages of one socket (RFC 7692 section 7.2.1). Used by one thread at a time.
///
/// Where each message is compressed by itself, it has a deflater only while it compresses one: such a socket costs
/// nothing while it is idle. One that keeps the context holds about 270 KiB of memory outside of the heap.
final class MessageDeflater {
    /// Shorter messages are sent as they are: they would hardly become shorter.
    static final int LEAST_BYTES = 1024;

    private static final int TAIL_BYTES = 4;

    private final boolean keepsContext;
    private @Nullable Deflater deflater;

    /// @param keepsContext whether messages refer to earlier ones
    MessageDeflater(boolean keepsContext) {
        this.keepsContext = keepsContext;
    }

    /// The message, compressed; null if it had better be sent as it is.
    byte @Nullable [] deflate(byte[] message) {
        if (message.length < LEAST_BYTES) {
            return null;
        }
        Deflater with = deflater;
        if (with == null) {
            with = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
            deflater = with;
        }
        with.setInput(message);
        byte[] out = new byte[Math.max(LEAST_BYTES, message.length / 2)];
        int length = 0;
        while (true) {
            length += with.deflate(out, length, out.length - length, Deflater.SYNC_FLUSH);
            if (length < out.length) {
                break;
            }
            out = Arrays.copyOf(out, 2 * out.length);
        }
        with.setInput(new byte[0]);
        if (keepsContext) {
            return Arrays.copyOf(out, length - TAIL_BYTES);
        }
        release();
        return length - TAIL_BYTES < message.length ? Arrays.copyOf(out, length - TAIL_BYTES) : null;
    }

    /// Gives back its memory.
    void release() {
        Deflater held = deflater;
        if (held != null) {
            deflater = null;
            held.end();
        }
    }
}
