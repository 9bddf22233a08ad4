package dev.loomgate.python.wire;

import dev.loomgate.gateway.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Messages of a WebSocket as BODY and CHUNK frames have them: records, cut anywhere.
///
/// ```
///  0      1         5
///  | kind | length  | payload ...       little-endian; 1 text (UTF-8), 2 bytes, 8 the end: u16 code, reason in UTF-8
/// ```
/// Used by one thread.
public final class SocketRecords {
    private static final int HEADER_BYTES = 5;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSED = 8;

    private byte[] bytes = {};
    private int from;
    private int to;

    /// A message as a record.
    public static byte[] record(WebSocket.Message message) {
        return switch (message) {
            case WebSocket.Text text -> record(TEXT, text.content().getBytes(StandardCharsets.UTF_8));
            case WebSocket.Binary binary -> record(BINARY, binary.content());
            case WebSocket.Closed closed -> {
                byte[] reason = closed.reason().getBytes(StandardCharsets.UTF_8);
                yield record(
                        CLOSED,
                        ByteBuffer.allocate(Short.BYTES + reason.length)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putShort((short) closed.code())
                                .put(reason)
                                .array());
            }
        };
    }

    private static byte[] record(int kind, byte[] payload) {
        return ByteBuffer.allocate(HEADER_BYTES + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) kind)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    /// More of them has come.
    public void add(byte[] some) {
        if (to + some.length > bytes.length) {
            int kept = to - from;
            byte[] larger = new byte[Math.max(kept + some.length, kept == 0 ? 0 : 2 * kept)];
            System.arraycopy(bytes, from, larger, 0, kept);
            bytes = larger;
            from = 0;
            to = kept;
        }
        System.arraycopy(some, 0, bytes, to, some.length);
        to += some.length;
    }

    /// The next message that is there as a whole, or null.
    ///
    /// @throws FrameException if it is none
    public WebSocket.@Nullable Message next() {
        if (to - from < HEADER_BYTES) {
            return null;
        }
        ByteBuffer record = ByteBuffer.wrap(bytes, from, to - from).order(ByteOrder.LITTLE_ENDIAN);
        int kind = record.get();
        int length = record.getInt();
        if (length < 0) {
            throw new FrameException("a record of a WebSocket has %d bytes".formatted(length));
        }
        if (length > record.remaining()) {
            return null;
        }
        byte[] payload = new byte[length];
        record.get(payload);
        from = record.position();
        if (from == to) {
            bytes = new byte[0];
            from = 0;
            to = 0;
        }
        return message(kind, payload);
    }

    private static WebSocket.Message message(int kind, byte[] payload) {
        return switch (kind) {
            case TEXT -> new WebSocket.Text(new String(payload, StandardCharsets.UTF_8));
            case BINARY -> new WebSocket.Binary(payload);
            case CLOSED -> {
                if (payload.length < Short.BYTES) {
                    throw new FrameException("the end of a WebSocket has no code");
                }
                ByteBuffer end = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
                int code = end.getShort() & 0xffff;
                yield new WebSocket.Closed(
                        code, StandardCharsets.UTF_8.decode(end).toString());
            }
            default -> throw new FrameException("a record of a WebSocket is of kind " + kind);
        };
    }
}
