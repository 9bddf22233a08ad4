package dev.loomgate.gateway.lint;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.WebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A WebSocket whose client says "hello" and then closes: what is sent to it goes to `sent`, and a close as
/// `<code reason>`.
class ScriptedSocket implements WebSocket {
    private final Consumer<String> sent;
    private volatile boolean closed;
    private int received;

    ScriptedSocket(Consumer<String> sent) {
        this.sent = sent;
    }

    @Override
    public Message receive() throws InterruptedException {
        if (received++ == 0) {
            return new Text("hello");
        }
        closed = true;
        return new Closed(GOING_AWAY, "bye");
    }

    @Override
    public void send(String text) throws IOException {
        if (closed) {
            throw new ClientGone("the WebSocket is closed");
        }
        sent.accept(text);
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        send(new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void close(int code, String reason) {
        if (!closed) {
            closed = true;
            sent.accept("<" + code + " " + reason + ">");
        }
    }

    @Override
    public @Nullable String subprotocol() {
        return null;
    }
}
