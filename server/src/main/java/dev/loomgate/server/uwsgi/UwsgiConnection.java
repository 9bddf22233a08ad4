package dev.loomgate.server.uwsgi;

import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.cgi.CgiVariables;
import dev.loomgate.server.connection.SerialConnection;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.RefusedInput;
import dev.loomgate.server.exchange.RequestBody;
import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.head.HeadWriter;
import dev.loomgate.server.unix.UnixChannels;
import dev.loomgate.server.websocket.Handshake;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// A uwsgi connection: one packet, its body, one response in plain HTTP, and the end. Loop side only, except
/// for [RequestBody.Source].
///
/// Nothing that follows the body is ever read as a second packet: a body that is longer than its CONTENT_LENGTH
/// could otherwise carry one.
///
/// A response without Content-Length ends where the connection does. If such a one is cut off, the connection is
/// reset, so that nginx doesn't take it for complete; but on a unix socket the kernel has no reset that a server
/// could ask for, and there the two look the same. (uWSGI ends the connection as usual on either kind of socket.)
/// An application that wants the difference to be seen sets a Content-Length.
final class UwsgiConnection extends SerialConnection implements RequestBody.Source {
    private static final long DRAIN_GRACE_NANOS = 250_000_000L;

    private final UwsgiConnectionFactory protocol;
    private final Limits limits;
    private @Nullable UwsgiDecoder decoder;
    private boolean begun;
    private @Nullable RequestBody body;
    private long bodyLeft;
    private boolean trailing;
    private boolean lengthIsKnown;
    private @Nullable BegunRequest uncalled;

    /// @param runsAlready the connection's request, which a process has begun; null as a rule
    UwsgiConnection(UwsgiConnectionFactory protocol, Channel channel, @Nullable BegunRequest runsAlready) {
        super(protocol.serverLoop(), channel);
        this.protocol = protocol;
        this.limits = protocol.limits();
        this.decoder = new UwsgiDecoder(limits);
        this.uncalled = runsAlready;
    }

    @Override
    protected Limits limits() {
        return limits;
    }

    @Override
    protected String timeoutSetting(String inLimits) {
        return serverLoop.options().timeoutSetting(ListenAddress.Protocol.UWSGI, inLimits);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        expectReadWithin(limits.headerTimeout().toNanos());
        super.channelActive(ctx);
        if (channel.remoteAddress() instanceof InetSocketAddress peer
                && !protocol.allowed().allows(peer.getAddress())) {
            Refused refused = Refused.peerNotAllowed(peer.getAddress());
            if (protocol.refused().isNews(peer.getAddress(), System.nanoTime())) {
                log(
                        Level.WARNING,
                        refused.refusal().logLine(serverLoop.options().settingNames()));
            }
            answer(refused.reply());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        super.channelInactive(ctx);
        callNever();
    }

    /// The request that a process has begun isn't called any more.
    private void callNever() {
        BegunRequest begunRequest = uncalled;
        if (begunRequest != null) {
            uncalled = null;
            begunRequest.unwanted();
        }
    }

    @Override
    protected void received(ByteBuf in) {
        try {
            if (decoder != null) {
                read(decoder, in);
            }
            if (body != null && in.isReadable()) {
                readBody(body, in);
            }
            if (in.isReadable() && decoder == null && !isEnding()) {
                dropTrailing(in);
            }
        } finally {
            in.release();
        }
    }

    private void read(UwsgiDecoder reader, ByteBuf in) {
        begun = true;
        switch (reader.decode(in)) {
            case UwsgiMessage.Incomplete incomplete -> {}
            case UwsgiMessage.Ping ping -> {
                decoder = null;
                callNever();
                write(channel.alloc().ioBuffer(4).writeBytes(ping.pong()));
                closeFlushed();
            }
            case Refused refused -> refusePacket(refused);
            case UwsgiRequest request -> {
                decoder = null;
                begin(request);
            }
        }
    }

    private void begin(UwsgiRequest request) {
        if (!request.hasMethod() && protocol.isFirstWithoutMethod()) {
            log(
                    Level.WARNING,
                    "uwsgi: packet without REQUEST_METHOD, taken for GET as all such ones are (nginx: include"
                            + " uwsgi_params)");
        }
        RequestBody itsBody = null;
        bodyLeft = request.bodyBytes();
        if (bodyLeft > 0) {
            itsBody = new RequestBody(this);
            body = itsBody;
            expectReadWithin(limits.bodyTimeout().toNanos());
        } else {
            expectNoRead();
        }
        boolean head = request.method().equals("HEAD");
        CgiVariables variables = new CgiVariables(request);
        Exchange exchange = new Exchange(stream(), variables, itsBody, head, uncalled);
        if (itsBody == null) {
            if (!variables.asksForUpgrade()) {
                UnixChannels.inputIsComplete(channel);
            } else if (!asksWell(variables, exchange)) {
                return;
            }
        }
        begin(exchange);
        uncalled = null; // its microthread calls it
    }

    // Offers a WebSocket, where it is asked for.
    private boolean asksWell(CgiVariables variables, Exchange request) {
        return switch (Handshake.of(variables, serverLoop.options().webSockets())) {
            case Handshake.Other _ -> true;
            case Handshake.Valid valid -> {
                request.offering(valid.handshake());
                yield true;
            }
            case Handshake.Invalid invalid -> {
                callNever();
                refuse(Refusal.of(invalid.fault()));
                yield false;
            }
        };
    }

    private void readBody(RequestBody reader, ByteBuf in) {
        int length = (int) Math.min(bodyLeft, in.readableBytes());
        bodyLeft -= length;
        boolean room = reader.append(in, length);
        if (bodyLeft == 0) {
            reader.complete();
            body = null;
            expectNoRead();
            UnixChannels.inputIsComplete(channel);
        } else if (room) {
            expectReadWithin(limits.bodyTimeout().toNanos());
            UnixChannels.expects(channel, bodyLeft);
        } else {
            channel.config().setAutoRead(false);
            expectNoRead();
        }
    }

    private void dropTrailing(ByteBuf in) {
        if (!trailing) {
            trailing = true;
            log(Level.INFO, "uwsgi: %d bytes after the end of the request are dropped".formatted(in.readableBytes()));
        }
    }

    private void refusePacket(Refused refused) {
        decoder = null;
        callNever();
        log(refused.refusal());
        answer(refused.reply());
    }

    private void answer(byte[] reply) {
        write(channel.alloc().ioBuffer(reply.length).writeBytes(reply));
        linger(true);
    }

    @Override
    public void bodyIsWanted() {}

    @Override
    public void bodyHasRoom() {
        serverLoop.loop().side().execute(() -> {
            channel.config().setAutoRead(true);
            if (body != null) {
                expectReadWithin(limits.bodyTimeout().toNanos());
            }
        });
    }

    @Override
    protected void inputEnded() {
        if (decoder != null) {
            if (decoder.end() instanceof Refused refused) {
                refusePacket(refused);
            } else {
                closeNow();
            }
        } else if (bodyLeft > 0) {
            log(Level.INFO, "uwsgi: connection ended %d bytes before the end of the request body".formatted(bodyLeft));
            closeNow();
        }
    }

    @Override
    protected void readTimedOut() {
        RequestBody reader = body;
        if (reader != null) {
            Refusal refusal = new Refusal(
                    408,
                    "timed out waiting for the request body",
                    "uwsgi: no byte of the request body within %d ms, %d are missing"
                            .formatted(limits.bodyTimeout().toMillis(), bodyLeft),
                    timeoutSetting("bodyTimeout"));
            log(refusal);
            body = null;
            reader.fail(new RefusedInput(refusal));
        } else if (decoder != null && begun && !serverLoop.isDraining()) {
            refuse(new Refusal(
                    408,
                    "timed out waiting for the packet",
                    "uwsgi: %s within %d ms"
                            .formatted(
                                    decoder.progress(), limits.headerTimeout().toMillis()),
                    "headerTimeout"));
        } else {
            closeNow();
        }
    }

    @Override
    protected void drainIdle() {
        if (!begun && !isEnding()) {
            expectReadWithin(DRAIN_GRACE_NANOS);
        }
    }

    @Override
    public void writeHead(HeadWriter out, ResponseHead head, boolean close) {
        out.begin(head.status(), head.headers());
        lengthIsKnown = head.hasLength();
        if (lengthIsKnown) {
            out.contentLength(head.length());
        }
        out.end();
    }

    @Override
    public boolean responseEndsWithConnection() {
        return !lengthIsKnown;
    }

    @Override
    public void responded() {
        if (bodyLeft == 0) {
            closeFlushed();
            return;
        }
        if (body != null) {
            body.fail(new IOException("the response is complete, the rest of the request's body is not read"));
            body = null;
        }
        linger(true);
    }
}
