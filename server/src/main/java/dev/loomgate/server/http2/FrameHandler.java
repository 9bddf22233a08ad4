package dev.loomgate.server.http2;

import dev.loomgate.server.http.FieldList;
import dev.loomgate.server.stream.FloodWatch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.charset.StandardCharsets;

/// What a client's frames mean to its streams (RFC 9113 section 6). An error of a stream is thrown with its number, one
/// of the connection without. Loop side only.
final class FrameHandler implements Http2FrameListener {
    private static final int PRIORITY_UPDATE = 0x10;
    private static final int STREAM_ID_BYTES = 4;

    private final Http2Connection connection;
    private final FieldList fields;
    private final FloodWatch floods;
    private boolean hasSettings;

    FrameHandler(Http2Connection connection, FieldList fields, FloodWatch floods) {
        this.connection = connection;
        this.fields = fields;
        this.floods = floods;
    }

    /// Whether the client's settings have come, which must be first.
    boolean hasSettings() {
        return hasSettings;
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean last)
            throws Http2Exception {
        int flowBytes = data.readableBytes() + padding;
        connection.received(flowBytes);
        if (!data.isReadable() && !last) {
            floods.control();
        }
        Http2Stream stream = connection.stream(id);
        if (stream != null) {
            stream.data(data, flowBytes, last);
        } else {
            checkClosed(id, "DATA");
        }
        return flowBytes;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int id,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean last)
            throws Http2Exception {
        onHeadersRead(ctx, id, headers, padding, last);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean last)
            throws Http2Exception {
        Http2Stream stream = connection.stream(id);
        if (stream != null) {
            stream.trailers(fields.trailersFault(), fields.limitPassed(), last);
        } else if ((id & 1) == 0) {
            throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "stream %d is not a client's", id);
        } else if (id <= connection.lastStream()) {
            if (connection.endOf(id) == ClosedStreams.End.UNKNOWN) {
                throw Http2Exception.connectionError(
                        Http2Error.PROTOCOL_ERROR, "stream %d begins after %d", id, connection.lastStream());
            }
            checkClosed(id, "HEADERS");
        } else {
            connection.open(id, fields, last);
        }
    }

    // A stream that isn't open: whether the frame may have been under way.
    private void checkClosed(int id, String frame) throws Http2Exception {
        checkNotIdle(id, frame);
        if (!connection.isIgnored(id) && connection.endOf(id) != ClosedStreams.End.RESET) {
            throw Http2Exception.connectionError(
                    Http2Error.STREAM_CLOSED, "%s on stream %d, which is closed", frame, id);
        }
    }

    private void checkNotIdle(int id, String frame) throws Http2Exception {
        if ((id & 1) == 0 || (id > connection.lastStream() && !connection.isIgnored(id))) {
            throw Http2Exception.connectionError(
                    Http2Error.PROTOCOL_ERROR, "%s on stream %d, which is idle", frame, id);
        }
    }

    @Override
    public void onPriorityRead(ChannelHandlerContext ctx, int id, int dependency, short weight, boolean exclusive) {
        floods.control(); // of RFC 7540, without effect here (RFC 9113 section 5.3.2)
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long errorCode) throws Http2Exception {
        checkNotIdle(id, "RST_STREAM");
        floods.reset();
        Http2Stream stream = connection.stream(id);
        if (stream != null) {
            stream.abandon();
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        if (hasSettings) {
            floods.control();
        }
        hasSettings = true;
        connection.apply(settings);
        // Before what larger windows let pass (section 6.5.3).
        connection.sink().settingsAck();
        connection.sender().send();
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) {
        floods.control();
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) {
        floods.control();
        connection.sink().ping(true, data);
        connection.flushSoon();
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        floods.control();
        connection.pingAnswered(data);
    }

    @Override
    public void onPushPromiseRead(ChannelHandlerContext ctx, int id, int promisedId, Http2Headers headers, int padding)
            throws Http2Exception {
        throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "a client can't push");
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int lastId, long errorCode, ByteBuf debugData) {
        floods.control();
        connection.clientGoesAway();
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int id, int increment) throws Http2Exception {
        floods.windowUpdate();
        if (id == 0) {
            connection.sender().enlargeWindow(increment);
            return;
        }
        checkNotIdle(id, "WINDOW_UPDATE");
        Http2Stream stream = connection.stream(id);
        if (stream != null) {
            stream.enlargeWindow(increment);
        }
    }

    @Override
    public void onUnknownFrame(ChannelHandlerContext ctx, byte type, int id, Http2Flags flags, ByteBuf payload)
            throws Http2Exception {
        floods.control();
        if (type == PRIORITY_UPDATE) {
            priorityUpdate(id, payload);
        }
    }

    // RFC 9218 section 7.1. One of a stream that isn't open has no effect.
    private void priorityUpdate(int id, ByteBuf payload) throws Http2Exception {
        if (id != 0) {
            throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "PRIORITY_UPDATE on stream %d", id);
        }
        if (payload.readableBytes() < STREAM_ID_BYTES) {
            throw Http2Exception.connectionError(
                    Http2Error.FRAME_SIZE_ERROR, "PRIORITY_UPDATE of %d bytes", payload.readableBytes());
        }
        int of = payload.readInt() & Integer.MAX_VALUE;
        if (of == 0) {
            throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "PRIORITY_UPDATE of stream 0");
        }
        Http2Stream stream = connection.stream(of);
        if (stream != null) {
            connection.sender().reprioritize(stream, Priority.of(payload.toString(StandardCharsets.ISO_8859_1)));
        }
    }
}
