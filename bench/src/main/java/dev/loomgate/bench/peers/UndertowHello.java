package dev.loomgate.bench.peers;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import org.xnio.Options;

/// Undertow with one I/O thread, the handler on that thread, with its own Date and without its Connection header.
public final class UndertowHello {
    private UndertowHello() {}

    public static void main(String[] args) {
        AutoCloseable unused = start(Hello.port(args));
    }

    public static AutoCloseable start(int port) {
        ByteBuffer body = ByteBuffer.allocateDirect(Hello.TEXT.length()).put(Hello.bytes());
        body.flip();
        Undertow server = Undertow.builder()
                .addHttpListener(port, Hello.HOST)
                .setIoThreads(1)
                .setWorkerThreads(1)
                .setSocketOption(Options.BACKLOG, Hello.BACKLOG)
                .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .setHandler(exchange -> {
                    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, Hello.CONTENT_TYPE);
                    exchange.getResponseHeaders().put(Headers.SERVER, Hello.SERVER);
                    exchange.getResponseSender().send(body.duplicate());
                })
                .build();
        server.start();
        return server::stop;
    }
}
