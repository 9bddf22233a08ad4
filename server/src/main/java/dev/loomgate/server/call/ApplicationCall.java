package dev.loomgate.server.call;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.ApplicationUnavailable;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.direct.BegunRequest;
import dev.loomgate.loop.Loop;
import dev.loomgate.server.exchange.ErrorPage;
import dev.loomgate.server.exchange.Exchange;
import dev.loomgate.server.exchange.Outlet;
import dev.loomgate.server.exchange.RefusedInput;
import dev.loomgate.server.exchange.ResponseHead;
import dev.loomgate.server.websocket.OpenSocket;
import dev.loomgate.server.websocket.OpeningHandshake;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/// The microthread of one request: calls the application, sends its body, closes the body once, and turns whatever
/// goes wrong into an answer.
final class ApplicationCall implements Runnable {
    private static final Logger LOG = System.getLogger("dev.loomgate.server");

    // A larger body passes through the outlet piece by piece, so that a slow client holds a bounded copy of it.
    private static final int MAX_WHOLE_BYTES = 64 * 1024;

    private final Exchange exchange;
    private final Calls calls;
    private final Environ environ;
    private final StartedResponse response;
    private @Nullable ResponseWriter writer;
    private @Nullable SentFile sentFile;
    private @Nullable OpenSocket socket;
    private Runnable closing = Body.NOTHING;

    ApplicationCall(Exchange exchange, Calls calls) {
        this.exchange = exchange;
        this.calls = calls;
        this.environ = new Environ(new WsgiVariables(exchange, calls.multithreaded()));
        this.response = new StartedResponse(exchange.isHeadRequest(), exchange.handshake() != null);
    }

    @Override
    public void run() {
        RequestEvent event = FlightRecorder.isInitialized() ? RequestEvent.begun(exchange) : null;
        try {
            answer();
            // From here on the body isn't held any more.
            SentFile file = sentFile;
            if (file != null) {
                file.await();
            }
        } catch (Throwable thrown) {
            failed(thrown);
        }
        close();
        if (event != null) {
            event.over(exchange);
        }
        exchange.callIsOver();
    }

    private void answer() throws Exception {
        BegunRequest begun = exchange.begunRequest();
        Application application = begun == null ? calls.application() : begun;
        Body body = application.call(environ, response);
        if (body == null) {
            throw new BrokenResponse("the application has returned null instead of a body");
        }
        closing = closing(body);
        send(body);
    }

    private void send(Body body) throws Exception {
        switch (body) {
            case Body.Bytes bytes -> sendBytes(bytes.content());
            case Body.Text text -> sendBytes(text.encoded());
            case Body.Chunks chunks -> sendChunks(chunks.chunks());
            case Body.FileBody file -> sendFile(file);
            case Body.Stream stream -> sendStream(stream.content());
            case Body.WebSocketBody webSocket -> serve(webSocket.handler());
        }
    }

    private void serve(WebSocket.Handler handler) throws Exception {
        OpeningHandshake handshake = exchange.handshake();
        if (handshake == null) {
            throw new BrokenResponse("the application has returned a WebSocket, but " + BrokenResponse.NO_WEB_SOCKET);
        }
        ResponseHead head = response.commitWebSocket();
        OpenSocket opened =
                handshake.open(head.headers().first("Sec-WebSocket-Protocol").orElse(null), exchange::handOver);
        socket = opened;
        exchange.open(head, opened);
        handler.handle(opened);
        opened.handled(WebSocket.NORMAL);
    }

    private void sendBytes(byte[] content) throws IOException {
        ResponseHead head = response.commit(content.length);
        if (head.bodiless() || content.length <= MAX_WHOLE_BYTES) {
            exchange.whole(head, content);
        } else {
            sentFile = LongBody.send(content, exchange, newWriter().open(head, false), calls.spool());
        }
    }

    private void sendChunks(Iterator<byte[]> chunks) throws IOException {
        if (response.bodiless()) {
            exchange.whole(response.commit(ResponseHead.UNKNOWN), new byte[0]);
            return;
        }
        ResponseWriter out = newWriter();
        while (chunks.hasNext()) {
            out.write(chunks.next());
        }
        out.end();
    }

    private void sendStream(Body.Content content) throws Exception {
        if (response.bodiless()) {
            exchange.whole(response.commit(ResponseHead.UNKNOWN), new byte[0]);
            return;
        }
        ResponseWriter out = newWriter();
        content.writeTo(out);
        out.end();
    }

    private void sendFile(Body.FileBody body) throws Exception {
        FileChannel file = open(body.path());
        boolean passedOn = false;
        try {
            long rest = Math.max(0, file.size() - body.offset());
            long length = body.length() == Body.FileBody.TO_THE_END ? rest : body.length();
            if (length > rest) {
                throw new BrokenResponse("the body wants %d bytes of %s from %d on, which has only %d"
                        .formatted(length, body.path(), body.offset(), rest));
            }
            if (response.bodiless() || length == 0) {
                exchange.whole(response.commit(length), new byte[0]);
                return;
            }
            if (length <= SentFile.mostAtOnce(exchange)) {
                byte[] content = SentFile.read(file, body.offset(), (int) length);
                exchange.wholeFile(response.commit(length), content);
                return;
            }
            Outlet outlet = newWriter().open(response.commit(length), false);
            passedOn = true;
            sentFile = SentFile.begin(exchange, outlet, file, body.offset(), length);
        } finally {
            // Otherwise it is closed when nobody sends from it any more.
            if (!passedOn) {
                file.close();
            }
        }
    }

    // A file that has just been looked at is opened sooner than another thread is asked to; if it takes longer,
    // the loop goes on without this thread (decision 094). What is no file may wait endlessly.
    private static FileChannel open(Path path) throws Exception {
        return Files.isRegularFile(path)
                ? FileChannel.open(path, StandardOpenOption.READ)
                : Loop.current().side().runBlocking(() -> FileChannel.open(path, StandardOpenOption.READ));
    }

    private ResponseWriter newWriter() {
        ResponseWriter made = new ResponseWriter(exchange, response);
        writer = made;
        return made;
    }

    private void failed(Throwable thrown) {
        OpenSocket opened = socket;
        if (opened != null) {
            logUnlessGone(thrown, "the WebSocket is closed with 1011");
            opened.handled(WebSocket.INTERNAL_ERROR);
            return;
        }
        if (exchange.isGone()) {
            logUnlessGone(thrown, "the client disconnected");
        } else if (!response.committed()) {
            if (thrown instanceof RefusedInput refused) {
                Status status = Status.of(refused.refusal().status());
                Headers headers = response.decorated(status, refused);
                exchange.endWithConnection();
                ErrorPage.of(refused.refusal()).answer(exchange, headers);
            } else {
                Headers headers = response.decorated(Status.INTERNAL_SERVER_ERROR, thrown);
                // Of one that isn't there the log tells already.
                if (!(thrown instanceof ApplicationUnavailable)) {
                    LOG.log(Level.ERROR, exchange + ": the application failed, the client gets a 500", thrown);
                }
                ErrorPage.of(thrown, calls.development()).answer(exchange, headers);
            }
        } else {
            logUnlessGone(thrown, "the response is broken off");
            if (writer != null) {
                writer.breakOff();
            }
        }
    }

    private void logUnlessGone(Throwable thrown, String what) {
        if (thrown instanceof ClientGone) {
            LOG.log(Level.DEBUG, () -> exchange + ": the client disconnected");
        } else if (thrown instanceof InterruptedIOException || thrown instanceof InterruptedException) {
            LOG.log(Level.DEBUG, () -> exchange + ": interrupted");
        } else {
            LOG.log(Level.ERROR, exchange + ": the application failed, " + what, thrown);
        }
    }

    private void close() {
        if (closing == Body.NOTHING) {
            return;
        }
        // The client needn't wait for what the application does behind its response.
        exchange.handOver();
        try {
            closing.run();
        } catch (Throwable thrown) {
            LOG.log(Level.ERROR, exchange + ": closing the body failed", thrown);
        }
    }

    private static Runnable closing(Body body) {
        return switch (body) {
            case Body.Bytes bytes -> bytes.closing();
            case Body.Text text -> text.closing();
            case Body.Chunks chunks -> chunks.closing();
            case Body.FileBody file -> file.closing();
            case Body.Stream stream -> stream.closing();
            case Body.WebSocketBody webSocket -> webSocket.closing();
        };
    }
}
