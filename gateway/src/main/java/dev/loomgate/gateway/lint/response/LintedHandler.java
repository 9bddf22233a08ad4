package dev.loomgate.gateway.lint.response;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.lint.exchange.Exchange;
import dev.loomgate.gateway.lint.exchange.Findings;
import dev.loomgate.gateway.specification.Clause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A WebSocket's handler, checked with what it does to its socket.
final class LintedHandler implements WebSocket.Handler {
    private final WebSocket.Handler inner;
    private final LintedStart start;
    private final Exchange exchange;
    private boolean run;

    LintedHandler(WebSocket.Handler inner, LintedStart start, Exchange exchange) {
        this.inner = inner;
        this.start = start;
        this.exchange = exchange;
    }

    @Override
    public void handle(WebSocket socket) throws Exception {
        exchange.checkMayAsk();
        exchange.check(!run, Clause.CONTENT_ONCE, "the handler was run again");
        run = true;
        // The response may have been replaced since the body was returned.
        exchange.check(
                start.isSwitching(),
                Clause.WEBSOCKET_BODY,
                "the status is " + start.status() + " when the handler runs");
        start.handedOver();
        Socket linted = new Socket(socket);
        try {
            inner.handle(linted);
        } finally {
            linted.handled = true;
        }
        start.checkCausePassedOn();
    }

    private final class Socket implements WebSocket {
        private final WebSocket socket;
        private volatile boolean handled;
        private volatile boolean closed;

        Socket(WebSocket socket) {
            this.socket = socket;
        }

        @Override
        public Message receive() throws InterruptedException {
            exchange.check(!handled, Clause.WEBSOCKET_RECEIVER, "receive() was called after the handler returned");
            exchange.checkThread(Clause.WEBSOCKET_RECEIVER, "receive() was called");
            exchange.check(!closed, Clause.WEBSOCKET_LAST, "receive() was called");
            Message message = socket.receive();
            exchange.check(message != null, Clause.WEBSOCKET_RECEIVED, "receive() returned null");
            closed = message instanceof Closed;
            return message;
        }

        @Override
        public void send(String text) throws IOException {
            send(text, () -> socket.send(text));
        }

        @Override
        public void send(byte[] bytes) throws IOException {
            send(bytes, () -> socket.send(bytes));
        }

        private void send(@Nullable Object message, Sending sending) throws IOException {
            exchange.check(message != null, Clause.WEBSOCKET_SENT, "null was sent");
            boolean late = closed;
            try {
                sending.run();
            } catch (ClientGone e) {
                throw e;
            } catch (IOException e) {
                if (late) {
                    throw exchange.found(Clause.WEBSOCKET_CLOSED, "a send threw " + e, e);
                }
                throw e;
            }
            exchange.check(!late, Clause.WEBSOCKET_CLOSED, "a send returned");
        }

        @Override
        public void close(int code, String reason) {
            exchange.check(
                    WebSocket.mayBeSent(code)
                            && reason.getBytes(StandardCharsets.UTF_8).length <= WebSocket.MAX_REASON_BYTES,
                    Clause.WEBSOCKET_CODE,
                    "close was called with %d and %s".formatted(code, Findings.show(reason)));
            socket.close(code, reason);
        }

        @Override
        public void ping(byte[] data) throws IOException {
            send(data, () -> socket.ping(data));
        }

        @Override
        public void pong(byte[] data) throws IOException {
            send(data, () -> socket.pong(data));
        }

        @Override
        public void onPing(Consumer<byte[]> action) {
            socket.onPing(action);
        }

        @Override
        public void onPong(Consumer<byte[]> action) {
            socket.onPong(action);
        }

        @Override
        public @Nullable String subprotocol() {
            return socket.subprotocol();
        }
    }

    private interface Sending {
        void run() throws IOException;
    }
}
