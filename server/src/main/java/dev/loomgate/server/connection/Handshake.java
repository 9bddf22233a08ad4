package dev.loomgate.server.connection;

import dev.loomgate.server.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/// What a connection goes through before its protocol's first byte: a TLS handshake, a PROXY protocol header. Loop side
/// only.
///
/// ```
///  accepted --> Handshake --open(factory)--> the protocol's Connection, in the same place of the server loop
///                   +--- timed out, refused, client disconnected --> closed
/// ```
/// It stands at the pipeline's end, where the protocol's connection will be. The limit is the time for a request's
/// head, which begins again for the first request.
public abstract class Handshake extends Connection {
    private final Limits limits;

    /// @param limits those of the protocol that follows
    protected Handshake(ServerLoop serverLoop, Channel channel, Limits limits) {
        super(serverLoop, channel);
        this.limits = limits;
    }

    /// What it is called in a log line: `tls`, `proxy`.
    protected abstract String name();

    /// It is complete: the protocol begins. Bytes that follow go to its connection.
    ///
    /// @param protocol of this connection's loop
    protected final void open(ConnectionFactory protocol) {
        leave();
        protocol.open(channel);
        context().fireChannelActive();
        channel.pipeline().remove(this);
    }

    /// It has failed by the client's fault: writes a line for the operator, and closes.
    protected final void fail(String why) {
        log(Level.INFO, name() + ": " + why + ", from " + channel.remoteAddress());
        closeNow();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        expectReadWithin(limits.headerTimeout().toNanos());
        super.channelActive(ctx);
    }

    @Override
    protected final Limits limits() {
        return limits;
    }

    @Override
    protected final String timeoutSetting(String inLimits) {
        return inLimits;
    }

    @Override
    protected final void readTimedOut() {
        fail("no complete handshake within %d ms (%s)"
                .formatted(limits.headerTimeout().toMillis(), serverLoop.bitten("headerTimeout")));
    }

    @Override
    protected void received(ByteBuf in) {
        in.release();
    }

    @Override
    protected final void inputEnded() {
        closeNow();
    }

    @Override
    protected final void drain() {
        if (serverLoop.isStopping()) {
            closeNow();
        }
    }

    // ---- there are no requests yet

    @Override
    protected final boolean isBusy() {
        return false;
    }

    @Override
    protected final void flushed() {}

    @Override
    protected final void writable() {}

    @Override
    protected final void clientEnded() {}

    @Override
    protected final void abandonRequests() {}

    @Override
    protected final void forEachRequest(Consumer<SingleExchange> action) {}

    @Override
    protected final void sweepRequests(long now, long sinceLast) {}

    @Override
    protected final boolean wouldSeemComplete() {
        return false;
    }

    @Override
    protected final String whatIsSent() {
        return "a handshake";
    }
}
