package dev.loomgate.toolkit.test;

import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.WebSocket.Listener;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A WebSocket of the JDK's client.
final class SocketOverHttp implements TestSocket, Listener {
    private final BlockingQueue<WebSocket.Message> received = new LinkedBlockingQueue<>();
    // One thread calls the listener's methods at a time.
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean over; // the test's thread
    private final CompletableFuture<java.net.http.WebSocket> socket = new CompletableFuture<>();

    /// The handshake is complete.
    SocketOverHttp opened(java.net.http.WebSocket itsSocket) {
        socket.complete(itsSocket);
        return this;
    }

    @Override
    public @Nullable CompletionStage<?> onText(java.net.http.WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            received.add(new WebSocket.Text(text.toString()));
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(java.net.http.WebSocket from, ByteBuffer part, boolean last) {
        byte[] piece = new byte[part.remaining()];
        part.get(piece);
        bytes.writeBytes(piece);
        if (last) {
            received.add(new WebSocket.Binary(bytes.toByteArray()));
            bytes.reset();
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(java.net.http.WebSocket from, int code, String reason) {
        received.add(new WebSocket.Closed(code, reason));
        return null;
    }

    @Override
    public void onError(java.net.http.WebSocket from, Throwable error) {
        received.add(new WebSocket.Closed(WebSocket.ABNORMAL, String.valueOf(error.getMessage())));
    }

    @Override
    public void send(String message) throws IOException {
        sent(socket.join().sendText(message, true));
    }

    @Override
    public void send(byte[] message) throws IOException {
        sent(socket.join().sendBinary(ByteBuffer.wrap(message), true));
    }

    private void sent(CompletableFuture<java.net.http.WebSocket> sending) throws ClientGone {
        try {
            sending.join();
        } catch (CompletionException e) {
            over = true;
        }
        if (over) {
            throw new ClientGone("the WebSocket is closed");
        }
    }

    @Override
    public WebSocket.Message receive() throws InterruptedException {
        WebSocket.Message message = received.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (message == null) {
            throw new IllegalStateException("the application has sent nothing within " + LIMIT);
        }
        over |= message instanceof WebSocket.Closed;
        return message;
    }

    @Override
    public void close(int code, String reason) {
        java.net.http.WebSocket open = socket.join();
        if (!open.isOutputClosed()) {
            open.sendClose(code, reason).exceptionally(_ -> open).join();
        }
    }

    @Override
    public @Nullable String subprotocol() {
        String chosen = socket.join().getSubprotocol();
        return chosen.isEmpty() ? null : chosen;
    }

    @Override
    public void close() {
        java.net.http.WebSocket open = socket.join();
        close(WebSocket.NORMAL, "");
        try {
            boolean ended = over || open.isInputClosed();
            while (!ended) { // what the application still sends is nobody's
                ended = receive() instanceof WebSocket.Closed;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.abort();
        }
    }
}
