package dev.loomgate.server.http3;

import dev.loomgate.server.Http3Options;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.connection.Connection;
import dev.loomgate.server.connection.ConnectionFacts;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.connection.SingleExchange;
import dev.loomgate.server.connection.WriteStall;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.http.FieldList;
import dev.loomgate.server.stream.FloodWatch;
import dev.loomgate.server.stream.ResponseFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicPathEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.ReferenceCountUtil;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection of HTTP/3: a QUIC connection from its first packet on, and what its streams share. Loop side only.
///
/// ```
///  handshake --> active: streams, each an Http3Stream --> GOAWAY twice, the last stream's end --> closed
/// ```
/// The first GOAWAY asks for no new requests; the second, a moment later, says which ones have been taken.
final class Http3Connection extends Connection {
    private static final long NONE = Long.MIN_VALUE;
    // As HTTP/1.1 waits for a request that is on its way.
    private static final Duration DRAIN_GRACE = Duration.ofMillis(250);
    // The largest number of a stream that a client can open (RFC 9114 section 5.2).
    private static final long LARGEST_STREAM = (1L << 62) - 4;
    private static final int STREAM_STEP = 4;

    private final QuicChannel quic;
    private final Limits limits;
    private final Http3Options options;
    private final FieldList fields;
    private final ResponseFields responseFields;
    private final Runnable handshakeOver;
    private final Set<Http3Stream> streams = new LinkedHashSet<>();
    private @Nullable ConnectionFacts facts;

    private boolean active;
    private boolean ended;
    private int calls;
    private long nextStream;

    private final FloodWatch floods;
    private boolean draining;
    private boolean goneAway;
    private long goAwayDeadline = NONE;

    /// @param fields shared with the other connections of the loop
    /// @param responseFields the same
    /// @param handshakeOver called once, when the handshake is complete or has failed
    Http3Connection(
            ServerLoop serverLoop,
            QuicChannel quic,
            Limits limits,
            FieldList fields,
            ResponseFields responseFields,
            Runnable handshakeOver) {
        super(serverLoop, quic);
        this.quic = quic;
        this.limits = limits;
        this.options = serverLoop.options().http3();
        this.fields = fields;
        this.responseFields = responseFields;
        this.handshakeOver = handshakeOver;
        this.floods = new FloodWatch(
                new FloodWatch.Limit(options.maxHttp3Resets(), "maxHttp3Resets"),
                new FloodWatch.Limit(options.maxHttp3ControlFrames(), "maxHttp3ControlFrames"),
                serverLoop.deadlineIn(0));
    }

    /// What comes before it in the pipeline: Netty's HTTP/3.
    ChannelHandler frames() {
        // A head is decoded past the limit, so that who passes it a little is told so by a 431.
        Http3Settings settings = Http3Settings.defaultSettings().maxFieldSectionSize(2L * limits.maxHeaderBytes());
        return new Http3ServerConnectionHandler(
                new ChannelInitializer<QuicStreamChannel>() {
                    @Override
                    protected void initChannel(QuicStreamChannel opened) {
                        opened(opened);
                    }
                },
                new ClientStreamEnd() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object frame) {
                        ReferenceCountUtil.release(frame);
                        floods.control();
                        checkFloods();
                    }
                },
                null,
                new DefaultHttp3SettingsFrame(settings),
                true);
    }

    @Override
    protected Limits limits() {
        return limits;
    }

    @Override
    protected String timeoutSetting(String inLimits) {
        return serverLoop.options().timeoutSetting(ListenAddress.Protocol.HTTPS, inLimits);
    }

    // ---- the QUIC connection

    @Override
    public void channelRegistered(ChannelHandlerContext ctx) {
        expectReadWithin(limits.headerTimeout().toNanos());
        super.channelActive(ctx); // its place in the server loop, from the first packet on
        // A connection whose handshake fails is never active, so it doesn't become inactive.
        quic.closeFuture().addListener(closed -> channelInactive(ctx));
        ctx.fireChannelRegistered();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!active) {
            active = true;
            handshakeOver.run();
            expectReadWithin(limits.idleTimeout().toNanos());
            if (serverLoop.isStopping()) {
                drain();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended = true;
        if (!active) {
            active = true;
            handshakeOver.run();
        }
        super.channelInactive(ctx);
    }

    // A stream, which Netty's HTTP/3 has filled, and which the pipeline's end registers.
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof QuicStreamChannel opened && opened.type() == QuicStreamType.UNIDIRECTIONAL) {
            opened.pipeline().addLast(new ClientStreamEnd());
        }
        ctx.fireChannelRead(message);
    }

    // At the end of the client's streams that carry no request, such as the control stream. Netty ends the connection
    // for a fault of these.
    private class ClientStreamEnd extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof Http3Exception) {
                logEnd(cause);
            }
        }
    }

    private void logEnd(Throwable cause) {
        if (!ended) {
            log(Level.INFO, "http3: " + cause.getMessage() + ", from " + remote() + ": the connection ends");
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof QuicPathEvent.PeerMigrated) {
            facts = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        logEnd(cause);
        // An error of QUIC's closes the connection with its own code, which ours would take the place of.
        if (!(cause instanceof QuicException)) {
            end(Http3ErrorCode.H3_INTERNAL_ERROR, "");
        }
    }

    @Override
    protected void received(ByteBuf in) {
        in.release();
    }

    @Override
    protected void inputEnded() {
        closeNow();
    }

    @Override
    protected void readTimedOut() {
        if (active) {
            end(Http3ErrorCode.H3_NO_ERROR, "idle");
        } else {
            log(
                    Level.INFO,
                    "http3: no complete handshake within %d ms (%s), from %s"
                            .formatted(
                                    limits.headerTimeout().toMillis(), serverLoop.bitten("headerTimeout"), remote()));
            closeNow();
        }
    }

    private @Nullable InetSocketAddress remote() {
        return quic.remoteSocketAddress() instanceof InetSocketAddress remote ? remote : null;
    }

    /// Tells the client why, and ends. What isn't sent yet never is.
    @SuppressWarnings("FutureReturnValueIgnored") // channelInactive says when
    private void end(Http3ErrorCode error, String why) {
        if (!ended) {
            ended = true;
            expectNoRead();
            abandonRequests();
            quic.close(true, error.code(), Unpooled.copiedBuffer(why, StandardCharsets.US_ASCII));
        }
    }

    // ---- streams

    private void opened(QuicStreamChannel channel) {
        if (goneAway || ended || calls >= 2 * options.maxHttp3Streams()) {
            channel.pipeline().addLast(new Unheard());
            Http3Stream.refuse(channel, Http3ErrorCode.H3_REQUEST_REJECTED);
            return;
        }
        nextStream = Math.max(nextStream, channel.streamId() + STREAM_STEP);
        expectNoRead();
        ResponseEnd responseEnd = new ResponseEnd();
        Http3Stream stream = new Http3Stream(this, channel, responseEnd);
        streams.add(stream);
        channel.pipeline().addFirst(responseEnd).addLast(stream);
        if (serverLoop.isDraining()) {
            drain(); // a connection that has come since
        }
    }

    // At the end of a stream that is refused.
    private static final class Unheard extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {}
    }

    /// A stream is over.
    void closed(Http3Stream stream) {
        if (!streams.remove(stream) || !streams.isEmpty() || ended) {
            return;
        }
        if (goneAway) {
            end(Http3ErrorCode.H3_NO_ERROR, "");
        } else {
            expectReadWithin(limits.idleTimeout().toNanos());
        }
    }

    /// A request's microthread will be started.
    void callBegins() {
        calls++;
    }

    /// A request's microthread has ended.
    void callIsOver() {
        calls--;
    }

    /// A stream has been reset: by the client, or for its fault.
    void streamReset() {
        floods.reset();
        checkFloods();
    }

    private void checkFloods() {
        FloodWatch.Flood flood = floods.flood();
        if (flood != null && !ended) {
            String setting = serverLoop.bitten(flood.setting());
            log(Level.WARNING, flood.line("http3", facts().remoteAddress(), setting));
            end(Http3ErrorCode.H3_EXCESSIVE_LOAD, "");
        }
    }

    /// The fields of the head that is being read.
    FieldList fields() {
        return fields;
    }

    ResponseFields responseFields() {
        return responseFields;
    }

    ConnectionFacts facts() {
        ConnectionFacts known = facts;
        if (known == null) {
            known = ConnectionFacts.encrypted(
                    quic.localSocketAddress() instanceof InetSocketAddress local ? local : null,
                    remote(),
                    Objects.requireNonNull(quic.sslEngine(), "a connection without a handshake"));
            facts = known;
        }
        return known;
    }

    private void forEach(Consumer<Http3Stream> action) {
        if (!streams.isEmpty()) {
            List<Http3Stream> all = new ArrayList<>(streams);
            all.forEach(action);
        }
    }

    // ---- what connections tell their requests

    @Override
    protected boolean isBusy() {
        return !streams.isEmpty();
    }

    @Override
    protected void flushed() {}

    @Override
    protected void writable() {}

    @Override
    protected void clientEnded() {}

    @Override
    protected void abandonRequests() {
        forEach(Http3Stream::abandon);
    }

    @Override
    protected void forEachRequest(Consumer<SingleExchange> action) {
        forEach(stream -> action.accept(stream.life()));
    }

    @Override
    protected boolean wouldSeemComplete() {
        return false; // each stream says where it ends
    }

    @Override
    protected String whatIsSent() {
        return streams.isEmpty() ? "nothing" : streams.iterator().next().whatIsSent();
    }

    // ---- the end

    @Override
    protected void drain() {
        if (ended || draining) {
            return;
        }
        if (!active) {
            if (serverLoop.isStopping()) {
                closeNow();
            }
            return;
        }
        draining = true;
        goAway(LARGEST_STREAM);
        goAwayDeadline = serverLoop.deadlineIn(DRAIN_GRACE.toNanos());
    }

    /// Whether the connection ends with the streams that it has.
    boolean isDraining() {
        return draining;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a connection that can't take it ends anyway
    private void goAway(long firstUntaken) {
        QuicStreamChannel control = Http3.getLocalControlStream(quic);
        if (control != null) {
            control.writeAndFlush(new DefaultHttp3GoAwayFrame(firstUntaken));
        }
    }

    private void goAwayNow() {
        goAwayDeadline = NONE;
        goneAway = true;
        goAway(nextStream);
        forEach(Http3Stream::leaveRest);
        if (streams.isEmpty()) {
            end(Http3ErrorCode.H3_NO_ERROR, "");
        }
    }

    // ---- deadlines

    long deadlineIn(Duration time) {
        return serverLoop.deadlineIn(time.toNanos());
    }

    void logRefusal(Refusal refusal) {
        log(refusal);
    }

    void logFault(String why) {
        log(Level.INFO, "http3: " + why + ": the stream is reset");
    }

    Refusal bodyTimedOut() {
        return new Refusal(
                408,
                "timed out waiting for the request body",
                "http: no byte of the request body within %d ms"
                        .formatted(limits.bodyTimeout().toMillis()),
                timeoutSetting("bodyTimeout"));
    }

    Refusal headTimedOut() {
        return new Refusal(
                408,
                "timed out waiting for the request head",
                "http: request head not complete within %d ms"
                        .formatted(limits.headerTimeout().toMillis()),
                "headerTimeout");
    }

    /// Whether the client takes less of a stream than the limits say; then the log has a line.
    boolean isTooSlow(WriteStall stall, long now, Http3Stream stream) {
        return isTooSlow(stall, now, stream::whatIsSent);
    }

    @Override
    protected void sweepRequests(long now, long sinceLast) {
        if (ended) {
            return;
        }
        floods.tick(now);
        if (goAwayDeadline != NONE && now - goAwayDeadline >= 0) {
            goAwayNow();
        }
        forEach(stream -> stream.sweep(now, sinceLast));
    }
}
