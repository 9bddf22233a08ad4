package dev.loomgate.toolkit.test;

import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;

/// Asks a server, by the JDK's client. It doesn't let a request say which host it is for, nor follow what it
/// should not: so redirects and cookies are the [Client]'s.
final class OverHttp implements Transport {
    private static final Duration CONNECT_TIME = Duration.ofSeconds(10);
    private static final Duration RESPONSE_TIME = Duration.ofSeconds(60);
    private static final int PIECE_BYTES = 64 << 10;

    private final URI base;
    private final AutoCloseable server;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIME)
            .build();

    /// @param server ends with it
    OverHttp(URI base, AutoCloseable server) {
        boolean http = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
        if (!http || base.getRawAuthority() == null || !base.getRawPath().matches("/?")) {
            throw new IllegalArgumentException("not the URL of a server, such as http://127.0.0.1:8000: " + base);
        }
        this.base = base;
        this.server = server;
    }

    @Override
    public String origin() {
        return base.getScheme() + "://" + base.getRawAuthority();
    }

    @Override
    public TestResponse exchange(Outgoing request) throws IOException, InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(origin() + request.target()))
                .method(request.method(), body(request))
                .timeout(RESPONSE_TIME);
        request.headers().forEach(builder::header);
        HttpResponse<InputStream> response = client.send(builder.build(), BodyHandlers.ofInputStream());
        Headers headers = new Headers();
        response.headers().map().forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
        TestResponse head = new TestResponse(Status.of(response.statusCode()), headers, new byte[0]);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (InputStream body = response.body()) {
            byte[] piece = new byte[PIECE_BYTES];
            for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
                whole.write(piece, 0, read);
                if (read > 0) {
                    request.received().accept(head, Arrays.copyOf(piece, read));
                }
            }
        }
        return new TestResponse(head.status(), headers, whole.toByteArray());
    }

    @Override
    public TestSocket open(Outgoing request, List<String> subprotocols) throws Exception {
        SocketOverHttp socket = new SocketOverHttp();
        java.net.http.WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(CONNECT_TIME);
        request.headers().forEach(builder::header);
        if (!subprotocols.isEmpty()) {
            builder.subprotocols(
                    subprotocols.getFirst(),
                    subprotocols.subList(1, subprotocols.size()).toArray(String[]::new));
        }
        URI uri = URI.create(origin().replaceFirst("^http", "ws") + request.target());
        try {
            return socket.opened(builder.buildAsync(uri, socket).get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException declined && declined.getResponse() != null) {
                HttpResponse<?> response = declined.getResponse();
                Headers headers = new Headers();
                response.headers().map().forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
                throw new NotAccepted(
                        NotAccepted.HANDSHAKE,
                        new TestResponse(Status.of(response.statusCode()), headers, new byte[0]));
            }
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw e;
        }
    }

    private static BodyPublisher body(Outgoing request) {
        if (request.chunked()) {
            return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(request.body()));
        }
        return request.body().length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(request.body());
    }

    @Override
    public void close() throws Exception {
        client.close();
        server.close();
    }
}
