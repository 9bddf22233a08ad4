package dev.loomgate.server.http2;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.Variables;
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
import dev.loomgate.server.stream.OutgoingContent;
import dev.loomgate.server.stream.ReceivedBody;
import dev.loomgate.server.stream.ResponseFields;
import dev.loomgate.server.websocket.OpenSocket;
import dev.loomgate.server.websocket.OpeningHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.AsciiString;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One stream: a request, and where its response goes, or a WebSocket's bytes both ways. Loop side only, except
/// for [RequestBody.Source] and [#loop].
///
/// ```
///  open ---- the request is complete ----> half-closed ---- the response is complete ----> closed
///    +------ the response is complete ----> the rest of the request is dropped, or reset -->|
///    +------ RST_STREAM of either side, the connection's end ------------------------------>|
/// ```
final class Http2Stream implements ResponseStream, ResponsePath, RequestBody.Source {
    private static final long NONE = Long.MIN_VALUE;
    /// How long a client may take to end its side of a WebSocket that is over.
    private static final Duration LINGER = Duration.ofSeconds(5);
    private static final AsciiString EXTENSIONS = AsciiString.cached("sec-websocket-extensions");

    private final int id;
    private final Http2Connection connection;
    private final SingleExchange exchange;
    private Priority priority = Priority.DEFAULT;

    // The request.
    private @Nullable Exchange request;
    private boolean headRequest;
    private boolean requestComplete;
    private @Nullable StreamBody body;
    private boolean restUnwanted;
    private boolean continuePending;
    private long bodyDeadline = NONE;
    // Of a request for a WebSocket, whether it gets one or not.
    private @Nullable SocketInput socketInput;
    private boolean socketOpen;

    // The response.
    private long window;
    private final OutgoingContent content = new OutgoingContent();
    private boolean queued;
    private boolean blocked;
    private boolean closed;
    private @Nullable WriteStall stall;
    private long sent;

    /// @param window that the client has for the response
    Http2Stream(int id, Http2Connection connection, long window) {
        this.id = id;
        this.connection = connection;
        this.window = window;
        this.exchange = new SingleExchange(connection, this);
    }

    int id() {
        return id;
    }

    // ---- the request

    /// Has a request answered.
    ///
    /// @param length of its body; negative if the request doesn't say
    /// @param complete whether it has no body
    /// @param takesTrailers whether the client takes fields after the content
    void begin(
            Variables variables,
            boolean isHead,
            long length,
            boolean expectContinue,
            boolean complete,
            boolean takesTrailers) {
        headRequest = isHead;
        requestComplete = complete;
        RequestBody reader = null;
        if (!complete) {
            reader = new RequestBody(this, StreamBody.HIGH_WATER);
            body = new StreamBody(id, new ReceivedBody(reader, length, connection.limits()));
            continuePending = expectContinue;
            expectBody();
        }
        Exchange begun = new Exchange(this, variables, reader, isHead).takingEarlyHints();
        if (takesTrailers) {
            begun.takingTrailers();
        }
        request = begun;
        exchange.begin(begun);
    }

    /// Has a request answered that asks for a WebSocket on this stream.
    void beginSocket(Variables variables, OpeningHandshake handshake) {
        socketInput = new SocketInput(id);
        Exchange begun = new Exchange(this, variables, null, false).offering(handshake);
        request = begun;
        exchange.begin(begun);
    }

    /// Answers with a refusal in place of a request.
    ///
    /// @param complete whether the request has no body
    void refuse(Refusal refusal, boolean isHead, boolean complete) {
        headRequest = isHead;
        requestComplete = complete;
        exchange.refuse(refusal);
    }

    void data(ByteBuf data, int flowBytes, boolean last) throws Http2Exception {
        if (socketInput != null && !requestComplete) {
            socketData(socketInput, data, flowBytes, last);
            return;
        }
        StreamBody to = body;
        if (requestComplete || to == null) {
            throw Http2Exception.streamError(
                    id, Http2Error.STREAM_CLOSED, "DATA after the request's end on stream %d", id);
        }
        continuePending = false;
        Refusal refusal = to.receive(data, flowBytes, last);
        if (refusal != null) {
            connection.logRefusal(refusal);
        }
        if (last) {
            endRequest();
        } else if (restUnwanted && !to.isShort()) {
            leaveRest();
        } else {
            giveWindow(to, false);
            expectBody();
        }
    }

    private void socketData(SocketInput to, ByteBuf data, int flowBytes, boolean last) throws Http2Exception {
        to.count(flowBytes);
        requestComplete = last;
        if (restUnwanted) {
            if (last) {
                close(false);
            }
            return;
        }
        int count = data.readableBytes();
        if (count > 0) {
            // The socket's own, which may keep it and append to it.
            ByteBuf bytes = connection.buffer(count).writeBytes(data);
            if (socketOpen) {
                exchange.socketReceived(bytes);
            } else {
                to.keep(bytes);
            }
        }
        if (last) {
            exchange.inputEnded();
        }
    }

    /// A second field block has come.
    ///
    /// @param fault why it can't be one of trailers; null if it can. They are dropped.
    /// @param limit what limit it has passed; null if none
    void trailers(@Nullable String fault, @Nullable String limit, boolean last) throws Http2Exception {
        if (socketInput != null && !requestComplete) {
            throw Http2Exception.streamError(
                    id, Http2Error.PROTOCOL_ERROR, "HEADERS on stream %d, which is a WebSocket's", id);
        }
        StreamBody to = body;
        if (requestComplete || to == null) {
            throw Http2Exception.streamError(
                    id, Http2Error.STREAM_CLOSED, "HEADERS after the request's end on stream %d", id);
        }
        if (!last || fault != null) {
            String why = fault == null ? "trailers don't end the request" : fault;
            throw Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, "%s, on stream %d", why, id);
        }
        if (limit == null) {
            to.end();
        } else {
            Refusal refusal = new Refusal(431, "the trailers are too large", "http: trailers are too large", limit);
            to.refuse(refusal);
            connection.logRefusal(refusal);
        }
        endRequest();
    }

    private void endRequest() {
        requestComplete = true;
        bodyDeadline = NONE;
        if (restUnwanted) {
            close(false);
        }
    }

    private void expectBody() {
        StreamBody from = body;
        bodyDeadline = from == null || !(from.isAwaited() || restUnwanted) || continuePending
                ? NONE
                : connection.deadlineIn(connection.limits().bodyTimeout());
    }

    private void giveWindow(StreamBody to, boolean any) {
        int more = to.windowToGive(any);
        if (more > 0) {
            connection.sink().windowUpdate(id, more);
            connection.flushSoon();
        }
    }

    @Override
    public void bodyIsWanted() {
        loop().side().execute(() -> {
            Exchange running = exchange.running();
            if (continuePending && running != null && !running.isAnswered()) {
                continuePending = false;
                connection.sendContinue(id);
                expectBody();
            }
        });
    }

    @Override
    public void bodyHasRoom() {
        loop().side().execute(() -> {
            StreamBody to = body;
            if (to != null && !requestComplete && !closed) {
                giveWindow(to, true);
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
        return false; // frames are cut as the windows allow
    }

    @Override
    public void respond(Exchange from) {
        connection.sender().ready(this);
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

    /// It is this stream's turn to send.
    void send() {
        queued = false;
        Exchange running = exchange.running();
        if (running != null) {
            exchange.respond(running);
        }
    }

    /// Whether it waits for its turn already.
    boolean isQueued() {
        return queued;
    }

    void queued() {
        queued = true;
    }

    Priority priority() {
        return priority;
    }

    /// Not while it is queued.
    void priority(Priority changed) {
        priority = changed;
    }

    // ---- the response

    @Override
    public Outlet.@Nullable Next sendWhole(SingleExchange to, Exchange from, ResponseHead head, byte[] whole) {
        if (!to.isHeadSent()) {
            boolean last = head.bodiless() || whole.length == 0;
            sendHead(to, head, last);
            if (last) {
                return Outlet.Next.END;
            }
            content.whole(whole);
        }
        return sendContent(to);
    }

    @Override
    public Outlet.@Nullable Next sendStreamed(SingleExchange to, Exchange from, ResponseHead head, Outlet outlet) {
        if (!content.take(outlet)) {
            return null;
        }
        if (!to.isHeadSent()) {
            boolean last = content.isEnd() && content.next() == Outlet.Next.END && from.trailers() == null;
            sendHead(to, head, last);
            if (last) {
                return Outlet.Next.END;
            }
        }
        return sendContent(to);
    }

    private void sendHead(SingleExchange to, ResponseHead answer, boolean last) {
        // A 2xx would accept the WebSocket, and its content be taken for frames (RFC 8441 section 5).
        boolean seemsAccepted = socketInput != null && answer.status().code() < 300;
        ResponseHead head = seemsAccepted ? answer.withStatus(Status.of(400)) : answer;
        ResponseFields fields = connection.responseFields();
        fields.set(head, connection.serverLoop().dateText());
        to.headSent(head, connection.sink().head(id, connection.encodedFields(), last), fields.count());
    }

    // ---- a WebSocket

    @Override
    public void open(SingleExchange to, ResponseHead answer, OpeningHandshake handshake, OpenSocket socket) {
        socketOpen = true;
        ResponseHead head = answer.withStatus(Status.OK);
        ResponseFields fields = connection.responseFields();
        fields.set(head, connection.serverLoop().dateText());
        handshake.extensions().ifPresent(value -> fields.add(EXTENSIONS, value));
        to.headSent(head, connection.sink().head(id, connection.encodedFields(), false), fields.count());
        SocketInput input = socketInput;
        ByteBuf kept = input == null ? null : input.takeKept();
        if (kept != null) {
            socket.received(kept);
        }
        if (requestComplete) {
            exchange.inputEnded();
        }
    }

    @Override
    public boolean sendFrames(SingleExchange to, OpenSocket socket) {
        if (content.take(socket)) {
            sendContent(to);
        }
        return false; // the sender flushes
    }

    @Override
    public boolean holdsFrames() {
        return !content.isEnd();
    }

    @Override
    public void wantBytes(boolean wanted) {
        SocketInput input = socketInput;
        int more = wanted && input != null && !requestComplete ? input.windowToGive() : 0;
        if (more > 0) {
            connection.sink().windowUpdate(id, more);
            connection.flushSoon();
        }
    }

    @Override
    public void socketOver(boolean unread) {
        connection.sink().data(id, 0, true);
        if (requestComplete) {
            close(false);
        } else if (connection.isDraining()) {
            end(Http2Error.NO_ERROR);
        } else {
            restUnwanted = true;
            bodyDeadline = connection.deadlineIn(LINGER);
            connection.flushSoon();
        }
    }

    /// The server stops: a WebSocket is told.
    void goAway() {
        exchange.goAway();
    }

    @Override
    public void sendEarlyHints(SingleExchange to, Headers hints) {
        if (connection.takesFrames()) {
            connection.responseFields().setEarlyHints(hints);
            connection.sink().head(id, connection.encodedFields(), false);
            connection.flushSoon();
        }
    }

    // One frame, then it is another stream's turn.
    private Outlet.@Nullable Next sendContent(SingleExchange to) {
        if (content.isEnd()) {
            if (content.next() == Outlet.Next.END) {
                sendEnd();
            }
            return content.next();
        }
        int left = Math.min(content.left(), connection.sink().maxFrameBytes());
        int most = (int) Math.min(left, Math.min(window, connection.sender().window()));
        if (most <= 0) {
            if (window <= 0) {
                blocked = true;
            } else {
                connection.sender().waitForWindow(this);
            }
            return null;
        }
        boolean last = most == content.left() && content.next() == Outlet.Next.END;
        boolean follows = last && trailers() != null;
        content.write(connection.sink().data(id, most, last && !follows), most);
        window -= most;
        sent += most;
        to.contentSent(most);
        connection.sender().contentSent(most, most < left);
        content.done();
        if (follows) {
            sendEnd();
        }
        if (last) {
            return Outlet.Next.END;
        }
        connection.sender().readyAgain(this);
        return null;
    }

    private @Nullable Headers trailers() {
        Exchange answered = request;
        return answered == null ? null : answered.trailers();
    }

    // After the content, in a frame of its own.
    private void sendEnd() {
        Headers trailers = trailers();
        if (trailers == null) {
            connection.sink().data(id, 0, true);
        } else {
            connection.responseFields().setTrailers(trailers);
            connection.sink().head(id, connection.encodedFields(), true);
        }
    }

    /// The client takes so many bytes more.
    void enlargeWindow(int bytes) throws Http2Exception {
        window += bytes;
        if (window > Integer.MAX_VALUE) {
            throw Http2Exception.streamError(
                    id, Http2Error.FLOW_CONTROL_ERROR, "the window of stream %d is too large", id);
        }
        if (unblock()) {
            connection.sender().ready(this);
        }
    }

    /// The client's settings make all windows larger, or smaller. [Sender#send] sends what that lets pass.
    void changeWindow(long bytes) throws Http2Exception {
        window += bytes;
        if (window > Integer.MAX_VALUE) {
            throw Http2Exception.connectionError(
                    Http2Error.FLOW_CONTROL_ERROR, "the settings make the window of stream %d too large", id);
        }
        if (unblock()) {
            connection.sender().enqueue(this);
        }
    }

    // Whether it has waited for the window, and needn't any more.
    private boolean unblock() {
        boolean unblocked = blocked && window > 0;
        blocked &= !unblocked;
        return unblocked;
    }

    @Override
    public void sendRefusal(SingleExchange to, Refusal refusal) {
        ErrorPage page = ErrorPage.of(refusal);
        byte[] text = page.content();
        // A client that has no room for a page gets none.
        boolean fits = !headRequest
                && text.length <= Math.min(window, connection.sender().window());
        ResponseFields fields = connection.responseFields();
        fields.set(
                page.head(new Headers(), text.length, false),
                connection.serverLoop().dateText());
        to.headSent(connection.sink().head(id, connection.encodedFields(), !fits), fields.count());
        if (fits) {
            connection.sink().data(id, text.length, true).writeBytes(text);
            connection.sender().contentSent(text.length, false);
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
        StreamBody rest = body;
        if (requestComplete) {
            close(false);
        } else if (rest != null && rest.isShort() && !continuePending && !connection.isDraining()) {
            // As long as the client's window lasts, it may end its request: not every client takes a reset well.
            restUnwanted = true;
            rest.leave();
            expectBody();
        } else {
            leaveRest();
        }
    }

    /// Nothing more is read of a request whose response is complete.
    void leaveRest() {
        if (restUnwanted || exchange.running() == null) {
            end(Http2Error.NO_ERROR);
        }
    }

    @Override
    public void brokenOff() {
        end(Http2Error.INTERNAL_ERROR);
    }

    @Override
    public void cutOff() {
        exchange.abandon();
        end(socketOpen ? Http2Error.CANCEL : Http2Error.INTERNAL_ERROR);
    }

    @Override
    public void refused() {
        responded();
    }

    /// Resets the stream: the request is over at once.
    void reset(Http2Error error) {
        exchange.abandon();
        end(error);
    }

    /// The client has reset it, or the connection is over.
    void abandon() {
        exchange.abandon();
        close(false);
    }

    private void end(Http2Error error) {
        connection.sink().reset(id, error);
        close(true);
    }

    private void close(boolean reset) {
        if (closed) {
            return;
        }
        closed = true;
        bodyDeadline = NONE;
        StreamBody from = body;
        if (from != null && !requestComplete) {
            from.leave();
        }
        if (socketInput != null) {
            socketInput.close();
        }
        Exchange ended = request;
        if (ended != null && ended.isGone() && ended.microthread() == null) {
            connection.callIsOver(); // it has waited for a microthread, and gets none now
        }
        connection.closed(this, reset);
    }

    // ---- what the connection tells

    SingleExchange life() {
        return exchange;
    }

    String whatIsSent() {
        return String.valueOf(exchange.running());
    }

    /// Looks at the deadlines.
    void sweep(long now, long sinceLast) {
        exchange.sweep(now, sinceLast);
        if (bodyDeadline != NONE && now - bodyDeadline >= 0) {
            bodyDeadline = NONE;
            if (restUnwanted) {
                leaveRest();
            } else if (body != null) {
                Refusal refusal = connection.bodyTimedOut();
                connection.logRefusal(refusal);
                body.refuse(refusal);
            }
        }
        sweepWindow(now);
    }

    private void sweepWindow(long now) {
        if (closed || !blocked) {
            if (stall != null) {
                stall.nothingWaits();
            }
            return;
        }
        if (stall == null) {
            stall = new WriteStall();
        }
        stall.look(sent, now);
        if (connection.isTooSlow(stall, now, this)) {
            reset(Http2Error.CANCEL);
        }
    }
}
