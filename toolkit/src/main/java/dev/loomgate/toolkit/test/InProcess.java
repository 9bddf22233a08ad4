package dev.loomgate.toolkit.test;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.WebSocketHandshake;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Calls an application in the test's own thread, and sees to it that it keeps the gateway's contract.
final class InProcess implements Transport {
    private final Application application;
    private final Lifecycle hooks;
    private final String scheme;

    /// @param hooks what is stopped when the client is closed
    /// @param scheme `http` or `https`
    InProcess(Application application, Lifecycle hooks, String scheme) {
        this.application = application;
        this.hooks = hooks;
        this.scheme = scheme;
    }

    @Override
    public String origin() {
        return scheme + "://localhost";
    }

    @Override
    public void close() throws Exception {
        hooks.stop();
    }

    @Override
    public TestResponse exchange(Outgoing request) throws Exception {
        Started started = new Started();
        return respond(request, started, application.call(environ(request), started));
    }

    private static TestResponse respond(Outgoing request, Started started, Body body) throws Exception {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try (body) {
            if (started.status == null) {
                throw new IllegalStateException("the application returned a body without having called startResponse");
            }
            if (!request.method().equals("HEAD") && !started.status.bodiless()) {
                collect(body, piece -> {
                    started.sent |= piece.length > 0;
                    received.writeBytes(piece);
                    request.received().accept(started.head(), piece);
                });
            }
        }
        TestResponse response = new TestResponse(started.status, started.headers, received.toByteArray());
        checkLength(request, response);
        return response;
    }

    @Override
    public TestSocket open(Outgoing request, List<String> subprotocols) throws Exception {
        Environ environ = environ(request);
        environ.put("HTTP_UPGRADE", "websocket");
        environ.put("HTTP_CONNECTION", "Upgrade");
        environ.put("HTTP_SEC_WEBSOCKET_VERSION", "13");
        environ.put("HTTP_SEC_WEBSOCKET_KEY", "dGhlIHNhbXBsZSBub25jZQ==");
        if (!subprotocols.isEmpty()) {
            environ.put("HTTP_SEC_WEBSOCKET_PROTOCOL", String.join(", ", subprotocols));
        }
        environ.put("loomgate.websocket", new WebSocketHandshake(subprotocols));
        // The application's call, its handler and the body's closing have one thread.
        CompletableFuture<TestSocket> opened = new CompletableFuture<>();
        Thread.ofVirtual().name("websocket " + request.target()).start(() -> {
            try {
                answer(environ, request, opened);
            } catch (Throwable e) {
                opened.completeExceptionally(e);
            }
        });
        try {
            return opened.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception exception) {
                throw exception;
            }
            throw e;
        }
    }

    private void answer(Environ environ, Outgoing request, CompletableFuture<TestSocket> opened) throws Exception {
        Started started = new Started();
        Body body = application.call(environ, started);
        if (!(body instanceof Body.WebSocketBody webSocket)) {
            throw new NotAccepted(NotAccepted.HANDSHAKE, respond(request, started, body));
        }
        if (started.status == null || started.status.code() != Status.SWITCHING_PROTOCOLS.code()) {
            body.close();
            throw new IllegalStateException("the application returned a WebSocket with status " + started.status);
        }
        SocketInProcess socket = new SocketInProcess(
                started.headers.first("Sec-WebSocket-Protocol").orElse(null));
        opened.complete(socket);
        try (body) {
            socket.serve(webSocket.handler());
        } finally {
            socket.over();
        }
    }

    private static void checkLength(Outgoing request, TestResponse response) {
        String announced = response.headers().first("Content-Length").orElse("");
        boolean sent = !request.method().equals("HEAD") && !response.status().bodiless();
        if (sent && !announced.isEmpty() && !announced.equals(Integer.toString(response.body().length))) {
            throw new IllegalStateException("the application announced a Content-Length of %s and sent %d bytes"
                    .formatted(announced, response.body().length));
        }
    }

    /// What the application has said so far.
    private static final class Started implements StartResponse {
        private @Nullable Status status;
        private Headers headers = new Headers();
        private boolean sent;

        TestResponse head() {
            return new TestResponse(Objects.requireNonNull(status), headers, new byte[0]);
        }

        @Override
        public void start(Status status, Headers headers, @Nullable Exception cause) throws Exception {
            if (this.status != null && cause == null) {
                throw new IllegalStateException("startResponse was called a second time without a cause");
            }
            if (sent && cause != null) {
                throw cause;
            }
            this.status = status;
            this.headers = headers;
        }
    }

    private static void collect(Body body, Consumer<byte[]> received) throws Exception {
        switch (body) {
            case Body.Bytes bytes -> received.accept(bytes.content());
            case Body.Text text -> received.accept(text.encoded());
            case Body.Chunks chunks -> chunks.chunks().forEachRemaining(received);
            case Body.FileBody file -> received.accept(part(file));
            case Body.WebSocketBody _ ->
                throw new IllegalStateException(
                        "the application returned a WebSocket, which the request didn't ask for: see Client.webSocket");
            case Body.Stream stream ->
                stream.content().writeTo(bytes -> {
                    byte[] copy = new byte[bytes.remaining()];
                    bytes.get(copy);
                    received.accept(copy);
                });
        }
    }

    private static byte[] part(Body.FileBody file) throws IOException {
        try (InputStream input = Files.newInputStream(file.path())) {
            input.skipNBytes(file.offset());
            if (file.length() == Body.FileBody.TO_THE_END) {
                return input.readAllBytes();
            }
            byte[] part = input.readNBytes(Math.toIntExact(file.length()));
            if (part.length < file.length()) {
                throw new EOFException("%s has %d of %d bytes".formatted(file.path(), part.length, file.length()));
            }
            return part;
        }
    }

    private Environ environ(Outgoing request) {
        String target = request.target();
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", request.method());
        environ.put("SCRIPT_NAME", "");
        // URLDecoder is for forms: a plus in a path is a plus.
        environ.put("PATH_INFO", URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8));
        environ.put("REQUEST_URI", target);
        environ.put("QUERY_STRING", question < 0 ? "" : target.substring(question + 1));
        environ.put("SERVER_NAME", "localhost");
        environ.put("SERVER_PORT", scheme.equals("https") ? "443" : "80");
        environ.put("SERVER_PROTOCOL", "HTTP/1.1");
        environ.put("REMOTE_ADDR", "127.0.0.1");
        environ.put("REMOTE_PORT", "50000");
        environ.put("HTTP_HOST", "localhost");
        request.headers()
                .forEach((name, value) -> environ.merge(Environ.keyOf(name), value, (old, more) -> old + "," + more));
        if (request.headers().contains("Host")) {
            environ.put("HTTP_HOST", request.headers().first("Host").orElseThrow());
        }
        if (request.chunked()) {
            environ.put("HTTP_TRANSFER_ENCODING", "chunked");
        } else if (request.body().length > 0) {
            environ.put("CONTENT_LENGTH", Integer.toString(request.body().length));
        }
        environ.put("wsgi.input", new ByteArrayInputStream(request.body()));
        environ.put("wsgi.input_terminated", true);
        environ.put("wsgi.errors", new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        environ.put("wsgi.url_scheme", scheme);
        environ.put("wsgi.multithread", false);
        environ.put("wsgi.multiprocess", false);
        environ.put("wsgi.run_once", false);
        return environ;
    }
}
