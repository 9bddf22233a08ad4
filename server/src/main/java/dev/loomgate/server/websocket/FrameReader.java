package dev.loomgate.server.websocket;

import dev.loomgate.gateway.WebSocket;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/// A client's frames, read as messages (RFC 6455 section 5). Pure: no channel, no clock, no log. Used by one thread.
///
/// ```
///  +-----+------+--------+------+--------+---------------------+----------+-----------------+
///  | FIN | RSV1 | RSV2,3 | op 4 | MASK 1 | length 7, 7+16 or   | key 32   | masked payload  |
///  |  1  |  1   |   00   | bits |        | 7+64 bits           |          |                 |
///  +-----+------+--------+------+--------+---------------------+----------+-----------------+
/// ```
/// A violation is told at the first byte that shows it: a message that is too long by its frame's header, text at the
/// first byte that isn't UTF-8. What has no violation can be cut anywhere.
final class FrameReader {
    private static final Received INCOMPLETE = new Received.Incomplete();
    private static final int MAX_CONTROL_BYTES = 125;
    private static final int MAX_HEADER_BYTES = 14;
    private static final int KEY_BYTES = 4;

    private final long maxBytes;
    private final @Nullable MessageInflater inflater;

    // The frame that is being read.
    private final byte[] header = new byte[MAX_HEADER_BYTES];
    private int headerCount;
    private int headerLength = 2;
    private boolean inPayload;
    private boolean last;
    private int opcode;
    private long left;
    private final Mask mask = new Mask();
    private byte[] control = {};
    private int controlCount;

    // The message that is being read, in one frame or several.
    private @Nullable MessageBytes message;
    private boolean compressed;

    /// @param maxBytes of a message
    /// @param inflater null if messages can't be compressed
    FrameReader(long maxBytes, @Nullable MessageInflater inflater) {
        this.maxBytes = maxBytes;
        this.inflater = inflater;
    }

    /// Reads up to the end of the next message or control frame, or all there is. Not to be called again after a
    /// violation.
    Received read(ByteBuf in) {
        while (inPayload || in.isReadable()) {
            Received found = inPayload ? readPayload(in) : readHeader(in);
            if (found != null) {
                return found;
            }
        }
        return INCOMPLETE;
    }

    /// Whether all that was read has become messages and control frames.
    boolean isBetweenMessages() {
        return headerCount == 0 && !inPayload && message == null;
    }

    /// Gives back what a message that is never complete holds.
    void release() {
        if (inflater != null) {
            inflater.release();
        }
    }

    private @Nullable Received readHeader(ByteBuf in) {
        header[headerCount++] = in.readByte();
        if (headerCount == 1) {
            return checkFirst(header[0] & 0xff);
        }
        if (headerCount == 2) {
            return checkSecond(header[1] & 0xff);
        }
        if (headerCount < headerLength) {
            return null;
        }
        Received violation = readLength();
        mask.begin(bigEndian(headerLength - KEY_BYTES, KEY_BYTES));
        headerCount = 0;
        headerLength = 2;
        inPayload = true;
        return violation == null ? begin() : violation;
    }

    private @Nullable Received checkFirst(int first) {
        last = (first & 0x80) != 0;
        opcode = first & 0x0f;
        boolean rsv1 = (first & 0x40) != 0;
        if ((first & 0x30) != 0) {
            return broken("a reserved bit is set");
        }
        if (!Opcode.isKnown(opcode)) {
            return broken("opcode " + opcode + " is reserved");
        }
        boolean begins = opcode == Opcode.TEXT || opcode == Opcode.BINARY;
        if (rsv1 && (inflater == null || !begins)) {
            return broken(
                    inflater == null
                            ? "RSV1 is set, and no extension was agreed"
                            : "RSV1 is set behind the message's first frame");
        }
        if (Opcode.isControl(opcode)) {
            return last ? null : broken("a control frame is fragmented");
        }
        if (begins == (message != null)) {
            return broken(
                    begins ? "a message begins before the last one is complete" : "a continuation without a beginning");
        }
        if (begins) {
            compressed = rsv1;
        }
        return null;
    }

    private @Nullable Received checkSecond(int second) {
        if ((second & 0x80) == 0) {
            return broken("a frame is not masked");
        }
        int length = second & 0x7f;
        if (Opcode.isControl(opcode) && length > MAX_CONTROL_BYTES) {
            return broken("a control frame is longer than 125 bytes");
        }
        headerLength = 2 + (length == 126 ? Short.BYTES : length == 127 ? Long.BYTES : 0) + KEY_BYTES;
        return null;
    }

    private @Nullable Received readLength() {
        int length = header[1] & 0x7f;
        if (length < 126) {
            left = length;
        } else if (length == 126) {
            left = bigEndian(2, Short.BYTES);
            return left < 126 ? longForm() : null;
        } else {
            left = (long) bigEndian(2, Integer.BYTES) << 32 | (bigEndian(6, Integer.BYTES) & 0xffff_ffffL);
            if (left < 0) {
                return broken("a frame's length has its first bit set");
            }
            return left < 0x1_0000 ? longForm() : null;
        }
        return null;
    }

    private static Received longForm() {
        return broken("a frame's length isn't in its shortest form");
    }

    private int bigEndian(int at, int count) {
        int value = 0;
        for (int i = at; i < at + count; i++) {
            value = value << 8 | (header[i] & 0xff);
        }
        return value;
    }

    private @Nullable Received begin() {
        if (Opcode.isControl(opcode)) {
            control = new byte[(int) left];
            controlCount = 0;
            return null;
        }
        long before = message == null ? 0 : message.length();
        if (!compressed && before + left > maxBytes) {
            return tooBig();
        }
        return null;
    }

    private @Nullable Received readPayload(ByteBuf in) {
        int count = (int) Math.min(left, in.readableBytes());
        left -= count;
        if (Opcode.isControl(opcode)) {
            in.readBytes(control, controlCount, count);
            mask.apply(control, controlCount, controlCount + count);
            controlCount += count;
            return left == 0 ? controlFrame() : INCOMPLETE;
        }
        MessageBytes to = message;
        if (to == null) {
            to = new MessageBytes(opcode == Opcode.TEXT, compressed ? 0 : count);
            message = to;
        }
        Received violation = compressed ? inflate(in, count, to) : to.append(in, count, mask) ? null : notText();
        if (violation != null) {
            return violation;
        }
        if (left > 0) {
            return INCOMPLETE;
        }
        inPayload = false;
        return last ? complete(to) : null;
    }

    private @Nullable Received inflate(ByteBuf in, int count, MessageBytes to) {
        MessageInflater from = inflater();
        try {
            MessageInflater.Outcome outcome = from.inflate(in, count, mask, to, maxBytes);
            if (outcome == MessageInflater.Outcome.OK && left == 0 && last) {
                outcome = from.end(to, maxBytes);
            }
            return switch (outcome) {
                case OK -> null;
                case NOT_TEXT -> notText();
                case TOO_BIG -> tooBig();
            };
        } catch (DataFormatException e) {
            return new Received.Violation(1007, "a compressed message isn't DEFLATE");
        }
    }

    private MessageInflater inflater() {
        if (inflater == null) {
            throw new IllegalStateException("a compressed message without the extension");
        }
        return inflater;
    }

    private Received complete(MessageBytes from) {
        message = null;
        return from.isComplete() ? new Received.Message(from.message()) : notText();
    }

    private Received controlFrame() {
        inPayload = false;
        return switch (opcode) {
            case Opcode.PING -> new Received.Ping(control);
            case Opcode.PONG -> new Received.Pong(control);
            default -> close(control);
        };
    }

    private static Received close(byte[] payload) {
        if (payload.length == 0) {
            return new Received.Close(new WebSocket.Closed(WebSocket.NO_CODE, ""));
        }
        if (payload.length == 1) {
            return broken("a close frame has half a code");
        }
        int code = (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        if (!WebSocket.mayBeSent(code)) {
            return broken("close code " + code + " may not be sent");
        }
        Utf8Check check = new Utf8Check();
        if (!check.accepts(payload, 2, payload.length) || !check.isComplete()) {
            return new Received.Violation(1007, "a closing reason isn't UTF-8");
        }
        String reason = new String(Arrays.copyOfRange(payload, 2, payload.length), StandardCharsets.UTF_8);
        return new Received.Close(new WebSocket.Closed(code, reason));
    }

    private static Received broken(String problem) {
        return new Received.Violation(1002, problem);
    }

    private static Received notText() {
        return new Received.Violation(1007, "a message of text isn't UTF-8");
    }

    private Received tooBig() {
        return new Received.Violation(
                WebSocket.TOO_BIG, "a message of over %d bytes".formatted(maxBytes), "webSockets.maxBytes");
    }
}
