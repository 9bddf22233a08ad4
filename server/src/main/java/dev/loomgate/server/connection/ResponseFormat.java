package dev.loomgate.server.connection;

import dev.loomgate.gateway.Headers;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Outlet;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.head.HeadWriter;
import dev.loomgate.server.websocket.OpeningHandshake;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// How a protocol writes responses whose heads are text. Loop side only.
public interface ResponseFormat extends ResponsePath {
    /// Writes a response's head, and decides from it how the content is framed.
    ///
    /// @param close whether the connection can't go on after the response
    void writeHead(HeadWriter out, ResponseHead head, boolean close);

    /// Writes the head that accepts a WebSocket, with the fields of the handshake, where one was offered.
    default void writeHandshake(HeadWriter out, ResponseHead head, OpeningHandshake handshake) {
        throw new IllegalStateException("no WebSocket was offered");
    }

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
    ///
    /// @param trailers fields that are to follow it, too, where there is a place for them; or null
    default void writeEnd(ByteBuf out, @Nullable Headers trailers) {}

    @Override
    default Outlet.@Nullable Next sendWhole(SingleExchange to, Exchange from, ResponseHead head, byte[] content) {
        to.connection().serverLoop().responses().sendWhole(this, to, from, head, content);
        return Outlet.Next.END;
    }

    @Override
    default Outlet.@Nullable Next sendStreamed(SingleExchange to, Exchange from, ResponseHead head, Outlet outlet) {
        return to.connection().serverLoop().responses().sendStreamed(this, to, from, head, outlet);
    }

    @Override
    default void sendEarlyHints(SingleExchange to, Headers fields) {
        to.connection().serverLoop().responses().sendEarlyHints(to.connection(), fields);
    }

    @Override
    default void sendRefusal(SingleExchange to, Refusal refusal) {
        to.connection().serverLoop().responses().sendRefusal(this, to, refusal);
    }
}
