package dev.loomgate.bench.arena;

import dev.loomgate.bench.peers.Listening;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.encoding.ContentEncodingRepository;
import io.undertow.server.handlers.encoding.EncodingHandler;
import io.undertow.server.handlers.encoding.GzipEncodingProvider;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.server.handlers.resource.PreCompressedResourceSupplier;
import io.undertow.server.handlers.resource.ResourceHandler;
import io.undertow.util.Headers;
import io.undertow.util.Protocols;
import io.undertow.util.StatusCodes;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.nio.ByteBuffer;
import java.util.Deque;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.json.JsonMapper;

/// Undertow with one I/O thread, handlers on it except for files; JSON by Jackson, since it has none of
/// its own.
public final class UndertowEntry {
    /// More than the largest upload; the default is less.
    private static final long MOST_BYTES = 64L << 20;

    private UndertowEntry() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(Places.of(args));
    }

    public static AutoCloseable start(Places places) throws Exception {
        SSLContext tls = Listening.context(places.certificate().store());
        HttpHandler handler = handler(places);
        Undertow http1 = Undertow.builder()
                .setIoThreads(1)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, MOST_BYTES)
                .addHttpListener(places.http().port(), Places.HOST)
                .addHttpsListener(places.https().port(), Places.HOST, tls)
                .setHandler(handler)
                .build();
        Undertow http2 = Undertow.builder()
                .setIoThreads(1)
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .addHttpListener(places.h2c().port(), Places.HOST, http2Only(handler))
                .addHttpsListener(places.h2().port(), Places.HOST, tls, handler)
                .build();
        http1.start();
        http2.start();
        return () -> {
            http1.stop();
            http2.stop();
        };
    }

    private static HttpHandler http2Only(HttpHandler handler) {
        return exchange -> {
            if (exchange.getProtocol().equals(Protocols.HTTP_2_0)) {
                handler.handleRequest(exchange);
            } else {
                exchange.setStatusCode(505).endExchange();
            }
        };
    }

    private static HttpHandler handler(Places places) {
        Dataset dataset = Dataset.read(places);
        JsonMapper mapper = new JsonMapper();
        HttpHandler json = exchange -> {
            exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
            Items items = dataset.first(parameter(exchange, "count"), parameter(exchange, "m"));
            exchange.getResponseSender().send(ByteBuffer.wrap(mapper.writeValueAsBytes(items)));
        };
        return Handlers.path(Handlers.routing()
                        .get("/baseline11", exchange -> text(exchange, sum(exchange)))
                        .post("/baseline11", exchange -> exchange.getRequestReceiver()
                                .receiveFullString((read, body) -> text(read, sum(read) + Integer.parseInt(body))))
                        .get("/baseline2", exchange -> text(exchange, sum(exchange)))
                        .get("/pipeline", exchange -> text(exchange, "ok"))
                        .get(
                                "/json/{count}",
                                new EncodingHandler(
                                        json,
                                        new ContentEncodingRepository()
                                                .addEncodingHandler("gzip", new GzipEncodingProvider(), 50)))
                        .post("/upload", UndertowEntry::upload))
                .addPrefixPath(
                        "/static",
                        new ResourceHandler(new PreCompressedResourceSupplier(new PathResourceManager(places.statics()))
                                .addEncoding("gzip", ".gz")))
                .addExactPath(
                        "/ws",
                        Handlers.websocket(
                                (_, channel) -> {
                                    channel.getReceiveSetter().set(new Echo());
                                    channel.resumeReceives();
                                },
                                exchange -> exchange.setStatusCode(StatusCodes.BAD_REQUEST)
                                        .endExchange()));
    }

    private static int parameter(HttpServerExchange exchange, String name) {
        Deque<String> values = exchange.getQueryParameters().get(name);
        return values == null ? 0 : Integer.parseInt(values.getFirst());
    }

    private static int sum(HttpServerExchange exchange) {
        return parameter(exchange, "a") + parameter(exchange, "b");
    }

    private static void text(HttpServerExchange exchange, long number) {
        text(exchange, Long.toString(number));
    }

    private static void text(HttpServerExchange exchange, String text) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
        exchange.getResponseSender().send(text);
    }

    private static void upload(HttpServerExchange exchange) {
        long[] bytes = {0};
        exchange.getRequestReceiver().receivePartialBytes((read, piece, last) -> {
            bytes[0] += piece.length;
            if (last) {
                text(read, bytes[0]);
            }
        });
    }

    private static final class Echo extends AbstractReceiveListener {
        @Override
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            WebSockets.sendText(message.getData(), channel, null);
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
            var pooled = message.getData();
            WebSockets.sendBinary(WebSockets.mergeBuffers(pooled.getResource()), channel, null);
            pooled.free();
        }
    }
}
