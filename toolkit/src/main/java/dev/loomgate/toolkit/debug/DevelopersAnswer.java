package dev.loomgate.toolkit.debug;

import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/// What a developer is answered instead of the application's response: a page for browsers, a problem for who takes
/// JSON, text for others.
@SuppressWarnings("ArrayRecordComponent")
record DevelopersAnswer(Headers headers, byte[] content) {
    /// The form that a request takes.
    static DevelopersAnswer of(
            Environ environ, Supplier<String> html, Supplier<String> problem, Supplier<String> text) {
        String accept = environ.text("HTTP_ACCEPT", "");
        String type;
        String content;
        if (accept.contains("text/html")) {
            type = "text/html; charset=utf-8";
            content = html.get();
        } else if (accept.contains("json")) {
            type = "application/problem+json";
            content = problem.get();
        } else {
            type = "text/plain; charset=utf-8";
            content = text.get();
        }
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        Headers headers = Headers.of(
                "Content-Type", type,
                "Content-Length", Integer.toString(bytes.length),
                "Cache-Control", "no-store",
                // What an exception says may come from the request: no script in it is ever to run.
                "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
                "X-Content-Type-Options", "nosniff");
        return new DevelopersAnswer(headers, bytes);
    }
}
