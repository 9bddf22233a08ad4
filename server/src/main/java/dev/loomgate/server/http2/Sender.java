package dev.loomgate.server.http2;

import dev.loomgate.server.connection.WriteStall;
import dev.loomgate.server.stream.FloodWatch;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What a connection's streams send: whose turn it is, and how much the client takes of all of them together. Loop side
/// only.
///
/// ```
///  a stream has something to send --> SendQueue --> its turn: one frame --> has more --> SendQueue
///                                        ^              +--> its own window is empty --> it waits for that
///                                        +-- the connection's window grows <-- waits <-- that is empty
/// ```
final class Sender {
    // What is cut short to less than this is not worth a frame.
    private static final int TINY_FRAME_BYTES = 256;

    private final Http2Connection connection;
    private final FloodWatch floods;
    private final SendQueue ready = new SendQueue();
    private final ArrayDeque<Http2Stream> waiting = new ArrayDeque<>(1);
    private long window = Http2CodecUtil.DEFAULT_WINDOW_SIZE;
    private boolean sending;
    private long sent;
    private @Nullable WriteStall stall;

    Sender(Http2Connection connection, FloodWatch floods) {
        this.connection = connection;
        this.floods = floods;
    }

    /// The bytes of content that the client takes on all streams.
    long window() {
        return window;
    }

    void enlargeWindow(int bytes) throws Http2Exception {
        window += bytes;
        if (window > Integer.MAX_VALUE) {
            throw Http2Exception.connectionError(
                    Http2Error.FLOW_CONTROL_ERROR, "the window of the connection is too large");
        }
        Http2Stream stream;
        while ((stream = waiting.poll()) != null) {
            enqueue(stream);
        }
        send();
    }

    /// A stream has something to send: now, if it is its turn.
    void ready(Http2Stream stream) {
        enqueue(stream);
        send();
    }

    /// A stream has something to send, at the next [#send].
    void enqueue(Http2Stream stream) {
        if (!stream.isQueued()) {
            stream.queued();
            ready.add(stream);
        }
    }

    /// A stream that has had its turn has more to send.
    void readyAgain(Http2Stream stream) {
        stream.queued();
        ready.addAgain(stream);
    }

    /// A stream has something to send for which the connection has no window.
    void waitForWindow(Http2Stream stream) {
        // It may have had its turn again since, with more to send.
        if (!waiting.contains(stream)) {
            waiting.add(stream);
        }
    }

    /// A frame of content has been written.
    ///
    /// @param cut whether the windows have made it shorter than it would be
    void contentSent(int bytes, boolean cut) {
        window -= bytes;
        sent += bytes;
        floods.dataSent(cut && bytes < TINY_FRAME_BYTES);
    }

    void reprioritize(Http2Stream stream, Priority priority) {
        boolean queued = stream.isQueued();
        if (queued) {
            ready.remove(stream);
        }
        stream.priority(priority);
        if (queued) {
            ready.add(stream);
        }
    }

    /// A stream is over.
    void forget(Http2Stream stream) {
        if (stream.isQueued()) {
            ready.remove(stream);
        }
        waiting.remove(stream);
    }

    /// Sends while the socket takes it.
    void send() {
        if (sending) {
            return;
        }
        sending = true;
        try {
            Http2Stream stream;
            while (connection.takesFrames() && (stream = ready.take()) != null) {
                stream.send();
            }
        } finally {
            sending = false;
        }
        connection.flushSoon();
    }

    /// How what waits for the connection's window is taken; null if nothing does.
    @Nullable
    WriteStall stall(long now) {
        if (waiting.isEmpty()) {
            if (stall != null) {
                stall.nothingWaits();
            }
            return null;
        }
        if (stall == null) {
            stall = new WriteStall();
        }
        stall.look(sent, now);
        return stall;
    }
}
