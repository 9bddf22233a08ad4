package dev.loomgate.server.http2;

import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.stream.ReceivedBody;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import org.jspecify.annotations.Nullable;

/// A request's body on its way from a stream to its reader, and the window that the client has for it. What the reader
/// hasn't read and what the client may still send are [#WINDOW_BYTES] together. Loop side only.
final class StreamBody {
    static final int WINDOW_BYTES = Http2CodecUtil.DEFAULT_WINDOW_SIZE;
    /// The bytes in memory past which the window isn't given back.
    static final int HIGH_WATER = WINDOW_BYTES / 2;

    private final int stream;
    private final ReceivedBody body;
    private int window = WINDOW_BYTES;

    StreamBody(int stream, ReceivedBody body) {
        this.stream = stream;
        this.body = body;
    }

    /// Takes a frame's content.
    ///
    /// @param flowBytes what it takes of the window, with its padding
    /// @return why the body is refused; null if it isn't, or was before
    @Nullable
    Refusal receive(ByteBuf content, int flowBytes, boolean last) throws Http2Exception {
        window -= flowBytes;
        if (window < 0) {
            throw Http2Exception.streamError(
                    stream, Http2Error.FLOW_CONTROL_ERROR, "stream %d has more than its window", stream);
        }
        count(content.readableBytes(), last);
        return body.append(content, last);
    }

    /// Trailers have come in place of a last DATA frame.
    void end() throws Http2Exception {
        count(0, true);
        body.complete();
    }

    private void count(int bytes, boolean last) throws Http2Exception {
        if (!body.count(bytes, last)) {
            throw Http2Exception.streamError(
                    stream, Http2Error.PROTOCOL_ERROR, "a body of stream %d isn't as long as declared", stream);
        }
    }

    /// Ends the reading for a fault of the client.
    void refuse(Refusal why) {
        body.refuse(why);
    }

    /// The response is complete, so nobody wants the rest.
    void leave() {
        body.leave();
    }

    /// Whether the client can send the rest without a larger window, as far as one can tell.
    boolean isShort() {
        return body.left() < 0 ? window > 0 : body.left() <= window;
    }

    /// Whether bytes are waited for.
    boolean isAwaited() {
        return body.isAwaited();
    }

    /// How much the window is to be enlarged now; 0 while it isn't worth a frame, or nothing is wanted.
    ///
    /// @param any whether a little is worth one, too
    int windowToGive(boolean any) {
        if (!body.isAwaited()) {
            return 0;
        }
        int more = WINDOW_BYTES - body.unread() - window;
        if (more < (any ? 1 : WINDOW_BYTES / 4)) {
            return 0;
        }
        window += more;
        return more;
    }
}
