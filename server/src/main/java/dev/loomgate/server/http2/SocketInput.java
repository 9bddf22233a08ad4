package dev.loomgate.server.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import org.jspecify.annotations.Nullable;

/// What a client sends for a WebSocket on a stream, and the window that it has for that. Loop side only.
///
/// ```
///  DATA --> kept, while the application hasn't accepted --> the socket's
///             at most a window of it                          a window more when it has read all
/// ```
/// Source: RFC 8441.
final class SocketInput {
    private final int stream;
    private int window = StreamBody.WINDOW_BYTES;
    private @Nullable ByteBuf ahead;

    SocketInput(int stream) {
        this.stream = stream;
    }

    /// A frame's content has come.
    ///
    /// @param flowBytes what it takes of the window, with its padding
    void count(int flowBytes) throws Http2Exception {
        window -= flowBytes;
        if (window < 0) {
            throw Http2Exception.streamError(
                    stream, Http2Error.FLOW_CONTROL_ERROR, "stream %d has more than its window", stream);
        }
    }

    /// Keeps bytes until there is a socket; takes them over.
    void keep(ByteBuf bytes) {
        ByteBuf before = ahead;
        if (before == null) {
            ahead = bytes;
        } else {
            before.writeBytes(bytes);
            bytes.release();
        }
    }

    /// What was kept, which is the caller's then; null if nothing was.
    @Nullable
    ByteBuf takeKept() {
        ByteBuf kept = ahead;
        ahead = null;
        return kept;
    }

    /// How much the window is to be enlarged, since all that has come is read; 0 while it isn't worth a frame.
    int windowToGive() {
        int more = StreamBody.WINDOW_BYTES - window;
        if (more < StreamBody.WINDOW_BYTES / 4) {
            return 0;
        }
        window += more;
        return more;
    }

    /// Releases what was kept.
    void close() {
        ByteBuf kept = takeKept();
        if (kept != null) {
            kept.release();
        }
    }
}
