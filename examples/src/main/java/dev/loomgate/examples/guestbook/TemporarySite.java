package dev.loomgate.examples.guestbook;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;

/// A guest book for trying out: its pictures are in a temporary directory, which is gone when the server has
/// stopped; its sessions end then, too.
final class TemporarySite implements Application, Lifecycle {
    private final Path pictures;
    private final Application site;

    TemporarySite(String password) {
        try {
            pictures = Files.createTempDirectory("loomgate-guest-book");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        site = GuestBook.of(pictures, password, UUID.randomUUID().toString());
    }

    Path pictures() {
        return pictures;
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        return site.call(environ, startResponse);
    }

    /// Once on each loop, when all requests have ended: the first one finds something to delete.
    @Override
    public void stop() throws IOException {
        if (Files.exists(pictures)) {
            try (Stream<Path> files = Files.list(pictures)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(pictures);
        }
    }
}
