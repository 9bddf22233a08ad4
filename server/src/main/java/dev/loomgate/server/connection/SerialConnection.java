package dev.loomgate.server.connection;

import dev.loomgate.gateway.Variables;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.exchange.ResponseStream;
import dev.loomgate.server.head.HeadWriter;
import dev.loomgate.server.websocket.OpenSocket;
import dev.loomgate.server.websocket.OpeningHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// A connection that answers one request at a time. Loop side only.
///
/// ```
///              received(bytes)                          begin(exchange)
///  channel  -------------------->  protocol's subclass  --------------->  SingleExchange, server loop, microthread
///           <--------------------  as ResponseFormat    <---------------
///              one write                                 respond(exchange)
/// ```
/// A subclass reads requests, formats responses, and says what follows a response.
public abstract class SerialConnection extends Connection implements ResponseFormat {
    private final SingleExchange stream;
    private @Nullable OpenSocket webSocket;
    private FlushQueue.@Nullable Entry pipelined;

    protected SerialConnection(ServerLoop serverLoop, Channel channel) {
        super(serverLoop, channel);
        stream = new SingleExchange(this, this);
    }

    // ---- requests

    /// Where the responses to this connection's requests go.
    protected final ResponseStream stream() {
        return stream;
    }

    /// Has the request answered.
    protected final void begin(Exchange request) {
        stream.begin(request);
    }

    protected final @Nullable Exchange exchange() {
        return stream.running();
    }

    @Override
    protected final boolean isBusy() {
        return stream.running() != null;
    }

    /// Answers with a refusal instead of a response, logs it, and ends the connection.
    protected final void refuse(Refusal refusal) {
        stream.refuse(refusal);
    }

    private final class Pipelined extends FlushQueue.Entry {
        @Override
        boolean isWritingMore() {
            return SerialConnection.this.isWritingMore();
        }

        @Override
        void flush() {
            SerialConnection.this.flush();
        }
    }

    /// Flushes soon: the next request is there, and its response may go out together with this one.
    protected final void flushWithNext() {
        if (pipelined == null) {
            pipelined = new Pipelined();
        }
        serverLoop.flushes().add(pipelined);
    }

    // ---- WebSockets

    /// What a request with a field `Upgrade` asks for. A handshake that isn't valid is refused.
    protected final OpeningHandshake.Asked asked(Variables request) {
        OpeningHandshake.Asked asked =
                OpeningHandshake.of(request, serverLoop.options().webSockets());
        if (asked instanceof OpeningHandshake.Invalid invalid) {
            refuse(Refusal.of(invalid.fault()));
        }
        return asked;
    }

    /// Offers the application a WebSocket, if the request asks for one.
    ///
    /// @return false if the request was refused
    protected final boolean offersWebSocket(Variables variables, Exchange request) {
        return switch (asked(variables)) {
            case OpeningHandshake.Other _ -> true;
            case OpeningHandshake.Valid valid -> {
                request.offering(valid.handshake());
                yield true;
            }
            case OpeningHandshake.Invalid _ -> false;
        };
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (webSocket != null && !isEnding()) {
            stream.socketReceived((ByteBuf) message);
        } else {
            super.channelRead(ctx, message);
        }
    }

    @Override
    public final void writeHandshake(HeadWriter out, ResponseHead head, OpeningHandshake handshake) {
        out.begin(head.status(), head.headers());
        out.field(HeadWriter.ascii(
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + handshake.accept() + "\r\n"));
        handshake
                .extensions()
                .ifPresent(value -> out.field(HeadWriter.ascii("Sec-WebSocket-Extensions: " + value + "\r\n")));
        out.end();
    }

    @Override
    public final void open(SingleExchange to, ResponseHead head, OpeningHandshake handshake, OpenSocket socket) {
        serverLoop.responses().sendHandshake(this, to, head, handshake);
        webSocket = socket;
        expectNoRead();
        takeOver(socket);
    }

    /// Gives the socket what the client has sent ahead of the response.
    protected void takeOver(OpenSocket socket) {}

    @Override
    public final boolean sendFrames(SingleExchange to, OpenSocket socket) {
        return serverLoop.responses().sendFrames(to, socket);
    }

    @Override
    public final void wantBytes(boolean wanted) {
        if (channel.config().isAutoRead() != wanted) {
            channel.config().setAutoRead(wanted);
        }
    }

    @Override
    public final boolean isDetachable() {
        return hasPlainDescriptor();
    }

    @Override
    public final void detach(IntConsumer then) {
        if (isEnding() || isInputEnded()) {
            then.accept(-1);
        } else {
            detachChannel(then);
        }
    }

    @Override
    public final void attach(byte[] unwritten, Runnable then) {
        attachChannel(unwritten, then);
    }

    @Override
    public final void socketOver(boolean unread) {
        if (isInputEnded()) {
            closeFlushed();
        } else {
            linger(unread);
        }
    }

    @Override
    protected final void drain() {
        if (!stream.goAway()) {
            drainIdle();
        }
    }

    /// The server stops: the connection ends as soon as it is not in use.
    protected abstract void drainIdle();

    // ---- what becomes of a response

    // The client must see that the response isn't complete: fewer bytes than announced, or no last chunk. Where the
    // response ends with the connection, only a reset tells.
    @Override
    public final void brokenOff() {
        if (!(responseEndsWithConnection() && reset())) {
            closeFlushed();
        }
    }

    @Override
    public final void cutOff() {
        closeNow();
    }

    @Override
    public final void refused() {
        linger(true);
    }

    // ---- what the connection tells its requests

    @Override
    protected final void flushed() {
        if (pipelined != null) {
            pipelined.flushed();
        }
    }

    @Override
    protected final void writable() {
        Exchange running = stream.running();
        if (running != null) {
            stream.respond(running);
        }
    }

    @Override
    protected final void clientEnded() {
        stream.inputEnded();
    }

    @Override
    protected final void abandonRequests() {
        stream.abandon();
    }

    @Override
    protected final void forEachRequest(Consumer<SingleExchange> action) {
        action.accept(stream);
    }

    @Override
    protected final void sweepRequests(long now, long sinceLast) {
        stream.sweep(now, sinceLast);
    }

    @Override
    protected final boolean wouldSeemComplete() {
        return stream.wouldSeemComplete();
    }

    @Override
    protected final String whatIsSent() {
        Exchange running = stream.running();
        return running == null ? "the response's end" : running.toString();
    }
}
