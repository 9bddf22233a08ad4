package dev.loomgate.gateway.lint;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.BodyWriter;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// The smallest container that keeps the specification: one answer, collected in memory.
final class Container implements StartResponse {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private @Nullable Status status;
    private Headers headers = new Headers();

    /// The answer as text, `200 OK|content`.
    static String answer(Application application, Environ environ) throws Exception {
        Container container = new Container();
        try (Body body = application.call(environ, container)) {
            if (!environ.method().equals("HEAD")) {
                container.send(body);
            }
        }
        return container.status + "|" + container.content.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void start(Status status, Headers headers, @Nullable Exception cause) throws Exception {
        if (content.size() > 0 && cause != null) {
            throw cause;
        }
        if (this.status != null && cause == null) {
            throw new IllegalStateException("already started");
        }
        this.status = status;
        this.headers = headers;
        // What a container may do with headers that belong to it.
        this.headers.set("Date", "Mon, 23 Nov 2026 06:00:00 GMT");
    }

    private void send(Body body) throws Exception {
        switch (body) {
            case Body.Bytes bytes -> content.write(bytes.content());
            case Body.Text text -> content.write(text.encoded());
            case Body.FileBody file -> sendFile(file);
            case Body.Chunks chunks -> sendChunks(chunks.chunks());
            case Body.Stream stream -> stream.content().writeTo(writer());
            case Body.WebSocketBody webSocket -> webSocket.handler().handle(new ScriptedSocket(this::take));
        }
    }

    private void sendFile(Body.FileBody file) throws IOException {
        byte[] all = Files.readAllBytes(file.path());
        int end = file.length() == Body.FileBody.TO_THE_END ? all.length : (int) (file.offset() + file.length());
        content.write(Arrays.copyOfRange(all, (int) file.offset(), end));
    }

    private void sendChunks(Iterator<byte[]> chunks) throws IOException {
        while (chunks.hasNext()) {
            content.write(chunks.next());
        }
    }

    private void take(String sent) {
        content.writeBytes(sent.getBytes(StandardCharsets.UTF_8));
    }

    private BodyWriter writer() {
        return (ByteBuffer bytes) -> {
            while (bytes.hasRemaining()) {
                content.write(bytes.get());
            }
        };
    }
}
