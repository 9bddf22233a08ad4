package dev.loomgate.server.exchange;

import dev.loomgate.server.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// A client's connection, whatever its protocol: sends responses, keeps deadlines, and ends. Loop side only.
///
/// ```
///              received(bytes)                          begin(exchange)
///  channel  -------------------->  protocol's subclass  --------------->  server loop, microthread
///           <--------------------  Connection           <---------------
///              one write                                 respond(exchange)
/// ```
/// A subclass reads requests, frames responses, and says what follows a response.
public abstract class Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");
    private static final long NONE = Long.MIN_VALUE;
    private static final long LINGER_NANOS = 5_000_000_000L;
    private static final long SHORT_LINGER_NANOS = 1_000_000_000L;

    // The server loop's list of connections.
    @Nullable
    Connection previous;

    @Nullable
    Connection next;

    protected final ServerLoop serverLoop;
    protected final Channel channel;
    private @Nullable ChannelHandlerContext context;

    private @Nullable Exchange exchange;
    private boolean clientEnded;
    private boolean lingering;
    private boolean closed;
    private long readDeadline = NONE;
    private long exchangeDeadline = NONE;
    private long clientGoneDeadline = NONE;
    private final WriteStall stall = new WriteStall();
    private long written;
    private FlushQueue.@Nullable Entry pipelined;

    protected Connection(ServerLoop serverLoop, Channel channel) {
        this.serverLoop = serverLoop;
        this.channel = channel;
    }

    // ---- what a protocol does

    /// Takes bytes of the client, and releases them.
    protected abstract void received(ByteBuf in);

    /// The client sends nothing more, but may wait for the response.
    protected abstract void inputEnded();

    /// The read deadline has passed.
    protected abstract void readTimedOut();

    /// Writes a response's head, and decides from it how the content is framed.
    protected abstract void writeHead(HeadWriter out, ResponseHead head, boolean close);

    /// Writes a piece of content.
    protected void writeContent(ByteBuf out, byte[] bytes, int count) {
        out.writeBytes(bytes, 0, count);
    }

    /// Writes what follows the last piece of content.
    protected void writeEnd(ByteBuf out) {}

    /// Whether the end of the response that is being written is the connection's end.
    protected abstract boolean responseEndsWithConnection();

    /// A response has been written but not flushed; the next request may be read, or the connection closed.
    protected abstract void responded();

    /// The server stops: the connection ends as soon as it is not in use.
    protected abstract void drain();

    // ---- Netty's events

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        serverLoop.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (lingering || closed) {
            in.release();
        } else {
            received(in);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Exchange running = exchange;
        if (running != null && channel.isWritable()) {
            respond(running);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            clientEnded = true;
            if (exchange != null) {
                expectAnswerToHalfClosed();
            }
            if (lingering) {
                if (((DuplexChannel) channel).isOutputShutdown()) {
                    closeNow();
                }
            } else if (!closed) {
                inputEnded();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!closed) {
            closed = true;
            abandonExchange();
            serverLoop.closed(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            closeNow();
        } else {
            fail(cause);
        }
    }

    /// The server's own fault: ends the connection.
    final void fail(Throwable cause) {
        LOG.log(Level.ERROR, "connection from " + channel.remoteAddress() + " failed", cause);
        closeNow();
    }

    // ---- requests

    /// The loop that has this connection.
    public final ServerLoop serverLoop() {
        return serverLoop;
    }

    /// Whether a request is being answered.
    protected final boolean isBusy() {
        return exchange != null;
    }

    /// Whether the client has ended its side.
    protected final boolean isInputEnded() {
        return clientEnded;
    }

    protected final boolean isEnding() {
        return lingering || closed;
    }

    protected final @Nullable Exchange exchange() {
        return exchange;
    }

    /// Has the request answered.
    protected final void begin(Exchange request) {
        exchange = request;
        if (clientEnded) {
            expectAnswerToHalfClosed();
        }
        long harakiri = serverLoop.harakiriNanos();
        exchangeDeadline = harakiri == 0 ? NONE : serverLoop.deadlineIn(harakiri);
        serverLoop.begin(request);
    }

    // It may have closed its socket, or only have said all that it had to say: nothing tells the two apart.
    private void expectAnswerToHalfClosed() {
        clientGoneDeadline = serverLoop.deadlineIn(
                serverLoop.options().limits().halfClosedTimeout().toNanos());
    }

    /// [#readTimedOut] is called if the deadline isn't moved within that time.
    protected final void expectReadWithin(long nanos) {
        readDeadline = serverLoop.deadlineIn(nanos);
    }

    protected final void expectNoRead() {
        readDeadline = NONE;
    }

    // ---- responses

    /// Sends what the exchange has to send now.
    final void respond(Exchange from) {
        ResponseHead head = from.head();
        if (head == null || from != exchange) {
            return;
        }
        byte[] content = from.content();
        if (content != null) {
            serverLoop.responses().sendWhole(this, from, head, content);
            finish(from);
            return;
        }
        switch (serverLoop.responses().sendStreamed(this, from, head, from.outlet())) {
            case null -> {}
            case MORE, FILE -> flush();
            case END -> finish(from);
            case BROKEN -> breakOff(from);
        }
    }

    private void finish(Exchange from) {
        exchange = null;
        exchangeDeadline = NONE;
        from.finished = true;
        serverLoop.finished(from);
        responded();
    }

    // The client must see that the response isn't complete: fewer bytes than announced, or no last chunk. Where the
    // response ends with the connection, only a reset tells.
    private void breakOff(Exchange from) {
        from.finished = true;
        exchange = null;
        exchangeDeadline = NONE;
        serverLoop.finished(from);
        if (responseEndsWithConnection() && channel.config().setOption(ChannelOption.SO_LINGER, 0)) {
            closeNow();
        } else {
            closeFlushed();
        }
    }

    /// Answers with a refusal instead of a response, logs it, and ends the connection.
    protected final void refuse(Refusal refusal) {
        log(refusal);
        Exchange running = exchange;
        if (running != null && running.headSent) {
            closeNow();
            return;
        }
        if (running != null) {
            running.refusedStatus = refusal.status();
        }
        abandonExchange();
        serverLoop.responses().sendRefusal(this, refusal);
        linger(true);
    }

    /// Writes a line for the operator about what this client does, unless there are too many such lines.
    protected final void log(Level level, String line) {
        serverLoop.clientFaults().log(level, line);
    }

    /// Writes the operator's line.
    protected final void log(Refusal refusal) {
        log(refusal.status() < 500 ? Level.INFO : Level.WARNING, refusal.logLine());
    }

    private void abandonExchange() {
        Exchange running = exchange;
        if (running != null) {
            exchange = null;
            exchangeDeadline = NONE;
            running.abandon();
            serverLoop.finished(running);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a void promise reports failures to exceptionCaught
    protected final void write(ByteBuf out) {
        written += out.readableBytes();
        context().write(out, channel.voidPromise());
    }

    protected final void flush() {
        if (pipelined != null) {
            pipelined.flushed();
        }
        context().flush();
    }

    /// Flushes soon: the next request is there, and its response may go out together with this one.
    protected final void flushWithNext() {
        if (pipelined == null) {
            pipelined = new FlushQueue.Entry(this);
        }
        serverLoop.flushes().add(pipelined);
    }

    /// A file has been sent besides what [#write] was given.
    final void fileSent(long bytes) {
        written += bytes;
    }

    /// Whether a further response is to be expected, and there is room for it in what isn't flushed yet.
    final boolean isWritingMore() {
        return exchange != null && channel.isWritable();
    }

    final ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("the connection has no channel yet");
        }
        return context;
    }

    // ---- the end

    /// Closes without sending what is left. A response that has begun and would end with the connection is reset,
    /// lest the client take it for complete.
    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive says when
    protected final void closeNow() {
        if (exchange != null && exchange.headSent && responseEndsWithConnection() && channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    /// Flushes, and closes when everything has been sent.
    protected final void closeFlushed() {
        lingering = true; // nothing of the client is read any more
        whenSent(this::closeNow);
    }

    /// Flushes, tells the client that nothing more comes, and closes when the client has done so too, or after a
    /// while.
    ///
    /// Closing at once would make the kernel reset the connection if bytes of the client are unread, and the reset
    /// may overtake the response (RFC 9112 section 9.6).
    ///
    /// @param unread whether bytes of the client are known to be unread, not only feared
    protected final void linger(boolean unread) {
        lingering = true;
        expectNoRead();
        channel.config().setAutoRead(true);
        long nanos = unread ? LINGER_NANOS : SHORT_LINGER_NANOS;
        whenSent(() -> shutdownOutput(nanos));
    }

    // How long that may take is the write timeout's business.
    private void whenSent(Runnable then) {
        flush();
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        if (pending == null || pending.isEmpty()) {
            then.run();
        } else {
            context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> then.run());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // if it fails, the deadline closes
    private void shutdownOutput(long lingerNanos) {
        if (channel instanceof DuplexChannel duplex && duplex.isActive()) {
            if (duplex.isInputShutdown()) {
                closeNow();
            } else {
                expectReadWithin(lingerNanos);
                duplex.shutdownOutput();
            }
        }
    }

    // ---- deadlines

    /// Looks at the deadlines.
    final void sweep(long now, long sinceLast) {
        if (readDeadline != NONE && now - readDeadline >= 0) {
            readDeadline = NONE;
            if (lingering) {
                closeNow();
            } else {
                readTimedOut();
            }
        }
        if (clientGoneDeadline != NONE && now - clientGoneDeadline >= 0) {
            clientGoneDeadline = NONE;
            if (exchange != null) {
                exchange.clientLeft();
            }
        }
        if (exchangeDeadline != NONE) {
            checkHarakiri(now, sinceLast);
        }
        checkStall(now);
    }

    private void checkHarakiri(long now, long sinceLast) {
        // An application that waits for its client isn't slow itself.
        if (exchange != null && exchange.waitsForClient()) {
            exchangeDeadline += sinceLast;
        }
        if (now - exchangeDeadline >= 0) {
            exchangeDeadline = NONE;
            harakiri();
        }
    }

    private void harakiri() {
        Exchange running = exchange;
        if (running != null) {
            serverLoop.interrupt(running);
            refuse(new Refusal(
                    504,
                    "the application takes too long",
                    running + ": no complete response within "
                            + serverLoop.options().limits().harakiri().toMillis() + " ms (--harakiri)"));
        }
    }

    private void checkStall(long now) {
        stall.look(channel, written, now);
        Limits limits = serverLoop.options().limits();
        long limit = limits.writeTimeout().toNanos();
        if (stall.lastsNanos(now) >= limit) {
            cutOff("the client takes no byte of its response within %d ms (--write-timeout)"
                    .formatted(limit / 1_000_000));
            return;
        }
        long window = limits.minRateTime().toNanos();
        long taken = stall.takenIn(window, now);
        if (taken >= 0 && taken < limits.minBytesPerSecond() * (window / 1e9)) {
            cutOff("the client takes %d bytes of its response in %d ms, less than %d a second (--min-rate)"
                    .formatted(taken, window / 1_000_000, limits.minBytesPerSecond()));
        }
    }

    private void cutOff(String why) {
        log(Level.INFO, why + ": " + (exchange == null ? "the response's end" : exchange));
        closeNow();
    }
}
