package dev.loomgate.server.connection;

import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.head.HeadWriter;
import io.netty.buffer.ByteBuf;

/// How a protocol writes responses whose heads are text, and what follows one. Loop side only.
public interface ResponseFormat {
    /// Writes a response's head, and decides from it how the content is framed.
    ///
    /// @param close whether the connection can't go on after the response
    void writeHead(HeadWriter out, ResponseHead head, boolean close);

    /// Writes a head that [#writeHead] has made.
    default void writeHead(ByteBuf out, HeadWriter head) {
        head.writeTo(out);
    }

    /// Writes a response whose content is there: its head, and the content's first `count` bytes.
    default void writeWhole(ByteBuf out, HeadWriter head, byte[] content, int count) {
        head.writeTo(out);
        out.writeBytes(content, 0, count);
    }

    /// Writes a piece of content, at least one byte.
    default void writeContent(ByteBuf out, byte[] bytes, int count) {
        out.writeBytes(bytes, 0, count);
    }

    /// Writes what follows the last piece of content.
    default void writeEnd(ByteBuf out) {}

    /// Whether content may be a file that the kernel sends as it is, in one piece.
    default boolean takesFiles() {
        return true;
    }

    /// Whether the end of the response that is being written is the connection's end.
    boolean responseEndsWithConnection();

    /// A response has been written but not flushed; the next request may be read, or the connection closed.
    void responded();

    /// A response can't be completed after what has been written of it, but not flushed. The client must see that.
    void brokenOff();

    /// A response that has begun is over at once, whether the client has taken what was written or not.
    void cutOff();

    /// A refusal has been written instead of a response, but not flushed; nothing more is read of the request.
    void refused();
}
