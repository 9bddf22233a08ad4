package dev.loomgate.bench.arena;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The checks of `echo-ws`. That the handshake's `Sec-WebSocket-Accept` is right is the JDK's client's
/// to see.
final class EchoChecks {
    private static final int LIMIT_SECONDS = 20;

    private final Places places;
    private final Faults faults;
    private final Random random = new Random();

    EchoChecks(Places places, Faults faults) {
        this.places = places;
        this.faults = faults;
    }

    void run() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            talk(client);
            int status = Curl.ask(places.http().url("/ws")).status();
            faults.expect("GET /ws without a handshake: status " + status, status >= 400 && status < 500);
            talk(client);
        } catch (CompletionException e) {
            faults.expect("a WebSocket: " + e.getCause(), false);
        }
    }

    private void talk(HttpClient client) throws InterruptedException {
        Received received = new Received();
        WebSocket socket = client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://" + places.http().hostAndPort() + "/ws"), received)
                .join();
        String text = "check-" + random.nextInt();
        socket.sendText(text, true).join();
        faults.expect("a text", text, received.next());
        byte[] bytes = new byte[256];
        random.nextBytes(bytes);
        String hex = HexFormat.of().formatHex(bytes);
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
        faults.expect("bytes", hex, received.next());
        for (int i = 0; i < 5; i++) {
            socket.sendText("message " + i, true).join();
        }
        for (int i = 0; i < 5; i++) {
            faults.expect("one of five messages", "message " + i, received.next());
        }
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").join();
        faults.expect("the close", "closed 1000", received.next());
    }

    private static final class Received implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder parts = new StringBuilder();

        String next() throws InterruptedException {
            String message = messages.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            return message == null ? "nothing" : message;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            return take(socket, data, last);
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            return take(socket, HexFormat.of().formatHex(bytes), last);
        }

        private @Nullable CompletionStage<?> take(WebSocket socket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                messages.add(parts.toString());
                parts.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            messages.add("closed " + code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            messages.add(error.toString());
        }
    }
}
