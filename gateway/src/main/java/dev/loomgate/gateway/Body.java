package dev.loomgate.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;

/// A response's body, closed by the container exactly once, on every path: sent, failed, or not wanted (HEAD, a
/// client that has disconnected).
///
/// | kind | bytes come from | may a middleware buffer it? |
/// |---|---|---|
/// | [Bytes] | an array | yes |
/// | [Text] | a string, sent in UTF-8 | yes |
/// | [Chunks] | an iterator, one chunk at a time | no |
/// | [FileBody] | a file, by `sendfile` where the transport can | no |
/// | [Stream] | a function that writes, in the request's microthread | no |
/// | [WebSocketBody] | a function that talks with the client, in the request's microthread | no: no bytes of HTTP |
///
/// Source: PEP 3333, "Buffering and Streaming"; that only in-memory bodies may be buffered is Rack's `to_ary` rule.
public sealed interface Body extends AutoCloseable {
    /// A body that is there as bytes. The array belongs to the body from then on.
    static Body bytes(byte[] content) {
        return new Bytes(content, NOTHING);
    }

    /// A body that is there as text, sent in UTF-8.
    static Body text(String content) {
        return new Text(content, NOTHING);
    }

    /// A body of no bytes.
    static Body empty() {
        return Bytes.EMPTY;
    }

    /// A body whose chunks are asked for one at a time; an empty chunk sends nothing.
    static Body chunks(Iterable<byte[]> chunks) {
        return new Chunks(chunks.iterator(), NOTHING);
    }

    /// A whole file. Its length is taken when it is sent.
    static Body file(Path path) {
        return new FileBody(path, 0, FileBody.TO_THE_END, NOTHING);
    }

    /// A body that `content` writes, chunk by chunk, while the client receives it.
    static Body stream(Content content) {
        return new Stream(content, NOTHING);
    }

    /// A WebSocket that `handler` serves, with status 101: see [WebSocketHandshake#accept], which starts the response
    /// too.
    static Body webSocket(WebSocket.Handler handler) {
        return new WebSocketBody(handler, NOTHING);
    }

    /// The same body, whose closing runs `action` too, after what was to be run before, even if that fails.
    Body onClose(Runnable action);

    /// Runs the closing actions. Called once, by the container, in the thread that ran the application.
    @Override
    void close();

    /// The closing action of a body without one.
    Runnable NOTHING = () -> {};

    /// Bytes in memory. The array is shared, not copied; equality is that of the array's identity.
    record Bytes(byte[] content, Runnable closing) implements Body {
        private static final Bytes EMPTY = new Bytes(new byte[0], NOTHING);

        @Override
        public Body onClose(Runnable action) {
            return new Bytes(content, both(closing, action));
        }

        @Override
        public void close() {
            closing.run();
        }
    }

    /// Text in memory, sent in UTF-8.
    record Text(String content, Runnable closing) implements Body {
        @Override
        public Body onClose(Runnable action) {
            return new Text(content, both(closing, action));
        }

        /// The bytes that are sent.
        public byte[] encoded() {
            return content.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            closing.run();
        }
    }

    /// Chunks that are asked for in the request's microthread, so the iterator may wait.
    record Chunks(Iterator<byte[]> chunks, Runnable closing) implements Body {
        @Override
        public Body onClose(Runnable action) {
            return new Chunks(chunks, both(closing, action));
        }

        @Override
        public void close() {
            closing.run();
        }
    }

    /// Part of a file.
    ///
    /// @param offset where to begin, in bytes, not negative
    /// @param length how many bytes, or [#TO_THE_END]; if the file turns out shorter, the connection is broken off
    record FileBody(Path path, long offset, long length, Runnable closing) implements Body {
        /// Up to the end that the file has when it is sent.
        public static final long TO_THE_END = -1;

        /// @throws IllegalArgumentException if the offset is negative, or the length is and isn't [#TO_THE_END]
        public FileBody {
            if (offset < 0 || length < TO_THE_END) {
                throw new IllegalArgumentException("no part of a file: offset " + offset + ", length " + length);
            }
        }

        @Override
        public Body onClose(Runnable action) {
            return new FileBody(path, offset, length, both(closing, action));
        }

        @Override
        public void close() {
            closing.run();
        }
    }

    /// Content that is written while it is sent.
    record Stream(Content content, Runnable closing) implements Body {
        @Override
        public Body onClose(Runnable action) {
            return new Stream(content, both(closing, action));
        }

        @Override
        public void close() {
            closing.run();
        }
    }

    /// What follows an accepted WebSocket handshake. Only with status 101, and only where the container offers it
    /// ([Environ#webSocket]).
    record WebSocketBody(WebSocket.Handler handler, Runnable closing) implements Body {
        @Override
        public Body onClose(Runnable action) {
            return new WebSocketBody(handler, both(closing, action));
        }

        @Override
        public void close() {
            closing.run();
        }
    }

    /// Writes a [Stream]'s content, in the request's microthread; it may wait.
    @FunctionalInterface
    interface Content {
        /// @throws IOException as the writer does; [ClientGone] may simply be passed on
        /// @throws Exception breaks the response off, since its head has gone out
        void writeTo(BodyWriter writer) throws IOException, Exception;
    }

    private static Runnable both(Runnable first, Runnable second) {
        return first == NOTHING
                ? second
                : () -> {
                    try {
                        first.run();
                    } catch (RuntimeException | Error failure) {
                        // The second must run all the same, and its failure must not hide the first one.
                        try {
                            second.run();
                        } catch (RuntimeException | Error another) {
                            failure.addSuppressed(another);
                        }
                        throw failure;
                    }
                    second.run();
                };
    }
}
