package dev.loomgate.server.http2;

import dev.loomgate.server.Limits;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.RefusedInput;
import dev.loomgate.server.exchange.RequestBody;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A request's body on its way from a stream to its reader, and the window that the client has for it. What the reader
/// hasn't read and what the client may still send are [#WINDOW_BYTES] together. Loop side only.
final class StreamBody {
    static final int WINDOW_BYTES = Http2CodecUtil.DEFAULT_WINDOW_SIZE;
    /// The bytes in memory past which the window isn't given back.
    static final int HIGH_WATER = WINDOW_BYTES / 2;

    private final int stream;
    private final RequestBody reader;
    private final long length;
    private final long maxBytes;
    private long received;
    private int window = WINDOW_BYTES;
    private boolean refused;

    /// @param length what the request says; negative if it says nothing
    StreamBody(int stream, RequestBody reader, long length, Limits limits) {
        this.stream = stream;
        this.reader = reader;
        this.length = length;
        this.maxBytes = limits.maxBodyBytes() == 0 ? Long.MAX_VALUE : limits.maxBodyBytes();
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
        int count = content.readableBytes();
        received += count;
        if (length >= 0 && (received > length || (last && received < length))) {
            throw Http2Exception.streamError(
                    stream, Http2Error.PROTOCOL_ERROR, "a body of stream %d isn't as long as declared", stream);
        }
        Refusal refusal = null;
        if (received > maxBytes && !refused) {
            refusal = new Refusal(
                    413,
                    "the request's body is too large",
                    "http: request body of over %d bytes".formatted(maxBytes),
                    "maxBodyBytes");
            refuse(refusal);
        } else if (count > 0 && !refused) {
            reader.append(content, count);
        }
        if (last && !refused) {
            reader.complete();
        }
        return refusal;
    }

    /// Trailers have come in place of a last DATA frame.
    void end() throws Http2Exception {
        if (length >= 0 && received < length) {
            throw Http2Exception.streamError(
                    stream, Http2Error.PROTOCOL_ERROR, "a body of stream %d isn't as long as declared", stream);
        }
        if (!refused) {
            reader.complete();
        }
    }

    /// Ends the reading for a fault of the client.
    void refuse(Refusal why) {
        refused = true;
        reader.fail(new RefusedInput(why));
    }

    /// The response is complete, so nobody wants the rest.
    void leave() {
        refused = true;
        reader.fail(new IOException("the response is complete, the rest of the request's body is not read"));
    }

    /// Whether the client can send the rest without a larger window, as far as one can tell.
    boolean isShort() {
        return length < 0 ? window > 0 : length - received <= window;
    }

    /// Whether bytes are waited for.
    boolean isAwaited() {
        return !refused && reader.hasRoom();
    }

    /// How much the window is to be enlarged now; 0 while it isn't worth a frame, or nothing is wanted.
    ///
    /// @param any whether a little is worth one, too
    int windowToGive(boolean any) {
        if (refused || !reader.hasRoom()) {
            return 0;
        }
        int more = WINDOW_BYTES - reader.available() - window;
        if (more < (any ? 1 : WINDOW_BYTES / 4)) {
            return 0;
        }
        window += more;
        return more;
    }
}
