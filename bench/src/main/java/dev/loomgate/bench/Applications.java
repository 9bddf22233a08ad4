package dev.loomgate.bench;

import dev.loomgate.bench.peers.Hello;
import dev.loomgate.examples.ArticleApplication;
import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.WebSocketHandshake;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/// The applications that Loomgate runs in the tables.
final class Applications {
    private static final byte[] HELLO = Hello.TEXT.getBytes(StandardCharsets.US_ASCII);
    private static final String HELLO_LENGTH = Integer.toString(HELLO.length);

    private Applications() {}

    /// The application that [HelloLoomgate] calls so.
    static Application named(String name) {
        return switch (name) {
            case "hello" -> Applications::hello;
            case "toolkit" -> ToolkitHello.application();
            case "article" -> new ArticleApplication();
            case "echo" -> Applications::echo;
            case "upload" -> uploads(new ArticleApplication());
            default -> throw new IllegalArgumentException("--app is " + name);
        };
    }

    /// Without any toolkit.
    static Body hello(Environ environ, StartResponse startResponse) throws Exception {
        startResponse.start(Status.OK, Headers.of("Content-Type", Hello.CONTENT_TYPE, "Content-Length", HELLO_LENGTH));
        return Body.bytes(HELLO);
    }

    /// A WebSocket that sends each text back; for any other request [#hello].
    static Body echo(Environ environ, StartResponse startResponse) throws Exception {
        Optional<WebSocketHandshake> asked = environ.webSocket();
        return asked.isEmpty()
                ? hello(environ, startResponse)
                : asked.get().accept(startResponse, socket -> {
                    while (socket.receive() instanceof WebSocket.Text text) {
                        socket.send(text.content());
                    }
                });
    }

    /// `/upload` reads the whole request body and answers its length and CRC-32, see `SlowUploads`; all else goes
    /// to `others`.
    static Application uploads(Application others) {
        return (environ, startResponse) ->
                environ.path().equals("/upload") ? upload(environ, startResponse) : others.call(environ, startResponse);
    }

    private static Body upload(Environ environ, StartResponse startResponse) throws Exception {
        String answer = digest(environ.input());
        startResponse.start(
                Status.OK,
                Headers.of("Content-Type", "text/plain", "Content-Length", Integer.toString(answer.length())));
        return Body.text(answer);
    }

    private static String digest(InputStream input) throws IOException {
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[8192];
        long length = 0;
        int count;
        while ((count = input.read(buffer)) >= 0) {
            crc.update(buffer, 0, count);
            length += count;
        }
        return length + " " + Long.toHexString(crc.getValue());
    }
}
