package dev.loomgate.server.connection;

import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.head.HeadWriter;
import dev.loomgate.server.websocket.Handshake;
import dev.loomgate.server.websocket.OpenSocket;
import io.netty.buffer.ByteBuf;

/// How a protocol writes responses whose heads are text, and what follows one. Loop side only.
public interface ResponseFormat {
    /// Writes a response's head, and decides from it how the content is framed.
    ///
    /// @param close whether the connection can't go on after the response
    void writeHead(HeadWriter out, ResponseHead head, boolean close);

    /// Writes the head that accepts a WebSocket, with the fields of the handshake.
    void writeHandshake(HeadWriter out, ResponseHead head, Handshake handshake);

    /// From now on the client's bytes belong to the socket, until its stream is over.
    void opened(OpenSocket socket);

    /// The client's bytes are wanted again, or no more for now.
    void wantBytes(boolean wanted);

    /// A WebSocket is over: both sides have been told.
    ///
    /// @param unread whether the client may be sending still
    void socketOver(boolean unread);

    /// Writes a piece of content, at least one byte.
    default void writeContent(ByteBuf out, byte[] bytes, int count) {
        out.writeBytes(bytes, 0, count);
    }

    /// Writes what follows the last piece of content.
    default void writeEnd(ByteBuf out) {}

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
