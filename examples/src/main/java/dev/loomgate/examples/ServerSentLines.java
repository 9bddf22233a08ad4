package dev.loomgate.examples;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import java.time.Duration;

/// Server-sent events: a line a second, for as long as the client listens.
///
/// When the client goes away, or the server stops, the sleep is interrupted and the stream is closed.
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
        Response lines = Response.events(new Request(environ), events -> {
            for (long line = 1; ; line++) {
                events.send("line " + line);
                Thread.sleep(pause);
            }
        });
        return lines.call(environ, startResponse);
    }
}
