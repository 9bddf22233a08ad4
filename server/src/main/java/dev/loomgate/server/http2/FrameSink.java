package dev.loomgate.server.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// Writes frames into buffers that hold many, so that what a turn of the loop brings leaves at once. Loop side only.
///
/// ```
///  length (24) | type (8) | flags (8) | stream (32) | payload          RFC 9113 section 4.1
/// ```
final class FrameSink {
    /// The most content that is written at once, so that streams take turns.
    static final int MAX_FRAME_BYTES = Http2CodecUtil.DEFAULT_MAX_FRAME_SIZE;

    private static final int BUFFER_BYTES = 2048;
    private static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final int NO_RFC_7540_PRIORITIES = 9;

    private final Http2Connection connection;
    private final DefaultHttp2HeadersEncoder fields =
            new DefaultHttp2HeadersEncoder((name, value) -> "set-cookie".contentEquals(name), true);
    private @Nullable ByteBuf gathered;
    private int maxFrameBytes = MAX_FRAME_BYTES;

    FrameSink(Http2Connection connection) {
        this.connection = connection;
    }

    /// What the client says of the frames that it takes.
    void maxFrameBytes(int bytes) {
        maxFrameBytes = bytes;
    }

    int maxFrameBytes() {
        return maxFrameBytes;
    }

    /// What the client says of the table that it keeps for decoding.
    void maxTableBytes(long bytes) throws Http2Exception {
        fields.configuration().maxHeaderTableSize(Math.min(bytes, Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE));
    }

    /// Passes on what has been gathered.
    void pass() {
        ByteBuf full = gathered;
        if (full != null) {
            gathered = null;
            connection.writeFrames(full);
        }
    }

    /// Drops what has been gathered.
    void close() {
        ByteBuf full = gathered;
        if (full != null) {
            gathered = null;
            full.release();
        }
        fields.close();
    }

    private ByteBuf begin(int payloadBytes, int type, Http2Flags flags, int stream) {
        ByteBuf out = room(Http2CodecUtil.FRAME_HEADER_LENGTH + payloadBytes);
        Http2CodecUtil.writeFrameHeader(out, payloadBytes, (byte) type, flags, stream);
        return out;
    }

    private ByteBuf room(int bytes) {
        ByteBuf out = gathered;
        if (out != null && out.writableBytes() < bytes) {
            pass();
            out = null;
        }
        if (out == null) {
            out = connection.buffer(Math.max(bytes, BUFFER_BYTES));
            gathered = out;
        }
        return out;
    }

    /// The server's preface: its settings, and the window of the connection.
    ///
    /// @param window the bytes that the client may send at first
    void preface(int maxStreams, int maxHeadBytes, int window) {
        ByteBuf out = begin(4 * Http2CodecUtil.SETTING_ENTRY_LENGTH, Http2FrameTypes.SETTINGS, new Http2Flags(), 0);
        out.writeShort(Http2CodecUtil.SETTINGS_MAX_CONCURRENT_STREAMS).writeInt(maxStreams);
        out.writeShort(Http2CodecUtil.SETTINGS_MAX_HEADER_LIST_SIZE).writeInt(maxHeadBytes);
        out.writeShort(ENABLE_CONNECT_PROTOCOL).writeInt(1); // WebSockets (RFC 8441 section 3)
        out.writeShort(NO_RFC_7540_PRIORITIES).writeInt(1);
        windowUpdate(0, window - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
    }

    void settingsAck() {
        begin(0, Http2FrameTypes.SETTINGS, new Http2Flags().ack(true), 0);
    }

    void ping(boolean ack, long data) {
        begin(Long.BYTES, Http2FrameTypes.PING, new Http2Flags().ack(ack), 0).writeLong(data);
    }

    void windowUpdate(int stream, int bytes) {
        begin(Integer.BYTES, Http2FrameTypes.WINDOW_UPDATE, new Http2Flags(), stream)
                .writeInt(bytes);
    }

    void reset(int stream, Http2Error error) {
        begin(Integer.BYTES, Http2FrameTypes.RST_STREAM, new Http2Flags(), stream)
                .writeInt((int) error.code());
    }

    void goAway(int lastStream, Http2Error error) {
        begin(2 * Integer.BYTES, Http2FrameTypes.GO_AWAY, new Http2Flags(), 0)
                .writeInt(lastStream)
                .writeInt((int) error.code());
    }

    /// Begins a DATA frame, whose content the caller writes into the buffer that is returned.
    ByteBuf data(int stream, int bytes, boolean last) {
        return begin(bytes, Http2FrameTypes.DATA, new Http2Flags().endOfStream(last), stream);
    }

    /// Writes a head: one frame, and as many CONTINUATIONs as the client's frame size makes necessary.
    ///
    /// @return the bytes that it takes
    int head(int stream, Http2Headers head, boolean last) {
        ByteBuf out = room(BUFFER_BYTES / 2);
        int from = out.writerIndex();
        out.writeZero(Http2CodecUtil.FRAME_HEADER_LENGTH);
        try {
            fields.encodeHeaders(stream, head, out);
        } catch (Http2Exception e) {
            throw new IllegalStateException("a response's head can't be encoded", e);
        }
        int length = out.writerIndex() - from - Http2CodecUtil.FRAME_HEADER_LENGTH;
        boolean whole = length <= maxFrameBytes;
        ByteBuf rest = whole
                ? null
                : out.copy(from + Http2CodecUtil.FRAME_HEADER_LENGTH + maxFrameBytes, length - maxFrameBytes);
        out.writerIndex(from);
        Http2CodecUtil.writeFrameHeader(
                out,
                Math.min(length, maxFrameBytes),
                Http2FrameTypes.HEADERS,
                new Http2Flags().endOfStream(last).endOfHeaders(whole),
                stream);
        out.writerIndex(out.writerIndex() + Math.min(length, maxFrameBytes));
        if (rest != null) {
            continuations(stream, rest);
        }
        return length;
    }

    private void continuations(int stream, ByteBuf rest) {
        try {
            while (rest.isReadable()) {
                int piece = Math.min(rest.readableBytes(), maxFrameBytes);
                boolean end = piece == rest.readableBytes();
                begin(piece, Http2FrameTypes.CONTINUATION, new Http2Flags().endOfHeaders(end), stream)
                        .writeBytes(rest, piece);
            }
        } finally {
            rest.release();
        }
    }
}
