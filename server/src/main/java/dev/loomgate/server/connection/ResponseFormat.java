package dev.loomgate.server.connection;

import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.head.HeadWriter;
import io.netty.buffer.ByteBuf;

/// How a protocol writes responses whose heads are text. Loop side only.
public interface ResponseFormat extends ResponsePath {
    /// Writes a response's head, and decides from it how the content is framed.
    ///
    /// @param close whether the connection can't go on after the response
    void writeHead(HeadWriter out, ResponseHead head, boolean close);

    /// Writes a piece of content, at least one byte.
    default void writeContent(ByteBuf out, byte[] bytes, int count) {
        out.writeBytes(bytes, 0, count);
    }

    /// Writes what follows the last piece of content.
    default void writeEnd(ByteBuf out) {}
}
