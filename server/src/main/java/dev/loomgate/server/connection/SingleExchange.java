package dev.loomgate.server.connection;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.direct.AnswerDetails;
import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.gateway.direct.LendableSocket;
import dev.loomgate.loop.Loop;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Outlet;
import dev.loomgate.server.exchange.Refusal;
import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.exchange.ResponseStream;
import dev.loomgate.server.observe.RequestOutcome;
import dev.loomgate.server.websocket.OpenSocket;
import dev.loomgate.server.websocket.OpeningHandshake;
import io.netty.buffer.ByteBuf;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// One request's life on its connection: its deadline, its response, and its end. Loop side only, except [#loop].
///
/// ```
///  begin --> respond, again and again --> finish       the response is complete
///                 |                  +--> break off    it can't be completed
///                 +-----------------> refuse, abandon  nobody waits for it, or its time is over
/// ```
/// A connection that answers one request at a time has one of these, for one request after the other; one whose
/// requests overlap has one for each.
public final class SingleExchange implements ResponseStream, RequestOutcome {
    private static final long NONE = Long.MIN_VALUE;

    // A client that reads on, having ended its side, is written to; after so long without that it has gone.
    private static final long SILENT_NANOS = 1_000_000_000;

    // nginx's word in the access log for a client that didn't wait.
    private static final int CLIENT_CLOSED_REQUEST = 499;

    private final Connection connection;
    private final ResponsePath path;
    private final ServerLoop serverLoop;

    private @Nullable Exchange exchange;
    private @Nullable OpenSocket socket;
    private long deadline = NONE;
    private long clientGoneDeadline = NONE;
    private long bytesByClientsEnd;

    private long begunNanos;
    private long bytesSent;
    private boolean headSent;
    private int status;
    private int headBytes;
    private int headerCount;
    private boolean file;
    private boolean cutOff;

    /// @param path that takes the responses, and decides what follows one
    public SingleExchange(Connection connection, ResponsePath path) {
        this.connection = connection;
        this.path = path;
        this.serverLoop = connection.serverLoop();
    }

    // ---- the request

    /// The request that is being answered.
    public @Nullable Exchange running() {
        return exchange;
    }

    /// Has a request answered.
    public void begin(Exchange request) {
        exchange = request;
        bytesSent = 0;
        headSent = false;
        headBytes = 0;
        headerCount = 0;
        file = false;
        cutOff = false;
        status = CLIENT_CLOSED_REQUEST;
        if (connection.isInputEnded()) {
            expectAnswerToHalfClosed();
        }
        BegunRequest begun = request.begunRequest();
        long passed = begun == null ? 0 : Math.max(0, System.nanoTime() - begun.begunNanos());
        long timeout = serverLoop.requestTimeoutNanos();
        deadline = timeout == 0 ? NONE : serverLoop.deadlineIn(timeout - passed);
        if (serverLoop.isObserved()) {
            begunNanos = System.nanoTime() - passed;
        }
        if (serverLoop.isDraining()) {
            tellOfStop();
        }
        serverLoop.begin(request);
    }

    /// The client sends nothing more.
    public void inputEnded() {
        OpenSocket opened = socket;
        if (opened != null) {
            if (!opened.inputEnded()) {
                path.cutOff();
            }
        } else if (exchange != null) {
            expectAnswerToHalfClosed();
        }
    }

    // It may have closed its socket, or only have said all that it had to say: nothing tells the two apart before
    // something is written. A response that has begun and is silent then may be one without an end.
    private void expectAnswerToHalfClosed() {
        long timeout = serverLoop.options().limits().halfClosedTimeout().toNanos();
        clientGoneDeadline = serverLoop.deadlineIn(headSent ? Math.min(timeout, SILENT_NANOS) : timeout);
        bytesByClientsEnd = bytesSent;
    }

    private void checkHalfClosed(Exchange running) {
        if (headSent && (bytesSent != bytesByClientsEnd || running.waitsForClient())) {
            expectAnswerToHalfClosed();
        } else {
            running.clientLeft();
        }
    }

    @Override
    public Loop loop() {
        return serverLoop.loop();
    }

    @Override
    public boolean takesFiles() {
        return path.takesFiles() && !connection.isEncrypted();
    }

    @Override
    public void callIsOver(Exchange from) {
        serverLoop.callIsOver();
    }

    /// The microthread is interrupted also behind its response, where it may still work.
    @Override
    public void cancel(Exchange from, String why) {
        String problem = from + ": cancelled by an operator (" + why + ")";
        serverLoop.interrupt(from);
        if (from == exchange) {
            refuse(new Refusal(504, "the request was cancelled", problem));
        } else {
            connection.log(Level.WARNING, problem, from);
        }
    }

    /// Interrupts the request, if there is one.
    public void interrupt() {
        Exchange running = exchange;
        if (running != null) {
            serverLoop.interrupt(running);
        }
    }

    /// The server stops, which the application may want to know. A WebSocket is told by [#goAway].
    void tellOfStop() {
        Exchange running = exchange;
        if (running != null && socket == null) {
            running.serverStops(serverLoop.drainTimeLeft());
        }
    }

    // ---- the response

    @Override
    public void respond(Exchange from) {
        try {
            send(from);
        } catch (RuntimeException e) {
            connection.fail(e);
        }
    }

    private void send(Exchange from) {
        if (from != exchange) {
            return;
        }
        Headers hints;
        while (!headSent && (hints = from.takeEarlyHints()) != null) {
            path.sendEarlyHints(this, hints);
        }
        ResponseHead head = from.head();
        if (head == null) {
            return;
        }
        OpenSocket opened = from.webSocket();
        if (opened != null) {
            serve(from, head, opened);
            return;
        }
        byte[] content = from.content();
        Outlet.Next sent = content != null
                ? path.sendWhole(this, from, head, content)
                : path.sendStreamed(this, from, head, from.outlet());
        switch (sent) {
            case null -> {}
            case MORE, FILE -> connection.flush();
            case END -> finish(from);
            case BROKEN -> breakOff(from);
        }
    }

    // ---- a WebSocket

    private void serve(Exchange from, ResponseHead head, OpenSocket opened) {
        boolean written = false;
        if (!headSent) {
            OpeningHandshake handshake = from.handshake();
            if (handshake == null) {
                throw new IllegalStateException("a WebSocket without a handshake");
            }
            written = true;
            deadline = NONE; // that is the handshake's
            socket = opened;
            if (serverLoop.isDraining()) {
                opened.goAway();
            }
            path.open(this, head, handshake, opened);
        }
        LendableSocket.Back back = opened.takeBack();
        if (back != null) {
            bytesSent += back.written() + back.unwritten().length;
            path.attach(back.unwritten(), opened::attached); // responds again when that is done
            return;
        }
        if (opened.isLent()) {
            return;
        }
        opened.readOn();
        written |= path.sendFrames(this, opened);
        if (opened.isOver() && !path.holdsFrames()) {
            String problem = opened.problem();
            if (problem != null) {
                logSocket(problem, opened.problemSetting());
            }
            end(from);
            path.socketOver(problem != null);
            return;
        }
        if (written) {
            connection.flush();
        }
        if (opened.isBroken()) {
            path.cutOff();
            return;
        }
        path.wantBytes(opened.wantsBytes());
        opened.lendIfAsked(path);
    }

    private void logSocket(String problem, String setting) {
        String limit = setting.isEmpty() ? "" : " (" + serverLoop.bitten(setting) + ")";
        connection.log(Level.INFO, "websocket: " + problem + limit + ": " + exchange, exchange);
    }

    /// Bytes of the client for the open WebSocket; releases them.
    public void socketReceived(ByteBuf in) {
        OpenSocket opened = socket;
        Exchange running = exchange;
        if (opened == null || running == null) {
            in.release();
            return;
        }
        opened.received(in);
        running.respond();
    }

    /// The server stops: an open WebSocket is told.
    ///
    /// @return whether there is one
    public boolean goAway() {
        OpenSocket opened = socket;
        Exchange running = exchange;
        if (opened == null || running == null) {
            return false;
        }
        opened.goAway();
        running.respond();
        return true;
    }

    private void sweepSocket(Exchange running, OpenSocket opened, long now) {
        String passed = opened.sweep(now);
        if (passed == null) {
            running.respond();
        } else {
            logSocket("the client doesn't answer", passed);
            path.cutOff();
        }
    }

    Connection connection() {
        return connection;
    }

    /// Whether the response has begun.
    public boolean isHeadSent() {
        return headSent;
    }

    /// The response's head is being written.
    ///
    /// @param bytes that it takes
    /// @param fields how many there are in it
    public void headSent(ResponseHead head, int bytes, int fields) {
        headSent = true;
        status = head.status().code();
        headSent(bytes, fields);
    }

    /// The head of what is sent instead of a response is being written.
    public void headSent(int bytes, int fields) {
        headBytes = bytes;
        headerCount = fields;
    }

    /// Content of that length is being written.
    public void contentSent(long bytes) {
        bytesSent += bytes;
    }

    /// A file of the exchange's response has been sent, as far as that went.
    void fileSent(Exchange from, long bytes) {
        if (from == exchange) {
            bytesSent += bytes;
        }
    }

    // ---- the end

    private void finish(Exchange from) {
        end(from);
        path.responded();
    }

    private void breakOff(Exchange from) {
        end(from);
        path.brokenOff();
    }

    private void end(Exchange from) {
        file = from.sendsFile();
        exchange = null;
        OpenSocket opened = socket;
        if (opened != null) {
            socket = null;
            opened.gone();
        }
        deadline = NONE;
        serverLoop.finished(from, this);
    }

    /// The client has disconnected: nothing can be answered any more.
    public void abandon() {
        cutOff = true;
        drop();
    }

    private void drop() {
        Exchange running = exchange;
        if (running != null) {
            file = running.sendsFile();
            exchange = null;
            socket = null;
            deadline = NONE;
            running.abandon();
            serverLoop.finished(running, this);
        }
    }

    /// Answers with a refusal instead of a response, and logs it.
    public void refuse(Refusal refusal) {
        connection.log(refusal, exchange);
        if (exchange != null && headSent) {
            path.cutOff();
            return;
        }
        status = refusal.status();
        if (exchange == null) {
            bytesSent = 0;
            path.sendRefusal(this, refusal);
            serverLoop.observe(RefusedHead.on(connection.channel), new AnsweredElsewhere(status, bytesSent, 0, null));
        } else {
            path.sendRefusal(this, refusal);
            drop();
        }
        path.refused();
    }

    /// Whether a client would take a response for complete that isn't, if the connection were closed now.
    public boolean wouldSeemComplete() {
        return exchange != null && headSent && path.responseEndsWithConnection();
    }

    // ---- what came of it

    @Override
    public int status() {
        return status;
    }

    @Override
    public long bytesSent() {
        return bytesSent;
    }

    @Override
    public long nanos() {
        return System.nanoTime() - begunNanos;
    }

    @Override
    public int headBytes() {
        return headBytes;
    }

    @Override
    public int headerCount() {
        return headerCount;
    }

    @Override
    public boolean isFile() {
        return file;
    }

    @Override
    public boolean isCutOff() {
        return cutOff;
    }

    @Override
    public @Nullable AnswerDetails details() {
        return null;
    }

    // ---- deadlines

    /// Looks at the deadlines.
    public void sweep(long now, long sinceLast) {
        OpenSocket opened = socket;
        if (opened != null && exchange != null) {
            sweepSocket(exchange, opened, now);
            return;
        }
        if (clientGoneDeadline != NONE && now - clientGoneDeadline >= 0) {
            clientGoneDeadline = NONE;
            if (exchange != null) {
                checkHalfClosed(exchange);
            }
        }
        if (deadline != NONE) {
            checkDeadline(now, sinceLast);
        }
    }

    private void checkDeadline(long now, long sinceLast) {
        // An application that waits for its client isn't slow itself.
        if (exchange != null && exchange.waitsForClient()) {
            deadline += sinceLast;
        }
        if (now - deadline >= 0) {
            deadline = NONE;
            timedOut();
        }
    }

    private void timedOut() {
        Exchange running = exchange;
        if (running != null) {
            serverLoop.interrupt(running);
            refuse(new Refusal(
                    504,
                    "the application takes too long",
                    running + ": no complete response within "
                            + serverLoop.options().limits().requestTimeout().toMillis() + " ms",
                    "requestTimeout"));
        }
    }
}
