package dev.loomgate.server.exchange;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.LogId;
import dev.loomgate.gateway.Quoting;
import dev.loomgate.gateway.Variables;
import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Microthread;
import dev.loomgate.loop.watch.LiveMicrothread;
import dev.loomgate.server.websocket.OpenSocket;
import dev.loomgate.server.websocket.OpeningHandshake;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// One request in progress: what the microthread hands over to the loop side, and how either side ends it.
///
/// The microthread records an output (a whole response, or a head and an [Outlet]) and calls [#handOver]; the loop
/// side then runs [#run], which passes it to the [ResponseStream]. Whatever the microthread does after the loop side
/// has abandoned the exchange (the client disconnected, the deadline has passed) is dropped.
public final class Exchange implements Runnable, ObservedRequest {
    /// Informational responses that wait to be sent: an application that sends more, without a wait between, gains
    /// nothing by them.
    static final int MAX_EARLY_HINTS = 16;

    private static final VarHandle HANDED_OVER;
    private static final VarHandle REQUEST_ID;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HANDED_OVER = lookup.findVarHandle(Exchange.class, "handedOver", boolean.class);
            REQUEST_ID = lookup.findVarHandle(Exchange.class, "requestId", String.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ResponseStream stream;
    private final Variables variables;
    private final RequestBody body;
    private final boolean headRequest;
    private final @Nullable BegunRequest begunRequest;

    // Written by the microthread before a hand-over, read by the loop side after it.
    private @Nullable ResponseHead head;
    private byte @Nullable [] content;
    private boolean contentOfFile;
    // Volatile, because the loop side may abandon the exchange in the moment in which it is set.
    private volatile @Nullable Outlet outlet;
    private volatile @Nullable OpenSocket webSocket;
    private boolean readsOn;
    private boolean closeAfterwards;
    private boolean callOver;

    @SuppressWarnings({"unused", "FieldCanBeLocal"}) // through HANDED_OVER
    private boolean handedOver;

    private volatile boolean gone;

    // Each side writes its own and then looks at the other's.
    private volatile boolean left;
    private volatile @Nullable RequestSignal<Void> clientGone;
    private volatile @Nullable RequestSignal<Duration> stopping;
    private volatile @Nullable Duration timeLeft;
    private volatile @Nullable Map<String, String> logVariables;
    private volatile @Nullable String route;

    // Made when it is asked for, once, by any thread.
    private volatile @Nullable String requestId;

    // Set before the call begins.
    private @Nullable OpeningHandshake handshake;
    private boolean takesEarlyHints;
    private boolean takesRoute;
    private long number;
    private boolean takesTrailers;

    // Set by the microthread before the end of the content.
    private volatile @Nullable Headers trailers;

    // Made by the microthread; guarded by itself.
    private volatile @Nullable ArrayDeque<Headers> earlyHints;

    // Loop side only.
    private @Nullable Microthread microthread;
    private boolean accounted;
    private boolean interrupted;

    /// @param stream where the response goes
    /// @param variables the request, without the `wsgi.*` objects
    /// @param body the request's body, or null if it has none
    /// @param begunRequest answers in place of the server's application, since it runs already; null as a rule
    public Exchange(
            ResponseStream stream,
            Variables variables,
            @Nullable RequestBody body,
            boolean headRequest,
            @Nullable BegunRequest begunRequest) {
        this.stream = stream;
        this.variables = variables;
        this.body = body == null ? RequestBody.NONE : body;
        this.headRequest = headRequest;
        this.begunRequest = begunRequest;
        if (begunRequest != null) {
            requestId = begunRequest.requestId().map(LogId::text).orElse(null);
        }
    }

    /// A request that the server's application is to be called for.
    public Exchange(ResponseStream stream, Variables variables, @Nullable RequestBody body, boolean headRequest) {
        this(stream, variables, body, headRequest, null);
    }

    /// The request asks for a WebSocket, which it can have. Before it begins.
    public Exchange offering(OpeningHandshake itsHandshake) {
        handshake = itsHandshake;
        return this;
    }

    /// The client takes informational responses. Before it begins.
    public Exchange takingEarlyHints() {
        takesEarlyHints = true;
        return this;
    }

    @Override
    public void takingRoute() {
        takesRoute = true;
    }

    /// Whether somebody wants to know that.
    public boolean takesRoute() {
        return takesRoute;
    }

    /// Whether the client takes early hints.
    public boolean takesEarlyHints() {
        return takesEarlyHints;
    }

    /// The client takes fields after the content, by a protocol that has a place for them. Before it begins.
    public Exchange takingTrailers() {
        takesTrailers = true;
        return this;
    }

    /// Whether the client takes fields after the content.
    public boolean takesTrailers() {
        return takesTrailers;
    }

    /// What the request can have as a WebSocket, or null.
    public @Nullable OpeningHandshake handshake() {
        return handshake;
    }

    // ---- loop side

    /// It is the loop's request of that number. Before the call begins.
    public void numbered(long itsNumber) {
        number = itsNumber;
    }

    /// What [#numbered] was given, from 1 on. Any thread that has found it by its microthread.
    public long number() {
        return number;
    }

    /// Whether it is this microthread of its that calls the application, as far as can be told. Any
    /// thread.
    public boolean isCalledIn(LiveMicrothread one) {
        Microthread its = microthread;
        return its == null || its.thread() == one.thread();
    }

    /// Nobody is to have its response: the application is interrupted, the client told. Loop side.
    ///
    /// @param why for the log
    public void cancel(String why) {
        stream.cancel(this, why);
    }

    /// The application is called in this microthread. Loop side.
    public void begun(Microthread itsMicrothread) {
        microthread = itsMicrothread;
    }

    /// What [#begun] was given, or null before that. Loop side.
    public @Nullable Microthread microthread() {
        return microthread;
    }

    /// The loop that it runs on. Any thread.
    public Loop loop() {
        return stream.loop();
    }

    /// Passes on what the microthread has handed over. Loop side.
    @Override
    public void run() {
        HANDED_OVER.getAndSet(this, false);
        respond();
        if (callOver && !accounted) {
            accounted = true;
            stream.callIsOver(this);
        }
    }

    /// Has the stream send what there is to be sent. Loop side.
    public void respond() {
        if (!gone) {
            stream.respond(this);
        }
    }

    /// Early hints that are to be sent, each once; null if there are none. Loop side.
    public @Nullable Headers takeEarlyHints() {
        ArrayDeque<Headers> waiting = earlyHints;
        if (waiting == null) {
            return null;
        }
        synchronized (waiting) {
            return waiting.poll();
        }
    }

    /// The head of the response, once there is one.
    public @Nullable ResponseHead head() {
        return head;
    }

    /// Whether a response, or its beginning, is there to be sent.
    public boolean isAnswered() {
        return head != null;
    }

    /// Whether the application reads the request's body while its response is sent, as far as one can tell.
    public boolean mayReadOn() {
        return readsOn && body.isBegun();
    }

    /// The content of a whole response; null for a streamed one.
    public byte @Nullable [] content() {
        return content;
    }

    /// The content of a streamed response.
    public Outlet outlet() {
        return Objects.requireNonNull(outlet, "a response is whole or streamed");
    }

    /// Whether the response's content is a file, as far as it has begun. Loop side.
    public boolean sendsFile() {
        Outlet streamed = outlet;
        return contentOfFile || (streamed != null && streamed.isOfFile());
    }

    /// The WebSocket that the connection becomes after the head; null as a rule.
    public @Nullable OpenSocket webSocket() {
        return webSocket;
    }

    /// Whether the application has given more than its client has taken, and waits for that. Loop side.
    public boolean waitsForClient() {
        Outlet streamed = outlet;
        return content != null || (streamed != null && streamed.isWaitedFor());
    }

    /// Whether the connection can't go on after the response.
    public boolean closeAfterwards() {
        return closeAfterwards;
    }

    /// The request's body; an empty one if it has none.
    public RequestBody body() {
        return body;
    }

    @Override
    public Variables variables() {
        return variables;
    }

    /// Whether the method is HEAD.
    public boolean isHeadRequest() {
        return headRequest;
    }

    /// What is to be called in place of the server's application: the request runs already. Null as a rule.
    public @Nullable BegunRequest begunRequest() {
        return begunRequest;
    }

    /// The client can't be answered any more: reads and writes of the application throw [ClientGone]. Loop side.
    public void abandon() {
        gone = true;
        if (!interrupted) {
            clientLeft();
        }
        body.fail(new ClientGone("the client disconnected before the request's body was complete"));
        Outlet streamed = outlet;
        if (streamed != null) {
            streamed.gone();
        }
        OpenSocket opened = webSocket;
        if (opened != null) {
            opened.gone();
        }
    }

    /// Its time is over: the application is interrupted, which tells it all. Loop side.
    public void interrupted() {
        interrupted = true;
    }

    /// The client has disconnected, or has closed its side: completes what waits for that. Loop side.
    public void clientLeft() {
        left = true;
        happened(clientGone, null);
    }

    /// The server stops: completes what waits for that. Loop side.
    ///
    /// @param time that the request gets
    public void serverStops(Duration time) {
        timeLeft = time;
        happened(stopping, time);
    }

    private <T> void happened(@Nullable RequestSignal<T> watched, @Nullable T what) {
        if (watched != null) {
            // What hangs on it is the application's.
            stream.loop().start(this, () -> watched.happened(what));
        }
    }

    // ---- microthread

    /// What the application wants to see in the access log; made when it is asked for. The application's threads,
    /// then the loop side.
    public Map<String, String> logVariables() {
        Map<String, String> variables = logVariables;
        if (variables == null) {
            variables = new ConcurrentSkipListMap<>();
            logVariables = variables;
        }
        return variables;
    }

    @Override
    public @Nullable Map<String, String> logVariablesIfAny() {
        return logVariables;
    }

    /// The application has routed it by this template. The application's threads.
    public void routedBy(String template) {
        route = template;
    }

    @Override
    public @Nullable String route() {
        return route;
    }

    @Override
    public String requestId() {
        String id = requestId;
        if (id == null) {
            String made = RequestIds.of(variables);
            String before = (String) REQUEST_ID.compareAndExchange(this, null, made);
            id = before == null ? made : before;
        }
        return id;
    }

    /// The same, for records of the log that are of this request. Any thread.
    public LogId logId() {
        return new LogId(requestId());
    }

    /// The moment in which the client leaves; made when it is asked for.
    public RequestSignal<Void> clientGone() {
        RequestSignal<Void> watched = clientGone;
        if (watched == null) {
            watched = new RequestSignal<>();
            clientGone = watched;
            if (left) {
                watched.happened(null);
            }
        }
        return watched;
    }

    /// The moment in which the server stops, with the time that the request gets; made when it is asked for.
    public RequestSignal<Duration> stopping() {
        RequestSignal<Duration> watched = stopping;
        if (watched == null) {
            watched = new RequestSignal<>();
            stopping = watched;
            Duration time = timeLeft;
            if (time != null) {
                watched.happened(time);
            }
        }
        return watched;
    }

    /// Whether nobody waits for the response any more. Any thread.
    public boolean isGone() {
        return gone;
    }

    /// Whether a file can be sent as such; otherwise its bytes are.
    public boolean takesFiles() {
        return stream.takesFiles();
    }

    /// The client is to know of these fields ahead of the response. Dropped if [#MAX_EARLY_HINTS] wait already.
    public void hint(Headers fields) {
        ArrayDeque<Headers> waiting = earlyHints;
        if (waiting == null) {
            waiting = new ArrayDeque<>(1);
            earlyHints = waiting;
        }
        synchronized (waiting) {
            if (waiting.size() == MAX_EARLY_HINTS) {
                return;
            }
            waiting.add(fields);
        }
        handOver();
    }

    /// These fields follow the content, where the response has a place for them. Microthread, before the content's end.
    public void endWith(Headers fields) {
        trailers = fields;
    }

    /// The fields that follow the content; null if there are none.
    public @Nullable Headers trailers() {
        return trailers;
    }

    /// The response, complete.
    public void whole(ResponseHead itsHead, byte[] itsContent) {
        head = itsHead;
        content = itsContent;
    }

    /// The response, complete, with the content of a file.
    public void wholeFile(ResponseHead itsHead, byte[] itsContent) {
        contentOfFile = true;
        whole(itsHead, itsContent);
    }

    /// The response begins; its content comes through the outlet.
    ///
    /// @param written by the application, which may read the request's body meanwhile
    public void stream(ResponseHead itsHead, Outlet itsOutlet, boolean written) {
        head = itsHead;
        readsOn = written;
        outlet = itsOutlet;
        if (gone) {
            itsOutlet.gone();
        }
    }

    /// The response is the head; then the connection is the WebSocket's.
    public void open(ResponseHead itsHead, OpenSocket itsSocket) {
        head = itsHead;
        webSocket = itsSocket;
        handOver();
    }

    /// The connection is to end with the response, since the request's body isn't read to its end.
    public void endWithConnection() {
        closeAfterwards = true;
    }

    /// The microthread's last word.
    public void callIsOver() {
        callOver = true;
        handOver();
    }

    /// Makes the loop side look at what has been recorded.
    public void handOver() {
        if (!(boolean) HANDED_OVER.getAndSet(this, true)) {
            try {
                stream.loop().side().execute(this);
            } catch (RejectedExecutionException e) {
                // The loop has ended, and the connection with it.
            }
        }
    }

    /// The request as dumps and logs show it: `GET /user?name=Bob`.
    @Override
    public String toString() {
        return Quoting.printable(variables.get("REQUEST_METHOD") + " " + variables.get("REQUEST_URI"));
    }
}
