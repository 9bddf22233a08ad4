package dev.loomgate.server;

import dev.loomgate.testkit.client.Http2Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A client of HTTP/2 that sends exactly the frames that it is told to, right or wrong. One thread.
final class FrameClient implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int PRIORITY_UPDATE = 16;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    static final int NO_ERROR = 0;
    static final int PROTOCOL_ERROR = 1;
    static final int FLOW_CONTROL_ERROR = 3;
    static final int STREAM_CLOSED = 5;
    static final int REFUSED_STREAM = 7;
    static final int CANCEL = 8;
    static final int ENHANCE_YOUR_CALM = 11;

    private static final int TIMEOUT_MILLIS = 30_000;

    /// A frame of the server.
    ///
    /// @param head what a field block says
    record Frame(
            int type,
            int flags,
            int stream,
            byte[] payload,
            @Nullable Http2Headers head) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /// The last number in it: an error's, or a window's.
        int number() {
            return ByteBuffer.wrap(payload).getInt(payload.length - 4);
        }

        @Override
        public String toString() {
            return "frame " + type + " of stream " + stream + ", flags " + flags + ", " + payload.length + " bytes";
        }
    }

    /// What came on one stream.
    record Response(
            String status,
            Http2Headers headers,
            byte[] content,
            Http2Headers trailers,
            @Nullable Integer reset) {
        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }

        String field(String name) {
            CharSequence value = headers.get(name);
            return value == null ? "" : value.toString();
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersDecoder fields = new DefaultHttp2HeadersDecoder(true, 1 << 20);
    // Frames that were read while others were waited for.
    private final List<Frame> kept = new ArrayList<>();

    FrameClient(Server server) throws IOException {
        this(server, new byte[0]);
    }

    /// @param settings the payload of the client's first frame
    FrameClient(Server server, byte[] settings) throws IOException {
        socket = new Socket();
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.connect((InetSocketAddress) server.addresses().getFirst().socketAddress());
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
        out.write(Http2Frames.PREFACE.getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, settings);
    }

    // ---- sending

    void send(int type, int flags, int stream, byte... payload) throws IOException {
        send(Http2Frames.frame(type, flags, stream, payload));
    }

    void send(byte[] frames) throws IOException {
        out.write(frames);
    }

    /// A request's head: GET for `path`, with further names and values.
    void get(int stream, String path, String... fields) throws IOException {
        send(HEADERS, END_HEADERS | END_STREAM, stream, Http2Frames.head("GET", path, fields));
    }

    /// A request's head, whose body follows.
    void post(int stream, String path, String... fields) throws IOException {
        send(HEADERS, END_HEADERS, stream, Http2Frames.head("POST", path, fields));
    }

    void data(int stream, boolean last, byte... content) throws IOException {
        send(DATA, last ? END_STREAM : 0, stream, content);
    }

    void window(int stream, int bytes) throws IOException {
        send(WINDOW_UPDATE, 0, stream, number(bytes));
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    static byte[] setting(int id, int value) {
        return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
    }

    // ---- receiving

    /// The next frame; null if the connection has ended.
    @Nullable
    Frame read() throws IOException {
        try {
            int length = (in.readUnsignedShort() << 8) | in.readUnsignedByte();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = new byte[length];
            in.readFully(payload);
            // In the order in which they come: each changes the decoder's table.
            Http2Headers head = type == HEADERS ? decoded(stream, payload) : null;
            return new Frame(type, flags, stream, payload, head);
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    /// The next frame of that kind, whatever comes before it.
    Frame await(int type, int stream) throws IOException {
        for (Frame before : kept) {
            if (before.type == type && before.stream == stream) {
                kept.remove(before);
                return before;
            }
        }
        Frame frame;
        while ((frame = read()) != null) {
            if (frame.type == type && frame.stream == stream) {
                return frame;
            }
            kept.add(frame);
        }
        throw new AssertionError("no frame " + type + " of stream " + stream + ", but " + kept);
    }

    /// A frame of a number that the server has sent back: all that it was sent before has been handled.
    void roundTrip() throws IOException {
        send(PING, 0, 0, new byte[8]);
        Frame frame;
        do {
            frame = await(PING, 0);
        } while (!frame.has(ACK));
    }

    /// The windows that the server has given to that stream, of the frames that were read while others were waited for.
    int given(int stream) {
        List<Frame> windows = kept.stream()
                .filter(frame -> frame.type == WINDOW_UPDATE && frame.stream == stream)
                .toList();
        kept.removeAll(windows);
        return windows.stream().mapToInt(Frame::number).sum();
    }

    /// The server's last word, and then its end.
    ///
    /// @return the error's number
    int goneAway() throws IOException {
        int error = await(GOAWAY, 0).number();
        while (read() != null) {
            // what was under way
        }
        return error;
    }

    /// A response up to its end, or its reset; windows are given back.
    Response response(int stream) throws IOException {
        Http2Headers headers = null;
        Http2Headers trailers = new DefaultHttp2Headers();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        while (true) {
            Frame frame = next(stream);
            switch (frame.type) {
                case HEADERS -> {
                    if (headers != null) {
                        trailers = Objects.requireNonNull(frame.head);
                        break;
                    }
                    headers = frame.head;
                    if (headers != null && headers.status().charAt(0) == '1') {
                        headers = null;
                    }
                }
                case DATA -> {
                    content.writeBytes(frame.payload);
                    if (frame.payload.length > 0) {
                        window(0, frame.payload.length);
                        if (!frame.has(END_STREAM)) {
                            window(stream, frame.payload.length);
                        }
                    }
                }
                case RST_STREAM -> {
                    return new Response(
                            headers == null ? "" : headers.status().toString(),
                            headers == null ? new DefaultHttp2Headers() : headers,
                            content.toByteArray(),
                            trailers,
                            frame.number());
                }
                default -> {}
            }
            if (frame.has(END_STREAM) && headers != null && (frame.type == HEADERS || frame.type == DATA)) {
                return new Response(headers.status().toString(), headers, content.toByteArray(), trailers, null);
            }
        }
    }

    private Frame next(int stream) throws IOException {
        for (Frame before : kept) {
            if (before.stream == stream) {
                kept.remove(before);
                return before;
            }
        }
        Frame frame;
        while ((frame = read()) != null) {
            if (frame.stream == stream) {
                return frame;
            }
            kept.add(frame);
        }
        throw new AssertionError("the connection has ended before stream " + stream + " has, after " + kept);
    }

    private Http2Headers decoded(int stream, byte[] payload) throws IOException {
        ByteBuf block = Unpooled.wrappedBuffer(payload);
        try {
            return fields.decodeHeaders(stream, block);
        } catch (Http2Exception e) {
            throw new IOException(e);
        } finally {
            block.release();
        }
    }

    /// Ends the connection.
    void disconnect() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        disconnect();
    }
}
