package dev.loomgate.bench;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;

/// A large response, as a file (`/file`) and as pieces that the application makes (`/stream`); all else is
/// [Applications#hello].
final class Bulk {
    private static final int PIECE = 64 * 1024;

    private Bulk() {}

    /// @param file is sent; the stream has as many bytes
    static Application of(Path file) throws IOException {
        long size = Files.size(file);
        byte[] piece = new byte[PIECE];
        return (environ, startResponse) -> switch (environ.path()) {
            case "/file" -> {
                startResponse.start(Status.OK, Headers.of("Content-Length", Long.toString(size)));
                yield Body.file(file);
            }
            case "/stream" -> {
                int pieces = Math.toIntExact(size / PIECE);
                startResponse.start(Status.OK, Headers.of("Content-Length", Long.toString((long) pieces * PIECE)));
                yield Body.chunks(Collections.nCopies(pieces, piece));
            }
            default -> Applications.hello(environ, startResponse);
        };
    }
}
