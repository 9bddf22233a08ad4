package dev.loomgate.server.fastcgi;

import dev.loomgate.server.Limits;
import dev.loomgate.server.cgi.Refused;
import dev.loomgate.server.cgi.Refused.Language;
import dev.loomgate.server.connection.Connection;
import dev.loomgate.server.connection.SingleExchange;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A FastCGI connection: requests by their ids, one after the other or several at once. Loop side only.
///
/// ```
///              received(bytes)                     events                    begin, input
///  channel  -------------------->  FastCgiDecoder -------> this connection ---------------->  FastCgiStream, one
///           <------------------------------------------------------------------------------   for each request
///                                       records of STDOUT, END_REQUEST
/// ```
/// FastCGI has no windows: while the application of one request doesn't read its body, nothing of the connection is
/// read, and a client that sends several requests over one waits with all of them.
final class FastCgiConnection extends Connection {
    private static final long DRAIN_GRACE_NANOS = 250_000_000L;

    private final FastCgiConnectionFactory protocol;
    private final Limits limits;
    private final FastCgiDecoder decoder;
    private final Map<Integer, FastCgiStream> streams = new LinkedHashMap<>();

    private @Nullable Refusal refusedPeer;
    private boolean begun; // whether a request has been
    private boolean readingHead;
    private boolean unread; // bytes of a body whose request is over
    private boolean ends; // after the requests that are there
    private boolean reading;

    FastCgiConnection(FastCgiConnectionFactory protocol, Channel channel) {
        super(protocol.serverLoop(), channel);
        this.protocol = protocol;
        this.limits = protocol.limits();
        this.decoder = new FastCgiDecoder(limits);
    }

    @Override
    protected Limits limits() {
        return limits;
    }

    @Override
    protected String timeoutSetting(String inLimits) {
        return protocol.timeoutSetting(inLimits);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        expectReadWithin(limits.headerTimeout().toNanos());
        super.channelActive(ctx);
        if (channel.remoteAddress() instanceof InetSocketAddress peer && !protocol.allows(peer.getAddress())) {
            Refusal refusal = Refused.peerNotAllowed(protocol.name(), peer.getAddress());
            refusedPeer = refusal;
            if (protocol.isNews(peer.getAddress())) {
                log(Level.WARNING, refusal.logLine(serverLoop.options().settingNames()));
            }
        }
    }

    // ---- reading

    @Override
    protected void received(ByteBuf in) {
        try {
            reading = true;
            while (!isEnding() && handle(decoder.read(in), in)) {}
        } finally {
            reading = false;
            in.release();
        }
        if (!isEnding()) {
            afterwards();
        }
    }

    /// @return whether there may be more
    private boolean handle(FastCgiEvent event, ByteBuf in) {
        switch (event) {
            case FastCgiEvent.Incomplete incomplete -> {
                return false;
            }
            case FastCgiEvent.Begun(int id, boolean keeps, FastCgiRequest request) -> {
                if (refusedPeer != null) {
                    refusePeer(id, refusedPeer);
                    return false;
                }
                begin(open(id, keeps), request);
            }
            case FastCgiEvent.BadRequest(int id, boolean keeps, Refusal refusal) ->
                open(id, keeps).life().refuse(refusal);
            case FastCgiEvent.Input(int id, int length) -> {
                FastCgiStream stream = stream(id);
                stream.input(in, length);
                if (stream.isFull()) {
                    channel.config().setAutoRead(false);
                }
            }
            case FastCgiEvent.InputEnd(int id) -> stream(id).inputEnd();
            case FastCgiEvent.Aborted(int id) -> stream(id).aborted();
            case FastCgiEvent.Answer(byte[] bytes, boolean last) -> {
                ends |= last;
                send(bytes);
            }
            case FastCgiEvent.Broken(Refusal refusal, @Nullable Refused foreign) -> {
                log(refusal);
                if (foreign != null) {
                    byte[] reply = foreign.reply();
                    write(channel.alloc().ioBuffer(reply.length).writeBytes(reply));
                    linger(true);
                } else {
                    closeNow();
                }
                return false;
            }
        }
        return true;
    }

    private FastCgiStream open(int id, boolean keeps) {
        begun = true;
        readingHead = false; // the next one has its own time
        FastCgiStream stream = new FastCgiStream(this, id, keeps);
        streams.put(id, stream);
        return stream;
    }

    private FastCgiStream stream(int id) {
        return Objects.requireNonNull(streams.get(id), "a request that is open");
    }

    private void begin(FastCgiStream stream, FastCgiRequest request) {
        if (!request.hasMethod()) {
            String line = protocol.lineWithoutMethod();
            if (!line.isEmpty()) {
                log(Level.WARNING, line);
            }
        }
        stream.begin(request);
    }

    private void refusePeer(int id, Refusal refusal) {
        byte[] reply = new Refused(refusal, Language.CGI).reply();
        ByteBuf out = channel.alloc().ioBuffer();
        Records.output(out, id, reply, reply.length);
        Records.outputEnd(out, id);
        write(out);
        linger(true);
    }

    /// The application has read of a body that was full.
    void inputHasRoom() {
        for (FastCgiStream stream : streams.values()) {
            if (stream.isFull()) {
                return;
            }
        }
        channel.config().setAutoRead(true);
    }

    private void afterwards() {
        if (streams.isEmpty() && (ends || isInputEnded()) && !decoder.isReadingHead()) {
            end();
            return;
        }
        boolean head = decoder.isReadingHead();
        if (head && !readingHead) {
            expectReadWithin(limits.headerTimeout().toNanos());
        } else if (!head && !streams.isEmpty()) {
            expectNoRead();
        } else if (!head) {
            expectReadWithin(idleNanos());
        }
        readingHead = head;
    }

    private long idleNanos() {
        if (begun ? serverLoop.isDraining() : serverLoop.isStopping()) {
            return DRAIN_GRACE_NANOS;
        }
        return (begun ? limits.idleTimeout() : limits.headerTimeout()).toNanos();
    }

    @Override
    protected void readTimedOut() {
        if (!decoder.isReadingHead() || serverLoop.isStopping()) {
            closeFlushed();
            return;
        }
        Refusal refusal = new Refusal(
                408,
                "timed out waiting for the request",
                "fastcgi: %s within %d ms"
                        .formatted(decoder.progress(), limits.headerTimeout().toMillis()),
                "headerTimeout");
        List<Integer> incomplete = decoder.incomplete();
        if (incomplete.isEmpty()) {
            log(refusal);
            closeNow();
            return;
        }
        ends = true;
        for (int id : incomplete) {
            open(id, false).life().refuse(refusal);
        }
    }

    @Override
    protected void inputEnded() {
        boolean cut =
                decoder.isReadingHead() || streams.values().stream().anyMatch(stream -> !stream.isInputComplete());
        if (cut) {
            log(Level.INFO, "fastcgi: connection ended within a request: " + decoder.progress());
            closeNow();
        } else if (streams.isEmpty()) {
            closeFlushed();
        }
    }

    @Override
    protected void drain() {
        if (streams.isEmpty() && !isEnding()) {
            expectReadWithin(DRAIN_GRACE_NANOS);
        }
    }

    // ---- writing

    /// Writes a line for the operator.
    void tell(Refusal refusal) {
        log(refusal);
    }

    /// Sends records that belong to no response.
    void send(byte[] records) {
        write(channel.alloc().ioBuffer(records.length).writeBytes(records));
        flush();
    }

    /// A response has been written with its end.
    void over(FastCgiStream stream) {
        leave(stream);
        flush();
        if (!reading && !isEnding()) {
            afterwards();
        }
    }

    /// A response can't be completed. The client must see that.
    ///
    /// nginx takes the connection's end for the response's unless it keeps connections, whatever Content-Length
    /// says, so the connection is reset. Where that can't be (on unix sockets), or others are being answered on it,
    /// a status of the application that isn't 0 is sent; nginx compares the length then.
    void brokenOff(FastCgiStream stream) {
        leave(stream);
        if (streams.isEmpty() && reset()) {
            return;
        }
        if (!streams.isEmpty() || !stream.responseEndsWithConnection()) {
            send(Records.end(stream.id(), Records.REQUEST_COMPLETE, 1));
        }
        if (streams.isEmpty()) {
            closeFlushed();
        }
    }

    private void leave(FastCgiStream stream) {
        streams.remove(stream.id());
        decoder.ended(stream.id());
        ends |= !stream.keeps() || serverLoop.isDraining();
        unread = !stream.isInputComplete();
        inputHasRoom();
    }

    private void end() {
        if (unread) {
            linger(true);
        } else {
            closeFlushed();
        }
    }

    // ---- what it tells its requests

    @Override
    protected boolean isBusy() {
        return !streams.isEmpty();
    }

    @Override
    protected void flushed() {}

    /// The first one fills the channel, so another one is first the next time.
    @Override
    protected void writable() {
        for (FastCgiStream stream : copy()) {
            Exchange running = stream.life().running();
            if (running != null && channel.isWritable()) {
                stream.life().respond(running);
                if (!channel.isWritable() && streams.remove(stream.id(), stream)) {
                    streams.put(stream.id(), stream);
                }
            }
        }
    }

    @Override
    protected void clientEnded() {
        copy().forEach(stream -> stream.life().inputEnded());
    }

    @Override
    protected void abandonRequests() {
        copy().forEach(stream -> stream.life().abandon());
        streams.clear();
    }

    @Override
    protected void forEachRequest(Consumer<SingleExchange> action) {
        copy().forEach(stream -> action.accept(stream.life()));
    }

    @Override
    protected void sweepRequests(long now, long sinceLast) {
        if (!streams.isEmpty()) {
            copy().forEach(stream -> stream.sweep(now, sinceLast));
        }
    }

    @Override
    protected boolean wouldSeemComplete() {
        for (FastCgiStream stream : streams.values()) {
            if (stream.life().wouldSeemComplete()) {
                return true;
            }
        }
        return false;
    }

    @Override
    protected String whatIsSent() {
        return streams.values().stream()
                .map(stream -> stream.life().running())
                .filter(Objects::nonNull)
                .map(Exchange::toString)
                .findFirst()
                .orElse("the response's end");
    }

    // They may end meanwhile.
    private List<FastCgiStream> copy() {
        return new ArrayList<>(streams.values());
    }
}
