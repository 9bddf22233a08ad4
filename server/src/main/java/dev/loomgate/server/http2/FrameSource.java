package dev.loomgate.server.http2;

import dev.loomgate.server.http.Preface;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameTypes;
import org.jspecify.annotations.Nullable;

/// Finds frames in whatever pieces they come, and has Netty read each. Loop side only.
///
/// Netty's reader takes frames of any number; here each is one call, so that an error of one stream leaves the
/// following frames alone, and it is known whether a head is under way.
final class FrameSource {
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;
    private static final int END_HEADERS = 4;

    private final DefaultHttp2FrameReader reader;
    private @Nullable ByteBuf pending;
    private boolean prefaceSeen;
    private boolean firstSeen;
    private boolean inHead;

    FrameSource(ReceivedFields fields, int maxContinuations) {
        reader = new DefaultHttp2FrameReader(fields, maxContinuations);
    }

    /// Takes over what has come.
    void add(ByteBuf in) {
        ByteBuf before = pending;
        if (before == null) {
            pending = in;
        } else {
            before.discardSomeReadBytes().writeBytes(in);
            in.release();
        }
    }

    /// Reads the next frame, if it has come.
    ///
    /// @throws Http2Exception with a stream's number if only that stream is concerned: the next frame may be read
    boolean readFrame(ChannelHandlerContext context, Http2FrameListener listener) throws Http2Exception {
        ByteBuf in = pending;
        if (in == null || !(prefaceSeen || readPreface(in))) {
            return false;
        }
        if (in.readableBytes() < Http2CodecUtil.FRAME_HEADER_LENGTH) {
            releaseIfRead(in);
            return false;
        }
        int from = in.readerIndex();
        int length = in.getUnsignedMedium(from);
        int type = in.getByte(from + TYPE_AT);
        // One that is too long is read at once: the reader refuses it.
        int frame = Http2CodecUtil.FRAME_HEADER_LENGTH + Math.min(length, reader.maxFrameSize());
        if (length <= reader.maxFrameSize() && in.readableBytes() < frame) {
            return false;
        }
        if (!firstSeen && type != Http2FrameTypes.SETTINGS) {
            throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "the client doesn't begin with SETTINGS");
        }
        firstSeen = true;
        if (type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION) {
            inHead = (in.getByte(from + FLAGS_AT) & END_HEADERS) == 0;
        }
        int end = in.writerIndex();
        in.writerIndex(Math.min(end, from + frame));
        try {
            reader.readFrame(context, in, listener);
        } finally {
            in.writerIndex(end);
        }
        return true;
    }

    private boolean readPreface(ByteBuf in) throws Http2Exception {
        if (!Preface.mayBegin(in)) {
            throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "the client has no preface");
        }
        if (in.readableBytes() >= Preface.LENGTH) {
            in.skipBytes(Preface.LENGTH);
            prefaceSeen = true;
        }
        return prefaceSeen;
    }

    private void releaseIfRead(ByteBuf in) {
        if (!in.isReadable()) {
            pending = null;
            in.release();
        }
    }

    /// Whether the client has begun a head, or another frame that isn't content, and not ended it.
    boolean isUnfinished() {
        ByteBuf in = pending;
        if (inHead || !firstSeen) {
            return true;
        }
        return in != null
                && in.isReadable()
                && (in.readableBytes() <= TYPE_AT || in.getByte(in.readerIndex() + TYPE_AT) != Http2FrameTypes.DATA);
    }

    /// Releases what it holds.
    void close() {
        ByteBuf in = pending;
        if (in != null) {
            pending = null;
            in.release();
        }
        reader.close();
    }
}
