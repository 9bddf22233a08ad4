package dev.loomgate.server.http;

import dev.loomgate.server.Limits;
import dev.loomgate.server.exchange.Connection;
import dev.loomgate.server.exchange.Dispatcher;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.HeadWriter;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.RefusedInput;
import dev.loomgate.server.exchange.RequestBody;
import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.http.HttpVariables.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 connection: one request at a time, in the order in which they come. Loop side only, but for
/// [RequestBody.Source].
///
/// ```
///  HEAD --head complete--> CONTENT or CHUNKS --body complete--> HEAD
///    ^                            |
///    |                            +-- body refused, or not worth reading --> NOTHING, then the end
///    +-- a further head is read when the response is complete
/// ```
public final class HttpConnection extends Connection implements RequestBody.Source, ChunkedReader.Sink {
    private static final byte[] CONTINUE = HeadWriter.ascii("HTTP/1.1 100 Continue\r\n\r\n");
    private static final byte[] SERVER = HeadWriter.ascii("Server: loomgate\r\n");
    private static final byte[] CLOSE = HeadWriter.ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = HeadWriter.ascii("Connection: keep-alive\r\n");
    private static final byte[] CHUNKED = HeadWriter.ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] LAST_CHUNK = HeadWriter.ascii("0\r\n\r\n");
    private static final byte[] HEX = HeadWriter.ascii("0123456789abcdef");

    // Bytes that are kept of requests whose turn has not come, and those of a body that nobody wants but that are read
    // to keep the connection.
    private static final int MAX_AHEAD = 64 * 1024;
    private static final int MAX_UNWANTED = 64 * 1024;
    // Longer than a client on the same continent needs to send its next request.
    private static final long DRAIN_GRACE_NANOS = 250_000_000L;

    private enum Reading {
        HEAD,
        CONTENT,
        CHUNKS,
        NOTHING
    }

    private final Limits limits;
    private final HeadReader heads;
    private @Nullable Peer peer;

    private Reading reading = Reading.HEAD;
    private @Nullable ByteBuf pending;
    private @Nullable RequestBody body;
    private @Nullable ChunkedReader chunks;
    private long bodyLeft;
    private long bodyBytes;
    private long unwanted;
    private boolean continuePending;
    private boolean bodyIsFull;
    private boolean aheadIsFull;
    private boolean inputClosed;

    // Of the request that is answered now.
    private int minorVersion = 1;
    private boolean keepAlive;
    private boolean chunkedResponse;
    private boolean lastResponse;

    /// A connection whose requests go to `dispatcher`.
    public HttpConnection(Dispatcher dispatcher, Channel channel, HeadScratch scratch) {
        super(dispatcher, channel);
        limits = dispatcher.options().limits();
        heads = new HeadReader(limits, scratch);
    }

    // ---- reading

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        expectReadWithin(limits.headerTimeout().toNanos());
        super.channelActive(ctx);
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
        while (in != null && in.isReadable() && !isEnding()) {
            if (reading == Reading.HEAD && isBusy()) {
                // The next request waits for its turn.
                setFull(bodyIsFull, in.readableBytes() > MAX_AHEAD);
                return;
            }
            switch (reading) {
                case HEAD -> readHead(in);
                case CONTENT -> readContent(in);
                case CHUNKS -> readChunks(in);
                case NOTHING -> in.skipBytes(in.readableBytes());
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
                reading = Reading.NOTHING;
                refuse(refused.refusal());
            }
            case Head.Valid valid -> begin(valid.request());
        }
    }

    private void begin(RequestHead head) {
        minorVersion = head.minorVersion();
        keepAlive = head.has(RequestHead.KEEP_ALIVE);
        RequestBody itsBody = null;
        if (head.hasBody()) {
            itsBody = new RequestBody(this);
            continuePending = head.has(RequestHead.EXPECT_CONTINUE);
            bodyBytes = 0;
            unwanted = 0;
            if (head.has(RequestHead.CHUNKED)) {
                reading = Reading.CHUNKS;
                chunks = new ChunkedReader(limits);
            } else {
                reading = Reading.CONTENT;
                bodyLeft = head.contentLength();
            }
            expectBody();
        } else {
            expectNoRead();
        }
        body = itsBody;
        begin(new Exchange(
                this, new HttpVariables(head, peer()), itsBody, head.method().equals("HEAD")));
    }

    private Peer peer() {
        Peer known = peer;
        if (known == null) {
            known = new Peer(
                    channel.localAddress() instanceof InetSocketAddress local ? local : null,
                    channel.remoteAddress() instanceof InetSocketAddress remote ? remote : null);
            peer = known;
        }
        return known;
    }

    private void expectBody() {
        if (continuePending) {
            expectNoRead(); // the client waits for us
        } else {
            expectReadWithin(limits.bodyTimeout().toNanos());
        }
    }

    private void readContent(ByteBuf in) {
        int length = (int) Math.min(bodyLeft, in.readableBytes());
        content(in, length);
        bodyLeft -= length;
        if (bodyLeft == 0) {
            bodyIsComplete();
        }
    }

    private void readChunks(ByteBuf in) {
        ChunkedReader reader = chunks;
        if (reader == null) {
            throw new IllegalStateException("no chunked body is read");
        }
        switch (reader.read(in, this)) {
            case INCOMPLETE -> {}
            case COMPLETE -> bodyIsComplete();
            case REFUSED -> {
                if (reading != Reading.NOTHING) {
                    refuseBody(reader.refusal());
                }
            }
        }
    }

    @Override
    public void content(ByteBuf in, int length) {
        continuePending = false;
        bodyBytes += length;
        RequestBody reader = body;
        if (reader == null) {
            in.skipBytes(length);
            unwanted += length;
            if (unwanted > MAX_UNWANTED) {
                reading = Reading.NOTHING;
                linger();
            }
            return;
        }
        if (limits.maxBodyBytes() > 0 && bodyBytes > limits.maxBodyBytes()) {
            in.skipBytes(length);
            refuseBody(new Refusal(
                    413,
                    "the request's body is too large",
                    "http: chunked request body of over %d bytes (--limit-post)".formatted(limits.maxBodyBytes())));
            return;
        }
        if (reader.append(in, length)) {
            expectBody();
        } else {
            bodyHasNoRoom();
        }
    }

    private void bodyHasNoRoom() {
        setFull(true, aheadIsFull);
        expectNoRead();
    }

    private void bodyIsComplete() {
        if (reading == Reading.NOTHING) {
            return; // it was refused with its last bytes
        }
        reading = Reading.HEAD;
        chunks = null;
        expectNoRead();
        if (body != null) {
            body.complete();
            body = null;
        }
        if (!isBusy()) {
            awaitRequest();
        }
    }

    private void refuseBody(Refusal refusal) {
        reading = Reading.NOTHING;
        keepAlive = false;
        expectNoRead();
        setFull(false, false);
        log(refusal);
        if (body != null) {
            body.fail(new RefusedInput(refusal));
            body = null;
        } else if (!isBusy()) {
            linger();
        }
    }

    @Override
    public void bodyIsWanted() {
        dispatcher.loop().execute(this::sendContinue);
    }

    private void sendContinue() {
        Exchange running = exchange();
        if (continuePending && running != null && !running.isAnswered()) {
            write(channel.alloc().ioBuffer(CONTINUE.length).writeBytes(CONTINUE));
            flush();
            continuePending = false;
            expectBody();
        }
    }

    @Override
    public void bodyHasRoom() {
        dispatcher.loop().execute(() -> {
            setFull(false, aheadIsFull);
            if (body != null) {
                expectBody();
            }
        });
    }

    @Override
    protected void inputEnded() {
        inputClosed = true;
        if (reading == Reading.CONTENT || reading == Reading.CHUNKS || !isBusy()) {
            closeNow(); // in the middle of a request, or between two
        }
    }

    @Override
    protected void readTimedOut() {
        if (isBusy()) {
            refuseBody(new Refusal(
                    408,
                    "the request's body doesn't come",
                    "http: no byte of the request body within %d ms (--body-timeout)"
                            .formatted(limits.bodyTimeout().toMillis())));
        } else if (heads.hasPart() && !dispatcher.isDraining()) {
            reading = Reading.NOTHING;
            refuse(new Refusal(
                    408,
                    "the request's head doesn't come",
                    "http: request head not complete within %d ms (--header-timeout)"
                            .formatted(limits.headerTimeout().toMillis())));
        } else {
            closeNow();
        }
    }

    @Override
    protected void drain() {
        if (!isBusy() && !isEnding()) {
            expectReadWithin(DRAIN_GRACE_NANOS);
        }
    }

    // ---- writing

    @Override
    protected void writeHead(HeadWriter out, ResponseHead head, boolean close) {
        out.begin(head.status(), head.headers());
        boolean persistent = keepAlive && !close && !out.wantsClose() && !dispatcher.isDraining() && canReadOn();
        chunkedResponse = false;
        if (head.hasLength()) {
            out.contentLength(head.length());
        } else if (!head.bodiless()) {
            if (minorVersion == 1) {
                chunkedResponse = true;
                out.append(CHUNKED);
            } else {
                persistent = false; // the content ends where the connection does
            }
        }
        if (!out.hasDate()) {
            out.append(dispatcher.date());
        }
        if (!out.hasServer()) {
            out.append(SERVER);
        }
        if (!persistent) {
            out.append(CLOSE);
        } else if (minorVersion == 0) {
            out.append(KEEP_ALIVE);
        }
        out.end();
        lastResponse = !persistent;
    }

    // Whether there will be a further request to answer, as far as one can tell now: a streamed response leaves the
    // application time to read the rest of the body.
    private boolean canReadOn() {
        Exchange running = exchange();
        return reading != Reading.NOTHING && (running == null || !running.isWhole() || bodyIsShort());
    }

    private boolean bodyIsShort() {
        return !continuePending && (reading != Reading.CONTENT || bodyLeft <= MAX_UNWANTED);
    }

    @Override
    protected int framingBytes() {
        return chunkedResponse ? 32 : 16;
    }

    @Override
    protected void writeContent(ByteBuf out, byte[] bytes, int count) {
        if (!chunkedResponse) {
            out.writeBytes(bytes, 0, count);
            return;
        }
        int shift = 28;
        while (shift > 0 && count >>> shift == 0) {
            shift -= 4;
        }
        for (; shift >= 0; shift -= 4) {
            out.writeByte(HEX[count >>> shift & 15]);
        }
        out.writeShort('\r' << 8 | '\n').writeBytes(bytes, 0, count).writeShort('\r' << 8 | '\n');
    }

    @Override
    protected void writeEnd(ByteBuf out) {
        if (chunkedResponse) {
            out.writeBytes(LAST_CHUNK);
        }
    }

    @Override
    protected void responded() {
        boolean unread = reading != Reading.HEAD;
        if (body != null) {
            body.fail(new java.io.IOException("the response is complete, the rest of the request's body is not read"));
            body = null;
        }
        if (lastResponse || (unread && (reading == Reading.NOTHING || !bodyIsShort()))) {
            reading = Reading.NOTHING;
            end(unread);
            return;
        }
        setFull(false, aheadIsFull);
        if (!unread) {
            awaitRequest();
        } else {
            expectReadWithin(limits.bodyTimeout().toNanos());
        }
        readOn();
        flush();
        if (inputClosed && !isBusy()) {
            closeFlushed();
        }
    }

    // If the client is the one who wants the end, nothing of it is left unread.
    private void end(boolean unread) {
        if (inputClosed || (!keepAlive && !unread)) {
            closeFlushed();
        } else if (!isBusy()) {
            linger();
        }
    }

    private void awaitRequest() {
        expectReadWithin(
                dispatcher.isDraining()
                        ? DRAIN_GRACE_NANOS
                        : limits.idleTimeout().toNanos());
    }
}
