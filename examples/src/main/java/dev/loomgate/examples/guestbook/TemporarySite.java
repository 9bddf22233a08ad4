package dev.loomgate.examples.guestbook;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.StartResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A guest book for trying out: its pictures are in a temporary directory, which is gone when the server has
/// stopped; its sessions end then, too.
final class TemporarySite implements Application, Lifecycle {
    private record Opened(Path pictures, Application site) {}

    private final String password;
    private volatile @Nullable Opened opened;

    TemporarySite(String password) {
        this.password = password;
    }

    /// Where the pictures are, once it has been started.
    Path pictures() {
        return opened().pictures();
    }

    private Opened opened() {
        return Objects.requireNonNull(opened, "not started");
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) throws Exception {
        return opened().site().call(environ, startResponse);
    }

    /// Once on each loop, before any request: the first one makes the directory.
    @Override
    public synchronized void start() throws IOException {
        if (opened == null) {
            Path pictures = Files.createTempDirectory("loomgate-guest-book");
            String key = UUID.randomUUID().toString();
            opened = new Opened(pictures, GuestBook.of(pictures, password, key));
        }
    }

    /// Once on each loop, when all requests have ended: the first one deletes it.
    @Override
    public synchronized void stop() throws IOException {
        Opened last = opened;
        if (last != null) {
            opened = null;
            try (Stream<Path> files = Files.list(last.pictures())) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(last.pictures());
        }
    }
}
