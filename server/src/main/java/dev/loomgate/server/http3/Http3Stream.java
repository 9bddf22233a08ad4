package dev.loomgate.server.http3;

import dev.loomgate.gateway.Headers;
import dev.loomgate.loop.Loop;
import dev.loomgate.server.connection.ResponsePath;
import dev.loomgate.server.connection.SingleExchange;
import dev.loomgate.server.connection.WriteStall;
import dev.loomgate.server.exchange.ErrorPage;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Outlet;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.RequestBody;
import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.exchange.ResponseStream;
import dev.loomgate.server.http.FieldList;
import dev.loomgate.server.stream.OutgoingContent;
import dev.loomgate.server.stream.ReceivedBody;
import dev.loomgate.server.stream.ResponseFields;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One stream: a request, and where its response goes. Loop side only, except for [RequestBody.Source] and [#loop].
///
/// ```
///  open ---- the request is complete ----> half-closed ---- the response is complete ----> closed
///    +------ the response is complete ----> the rest of the request is dropped, or not asked for -->|
///    +------ a reset of either side, the connection's end ---------------------------------->|
/// ```
/// Netty's handlers before it have checked the order of frames, and the content's length where the request's end has
/// come.
final class Http3Stream extends ChannelInboundHandlerAdapter
        implements ResponseStream, ResponsePath, RequestBody.Source {
    private static final long NONE = Long.MIN_VALUE;
    private static final int RESET_SECONDS = 2;
    private static final int HIGH_WATER = 32 * 1024;
    private static final int MAX_FRAME_BYTES = 16 * 1024;
    // The most that is dropped of a request whose response is complete.
    private static final int MAX_UNWANTED_BYTES = 64 * 1024;

    private final Http3Connection connection;
    private final QuicStreamChannel channel;
    private final SingleExchange exchange;
    private final ResponseEnd responseEnd;

    // The request.
    private FieldList.Result.@Nullable Request head;
    private @Nullable Exchange request;
    private boolean headSeen;
    private boolean headRequest;
    private boolean requestComplete;
    private @Nullable ReceivedBody body;
    private boolean restUnwanted;
    private int unwantedBytes;
    private boolean continuePending;
    private long readDeadline;

    // The response.
    private final OutgoingContent content = new OutgoingContent();
    private boolean responseWritten;
    private boolean inputStopped;
    private boolean closed;
    private @Nullable WriteStall stall;
    private long taken;
    private int framesWaiting;

    /// @param responseEnd first in the channel's pipeline
    Http3Stream(Http3Connection connection, QuicStreamChannel channel, ResponseEnd responseEnd) {
        this.connection = connection;
        this.channel = channel;
        this.responseEnd = responseEnd;
        this.exchange = new SingleExchange(connection, this);
        this.readDeadline = connection.deadlineIn(connection.limits().headerTimeout());
    }

    /// Refuses a stream, whose request may be sent again.
    @SuppressWarnings("FutureReturnValueIgnored") // a stream that is over can't be refused, and needn't
    static void refuse(QuicStreamChannel channel, Http3ErrorCode error) {
        channel.shutdown(error.code());
        // When the client has the reset: to close is to send the response's end, where QUIC still knows the stream.
        channel.eventLoop().schedule(() -> channel.close(), RESET_SECONDS, TimeUnit.SECONDS);
    }

    // ---- the request

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        try {
            if (!closed) {
                if (frame instanceof Http3HeadersFrame headers) {
                    fields(headers);
                } else if (frame instanceof Http3DataFrame data) {
                    data(data.content());
                }
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!closed && head != null) {
            begin(head, channel.isInputShutdown());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownReadComplete.INSTANCE && !closed) {
            if (head != null) {
                begin(head, true);
            } else if (!headSeen) {
                fault("a stream without a request");
            } else {
                endRequest();
            }
        }
    }

    private void fields(Http3HeadersFrame frame) {
        FieldList fields = connection.fields();
        fields.begin();
        for (Map.Entry<CharSequence, CharSequence> field : frame.headers()) {
            fields.add(field.getKey(), field.getValue());
        }
        if (headSeen) {
            if (head != null) {
                begin(head, false);
            }
            trailers(fields.trailersFault(), fields.limitPassed());
            return;
        }
        headSeen = true;
        readDeadline = NONE;
        switch (fields.complete(connection.facts())) {
            case FieldList.Result.Malformed malformed -> fault("request with " + malformed.why());
            case FieldList.Result.Refused refused -> {
                headRequest = refused.headRequest();
                exchange.refuse(refused.refusal());
            }
            // Whether it has a body is known when all that has come with it has been looked at.
            case FieldList.Result.Request valid -> head = valid;
        }
    }

    private void begin(FieldList.Result.Request valid, boolean complete) {
        head = null;
        if (complete && valid.contentLength() > 0) {
            fault("a body that isn't as long as declared");
            return;
        }
        headRequest = valid.method().equals("HEAD");
        requestComplete = complete;
        RequestBody reader = null;
        if (!complete) {
            reader = new RequestBody(this, HIGH_WATER);
            body = new ReceivedBody(reader, valid.contentLength(), connection.limits());
            continuePending = valid.expectContinue();
            expectBody();
        }
        Exchange begun = new Exchange(this, valid.variables(), reader, headRequest);
        if (valid.takesTrailers()) {
            begun.takingTrailers();
        }
        request = begun;
        connection.callBegins();
        exchange.begin(begun);
    }

    private void data(ByteBuf data) {
        if (head != null) {
            begin(head, false);
        }
        ReceivedBody to = body;
        if (closed || to == null || requestComplete) {
            return; // of a request that was refused
        }
        continuePending = false;
        int count = data.readableBytes();
        if (!to.count(count, false)) {
            fault("a body that isn't as long as declared");
            return;
        }
        Refusal refusal = to.append(data, false);
        if (refusal != null) {
            connection.logRefusal(refusal);
        }
        if (restUnwanted) {
            unwantedBytes += count;
            if (unwantedBytes > MAX_UNWANTED_BYTES) {
                leaveRest();
                return;
            }
        } else if (!to.isAwaited() && refusal == null) {
            channel.config().setAutoRead(false);
        }
        expectBody();
    }

    // They are dropped.
    private void trailers(@Nullable String fault, @Nullable String limit) {
        ReceivedBody to = body;
        if (closed || to == null) {
            return;
        }
        if (fault != null) {
            fault(fault);
        } else if (limit != null) {
            Refusal refusal = new Refusal(431, "the trailers are too large", "http: trailers are too large", limit);
            to.refuse(refusal);
            connection.logRefusal(refusal);
        }
    }

    private void endRequest() {
        ReceivedBody to = body;
        if (requestComplete) {
            return;
        }
        requestComplete = true;
        readDeadline = NONE;
        if (to != null) {
            if (!to.count(0, true)) {
                fault("a body that isn't as long as declared");
                return;
            }
            to.complete();
        }
    }

    private void expectBody() {
        ReceivedBody from = body;
        readDeadline = from == null || !(from.isAwaited() || restUnwanted) || continuePending
                ? NONE
                : connection.deadlineIn(connection.limits().bodyTimeout());
    }

    @Override
    public void bodyIsWanted() {
        loop().side().execute(() -> {
            Exchange running = exchange.running();
            if (continuePending && !closed && running != null && !running.isAnswered()) {
                continuePending = false;
                ResponseFields fields = connection.responseFields();
                fields.setContinue();
                write(new DefaultHttp3HeadersFrame(headers(fields)));
                expectBody();
            }
        });
    }

    @Override
    public void bodyHasRoom() {
        loop().side().execute(() -> {
            if (body != null && !requestComplete && !closed) {
                channel.config().setAutoRead(true);
                expectBody();
            }
        });
    }

    // ---- where the exchange goes

    @Override
    public Loop loop() {
        return exchange.loop();
    }

    @Override
    public boolean takesFiles() {
        return false; // what it sends is encrypted
    }

    @Override
    public void respond(Exchange from) {
        if (!closed) {
            exchange.respond(from);
        }
    }

    @Override
    public void cancel(Exchange from, String why) {
        exchange.cancel(from, why);
    }

    @Override
    public void callIsOver(Exchange from) {
        exchange.callIsOver(from);
        connection.callIsOver();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Exchange running = exchange.running();
        if (channel.isWritable() && running != null && !closed) {
            exchange.respond(running);
        }
    }

    // ---- the response

    @Override
    public Outlet.@Nullable Next sendWhole(SingleExchange to, Exchange from, ResponseHead response, byte[] whole) {
        if (!to.isHeadSent()) {
            boolean last = response.bodiless() || whole.length == 0;
            sendHead(to, response, last);
            if (last) {
                return Outlet.Next.END;
            }
            content.whole(whole);
        }
        return sendContent(to);
    }

    @Override
    public Outlet.@Nullable Next sendStreamed(SingleExchange to, Exchange from, ResponseHead response, Outlet outlet) {
        while (content.take(outlet)) {
            if (!to.isHeadSent()) {
                boolean last = content.isEnd() && content.next() == Outlet.Next.END && from.trailers() == null;
                sendHead(to, response, last);
                if (last) {
                    return Outlet.Next.END;
                }
            }
            Outlet.Next sent = sendContent(to);
            if (sent != null || !hasRoom()) {
                return sent;
            }
        }
        return null;
    }

    private void sendHead(SingleExchange to, ResponseHead response, boolean last) {
        ResponseFields fields = connection.responseFields();
        fields.set(response, connection.serverLoop().dateText());
        DefaultHttp3Headers encoded = headers(fields);
        to.headSent(response, size(encoded), fields.count());
        write(new DefaultHttp3HeadersFrame(encoded), last);
    }

    private static DefaultHttp3Headers headers(ResponseFields fields) {
        DefaultHttp3Headers headers = new DefaultHttp3Headers(false);
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            headers.add(field.getKey(), field.getValue());
        }
        return headers;
    }

    // Before compression: what Netty makes of it isn't told.
    private static int size(DefaultHttp3Headers headers) {
        int size = 0;
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            size += field.getKey().length() + field.getValue().length();
        }
        return size;
    }

    // While the client has room for it, and the network for all that is sent.
    private Outlet.@Nullable Next sendContent(SingleExchange to) {
        while (!content.isEnd()) {
            if (!hasRoom()) {
                return null;
            }
            int count = Math.min(content.left(), MAX_FRAME_BYTES);
            ByteBuf out = channel.alloc().directBuffer(count);
            content.write(out, count);
            content.done();
            to.contentSent(count);
            boolean last = content.isEnd() && content.next() == Outlet.Next.END && trailers() == null;
            write(new DefaultHttp3DataFrame(out), last);
            if (closed) {
                return null; // the client has stopped it
            }
        }
        if (content.next() == Outlet.Next.END && !responseWritten) {
            end();
        }
        return content.next() == Outlet.Next.MORE ? null : content.next();
    }

    // Where QUIC takes no more, one frame is left waiting: Netty tells waiting frames alone that a stream is stopped.
    private boolean hasRoom() {
        return !closed && (channel.isWritable() || framesWaiting == 0);
    }

    private void write(Object frame, boolean last) {
        framesWaiting++;
        int bytes = frame instanceof Http3DataFrame data ? data.content().readableBytes() : 0;
        ChannelFuture written = last ? channel.write(frame, responseEnd.lastWrite(channel)) : channel.write(frame);
        written.addListener(done -> {
            framesWaiting--;
            if (done.isSuccess()) {
                taken += bytes;
                if (last) {
                    finished();
                }
            } else {
                stopped();
            }
        });
        responseWritten |= last;
    }

    private void write(Object frame) {
        write(frame, false);
    }

    // What was written before has to be on its way.
    private void end() {
        Headers trailers = trailers();
        if (trailers == null) {
            write(new DefaultHttp3DataFrame(channel.alloc().directBuffer(0)), true);
        } else {
            ResponseFields fields = connection.responseFields();
            fields.setTrailers(trailers);
            write(new DefaultHttp3HeadersFrame(headers(fields)), true);
        }
    }

    private @Nullable Headers trailers() {
        Exchange answered = request;
        return answered == null ? null : answered.trailers();
    }

    // QUIC has all of the response, and its end.
    @SuppressWarnings("FutureReturnValueIgnored") // whether it gets there is QUIC's business
    private void finished() {
        if (inputStopped) {
            channel.close();
        }
    }

    @Override
    public void sendRefusal(SingleExchange to, Refusal refusal) {
        ErrorPage page = ErrorPage.of(refusal);
        byte[] text = page.content();
        ResponseFields fields = connection.responseFields();
        fields.set(
                page.head(new Headers(), text.length, false),
                connection.serverLoop().dateText());
        DefaultHttp3Headers encoded = headers(fields);
        to.headSent(size(encoded), fields.count());
        write(new DefaultHttp3HeadersFrame(encoded), headRequest);
        if (!headRequest) {
            write(
                    new DefaultHttp3DataFrame(
                            channel.alloc().directBuffer(text.length).writeBytes(text)),
                    true);
            to.contentSent(text.length);
        }
    }

    @Override
    public boolean responseEndsWithConnection() {
        return false;
    }

    // ---- the end

    @Override
    public void responded() {
        ReceivedBody rest = body;
        if (requestComplete || closed) {
            return; // the channel closes when the response has been sent
        }
        if (rest != null && rest.left() <= MAX_UNWANTED_BYTES && !continuePending && !connection.isDraining()) {
            // The client may end its request: not every one takes it well to be told to stop.
            restUnwanted = true;
            rest.leave();
            channel.config().setAutoRead(true);
            expectBody();
        } else {
            stopInput();
        }
    }

    /// Nothing more is read of a request whose response is complete.
    void leaveRest() {
        if (!requestComplete && (restUnwanted || (headSeen && exchange.running() == null))) {
            stopInput();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the stream may be over
    private void stopInput() {
        inputStopped = true;
        readDeadline = NONE;
        channel.shutdownInput(Http3ErrorCode.H3_NO_ERROR.code());
        if (channel.isOutputShutdown()) {
            channel.close();
        }
    }

    @Override
    public void brokenOff() {
        end(Http3ErrorCode.H3_INTERNAL_ERROR);
    }

    @Override
    public void cutOff() {
        exchange.abandon();
        end(Http3ErrorCode.H3_INTERNAL_ERROR);
    }

    @Override
    public void refused() {
        if (!requestComplete) {
            stopInput();
        }
    }

    // The client's fault.
    private void fault(String why) {
        connection.logFault(why);
        reset(Http3ErrorCode.H3_MESSAGE_ERROR);
        connection.streamReset();
    }

    // The client doesn't want the response.
    private void stopped() {
        if (!closed) {
            reset(Http3ErrorCode.H3_REQUEST_CANCELLED);
            connection.streamReset();
        }
    }

    private void reset(Http3ErrorCode error) {
        exchange.abandon();
        end(error);
    }

    /// The connection is over.
    void abandon() {
        exchange.abandon();
        close();
    }

    private void end(Http3ErrorCode error) {
        if (!closed) {
            close(); // first: what waits to be written fails now
            refuse(channel, error);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (closed) {
            return;
        }
        if (cause instanceof QuicException) {
            stopped(); // RESET_STREAM
        } else {
            fault("request with " + cause.getMessage());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        abandon();
    }

    private void close() {
        if (closed) {
            return;
        }
        closed = true;
        readDeadline = NONE;
        ReceivedBody from = body;
        if (from != null && !requestComplete) {
            from.leave();
        }
        Exchange ended = request;
        if (ended != null && ended.isGone() && ended.microthread() == null) {
            connection.callIsOver(); // it has waited for a microthread, and gets none now
        }
        connection.closed(this);
    }

    // ---- what the connection tells

    SingleExchange life() {
        return exchange;
    }

    String whatIsSent() {
        return String.valueOf(exchange.running() == null ? "a response's end" : exchange.running());
    }

    /// Looks at the deadlines.
    void sweep(long now, long sinceLast) {
        exchange.sweep(now, sinceLast);
        if (readDeadline != NONE && now - readDeadline >= 0 && !closed) {
            readDeadline = NONE;
            readTimedOut();
        }
        sweepWrites(now);
    }

    private void readTimedOut() {
        ReceivedBody late = body;
        if (restUnwanted) {
            stopInput();
        } else if (late != null) {
            Refusal refusal = connection.bodyTimedOut();
            connection.logRefusal(refusal);
            late.refuse(refusal);
        } else {
            exchange.refuse(connection.headTimedOut());
        }
    }

    private void sweepWrites(long now) {
        if (closed || channel.isWritable() || !exchange.isHeadSent()) {
            if (stall != null) {
                stall.nothingWaits();
            }
            return;
        }
        if (stall == null) {
            stall = new WriteStall();
        }
        stall.look(taken, now);
        if (connection.isTooSlow(stall, now, this)) {
            reset(Http3ErrorCode.H3_REQUEST_CANCELLED);
        }
    }
}
