package dev.loomgate.python.call;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.BodyWriter;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Microthread;
import dev.loomgate.loop.spool.Spool;
import dev.loomgate.python.wire.EnvironWriter;
import dev.loomgate.python.wire.FrameType;
import dev.loomgate.python.wire.ResponseHead;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request, from its microthread's side: sends it, and makes a [Body] of what comes back. Used by the
/// microthread alone.
public final class Conversation {
    /// The log variable that has a request's route: the program's (`uwsgi.set_logvar("route", ...)`), or what
    /// the worker has found in an ASGI program's scope.
    private static final String ROUTE = "route";

    /// A body up to here is read before a worker is asked, so that a slow client doesn't hold one.
    private static final int RIDES_ALONG_BYTES = 64 * 1024;

    /// nginx's, which behind nginx it gets as well.
    private static final String UNBUFFERED = "X-Accel-Buffering";

    private static final long UNKNOWN = -1;
    private static final byte[] NO_BODY = {};
    private static final int FILE_STEP_BYTES = 64 * 1024;

    private final Loop home;
    private final CallQueue queue;
    private final Environ environ;
    private final Call call;
    private final @Nullable BodyPump pump;
    private boolean over;
    private boolean hasTrailers;
    private boolean overtime;
    private long promisedBytes = Long.MAX_VALUE;
    private volatile boolean ended;
    private volatile boolean opened;

    /// Sends the request.
    ///
    /// @param requestId whether its id goes along, and is in the log
    public Conversation(Loop home, CallQueue queue, Spool limits, Environ environ, boolean requestId)
            throws IOException {
        this.home = home;
        this.queue = queue;
        this.environ = environ;
        InputStream input = environ.input();
        // A body may come without a length, as over HTTP/2; that there is none is known at once.
        long length = environ.contentLength().orElse(UNKNOWN);
        byte[] beginning = NO_BODY;
        boolean complete = length == 0;
        if (!complete && length <= RIDES_ALONG_BYTES) {
            beginning = input.readNBytes(RIDES_ALONG_BYTES);
            complete = beginning.length < RIDES_ALONG_BYTES || beginning.length == length;
        }
        BodyWindow window = new BodyWindow(FrameType.WINDOW_BYTES);
        boolean fields = queue.takesFields();
        call = new Call(
                home,
                limits,
                environ.method(),
                environ.requestUri(),
                EnvironWriter.write(environ, fields, requestId),
                beginning,
                complete,
                window);
        name();
        if (requestId) {
            environ.requestId().ifPresent(call::named);
        }
        if (environ.webSocket().isPresent()) {
            call.offerWebSocket();
        }
        if (fields) {
            call.haveFields();
            // Such a program is ASGI's, whose frameworks leave the route in the scope.
            if (environ.containsKey("loomgate.route")) {
                call.takeRoute();
            }
        }
        if (environ.containsKey("loomgate.early_hints")) {
            call.takeEarlyHints();
        }
        if (environ.containsKey("loomgate.trailers")) {
            call.takeTrailers();
        }
        home.side().execute(() -> queue.submit(call));
        pump = complete ? null : BodyPump.start(home, call, input);
        hearOfClient();
        if (fields) {
            hearOfStop();
        }
    }

    /// Goes on with a request that a worker has begun by itself.
    Conversation(Loop home, CallQueue queue, Environ environ, Call begun) {
        this.home = home;
        this.queue = queue;
        this.environ = environ;
        call = begun;
        pump = null;
        name();
        hearOfClient();
    }

    // In a thread that the application has started, nobody could find it by that.
    private void name() {
        if (Microthread.isCurrent()) {
            call.servedFor(Microthread.current().subject());
        }
    }

    // The program is told while it works; what is to be done here waits until it has let go of the request.
    private void hearOfClient() {
        environ.clientGone()
                .ifPresent(gone -> gone.thenRun(() -> {
                    if (!ended && !opened) {
                        home.side().execute(() -> queue.cancel(call, false));
                    }
                }));
    }

    // Frameworks give up what they send when they hear of it, also a download: so it has half of the time for itself.
    // Of programs that have no way to hear of it, nothing is asked.
    private void hearOfStop() {
        environ.stopping()
                .ifPresent(stop -> stop.thenAccept(time ->
                        home.callLater(time.dividedBy(2), () -> home.side().execute(call::askToEnd))));
    }

    /// Waits for the response to begin, and starts it.
    public Body answer(StartResponse startResponse) throws Exception {
        try {
            Body body = begin(startResponse);
            return over && pump == null ? body : body.onClose(this::end);
        } catch (Throwable thrown) {
            end();
            throw thrown;
        }
    }

    private Body begin(StartResponse startResponse) throws Exception {
        return switch (next()) {
            case Reply.Response response -> respond(response, startResponse);
            case Reply other -> FailureResponse.start(other, startResponse);
        };
    }

    private Body respond(Reply.Response response, StartResponse startResponse) throws Exception {
        ResponseHead head = response.head();
        startResponse.start(head.status(), head.headers());
        byte[] beginning = response.body();
        if (head.status().code() == Status.SWITCHING_PROTOCOLS.code()) {
            return webSocket(beginning);
        }
        promisedBytes = head.promisedBytes();
        if (response.last()) {
            return promised(beginning);
        }
        if (head.headers().first(UNBUFFERED).filter("no"::equalsIgnoreCase).isPresent()) {
            call.undecoupled();
        }
        if (beginning.length > 0) {
            // An iterable of one chunk, as Flask's and Werkzeug's are: its end has mostly come along.
            if (call.arrived() instanceof Reply.Chunk(byte[] bytes, boolean last) && last && bytes.length == 0) {
                next();
                return promised(beginning);
            }
            return Body.stream(writer -> {
                write(writer, beginning);
                writeRest(writer);
            });
        }
        // Nothing is sent before the body's first bytes; they may be a file.
        return switch (next()) {
            case Reply.File file -> new Body.FileBody(file.path(), file.offset(), file.length(), Body.NOTHING);
            // Fields after it need a body whose length isn't declared.
            case Reply.Chunk chunk when chunk.last() && !hasTrailers -> promised(chunk.bytes());
            case Reply.Chunk chunk ->
                Body.stream(writer -> {
                    write(writer, chunk.bytes());
                    writeRest(writer);
                });
            case Reply other -> FailureResponse.start(other, startResponse);
        };
    }

    /// The program is told of the socket's end, and isn't cancelled for it.
    private Body webSocket(byte[] beginning) {
        opened = true;
        call.undecoupled();
        return Body.webSocket(new WorkerSocket(home, this, call, beginning));
    }

    /// A whole body, as far as Content-Length goes.
    private Body promised(byte[] bytes) {
        int count = withinPromise(bytes.length);
        return Body.bytes(count == bytes.length ? bytes : Arrays.copyOf(bytes, count));
    }

    /// How many of so many more bytes still belong to the body. The others are dropped, as clients and proxies of
    /// uWSGI do: a program that miscounts was never told there.
    private int withinPromise(int count) {
        if (count > promisedBytes) {
            int within = (int) promisedBytes;
            promisedBytes = 0;
            home.side().execute(call::bodyTooLong);
            return within;
        }
        promisedBytes -= count;
        return count;
    }

    /// Whether nothing more comes.
    boolean isOver() {
        return over;
    }

    /// The server has given up: the worker is to let go of the request.
    void timeIsOver() {
        overtime = true;
        home.side().execute(() -> queue.cancel(call, true));
    }

    /// What came last has been passed on.
    void passedOn() {
        int credit = over ? 0 : call.passedOn();
        if (credit > 0) {
            home.side().execute(() -> call.credit(credit));
        }
    }

    /// Waits for what comes next.
    Reply next() throws InterruptedException, IOException {
        Reply reply;
        try {
            reply = call.await();
            while (heeded(reply)) {
                reply = call.await();
            }
        } catch (InterruptedException e) {
            // By the server, because the request's time is over.
            overtime = true;
            throw e;
        }
        over |= switch (reply) {
            case Reply.Response response -> response.last();
            case Reply.Chunk chunk -> chunk.last();
            // The worker keeps it open until it is told that it has been sent.
            case Reply.File file -> false;
            case Reply.LogVariables variables -> false;
            case Reply.EarlyHints hints -> false;
            case Reply.Trailers trailers -> false;
            case Reply.Borrow borrow -> false;
            case Reply.GivenBack back -> false;
            case Reply.Failed failed -> true;
            case Reply.Cancelled cancelled -> true;
            case Reply.Overtime overtime -> true;
            case Reply.Withdrawn withdrawn -> true;
            case Reply.Lost lost -> true;
            case Reply.Unavailable unavailable -> true;
        };
        return reply;
    }

    // What isn't part of the response.
    private boolean heeded(Reply reply) {
        if (reply instanceof Reply.LogVariables(Map<String, String> variables)) {
            environ.logVariables().putAll(variables);
            String route = variables.get(ROUTE);
            if (route != null) {
                environ.routed(route);
            }
            return true;
        }
        if (reply instanceof Reply.EarlyHints(List<String> links)) {
            environ.earlyHints().send(links);
            return true;
        }
        if (reply instanceof Reply.Trailers trailers) {
            environ.trailers().set(trailers.fields());
            hasTrailers = true;
            return true;
        }
        return false;
    }

    private void writeRest(BodyWriter writer) throws Exception {
        while (!over) {
            switch (next()) {
                case Reply.Chunk chunk -> write(writer, chunk.bytes());
                case Reply.File file -> {
                    copy(file, writer);
                    return;
                }
                case Reply other -> throw FailureResponse.exception(other);
            }
        }
    }

    private void write(BodyWriter writer, byte[] bytes) throws IOException {
        try {
            int within = withinPromise(bytes.length);
            if (within > 0) {
                writer.write(ByteBuffer.wrap(bytes, 0, within));
            }
        } catch (InterruptedIOException e) {
            overtime = true; // as above
            throw e;
        }
        passedOn();
    }

    // A file after other bytes: there is no body for both, so it is read here.
    private static void copy(Reply.File file, BodyWriter writer) throws Exception {
        try (FileChannel channel = Loop.offload(() -> FileChannel.open(file.path(), StandardOpenOption.READ))) {
            ByteBuffer buffer = ByteBuffer.allocate(FILE_STEP_BYTES);
            long left = file.length();
            long at = file.offset();
            while (left > 0) {
                buffer.clear().limit((int) Math.min(left, FILE_STEP_BYTES));
                long from = at;
                int count = Loop.offload(() -> channel.read(buffer, from));
                if (count <= 0) {
                    throw new IOException("the file has become shorter while it was sent");
                }
                writer.write(buffer.flip());
                at += count;
                left -= count;
            }
        }
    }

    /// Nothing more is wanted: what still runs is cancelled, a file that was lent is given back.
    private void end() {
        ended = true;
        if (pump != null) {
            pump.stop();
        }
        call.close();
        if (over) {
            return;
        }
        over = true;
        letGo(home, queue, call, overtime);
    }

    /// Nobody takes a call's response any more: it is cancelled, or gives back the file that was lent.
    static void letGo(Loop home, CallQueue queue, Call call, boolean overtime) {
        home.side().execute(() -> {
            if (call.isOver()) {
                call.giveFileBack();
            } else {
                queue.cancel(call, overtime);
            }
        });
    }
}
