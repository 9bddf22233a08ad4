package dev.loomgate.server.http2;

import dev.loomgate.gateway.Variables;
import dev.loomgate.server.Http2Options;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.connection.Connection;
import dev.loomgate.server.connection.ConnectionFacts;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.connection.SingleExchange;
import dev.loomgate.server.connection.WriteStall;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.Scheme;
import dev.loomgate.server.http.FieldList;
import dev.loomgate.server.stream.FloodWatch;
import dev.loomgate.server.stream.ResponseFields;
import dev.loomgate.server.websocket.OpeningHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.collection.IntObjectHashMap;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection of HTTP/2: its socket, its streams, and what they share. Loop side only.
///
/// ```
///  bytes -> FrameSource -> FrameHandler -> Http2Stream -> SingleExchange -> a microthread each
///  bytes <- FrameSink <------------------- Http2Stream <- SendQueue: whose turn it is
/// ```
/// It ends when the client is idle or goes away, when the server stops (GOAWAY twice: no new streams, please; and, when
/// a ping says that the client knows, no new ones at all), or at an error of the connection.
final class Http2Connection extends Connection {
    /// The window of the connection. Each stream has its own, smaller one, so that this one need not wait for readers.
    private static final int WINDOW_BYTES = 1 << 20;
    private static final long PING_OF_DRAIN = 0x6c6f6f6d67617465L;
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(1);
    private static final long NONE = Long.MIN_VALUE;
    // The most frames that are read of a connection before others have their turn.
    private static final int FRAMES_A_TURN = 64;
    private static final OpeningHandshake.Asked ENDED_SOCKET = new OpeningHandshake.Invalid(
            new OpeningHandshake.Fault(400, "the stream of a WebSocket has ended with its request"));

    private final Scheme scheme;
    private final Limits limits;
    private final Http2Options options;
    private final EncodedFields encodedFields;
    private final FrameSource source;
    private final FrameSink sink = new FrameSink(this);
    private final FloodWatch floods;
    private final FrameHandler handler;
    private final Sender sender;
    private @Nullable ConnectionFacts facts;

    private final IntObjectHashMap<Http2Stream> streams = new IntObjectHashMap<>();
    private final ClosedStreams closedStreams = new ClosedStreams();
    private int lastStream;
    private int calls;

    private int receiveWindow = WINDOW_BYTES;
    private long streamWindow = Http2CodecUtil.DEFAULT_WINDOW_SIZE;

    private boolean receiving;
    private boolean readingLater;
    private boolean flushing;
    private boolean expectsHead;
    private boolean draining;
    private boolean goneAway;
    private boolean clientGoesAway;
    private long pingDeadline = NONE;
    private @Nullable Runnable first;

    Http2Connection(
            ServerLoop serverLoop,
            Channel channel,
            Scheme scheme,
            Limits limits,
            FieldList fields,
            EncodedFields encodedFields)
            throws Http2Exception {
        super(serverLoop, channel);
        this.scheme = scheme;
        this.limits = limits;
        this.options = serverLoop.options().http2();
        this.encodedFields = encodedFields;
        this.source = new FrameSource(new ReceivedFields(fields, limits.maxHeaderBytes()), options.maxContinuations());
        this.floods = new FloodWatch(
                new FloodWatch.Limit(options.maxResets(), "maxResets"),
                new FloodWatch.Limit(options.maxControlFrames(), "maxControlFrames"),
                serverLoop.deadlineIn(0));
        this.sender = new Sender(this, floods);
        this.handler = new FrameHandler(this, fields, floods);
    }

    /// Begins with a request that came by HTTP/1.1, as stream 1. Before the connection begins.
    ///
    /// @param settings of the client
    void beginWith(Variables request, boolean headRequest, Http2Settings settings) throws Http2Exception {
        apply(settings);
        lastStream = 1;
        first = () -> {
            calls++;
            add(1).begin(request, headRequest, FieldList.Result.Request.NO_LENGTH, false, true, false);
        };
    }

    @Override
    protected Limits limits() {
        return limits;
    }

    @Override
    protected String timeoutSetting(String inLimits) {
        return serverLoop.options().timeoutSetting(ListenAddress.Protocol.HTTP, inLimits);
    }

    // ---- the socket

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // One read of the socket a turn, for the same reason as FRAMES_A_TURN.
        if (channel.config().getRecvByteBufAllocator() instanceof MaxMessagesRecvByteBufAllocator reads) {
            reads.maxMessagesPerRead(1);
        }
        expectsHead = true;
        expectReadWithin(limits.headerTimeout().toNanos());
        sink.preface(options.maxStreams(), limits.maxHeaderBytes(), WINDOW_BYTES);
        super.channelActive(ctx);
        if (first != null && !isEnding()) {
            first.run();
        }
        first = null;
        flush();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        source.close();
        sink.close();
    }

    @Override
    protected void received(ByteBuf in) {
        source.add(in);
        if (!readingLater) {
            readFrames();
        }
    }

    private void readFrames() {
        int left = FRAMES_A_TURN;
        receiving = true;
        try {
            while (left > 0 && !isEnding() && readFrame()) {
                left--;
                FloodWatch.Flood flood = floods.flood();
                if (flood != null) {
                    flooded(flood);
                }
            }
        } catch (Http2Exception e) {
            failed(e);
        } finally {
            receiving = false;
        }
        if (isEnding()) {
            source.close();
            return;
        }
        if (left == 0) {
            readingLater = true;
            channel.config().setAutoRead(false);
            serverLoop.loop().side().afterMicrothreads(this::readOn);
        }
        expectWhatIsNext();
        if (flushing) {
            flushing = false;
            flush();
        }
    }

    private void readOn() {
        readingLater = false;
        if (isEnding()) {
            return;
        }
        try {
            readFrames();
        } catch (RuntimeException e) {
            exceptionCaught(context(), e);
        }
        if (!readingLater) {
            channel.config().setAutoRead(true);
        }
    }

    private boolean readFrame() throws Http2Exception {
        try {
            return source.readFrame(context(), handler);
        } catch (Http2Exception e) {
            if (!Http2Exception.isStreamError(e)) {
                throw e;
            }
            streamFailed(Http2Exception.streamId(e), e.error(), String.valueOf(e.getMessage()));
            return true;
        }
    }

    private void expectWhatIsNext() {
        if (source.isUnfinished()) {
            if (!expectsHead) {
                expectsHead = true;
                expectReadWithin(limits.headerTimeout().toNanos());
            }
        } else if (expectsHead) {
            expectsHead = false;
            if (streams.isEmpty()) {
                expectReadWithin(limits.idleTimeout().toNanos());
            } else {
                expectNoRead();
            }
        }
    }

    // A client that ends its side can't enlarge windows any more; none does that but one that has gone.
    @Override
    protected void inputEnded() {
        abandonRequests();
        closeFlushed();
    }

    @Override
    protected void readTimedOut() {
        if (source.isUnfinished() && handler.hasSettings()) {
            log(new Refusal(
                    408,
                    "",
                    "http: request head not complete within %d ms"
                            .formatted(limits.headerTimeout().toMillis()),
                    "headerTimeout"));
            end(Http2Error.PROTOCOL_ERROR);
        } else {
            end(Http2Error.NO_ERROR);
        }
    }

    // ---- errors

    private void failed(Http2Exception e) {
        String why = String.valueOf(e.getMessage());
        if (e.error() == Http2Error.ENHANCE_YOUR_CALM) {
            // Of the reader's, there is one.
            flooded(new FloodWatch.Flood(
                    "small CONTINUATION frames of one head", options.maxContinuations(), "maxContinuations", false));
        } else if (why.startsWith("Header size exceeded")) {
            flooded(new FloodWatch.Flood("bytes of one head", 2 * limits.maxHeaderBytes(), "maxHeaderBytes", false));
        } else {
            String known = e.error() == Http2Error.COMPRESSION_ERROR ? "a field block can't be decoded" : why;
            log(Level.INFO, "http2: " + known + ": the connection ends");
            end(e.error());
        }
    }

    private void flooded(FloodWatch.Flood flood) {
        String setting = serverLoop.bitten(flood.setting());
        log(Level.WARNING, flood.line("http2", facts().remoteAddress(), setting));
        end(Http2Error.ENHANCE_YOUR_CALM);
    }

    private void streamFailed(int id, Http2Error error, String why) {
        log(Level.INFO, "http2: " + why + ": the stream is reset");
        floods.reset();
        Http2Stream stream = streams.get(id);
        if (stream != null) {
            stream.reset(error);
        } else {
            sink.reset(id, error);
            if (id > lastStream && (id & 1) == 1) {
                lastStream = id; // it isn't idle any more
                closedStreams.add(id, true);
            }
        }
        flushSoon();
    }

    /// Tells the client why, and ends.
    private void end(Http2Error error) {
        sink.goAway(lastStream, error);
        goneAway = true;
        abandonRequests();
        linger(error != Http2Error.NO_ERROR);
    }

    // ---- streams

    @Nullable
    Http2Stream stream(int id) {
        return streams.get(id);
    }

    /// The highest number of a stream that the client has opened.
    int lastStream() {
        return lastStream;
    }

    ClosedStreams.End endOf(int id) {
        return closedStreams.endOf(id);
    }

    /// Whether that stream was opened too late to be answered.
    boolean isIgnored(int id) {
        return goneAway && id > lastStream;
    }

    /// A client opens a stream.
    ///
    /// @param last whether the request has no body
    void open(int id, FieldList head, boolean last) throws Http2Exception {
        if (goneAway) {
            return;
        }
        lastStream = id;
        if (streams.size() >= options.maxStreams() || calls >= 2 * options.maxStreams()) {
            throw Http2Exception.streamError(
                    id,
                    Http2Error.REFUSED_STREAM,
                    "over %d streams at once (%s)",
                    options.maxStreams(),
                    serverLoop.bitten("maxStreams"));
        }
        switch (head.complete(facts())) {
            case FieldList.Result.Malformed malformed ->
                throw Http2Exception.streamError(
                        id, Http2Error.PROTOCOL_ERROR, "request with %s on stream %d", malformed.why(), id);
            case FieldList.Result.Refused refused -> add(id).refuse(refused.refusal(), refused.headRequest(), last);
            case FieldList.Result.Request request -> {
                if (last && request.contentLength() > 0) {
                    throw Http2Exception.streamError(
                            id, Http2Error.PROTOCOL_ERROR, "a body of stream %d isn't as long as declared", id);
                }
                Http2Stream stream = add(id);
                if (request.priority() != null) {
                    stream.priority(Priority.of(request.priority()));
                }
                if (request.webSocket()) {
                    openWebSocket(stream, request, last);
                    return;
                }
                calls++;
                stream.begin(
                        request.variables(),
                        request.method().equals("HEAD"),
                        request.contentLength(),
                        request.expectContinue(),
                        last,
                        request.takesTrailers());
            }
        }
    }

    private void openWebSocket(Http2Stream stream, FieldList.Result.Request request, boolean last) {
        OpeningHandshake.Asked asked = last
                ? ENDED_SOCKET
                : OpeningHandshake.of(request.variables(), serverLoop.options().webSockets());
        switch (asked) {
            case OpeningHandshake.Valid(OpeningHandshake handshake) -> {
                calls++;
                stream.beginSocket(request.variables(), handshake);
            }
            case OpeningHandshake.Invalid(OpeningHandshake.Fault fault) ->
                stream.refuse(Refusal.of(fault), false, last);
            case OpeningHandshake.Other _ -> throw new IllegalStateException("a WebSocket that nobody asks for");
        }
    }

    private Http2Stream add(int id) {
        Http2Stream stream = new Http2Stream(id, this, streamWindow);
        if (streams.isEmpty() && !expectsHead) {
            expectNoRead();
        }
        streams.put(id, stream);
        if (serverLoop.isDraining()) {
            drain(); // a connection that has come since
        }
        return stream;
    }

    /// A stream is over.
    ///
    /// @param reset whether the client may not know yet
    void closed(Http2Stream stream, boolean reset) {
        if (streams.remove(stream.id()) == null) {
            return;
        }
        closedStreams.add(stream.id(), reset);
        sender.forget(stream);
        flushSoon();
        if (!streams.isEmpty() || isEnding() || isInputEnded()) {
            return;
        }
        if (goneAway || clientGoesAway) {
            linger(false);
        } else if (!expectsHead) {
            expectReadWithin(limits.idleTimeout().toNanos());
        }
    }

    /// A request's microthread has ended.
    void callIsOver() {
        calls--;
    }

    private void forEach(Consumer<Http2Stream> action) {
        if (!streams.isEmpty()) {
            List.copyOf(streams.values()).forEach(action);
        }
    }

    private ConnectionFacts facts() {
        ConnectionFacts known = facts;
        if (known == null) {
            known = ConnectionFacts.of(channel, scheme);
            facts = known;
        }
        return known;
    }

    // ---- windows and settings

    /// The client has sent content.
    void received(int flowBytes) throws Http2Exception {
        receiveWindow -= flowBytes;
        if (receiveWindow < 0) {
            throw Http2Exception.connectionError(
                    Http2Error.FLOW_CONTROL_ERROR, "the client has sent more than the connection's window");
        }
        if (receiveWindow < WINDOW_BYTES / 2) {
            sink.windowUpdate(0, WINDOW_BYTES - receiveWindow);
            receiveWindow = WINDOW_BYTES;
            flushSoon();
        }
    }

    /// Takes the client's settings over. What larger windows let pass waits for [Sender#send].
    void apply(Http2Settings settings) throws Http2Exception {
        Long tableBytes = settings.headerTableSize();
        if (tableBytes != null) {
            sink.maxTableBytes(tableBytes);
        }
        Integer frameBytes = settings.maxFrameSize();
        if (frameBytes != null) {
            sink.maxFrameBytes(Math.min(frameBytes, FrameSink.MAX_FRAME_BYTES));
        }
        Integer initial = settings.initialWindowSize();
        if (initial != null) {
            long change = initial - streamWindow;
            streamWindow = initial;
            for (Http2Stream stream : List.copyOf(streams.values())) {
                stream.changeWindow(change);
            }
        }
    }

    // ---- writing

    FrameSink sink() {
        return sink;
    }

    ResponseFields responseFields() {
        return encodedFields.fields();
    }

    /// The same, as they are encoded.
    EncodedFields encodedFields() {
        return encodedFields;
    }

    ByteBuf buffer(int bytes) {
        return channel.alloc().ioBuffer(bytes);
    }

    void writeFrames(ByteBuf frames) {
        write(frames);
    }

    void sendContinue(int stream) {
        responseFields().setContinue();
        sink.head(stream, encodedFields, false);
        flushSoon();
    }

    Sender sender() {
        return sender;
    }

    /// Whether frames of content may be written now.
    boolean takesFrames() {
        return !isEnding() && channel.isWritable();
    }

    /// Sends what has been written when the others of this turn have written theirs.
    void flushSoon() {
        if (!flushing) {
            flushing = true;
            if (!receiving) {
                serverLoop.loop().side().io().execute(this::flushNow);
            }
        }
    }

    private void flushNow() {
        if (flushing) {
            flushing = false;
            flush();
        }
    }

    @Override
    protected void flushed() {
        sink.pass();
    }

    @Override
    protected void writable() {
        sender.send();
    }

    // ---- the end

    @Override
    protected void drain() {
        if (isEnding() || draining) {
            return;
        }
        draining = true;
        sink.goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR);
        sink.ping(false, PING_OF_DRAIN);
        pingDeadline = deadlineIn(PING_TIMEOUT);
        forEach(Http2Stream::goAway);
        flushSoon();
    }

    /// Whether the connection ends with the streams that it has.
    boolean isDraining() {
        return draining;
    }

    void pingAnswered(long data) {
        if (draining && !goneAway && data == PING_OF_DRAIN) {
            goAway();
        }
    }

    // What the client has sent before it knew is here by now.
    private void goAway() {
        pingDeadline = NONE;
        goneAway = true;
        sink.goAway(lastStream, Http2Error.NO_ERROR);
        forEach(Http2Stream::leaveRest);
        if (isEnding()) {
            return;
        }
        if (streams.isEmpty()) {
            linger(false);
        } else {
            flushSoon();
        }
    }

    void clientGoesAway() {
        clientGoesAway = true;
        if (streams.isEmpty()) {
            linger(false);
        }
    }

    @Override
    protected boolean isBusy() {
        return !streams.isEmpty();
    }

    @Override
    protected void clientEnded() {}

    @Override
    protected void abandonRequests() {
        forEach(Http2Stream::abandon);
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
        return streams.isEmpty()
                ? "the last responses' end"
                : streams.values().iterator().next().whatIsSent();
    }

    // ---- deadlines

    long deadlineIn(Duration time) {
        return serverLoop.deadlineIn(time.toNanos());
    }

    void logRefusal(Refusal refusal) {
        log(refusal);
    }

    Refusal bodyTimedOut() {
        return new Refusal(
                408,
                "timed out waiting for the request body",
                "http: no byte of the request body within %d ms"
                        .formatted(limits.bodyTimeout().toMillis()),
                timeoutSetting("bodyTimeout"));
    }

    /// Whether the client takes less of a stream than the limits say; then the log has a line.
    boolean isTooSlow(WriteStall stall, long now, Http2Stream stream) {
        return isTooSlow(stall, now, stream::whatIsSent);
    }

    @Override
    protected void sweepRequests(long now, long sinceLast) {
        if (isEnding()) {
            return;
        }
        floods.tick(now);
        if (pingDeadline != NONE && now - pingDeadline >= 0) {
            goAway();
        }
        forEach(stream -> stream.sweep(now, sinceLast));
        WriteStall stall = sender.stall(now);
        if (stall != null && isTooSlow(stall, now, this::whatIsSent)) {
            closeNow();
        }
    }
}
