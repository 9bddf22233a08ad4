package dev.loomgate.server.connection;

import dev.loomgate.gateway.Headers;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Outlet;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.websocket.LentConnection;
import dev.loomgate.server.websocket.OpenSocket;
import dev.loomgate.server.websocket.OpeningHandshake;
import org.jspecify.annotations.Nullable;

/// How a request's response gets to its client, and what follows it. Loop side only.
///
/// What is sent is told to the [SingleExchange]: [SingleExchange#headSent], [SingleExchange#contentSent].
public interface ResponsePath extends LentConnection {
    /// Sends a response whose content is there, as far as the client takes it now.
    ///
    /// @return [Outlet.Next#END] if that was all of it; null if it is to be called again when there is room
    Outlet.@Nullable Next sendWhole(SingleExchange to, Exchange from, ResponseHead head, byte[] content);

    /// Sends what there is of a streamed response, as far as the client takes it now.
    ///
    /// @return [Outlet.Next#END] or [Outlet.Next#BROKEN] if that was the last of it; otherwise null, or what was
    ///     sent last
    Outlet.@Nullable Next sendStreamed(SingleExchange to, Exchange from, ResponseHead head, Outlet outlet);

    /// Sends fields ahead of a response, where the exchange takes them; or drops them, if the client is slow.
    default void sendEarlyHints(SingleExchange to, Headers fields) {
        throw new IllegalStateException("early hints that nobody takes");
    }

    /// Sends a refusal in place of a response.
    void sendRefusal(SingleExchange to, Refusal refusal);

    /// Whether content may be a file that the kernel sends as it is, in one piece. Any thread.
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

    // ---- a WebSocket, where one was offered

    /// Sends the head that accepts a WebSocket; from now on the client's bytes belong to the socket, until its stream
    /// is over.
    default void open(SingleExchange to, ResponseHead head, OpeningHandshake handshake, OpenSocket socket) {
        throw new IllegalStateException("no WebSocket was offered");
    }

    /// Sends what there is of a WebSocket's frames, as far as the client takes it now.
    ///
    /// @return whether anything was sent
    default boolean sendFrames(SingleExchange to, OpenSocket socket) {
        throw new IllegalStateException("no WebSocket was offered");
    }

    /// Whether frames that were taken of the socket wait for the client.
    default boolean holdsFrames() {
        return false;
    }

    /// The client's bytes are wanted again, or no more for now.
    default void wantBytes(boolean wanted) {
        throw new IllegalStateException("no WebSocket was offered");
    }

    /// A WebSocket is over: both sides have been told.
    ///
    /// @param unread whether the client may be sending still
    default void socketOver(boolean unread) {
        throw new IllegalStateException("no WebSocket was offered");
    }
}
