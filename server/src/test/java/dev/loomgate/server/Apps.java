package dev.loomgate.server;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/// Applications for tests.
final class Apps {
    private Apps() {}

    /// Answers `GET /path`: what the request line was.
    static final Application LINE = (environ, startResponse) -> {
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text(environ.method() + " " + environ.requestUri());
    };

    /// Answers with the request's body.
    static final Application ECHO = (environ, startResponse) -> {
        byte[] content = environ.input().readAllBytes();
        startResponse.start(Status.OK, Headers.of("X-Length", Integer.toString(content.length)));
        return Body.bytes(content);
    };

    /// Answers 200 with that body.
    static Application of(Supplier<Body> body) {
        return (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            return body.get();
        };
    }

    /// `count` bytes, of which each has its own look.
    static byte[] noise(int count) {
        byte[] noise = new byte[count];
        new java.util.Random(count).nextBytes(noise);
        return noise;
    }

    /// A POST with a Content-Length.
    static byte[] post(String target, byte[] content) {
        byte[] head = ("POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + content.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] request = java.util.Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, request, head.length, content.length);
        return request;
    }
}
