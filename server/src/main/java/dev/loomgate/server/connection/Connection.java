package dev.loomgate.server.connection;

import dev.loomgate.server.Limits;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// A client's connection, whatever its protocol: the life of its socket. Loop side only.
///
/// It reads, writes, keeps the deadlines of both, and ends. What becomes of its requests is not its business: it tells
/// them that there is room again, that the client has ended its side, or that all is over. See [SerialConnection].
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
    private @Nullable SslHandler tls;

    private boolean clientEnded;
    private boolean lingering;
    private boolean closed;
    private @Nullable ChannelFuture detached; // complete when the loop's epoll instance hasn't it any more
    private boolean closesAttached;
    private long readDeadline = NONE;
    private @Nullable WriteStall stall;
    private long written;

    protected Connection(ServerLoop serverLoop, Channel channel) {
        this.serverLoop = serverLoop;
        this.channel = channel;
    }

    // ---- what a protocol does

    /// What its clients may take.
    protected abstract Limits limits();

    /// The setting that a timeout of these limits is from.
    ///
    /// @param inLimits the timeout's name there
    protected abstract String timeoutSetting(String inLimits);

    /// Takes bytes of the client, and releases them.
    protected abstract void received(ByteBuf in);

    /// The client sends nothing more, but may wait for the response.
    protected abstract void inputEnded();

    /// The read deadline has passed.
    protected abstract void readTimedOut();

    /// The server stops: the connection ends as soon as it is not in use.
    protected abstract void drain();

    // ---- what it tells its requests

    /// Whether a request is being answered.
    protected abstract boolean isBusy();

    /// Everything that was written is being flushed.
    protected abstract void flushed();

    /// The channel takes more.
    protected abstract void writable();

    /// The client has ended its side, but may wait for the response.
    protected abstract void clientEnded();

    /// Nothing can be answered any more.
    protected abstract void abandonRequests();

    /// Calls `action` for each request that may be running.
    protected abstract void forEachRequest(Consumer<SingleExchange> action);

    /// Looks at the requests' deadlines.
    protected abstract void sweepRequests(long now, long sinceLast);

    /// Whether the client would take a response for complete that isn't, if the connection were closed now.
    protected abstract boolean wouldSeemComplete();

    /// What is being sent, for a log line.
    protected abstract String whatIsSent();

    // ---- Netty's events

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        tls = ctx.pipeline().get(SslHandler.class);
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
        if (channel.isWritable()) {
            writable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            endInput();
            if (lingering && ((DuplexChannel) channel).isOutputShutdown()) {
                closeNow();
            }
        } else if (event == SslCloseCompletionEvent.SUCCESS) {
            // TLS 1.2 knows no half of a connection, and BoringSSL's engine no half in TLS 1.3: as in nginx, the client
            // waits for nothing more.
            closeNow();
        }
    }

    private void endInput() {
        clientEnded = true;
        clientEnded();
        if (!lingering && !closed) {
            inputEnded();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended();
    }

    private void ended() {
        if (!closed) {
            closed = true;
            abandonRequests();
            serverLoop.closed(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException
                || (cause instanceof DecoderException && cause.getCause() instanceof SSLException)) {
            closeNow();
        } else {
            fail(cause);
        }
    }

    /// Another connection takes this one's place in the server loop, and closes the channel when its time has come.
    final void leave() {
        expectNoRead();
        closed = true;
        serverLoop.left(this);
    }

    /// The server's own fault: ends the connection.
    final void fail(Throwable cause) {
        LOG.log(Level.ERROR, "connection from " + channel.remoteAddress() + " failed", cause);
        closeNow();
    }

    /// Whether TLS stands between it and the socket. Any thread that has to do with one of its requests.
    public final boolean isEncrypted() {
        return tls != null;
    }

    // ---- reading

    /// The loop that has this connection.
    public final ServerLoop serverLoop() {
        return serverLoop;
    }

    /// Whether the client has ended its side.
    protected final boolean isInputEnded() {
        return clientEnded;
    }

    /// Whether nothing of the client is read any more.
    protected final boolean isEnding() {
        return lingering || closed;
    }

    /// [#readTimedOut] is called if the deadline isn't moved within that time.
    protected final void expectReadWithin(long nanos) {
        readDeadline = serverLoop.deadlineIn(nanos);
    }

    protected final void expectNoRead() {
        readDeadline = NONE;
    }

    // ---- writing

    /// Writes a line for the operator about what this client does, unless there are too many such lines.
    protected final void log(Level level, String line) {
        log(level, line, null);
    }

    /// The same.
    ///
    /// @param of the request that it is about; null if there is none
    final void log(Level level, String line, @Nullable Exchange of) {
        serverLoop.clientFaults().log(level, line, of);
    }

    /// Writes the operator's line.
    protected final void log(Refusal refusal) {
        log(refusal, null);
    }

    /// The same.
    ///
    /// @param of the request that is refused; null if it hasn't become one
    final void log(Refusal refusal, @Nullable Exchange of) {
        if (!refusal.setting().isEmpty()) {
            serverLoop.limits().bit(refusal.setting());
        }
        log(
                refusal.status() < 500 ? Level.INFO : Level.WARNING,
                refusal.logLine(serverLoop.options().settingNames()),
                of);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a void promise reports failures to exceptionCaught
    protected final void write(ByteBuf out) {
        written += out.readableBytes();
        context().write(out, channel.voidPromise());
    }

    protected final void flush() {
        flushed();
        context().flush();
    }

    /// A file has been sent besides what [#write] was given.
    final void fileSent(long bytes) {
        written += bytes;
    }

    /// Whether a further response is to be expected, and there is room for it in what isn't flushed yet.
    final boolean isWritingMore() {
        return isBusy() && channel.isWritable();
    }

    /// Whether it is a socket of epoll's, in the clear.
    protected final boolean hasPlainDescriptor() {
        return tls == null && channel instanceof EpollSocketChannel;
    }

    /// Takes the channel out of the loop's epoll instance: nothing of it is read or written here before
    /// [#attachChannel].
    ///
    /// @param then called with its descriptor; with -1 if something is still to be sent, or it has been closed
    protected final void detachChannel(IntConsumer then) {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        if (!(channel instanceof EpollSocketChannel socket) || out == null || !out.isEmpty()) {
            then.accept(-1);
            return;
        }
        channel.config().setAutoRead(false);
        ChannelFuture left = channel.deregister();
        detached = left;
        // Behind what the kernel has reported by now: a reset closes the channel, whose number may be another's then.
        left.addListener(_ -> {
            if (socket.isOpen()) {
                then.accept(socket.fd().intValue());
            } else {
                detached = null;
                then.accept(-1);
            }
        });
    }

    /// Puts it back.
    ///
    /// @param unwritten is written first
    /// @param then called when it is back
    protected final void attachChannel(byte[] unwritten, Runnable then) {
        ChannelFuture left = detached;
        if (left == null) {
            throw new IllegalStateException("the channel is where it was");
        }
        EventLoop io = serverLoop.loop().side().io();
        left.addListener(_ -> io.register(channel).addListener(registered -> {
            detached = null;
            then.run();
            if (closesAttached || !registered.isSuccess()) {
                closeNow();
                if (!registered.isSuccess()) {
                    ended(); // a channel that no loop has tells nobody of its end
                }
                return;
            }
            if (unwritten.length > 0) {
                write(Unpooled.wrappedBuffer(unwritten));
                flush();
            }
            writable(); // which has the rest sent, and bytes read if they are wanted
        }));
    }

    protected final ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("the connection has no channel yet");
        }
        return context;
    }

    /// Has another connection go on in this one's place, in the pipeline and on the loop.
    ///
    /// @param unread what the client has sent for it already; null for nothing
    protected final void goOnAs(Connection successor, @Nullable ByteBuf unread) {
        leave();
        successor.clientEnded = clientEnded;
        channel.pipeline().replace(this, null, successor);
        successor.channelActive(successor.context());
        if (unread != null) {
            successor.channelRead(successor.context(), unread);
        }
    }

    // ---- the end

    /// Closes without sending what is left. A response that has begun and would end with the connection is reset, so
    /// that the client doesn't take it for complete.
    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive says when
    protected final void closeNow() {
        if (detached != null) {
            // Its number may be on its way to who has it, and must not become another connection's.
            closesAttached = true;
            ((DuplexChannel) channel).shutdown();
            return;
        }
        if (!(wouldSeemComplete() && reset())) {
            channel.close();
        }
    }

    /// Closes so that the client can tell it from an orderly end: by a reset, and with TLS without a close_notify.
    ///
    /// @return false if the socket knows no reset; it is open then, if it was
    protected final boolean reset() {
        if (!channel.isOpen() || !channel.config().setOption(ChannelOption.SO_LINGER, 0)) {
            return false;
        }
        channel.unsafe().close(channel.voidPromise());
        return true;
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
        if (isSending()) {
            context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> then.run());
        } else {
            then.run();
        }
    }

    /// Whether bytes wait for the client to take them.
    private boolean isSending() {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending != null && !pending.isEmpty();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // if it fails, the deadline closes
    private void shutdownOutput(long lingerNanos) {
        if (channel instanceof DuplexChannel duplex && duplex.isActive()) {
            if (duplex.isInputShutdown()) {
                closeNow();
            } else {
                expectReadWithin(lingerNanos);
                if (tls == null) {
                    duplex.shutdownOutput();
                } else {
                    tls.closeOutbound().addListener(told -> duplex.shutdownOutput());
                }
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
        sweepRequests(now, sinceLast);
        checkStall(now);
    }

    private void checkStall(long now) {
        WriteStall watched = stall;
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        if (pending == null || pending.isEmpty()) {
            if (watched != null) {
                watched.nothingWaits();
            }
            return;
        }
        if (watched == null) {
            watched = new WriteStall();
            stall = watched;
        }
        watched.look(written - pending.totalPendingWriteBytes() + pending.currentProgress(), now);
        if (isTooSlow(watched, now, this::whatIsSent)) {
            closeNow();
        }
    }

    /// Whether the client takes less of what waits for it than the limits say; then the log has a line.
    ///
    /// @param sent what waits, for that line
    protected final boolean isTooSlow(WriteStall watched, long now, Supplier<String> sent) {
        Limits limits = limits();
        long limit = limits.writeTimeout().toNanos();
        if (watched.lastsNanos(now) >= limit) {
            logSlow(
                    "the client read nothing of its response for %d ms".formatted(limit / 1_000_000),
                    timeoutSetting("writeTimeout"),
                    sent);
            return true;
        }
        long window = limits.minRateTime().toNanos();
        long taken = watched.takenIn(window, now);
        if (taken >= 0 && taken < limits.minBytesPerSecond() * (window / 1e9)) {
            logSlow(
                    "the client read %d bytes of its response in %d ms, less than %d a second"
                            .formatted(taken, window / 1_000_000, limits.minBytesPerSecond()),
                    "minBytesPerSecond",
                    sent);
            return true;
        }
        return false;
    }

    private void logSlow(String why, String setting, Supplier<String> sent) {
        String limit = serverLoop.bitten(setting);
        log(Level.INFO, why + " (" + limit + "): " + sent.get());
    }
}
