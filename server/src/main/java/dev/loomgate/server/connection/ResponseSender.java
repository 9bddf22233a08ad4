package dev.loomgate.server.connection;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.server.exchange.ErrorPage;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Outlet;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.head.HeadWriter;
import dev.loomgate.server.websocket.OpenSocket;
import dev.loomgate.server.websocket.OpeningHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FileRegion;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// Encodes responses and writes them, without a flush. One per loop, loop side only.
///
/// A whole response is one buffer and one write: head and content together.
final class ResponseSender {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");
    private static final int FRAMING_BYTES = 32;
    private static final Status EARLY_HINTS = Status.of(103);

    private final HeadWriter heads = new HeadWriter();

    /// Writes a response whose content is there.
    void sendWhole(ResponseFormat format, SingleExchange to, Exchange from, ResponseHead head, byte[] content) {
        format.writeHead(heads, head, from.closeAfterwards());
        int count = head.bodiless() ? 0 : content.length;
        to.headSent(head, heads.length(), heads.fields());
        to.contentSent(count);
        write(format, to, content, count);
    }

    /// Writes a refusal, after which the connection ends.
    void sendRefusal(ResponseFormat format, SingleExchange to, Refusal refusal) {
        ErrorPage page = ErrorPage.of(refusal);
        byte[] content = page.content();
        format.writeHead(heads, page.head(new Headers(), content.length, false), true);
        to.headSent(heads.length(), heads.fields());
        to.contentSent(content.length);
        write(format, to, content, content.length);
    }

    /// Writes and flushes an informational response of HTTP/1.1.
    void sendEarlyHints(Connection connection, Headers fields) {
        if (connection.channel.isWritable()) {
            heads.begin(EARLY_HINTS, fields);
            heads.end();
            ByteBuf out = connection.channel.alloc().ioBuffer(heads.length());
            heads.writeTo(out);
            connection.write(out);
            connection.flush();
        }
    }

    private void write(ResponseFormat format, SingleExchange to, byte[] content, int count) {
        Connection connection = to.connection();
        ByteBuf out = connection.channel.alloc().ioBuffer(heads.length() + count);
        format.writeWhole(out, heads, content, count);
        connection.write(out);
    }

    /// Writes what there is of a streamed response, while the channel takes it.
    ///
    /// @return how the response goes on: [Outlet.Next#MORE] to come, its [Outlet.Next#END], or
    /// [Outlet.Next#BROKEN]; null if nothing was written
    Outlet.@Nullable Next sendStreamed(
            ResponseFormat format, SingleExchange to, Exchange from, ResponseHead head, Outlet outlet) {
        Connection connection = to.connection();
        Outlet.Next written = null;
        while (connection.channel.isWritable()) {
            Outlet.Next next = outlet.take();
            if (outlet.takenCount() == 0 && next == Outlet.Next.MORE) {
                return written;
            }
            written = Outlet.Next.MORE;
            connection.write(encodePiece(format, to, from, head, outlet, next));
            if (next == Outlet.Next.FILE) {
                sendFile(to, from, outlet);
            } else if (next != Outlet.Next.MORE) {
                return next;
            }
        }
        return written;
    }

    /// Writes the head that accepts a WebSocket.
    void sendHandshake(ResponseFormat format, SingleExchange to, ResponseHead head, OpeningHandshake handshake) {
        format.writeHandshake(heads, head, handshake);
        to.headSent(head, heads.length(), heads.fields());
        write(format, to, new byte[0], 0);
    }

    /// Writes what there is of a WebSocket's frames, while the channel takes it.
    ///
    /// @return whether anything was written
    boolean sendFrames(SingleExchange to, OpenSocket socket) {
        Connection connection = to.connection();
        boolean written = false;
        while (connection.channel.isWritable()) {
            byte[] frames = socket.take();
            if (frames.length == 0) {
                return written;
            }
            connection.write(connection.channel.alloc().ioBuffer(frames.length).writeBytes(frames));
            to.contentSent(frames.length);
            written = true;
        }
        return written;
    }

    private ByteBuf encodePiece(
            ResponseFormat format,
            SingleExchange to,
            Exchange from,
            ResponseHead head,
            Outlet outlet,
            Outlet.Next next) {
        boolean first = !to.isHeadSent();
        if (first) {
            format.writeHead(heads, head, from.closeAfterwards());
            to.headSent(head, heads.length(), heads.fields());
        }
        int count = outlet.takenCount();
        ByteBuf out = to.connection().channel.alloc().ioBuffer((first ? heads.length() : 0) + count + FRAMING_BYTES);
        if (first) {
            format.writeHead(out, heads);
        }
        if (count > 0) {
            format.writeContent(out, outlet.taken(), count);
            to.contentSent(count);
        }
        if (next == Outlet.Next.END) {
            format.writeEnd(out, from.trailers());
        }
        return out;
    }

    private static void sendFile(SingleExchange to, Exchange from, Outlet outlet) {
        FileRegion file = outlet.takenFile();
        Connection connection = to.connection();
        ChannelHandlerContext context = connection.context();
        context.write(file).addListener(sent -> {
            to.fileSent(from, file.transferred());
            if (sent.isSuccess()) {
                connection.fileSent(file.count());
                outlet.fileSent();
            } else {
                LOG.log(Level.DEBUG, "sending a file failed", sent.cause());
                connection.closeNow();
            }
        });
    }
}
