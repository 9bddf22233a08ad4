package dev.loomgate.toolkit.events;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.BodyWriter;
import dev.loomgate.gateway.Environ;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Writes what comes out of a queue, and a comment where nothing does, in the request's microthread. Ends when the
/// queue is over: at once if the client goes, and after what waits already if the server stops.
///
/// @param heartbeat how long the stream is silent at most
record EventBody(EventQueue queue, Duration heartbeat) implements Body.Content {
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    /// @throws IllegalArgumentException if the heartbeat isn't positive
    EventBody {
        requirePositive(heartbeat);
    }

    static Duration requirePositive(Duration heartbeat) {
        if (!heartbeat.isPositive()) {
            throw new IllegalArgumentException("heartbeat must be more than 0, not " + heartbeat);
        }
        return heartbeat;
    }

    /// Ends with the request.
    EventBody endsWith(Environ environ) {
        environ.clientGone().ifPresent(gone -> gone.thenRun(queue::end));
        environ.stopping().ifPresent(stop -> stop.thenRun(queue::finish));
        return this;
    }

    @Override
    public void writeTo(BodyWriter writer) throws IOException, InterruptedException {
        // The head goes out with it, so that the client knows at once.
        writer.write(COMMENT);
        while (true) {
            Event next = queue.poll(heartbeat.toNanos());
            if (next != null) {
                writer.write(next.encoded());
            } else if (queue.isOver()) {
                return;
            } else {
                writer.write(COMMENT);
            }
        }
    }
}
