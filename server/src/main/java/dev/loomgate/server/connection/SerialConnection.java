package dev.loomgate.server.connection;

import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Outlet;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.exchange.ResponseStream;
import io.netty.channel.Channel;
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

    /// Flushes soon: the next request is there, and its response may go out together with this one.
    protected final void flushWithNext() {
        if (pipelined == null) {
            pipelined = new FlushQueue.Entry(this);
        }
        serverLoop.flushes().add(pipelined);
    }

    // ---- responses

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
    protected final void interruptRequests() {
        stream.interrupt();
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
