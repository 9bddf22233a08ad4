package dev.loomgate.cli.application;

import dev.loomgate.gateway.Environ;
import dev.loomgate.loop.Loop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// A request that a version of an application answers. It is told of a stop of its server, as always, and of the end of
/// its version, too: event streams end with it, and their clients come back to the next version.
final class Running {
    /// Nothing interrupts a request of the version before; but who is told of a stop is told a time.
    private static final Duration NO_LIMIT = Duration.ofHours(1);

    private final Loop loop = Loop.current();
    private final CompletableFuture<Duration> stopping = new CompletableFuture<>();

    /// @param environ becomes the request's, with a stage of ours for `loomgate.stopping`
    Running(Environ environ) {
        environ.stopping().ifPresent(server -> {
            server.thenAccept(stopping::complete);
            environ.put("loomgate.stopping", stopping);
        });
    }

    /// Its version is over. Any thread; what depends on the stage runs in a microthread.
    void versionEnds() {
        loop.start("the end of an application's version", () -> stopping.complete(NO_LIMIT));
    }
}
