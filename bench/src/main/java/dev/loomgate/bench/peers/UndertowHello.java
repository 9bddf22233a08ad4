package dev.loomgate.bench.peers;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import org.xnio.Options;

/// Undertow with one I/O thread, the handler on that thread, with its own Date and without its Connection header.
public final class UndertowHello {
    private UndertowHello() {}

    public static void main(String[] args) throws Exception {
        AutoCloseable unused = start(Listening.of(args));
    }

    public static AutoCloseable start(Listening listening) throws Exception {
        ByteBuffer body = ByteBuffer.allocateDirect(Hello.TEXT.length()).put(Hello.bytes());
        body.flip();
        Undertow.Builder builder = Undertow.builder();
        if (listening.store().isPresent()) {
            SSLContext tls = Listening.context(listening.store().get());
            builder.addHttpsListener(listening.port(), Hello.HOST, tls);
        } else {
            builder.addHttpListener(listening.port(), Hello.HOST);
        }
        Undertow server = builder.setIoThreads(1)
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
