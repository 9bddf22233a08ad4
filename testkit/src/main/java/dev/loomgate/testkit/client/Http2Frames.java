package dev.loomgate.testkit.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Writes frames of HTTP/2, right ones and wrong ones, with fields that no table keeps: so a client needs no state.
///
/// ```java
/// peer.send(Http2Frames.PREFACE).send(Http2Frames.frame(Http2Frames.HEADERS, 5, 1, Http2Frames.head("GET", "/")));
/// ```
public final class Http2Frames {
    /// What a client begins with; its SETTINGS follow.
    public static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int WINDOW_UPDATE = 8;

    /// Flags of a HEADERS frame.
    public static final int END_STREAM = 1;

    public static final int END_HEADERS = 4;

    /// The bytes before a frame's payload.
    public static final int FRAME_HEADER_BYTES = 9;

    private Http2Frames() {}

    /// Bytes of a frame.
    public static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(FRAME_HEADER_BYTES + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /// A request's field block, with further names and values.
    public static byte[] head(String method, String path, String... fields) {
        String[] all = new String[8 + fields.length];
        System.arraycopy(
                new String[] {":method", method, ":scheme", "http", ":path", path, ":authority", "example.org"},
                0,
                all,
                0,
                8);
        System.arraycopy(fields, 0, all, 8, fields.length);
        return block(all);
    }

    /// Names and values as literals that no table keeps (RFC 7541 section 6.2.2).
    public static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            literal(block, fields[i]);
            literal(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                block.write((rest & 127) | 128);
                rest >>= 7;
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }
}
