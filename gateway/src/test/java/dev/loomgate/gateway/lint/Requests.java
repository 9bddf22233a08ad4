package dev.loomgate.gateway.lint;

import dev.loomgate.gateway.EarlyHints;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Trailers;
import dev.loomgate.gateway.WebSocketHandshake;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;

/// Environs that are all right.
final class Requests {
    private Requests() {}

    static Environ get() {
        return of("GET", InputStream.nullInputStream());
    }

    static Environ head() {
        return of("HEAD", InputStream.nullInputStream());
    }

    /// A request for a WebSocket, with two subprotocols.
    static Environ webSocket() {
        Environ environ = get();
        environ.put("HTTP_SEC_WEBSOCKET_PROTOCOL", "chat, superchat");
        environ.put("loomgate.websocket", new WebSocketHandshake(List.of("chat", "superchat")));
        return environ;
    }

    /// A request whose early hints are put into a list.
    static Environ hinted(List<String> sent) {
        Environ environ = get();
        EarlyHints hints = sent::addAll;
        environ.put("loomgate.early_hints", hints);
        return environ;
    }

    /// A request whose response's trailers are put into a list.
    static Environ trailed(List<Headers> set) {
        Environ environ = get();
        Trailers trailers = set::add;
        environ.put("HTTP_TE", "trailers");
        environ.put("loomgate.trailers", trailers);
        return environ;
    }

    static Environ post(byte[] content) {
        return post(new ByteArrayInputStream(content), content.length);
    }

    static Environ post(InputStream input, long length) {
        Environ environ = of("POST", input);
        environ.put("CONTENT_TYPE", "application/octet-stream");
        environ.put("CONTENT_LENGTH", "" + length);
        return environ;
    }

    private static Environ of(String method, InputStream input) {
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", method);
        environ.put("SCRIPT_NAME", "/app");
        environ.put("PATH_INFO", "/path");
        environ.put("REQUEST_URI", "/app/path?a=b");
        environ.put("QUERY_STRING", "a=b");
        environ.put("SERVER_NAME", "localhost");
        environ.put("SERVER_PORT", "8000");
        environ.put("SERVER_PROTOCOL", "HTTP/1.1");
        environ.put("REMOTE_ADDR", "127.0.0.1");
        environ.put("REMOTE_PORT", "50000");
        environ.put("HTTP_HOST", "localhost:8000");
        environ.put("wsgi.input", input);
        environ.put("wsgi.input_terminated", true);
        environ.put("wsgi.errors", new PrintWriter(Writer.nullWriter()));
        environ.put("wsgi.url_scheme", "http");
        environ.put("wsgi.multithread", true);
        environ.put("wsgi.multiprocess", false);
        environ.put("wsgi.run_once", false);
        return environ;
    }
}
