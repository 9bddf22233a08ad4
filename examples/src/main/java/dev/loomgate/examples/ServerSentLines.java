package dev.loomgate.examples;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.Loop;
import java.time.Duration;

/// Server-sent events: a line a second, for as long as the client listens.
///
/// Each listener costs one sleeping microthread. When it goes away, the next write throws and the stream is closed.
public final class ServerSentLines implements Application {
    private final Duration pause;

    /// A line a second.
    public ServerSentLines() {
        this(Duration.ofSeconds(1));
    }

    /// @param pause between two lines
    public ServerSentLines(Duration pause) {
        this.pause = pause;
    }

    @Override
    public Body call(Environ environ, StartResponse startResponse) {
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/event-stream", "Cache-Control", "no-store"));
        return Body.stream(writer -> {
            for (long line = 1; ; line++) {
                writer.write("data: line " + line + "\n\n");
                Loop.sleep(pause);
            }
        });
    }
}
