package dev.loomgate.testkit.client;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A WebSocket client that sends exactly the frames that it is told, valid or not, and shows each frame that comes.
///
/// ```java
/// try (WebSocketPeer peer = WebSocketPeer.to(address, "/chat")) {
///     assertThat(peer.text("hello").next().text()).isEqualTo("hello");
/// }
/// ```
public final class WebSocketPeer implements AutoCloseable {
    /// The first byte of a frame that is a whole message, or a control frame.
    public static final int TEXT = 0x81;

    public static final int BINARY = 0x82;
    public static final int CLOSE = 0x88;
    public static final int PING = 0x89;
    public static final int PONG = 0x8a;

    private static final byte[] KEY = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private final HttpPeer peer;
    private final HttpPeer.Answer answer;

    private WebSocketPeer(HttpPeer peer, HttpPeer.Answer answer) {
        this.peer = peer;
        this.answer = answer;
    }

    /// A frame that has come.
    ///
    /// @param first its first byte
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Frame(int first, byte[] payload) {
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /// The code of a close frame; 0 if there is none, or it is another frame.
        public int closeCode() {
            return first == CLOSE && payload.length >= 2
                    ? ByteBuffer.wrap(payload).getShort() & 0xffff
                    : 0;
        }

        @Override
        public String toString() {
            return Integer.toHexString(first) + " " + (first == CLOSE ? closeCode() + " " : "") + text();
        }
    }

    /// Opens a WebSocket; with further fields of the handshake, such as `Sec-WebSocket-Protocol: chat`.
    ///
    /// @throws IOException if the answer isn't 101
    public static WebSocketPeer to(SocketAddress server, String target, String... fields) throws IOException {
        return over(HttpPeer.to(server), target, fields);
    }

    /// The same over a connection that is there.
    public static WebSocketPeer over(HttpPeer peer, String target, String... fields) throws IOException {
        HttpPeer.Answer answer = peer.send(handshake(target, fields)).answer();
        if (answer.status() != 101) {
            throw new IOException("the handshake was answered with %d %s".formatted(answer.status(), answer.text()));
        }
        return new WebSocketPeer(peer, answer);
    }

    /// A handshake with the key of RFC 6455 section 1.3.
    public static String handshake(String target, String... fields) {
        StringBuilder text = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
                + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    /// The handshake's answer.
    public HttpPeer.Answer answer() {
        return answer;
    }

    /// A client's frame, masked.
    public static byte[] frame(int first, byte[] payload) {
        int length = payload.length;
        ByteBuffer frame = ByteBuffer.allocate(length + 14).put((byte) first);
        if (length < 126) {
            frame.put((byte) (0x80 | length));
        } else if (length < 0x1_0000) {
            frame.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(length);
        }
        frame.put(KEY);
        for (int i = 0; i < length; i++) {
            frame.put((byte) (payload[i] ^ KEY[i & 3]));
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    /// The payload of a close frame.
    public static byte[] closePayload(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + text.length)
                .putShort((short) code)
                .put(text)
                .array();
    }

    /// Sends bytes as they are.
    public WebSocketPeer raw(byte[] bytes) throws IOException {
        peer.send(bytes);
        return this;
    }

    /// Sends a frame, masked.
    public WebSocketPeer send(int first, byte[] payload) throws IOException {
        return raw(frame(first, payload));
    }

    public WebSocketPeer send(int first, String payload) throws IOException {
        return send(first, payload.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends a message of text.
    public WebSocketPeer text(String message) throws IOException {
        return send(TEXT, message);
    }

    /// Sends a message of bytes.
    public WebSocketPeer binary(byte[] message) throws IOException {
        return send(BINARY, message);
    }

    /// Sends a close frame.
    public WebSocketPeer closeWith(int code, String reason) throws IOException {
        return send(CLOSE, closePayload(code, reason));
    }

    /// The next frame.
    public Frame next() throws IOException {
        byte[] begin = peer.take(2);
        int length = begin[1] & 0xff;
        if (length > 127) {
            throw new IOException("the server masks its frames");
        }
        if (length == 126) {
            length = ByteBuffer.wrap(peer.take(Short.BYTES)).getShort() & 0xffff;
        } else if (length == 127) {
            length = Math.toIntExact(ByteBuffer.wrap(peer.take(Long.BYTES)).getLong());
        }
        return new Frame(begin[0] & 0xff, peer.take(length));
    }

    /// What comes until the server ends its side: nothing, after a close frame.
    public String rest() throws IOException {
        return peer.rest();
    }

    /// Says that nothing more will be sent.
    public WebSocketPeer endOutput() throws IOException {
        peer.endOutput();
        return this;
    }

    /// Closes by a reset: no closing handshake.
    public void reset() throws IOException {
        peer.reset();
    }

    @Override
    public void close() throws IOException {
        peer.close();
    }
}
