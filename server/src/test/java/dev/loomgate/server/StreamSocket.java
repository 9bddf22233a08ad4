package dev.loomgate.server;

import dev.loomgate.server.FrameClient.Frame;
import dev.loomgate.testkit.client.Http2Frames;
import dev.loomgate.testkit.client.WebSocketPeer;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/// A WebSocket on a stream of HTTP/2, whose frames are sent exactly as told. One thread.
final class StreamSocket {
    private final FrameClient client;
    private final int stream;
    private final Http2Headers answer;
    private byte[] come = {};
    private boolean ended;
    // What the server has given and isn't used up; a stream begins with the default.
    private long window = 65_535;
    private long connectionWindow = 1 << 20;

    private StreamSocket(FrameClient client, int stream, Http2Headers answer) {
        this.client = client;
        this.stream = stream;
        this.answer = answer;
    }

    /// Asks for one; with further names and values of fields.
    static void ask(FrameClient client, int stream, String path, String... fields) throws IOException {
        client.send(FrameClient.HEADERS, FrameClient.END_HEADERS, stream, head(path, fields));
    }

    static byte[] head(String path, String... fields) {
        String[] all = new String[4 + fields.length];
        System.arraycopy(new String[] {":protocol", "websocket", "sec-websocket-version", "13"}, 0, all, 0, 4);
        System.arraycopy(fields, 0, all, 4, fields.length);
        return Http2Frames.head("CONNECT", path, all);
    }

    /// Opens one.
    static StreamSocket open(FrameClient client, int stream, String path, String... fields) throws IOException {
        ask(client, stream, path, fields);
        return opened(client, stream);
    }

    /// One that was asked for.
    static StreamSocket opened(FrameClient client, int stream) throws IOException {
        Frame frame = client.await(FrameClient.HEADERS, stream);
        Http2Headers head = Objects.requireNonNull(frame.head());
        if (!"200".contentEquals(head.status()) || frame.has(FrameClient.END_STREAM)) {
            throw new IOException("the WebSocket was answered with " + head);
        }
        return new StreamSocket(client, stream, head);
    }

    Http2Headers answer() {
        return answer;
    }

    /// Sends bytes, in frames of at most that length, as the server's windows allow.
    StreamSocket raw(byte[] bytes, int pieces) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            int piece = (int) Math.min(Math.min(pieces, bytes.length - at), Math.min(window, connectionWindow));
            if (piece == 0) {
                if (window == 0) {
                    window += client.await(FrameClient.WINDOW_UPDATE, stream).number();
                } else {
                    connectionWindow +=
                            client.await(FrameClient.WINDOW_UPDATE, 0).number();
                }
            } else {
                client.data(stream, false, Arrays.copyOfRange(bytes, at, at + piece));
                window -= piece;
                connectionWindow -= piece;
                at += piece;
            }
        }
        return this;
    }

    StreamSocket send(int first, byte[] payload) throws IOException {
        return raw(WebSocketPeer.frame(first, payload), 16_384);
    }

    StreamSocket text(String message) throws IOException {
        return send(WebSocketPeer.TEXT, message.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    StreamSocket closeWith(int code, String reason) throws IOException {
        return send(WebSocketPeer.CLOSE, WebSocketPeer.closePayload(code, reason));
    }

    /// The next frame of the WebSocket.
    WebSocketPeer.Frame next() throws IOException {
        byte[] begin = take(2);
        int length = begin[1] & 0xff;
        if (length == 126) {
            length = ByteBuffer.wrap(take(Short.BYTES)).getShort() & 0xffff;
        } else if (length == 127) {
            length = Math.toIntExact(ByteBuffer.wrap(take(Long.BYTES)).getLong());
        }
        return new WebSocketPeer.Frame(begin[0] & 0xff, take(length));
    }

    private byte[] take(int count) throws IOException {
        ByteArrayOutputStream gathered = new ByteArrayOutputStream();
        gathered.writeBytes(come);
        while (gathered.size() < count) {
            Frame frame = readData();
            if (frame.has(FrameClient.END_STREAM)) {
                throw new IOException("the stream has ended, after " + gathered.size() + " of " + count + " bytes");
            }
            gathered.writeBytes(frame.payload());
        }
        byte[] all = gathered.toByteArray();
        come = Arrays.copyOfRange(all, count, all.length);
        return Arrays.copyOf(all, count);
    }

    private Frame readData() throws IOException {
        Frame frame = client.await(FrameClient.DATA, stream);
        if (frame.payload().length > 0) {
            client.window(0, frame.payload().length);
            client.window(stream, frame.payload().length);
        }
        ended = frame.has(FrameClient.END_STREAM);
        return frame;
    }

    /// How many bytes come until the server ends its side.
    int rest() throws IOException {
        int count = come.length;
        while (!ended) {
            count += readData().payload().length;
        }
        return count;
    }
}
