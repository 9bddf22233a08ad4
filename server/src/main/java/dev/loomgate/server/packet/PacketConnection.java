package dev.loomgate.server.packet;

import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.server.Limits;
import dev.loomgate.server.cgi.CgiDecoder;
import dev.loomgate.server.cgi.CgiMessage;
import dev.loomgate.server.cgi.CgiRequest;
import dev.loomgate.server.cgi.CgiVariables;
import dev.loomgate.server.cgi.Refused;
import dev.loomgate.server.cgi.Refused.Language;
import dev.loomgate.server.connection.SerialConnection;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.RefusedInput;
import dev.loomgate.server.exchange.RequestBody;
import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.head.HeadWriter;
import dev.loomgate.server.unix.UnixChannels;
import dev.loomgate.server.websocket.OpeningHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// A connection that carries one request as CGI variables: its head, its body, one response as text, and the end. Loop
/// side only, except for [RequestBody.Source].
///
/// Nothing that follows the body is ever read as a second request: a body that is longer than its CONTENT_LENGTH
/// could otherwise carry one.
///
/// A response without Content-Length ends where the connection does. If such a one is cut off, the connection is
/// reset, so that nginx doesn't take it for complete; but on a unix socket the kernel has no reset that a server
/// could ask for, and there the two look the same. (uWSGI ends the connection as usual on either kind of socket.)
/// An application that wants the difference to be seen sets a Content-Length.
public abstract class PacketConnection extends SerialConnection implements RequestBody.Source {
    private static final long DRAIN_GRACE_NANOS = 250_000_000L;

    private final PacketConnectionFactory protocol;
    private final Language language;
    private final Limits limits;
    private @Nullable CgiDecoder decoder;
    private boolean begun;
    private @Nullable RequestBody body;
    private long bodyLeft;
    private boolean trailing;
    private boolean lengthIsKnown;

    /// @param language of the responses: [Language#HTTP] or [Language#CGI]
    protected PacketConnection(
            PacketConnectionFactory protocol, Channel channel, CgiDecoder decoder, Language language) {
        super(protocol.serverLoop(), channel);
        this.protocol = protocol;
        this.limits = protocol.limits();
        this.decoder = decoder;
        this.language = language;
    }

    /// What has begun to answer the connection's request already; null as a rule. Asked for once, when the request is
    /// begun.
    protected @Nullable BegunRequest runsAlready() {
        return null;
    }

    /// Whether the front end passes bytes both ways after a 101, so that a request may ask for a WebSocket.
    protected boolean mayGoOnAsWebSocket() {
        return false;
    }

    /// The connection's request isn't begun.
    protected void notBegun() {}

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
            if (protocol.isNews(peer.getAddress())) {
                log(Level.WARNING, refusal.logLine(serverLoop.options().settingNames()));
            }
            answer(new Refused(refusal, language).reply());
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

    private void read(CgiDecoder reader, ByteBuf in) {
        begun = true;
        switch (reader.decode(in)) {
            case CgiMessage.Incomplete incomplete -> {}
            case CgiMessage.Ping ping -> {
                decoder = null;
                notBegun();
                write(channel.alloc().ioBuffer(ping.pong().length).writeBytes(ping.pong()));
                closeFlushed();
            }
            case Refused refused -> refusePacket(refused);
            case CgiRequest request -> {
                decoder = null;
                begin(request);
            }
        }
    }

    private void begin(CgiRequest request) {
        if (!request.hasMethod()) {
            String line = protocol.lineWithoutMethod();
            if (!line.isEmpty()) {
                log(Level.WARNING, line);
            }
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
        CgiVariables variables = new CgiVariables(request);
        OpeningHandshake handshake = null;
        if (itsBody == null) {
            if (mayGoOnAsWebSocket() && variables.asksForUpgrade()) {
                OpeningHandshake.Asked asked = asked(variables);
                if (asked instanceof OpeningHandshake.Invalid) {
                    notBegun();
                    return;
                }
                handshake = asked instanceof OpeningHandshake.Valid valid ? valid.handshake() : null;
            } else {
                UnixChannels.inputIsComplete(channel);
            }
        }
        boolean head = request.method().equals("HEAD");
        Exchange exchange = new Exchange(stream(), variables, itsBody, head, runsAlready());
        if (handshake != null) {
            exchange.offering(handshake);
        }
        begin(exchange);
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
            log(
                    Level.INFO,
                    "%s: %d bytes after the end of the request are dropped"
                            .formatted(protocol.name(), in.readableBytes()));
        }
    }

    private void refusePacket(Refused refused) {
        decoder = null;
        notBegun();
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
            log(
                    Level.INFO,
                    "%s: connection ended %d bytes before the end of the request body"
                            .formatted(protocol.name(), bodyLeft));
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
                    "%s: no byte of the request body within %d ms, %d are missing"
                            .formatted(protocol.name(), limits.bodyTimeout().toMillis(), bodyLeft),
                    timeoutSetting("bodyTimeout"));
            log(refusal);
            body = null;
            reader.fail(new RefusedInput(refusal));
        } else if (decoder != null && begun && !serverLoop.isStopping()) {
            refuse(new Refusal(
                    408,
                    "timed out waiting for the packet",
                    "%s: %s within %d ms"
                            .formatted(
                                    protocol.name(),
                                    decoder.progress(),
                                    limits.headerTimeout().toMillis()),
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
        if (language == Language.CGI) {
            out.beginCgi(head.status(), head.headers());
        } else {
            out.begin(head.status(), head.headers());
        }
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
