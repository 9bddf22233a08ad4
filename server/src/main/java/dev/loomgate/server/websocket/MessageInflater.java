package dev.loomgate.server.websocket;

import io.netty.buffer.ByteBuf;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Inflates the messages of one client (RFC 7692 section 7.2.2), never further than a message may be long. Loop side.
///
/// Where each message is compressed by itself, it has an inflater only while a message is being received.
final class MessageInflater {
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};
    private static final int PIECE = 8 * 1024;

    /// What became of a piece.
    enum Outcome {
        OK,
        /// It isn't UTF-8, and ought to be.
        NOT_TEXT,
        /// The message is longer than it may be.
        TOO_BIG
    }

    private final boolean keepsContext;
    private @Nullable Inflater inflater;

    /// @param keepsContext whether messages refer to earlier ones
    MessageInflater(boolean keepsContext) {
        this.keepsContext = keepsContext;
    }

    /// Inflates masked bytes of a frame into the message.
    Outcome inflate(ByteBuf in, int count, Mask mask, MessageBytes to, long maxBytes) throws DataFormatException {
        byte[] piece = new byte[Math.min(count, PIECE)];
        for (int left = count; left > 0; ) {
            int some = Math.min(left, piece.length);
            in.readBytes(piece, 0, some);
            mask.apply(piece, 0, some);
            left -= some;
            Outcome outcome = inflate(piece, some, to, maxBytes);
            if (outcome != Outcome.OK) {
                in.skipBytes(left);
                return outcome;
            }
        }
        return Outcome.OK;
    }

    /// The message has no further bytes.
    Outcome end(MessageBytes to, long maxBytes) throws DataFormatException {
        Outcome outcome = inflate(TAIL, TAIL.length, to, maxBytes);
        if (!keepsContext) {
            release();
        }
        return outcome;
    }

    private Outcome inflate(byte[] bytes, int count, MessageBytes to, long maxBytes) throws DataFormatException {
        Inflater from = inflater;
        if (from == null) {
            from = new Inflater(true);
            inflater = from;
        }
        byte[] out = new byte[PIECE];
        from.setInput(bytes, 0, count);
        while (true) {
            int length = from.inflate(out);
            if (to.length() + (long) length > maxBytes) {
                return Outcome.TOO_BIG;
            }
            if (!to.append(out, length)) {
                return Outcome.NOT_TEXT;
            }
            if (from.finished()) {
                // A last block may be followed by others (RFC 7692 section 7.2.3.4).
                int rest = from.getRemaining();
                from.reset();
                from.setInput(bytes, count - rest, rest);
                if (rest == 0) {
                    return Outcome.OK;
                }
            } else if (from.needsDictionary()) {
                throw new DataFormatException("a preset dictionary");
            } else if (length < out.length && from.needsInput()) {
                return Outcome.OK;
            }
        }
    }

    /// Gives back its memory.
    void release() {
        Inflater held = inflater;
        if (held != null) {
            inflater = null;
            held.end();
        }
    }
}
