package dev.loomgate.server.http;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.connection.Connection;
import dev.loomgate.server.connection.ConnectionFacts;
import dev.loomgate.server.connection.SerialConnection;
import dev.loomgate.server.connection.ServerLoop;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.RequestBody;
import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.exchange.Scheme;
import dev.loomgate.server.head.HeadWriter;
import dev.loomgate.server.websocket.OpenSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 connection: one request at a time, in the order in which they come. Loop side only, except
/// for [RequestBody.Source].
///
/// ```
///  head --complete--> body, if there is one --complete--> the next head, when the response is complete
///    |                  |
///    +-- refused -------+-- refused, or not worth reading --> deaf: nothing more is read as a request
/// ```
final class HttpConnection extends SerialConnection implements RequestBody.Source {
    private static final byte[] CONTINUE = HeadWriter.ascii("HTTP/1.1 100 Continue\r\n\r\n");
    private static final byte[] SWITCHING =
            HeadWriter.ascii("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
    // Bytes that are kept of requests whose turn has not come.
    private static final int MAX_AHEAD_BYTES = 64 * 1024;
    // Longer than a client on the same continent needs to send its next request.
    private static final long DRAIN_GRACE_NANOS = 250_000_000L;

    private final Limits limits;
    private final HeadReader heads;
    private final ResponseFraming framing;
    private final Scheme scheme;
    private @Nullable ConnectionFacts facts;
    private @Nullable BegunRequest uncalled;
    private boolean last;

    private final @Nullable Http2Entry http2;
    private boolean mayBePreface;

    private @Nullable ByteBuf pending;
    private @Nullable IncomingBody body;
    private boolean bodyIsFull;
    private boolean aheadIsFull;
    private boolean deaf;

    // Of the request that is answered now.
    private int minorVersion = 1;
    private boolean keepAlive;
    private boolean goesOn;

    /// @param limits those of HTTP
    /// @param altSvc the line of that field; empty for none
    /// @param http2 for clients that want to speak it; null if it isn't spoken here
    /// @param runsAlready the connection's first request, which a process has begun; null as a rule
    HttpConnection(
            ServerLoop serverLoop,
            Channel channel,
            Scheme scheme,
            Limits limits,
            HeadScratch scratch,
            byte[] altSvc,
            @Nullable Http2Entry http2,
            @Nullable BegunRequest runsAlready) {
        super(serverLoop, channel);
        this.scheme = scheme;
        this.limits = limits;
        heads = new HeadReader(limits, scratch);
        framing = new ResponseFraming(altSvc);
        this.http2 = http2;
        mayBePreface = http2 != null;
        uncalled = runsAlready;
    }

    /// It was kept by a process before: the client is to connect again after the next response. Before it is active.
    void endsWithNextResponse() {
        last = true;
    }

    @Override
    protected Limits limits() {
        return limits;
    }

    @Override
    protected String timeoutSetting(String inLimits) {
        return serverLoop.options().timeoutSetting(ListenAddress.Protocol.HTTP, inLimits);
    }

    // ---- reading

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (last) {
            awaitRequest();
        } else {
            expectReadWithin(limits.headerTimeout().toNanos());
        }
        super.channelActive(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        super.channelInactive(ctx);
        notBegun();
    }

    // The request that a process has begun isn't called any more.
    private void notBegun() {
        BegunRequest request = uncalled;
        if (request != null) {
            uncalled = null;
            request.unwanted();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        releasePending();
    }

    private void releasePending() {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }

    @Override
    protected void received(ByteBuf in) {
        if (pending == null) {
            pending = in;
        } else {
            pending.discardSomeReadBytes().writeBytes(in);
            in.release();
        }
        readOn();
    }

    private void readOn() {
        ByteBuf in = pending;
        while (in != null && !isEnding() && in.isReadable()) {
            if (deaf) {
                in.skipBytes(in.readableBytes());
            } else if (body != null) {
                readBody(body, in);
            } else if (isBusy()) {
                // The next request waits for its turn.
                setFull(bodyIsFull, in.readableBytes() > MAX_AHEAD_BYTES);
                return;
            } else if (mayBePreface && http2 != null && Preface.mayBegin(in)) {
                if (in.readableBytes() >= Preface.LENGTH) {
                    pending = null;
                    goOnAs(http2.known(channel, scheme), in);
                }
                return; // more must come to tell
            } else {
                mayBePreface = false;
                readHead(in);
            }
        }
        releasePending();
        setFull(bodyIsFull, false);
    }

    // Reading stops while either a body or the requests to come take their fill of memory.
    private void setFull(boolean ofBody, boolean ofAhead) {
        boolean before = bodyIsFull || aheadIsFull;
        bodyIsFull = ofBody;
        aheadIsFull = ofAhead;
        if (before != (ofBody || ofAhead)) {
            channel.config().setAutoRead(before);
        }
    }

    private void readHead(ByteBuf in) {
        boolean begun = heads.hasPart();
        switch (heads.read(in)) {
            case Head.Incomplete incomplete -> {
                if (!begun && heads.hasPart()) {
                    expectReadWithin(limits.headerTimeout().toNanos());
                }
            }
            case Head.Refused refused -> {
                minorVersion = 1;
                deaf = true;
                notBegun();
                refuse(refused.refusal());
            }
            case Head.Valid valid -> begin(valid.request());
        }
    }

    private void begin(RequestHead head) {
        minorVersion = head.minorVersion();
        keepAlive = head.has(RequestHead.KEEP_ALIVE);
        RequestBody reader = null;
        if (head.hasBody()) {
            reader = new RequestBody(this);
            IncomingBody incoming = new IncomingBody(head, reader, limits);
            body = incoming;
            expect(incoming);
        } else {
            expectNoRead();
        }
        boolean headRequest = head.method().equals("HEAD");
        HttpVariables variables = new HttpVariables(head, facts());
        if (head.has(RequestHead.UPGRADE) && http2 != null && reader == null) {
            Connection successor = upgraded(http2, variables, headRequest);
            if (successor != null) {
                ByteBuf unread = pending == null ? null : pending.retain();
                write(channel.alloc().ioBuffer(SWITCHING.length).writeBytes(SWITCHING));
                goOnAs(successor, unread);
                return;
            }
        }
        BegunRequest begun = uncalled;
        uncalled = null; // its microthread calls it
        Exchange request = new Exchange(stream(), variables, reader, headRequest, begun);
        if (minorVersion == 1 && !head.has(RequestHead.UPGRADE)) {
            request.takingEarlyHints();
        }
        if (head.has(RequestHead.TAKES_TRAILERS)) {
            request.takingTrailers();
        }
        if (head.has(RequestHead.UPGRADE) && reader == null && !offersWebSocket(variables, request)) {
            deaf = true;
            return;
        }
        begin(request);
    }

    // A request with a body is answered as it came: what follows it would have to be told from the body.
    private @Nullable Connection upgraded(Http2Entry to, HttpVariables request, boolean headRequest) {
        return "h2c".equals(request.get("HTTP_UPGRADE"))
                        && request.get("HTTP_HTTP2_SETTINGS") instanceof String settings
                ? to.upgraded(channel, scheme, settings, request, headRequest)
                : null;
    }

    private ConnectionFacts facts() {
        ConnectionFacts known = facts;
        if (known == null) {
            known = ConnectionFacts.of(channel, scheme);
            facts = known;
        }
        return known;
    }

    private void expect(IncomingBody incoming) {
        if (incoming.isContinuePending()) {
            expectNoRead(); // the client waits for us
        } else {
            expectReadWithin(limits.bodyTimeout().toNanos());
        }
    }

    private void readBody(IncomingBody incoming, ByteBuf in) {
        switch (incoming.read(in)) {
            case MORE -> expect(incoming);
            case REST -> {
                setFull(true, aheadIsFull);
                expectNoRead();
            }
            case COMPLETE -> {
                body = null;
                if (isBusy()) {
                    expectNoRead();
                } else {
                    awaitRequest();
                }
            }
            case REFUSED -> refuseBody(incoming);
            case TOO_MUCH -> {
                deaf = true;
                linger(true);
            }
        }
    }

    // The application gets to know by reading, and may still answer as it likes.
    private void refuseBody(IncomingBody incoming) {
        log(incoming.refusal());
        deaf = true;
        expectNoRead();
        setFull(false, false);
        if (!isBusy()) {
            linger(true);
        }
    }

    @Override
    public void bodyIsWanted() {
        serverLoop.loop().side().execute(this::sendContinue);
    }

    private void sendContinue() {
        Exchange running = exchange();
        if (body != null && body.isContinuePending() && running != null && !running.isAnswered()) {
            write(channel.alloc().ioBuffer(CONTINUE.length).writeBytes(CONTINUE));
            flush();
            body.continued();
            expect(body);
        }
    }

    @Override
    public void bodyHasRoom() {
        serverLoop.loop().side().execute(() -> {
            setFull(false, aheadIsFull);
            if (body != null && !deaf) {
                expect(body);
            }
        });
    }

    @Override
    protected void inputEnded() {
        if (!isBusy()) {
            closeFlushed();
        } else if (body != null) {
            closeNow(); // in the middle of a request
        }
    }

    @Override
    protected void readTimedOut() {
        if (isBusy() && body != null) {
            body.refuse(new Refusal(
                    408,
                    "timed out waiting for the request body",
                    "http: no byte of the request body within %d ms"
                            .formatted(limits.bodyTimeout().toMillis()),
                    timeoutSetting("bodyTimeout")));
            refuseBody(body);
        } else if (heads.hasPart() && !serverLoop.isStopping()) {
            deaf = true;
            refuse(new Refusal(
                    408,
                    "timed out waiting for the request head",
                    "http: request head not complete within %d ms"
                            .formatted(limits.headerTimeout().toMillis()),
                    "headerTimeout"));
        } else {
            closeFlushed();
        }
    }

    private void awaitRequest() {
        expectReadWithin(
                serverLoop.isDraining()
                        ? DRAIN_GRACE_NANOS
                        : limits.idleTimeout().toNanos());
    }

    @Override
    protected void drainIdle() {
        boolean arrives = heads.hasPart() && !serverLoop.isStopping();
        if (!isBusy() && !isEnding() && !arrives) {
            expectReadWithin(DRAIN_GRACE_NANOS);
        }
    }

    @Override
    protected void takeOver(OpenSocket socket) {
        ByteBuf ahead = pending;
        if (ahead != null) {
            pending = null;
            socket.received(ahead);
        }
        aheadIsFull = false;
    }

    // ---- writing

    @Override
    public void writeHead(HeadWriter out, ResponseHead head, boolean close) {
        boolean persistent = keepAlive && !close && !deaf && !last && !serverLoop.isDraining() && bodyWillBeRead();
        goesOn = framing.writeHead(out, head, minorVersion, persistent, serverLoop.date());
    }

    // As far as one can tell now.
    private boolean bodyWillBeRead() {
        Exchange running = exchange();
        return body == null || body.isShort() || (running != null && running.mayReadOn());
    }

    @Override
    public void writeContent(ByteBuf out, byte[] bytes, int count) {
        framing.writeContent(out, bytes, count);
    }

    @Override
    public void writeEnd(ByteBuf out, @Nullable Headers trailers) {
        framing.writeEnd(out, trailers);
    }

    @Override
    public boolean responseEndsWithConnection() {
        return framing.endsWithConnection();
    }

    @Override
    public void responded() {
        boolean unread = body != null;
        if (body != null) {
            body.leave();
        }
        if (!goesOn || deaf || (body != null && !body.isShort())) {
            end(unread);
            return;
        }
        setFull(false, aheadIsFull);
        if (unread) {
            expectReadWithin(limits.bodyTimeout().toNanos());
        } else {
            awaitRequest();
        }
        readOn();
        if (isBusy()) {
            flushWithNext();
            return;
        }
        flush();
        if (isInputEnded()) {
            closeFlushed();
        }
    }

    private void end(boolean unread) {
        deaf = true;
        // Where the client wants the end, it sends nothing that could stay unread.
        if (isInputEnded() || (!keepAlive && !unread)) {
            closeFlushed();
        } else {
            linger(unread);
        }
    }
}
