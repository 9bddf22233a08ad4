package dev.loomgate.opentelemetry;

import dev.loomgate.gateway.Body;
import java.util.Iterator;

/// Bodies whose code runs in their request's span, which ends when they are closed.
final class TracedBody {
    private TracedBody() {}

    static Body of(Body body, ServerSpan span) {
        return switch (body) {
            case Body.Bytes(byte[] content, Runnable closing) -> new Body.Bytes(content, end(closing, span));
            case Body.Text(String content, Runnable closing) -> new Body.Text(content, end(closing, span));
            case Body.Chunks(Iterator<byte[]> chunks, Runnable closing) ->
                new Body.Chunks(new Chunks(chunks, span), end(closing, span));
            case Body.FileBody file ->
                new Body.FileBody(file.path(), file.offset(), file.length(), end(file.closing(), span));
            case Body.Stream(Body.Content content, Runnable closing) ->
                new Body.Stream(
                        writer -> span.in(() -> {
                            content.writeTo(writer);
                            return content;
                        }),
                        end(closing, span));
            case Body.WebSocketBody socket ->
                new Body.WebSocketBody(
                        client -> span.in(() -> {
                            socket.handler().handle(client);
                            return client;
                        }),
                        end(socket.closing(), span));
        };
    }

    private static Runnable end(Runnable closing, ServerSpan span) {
        return () -> {
            try {
                span.in(() -> {
                    closing.run();
                    return closing;
                });
            } finally {
                span.end();
            }
        };
    }

    private record Chunks(Iterator<byte[]> inner, ServerSpan span) implements Iterator<byte[]> {
        @Override
        public boolean hasNext() {
            return span.in(inner::hasNext);
        }

        @Override
        public byte[] next() {
            return span.in(inner::next);
        }
    }
}
