package dev.loomgate.security.jwt;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A server with a set of keys, or whatever else it is told to answer.
final class KeyServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int status = 200;
    private volatile String content = "";

    KeyServer(JWK... keys) throws IOException {
        has(keys);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/jwks", exchange -> {
            asked.incrementAndGet();
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            if (status == 302) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status, 0);
            try (exchange) {
                exchange.getResponseBody().write(bytes);
            }
        });
        server.createContext("/elsewhere", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (exchange) {
                exchange.getResponseBody().write(content.getBytes(StandardCharsets.UTF_8));
            }
        });
        server.start();
    }

    /// What is there from now on: the public parts of these.
    void has(JWK... keys) {
        content = new JWKSet(List.of(keys)).toString();
    }

    void answers(int status, String content) {
        this.status = status;
        this.content = content;
    }

    int asked() {
        return asked.get();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
