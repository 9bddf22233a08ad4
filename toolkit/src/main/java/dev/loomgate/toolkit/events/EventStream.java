package dev.loomgate.toolkit.events;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.syntax.Utf8;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A client that listens, for the program that sends it events.
///
/// ```java
/// Response get(Request request) {
///     return Response.events(request, events -> {
///         for (Order order : orders.after(events.lastEventId())) {        // may block, like all code
///             events.send(Event.of(order.text()).withId(order.id()));     // waits for a slow client
///         }
///     });
/// }
/// ```
/// The program runs in a virtual thread of its own, since the request's writes: also while the program waits for
/// something else, the client gets its heartbeats. It is interrupted as soon as the client disconnects or the server
/// stops, and the request ends when the program has ended. What it throws before that breaks the stream off.
///
/// Any thread may send, several at once.
public final class EventStream {
    /// How long a stream is silent at most, unless it is said: the time that the HTML Living Standard advises.
    public static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final int MOST_WAITING = 16;

    private final EventQueue queue = new EventQueue(MOST_WAITING, List.of());
    private final String lastEventId;

    private EventStream(String lastEventId) {
        this.lastEventId = lastEventId;
    }

    /// What is run for a client, to its end.
    @FunctionalInterface
    public interface Program {
        /// @throws Exception breaks the stream off, unless it is over already
        void run(EventStream events) throws Exception;
    }

    /// The body of a response whose events the program sends. Its Content-Type is to be `text/event-stream`.
    ///
    /// @param heartbeat how long the stream is silent at most: after that, a comment is sent
    /// @throws IllegalArgumentException if the heartbeat isn't positive
    public static Body body(Environ environ, Duration heartbeat, Program program) {
        EventStream stream = new EventStream(lastEventId(environ));
        EventBody written = new EventBody(stream.queue, heartbeat).endsWith(environ);
        return Body.stream(writer -> {
            ProgramThread thread = ProgramThread.start(() -> program.run(stream), stream.queue);
            try {
                written.writeTo(writer);
            } finally {
                thread.end();
            }
            thread.rethrow();
        });
    }

    /// The id of the last event that the client has seen, if it comes back and events have ids.
    public Optional<String> lastEventId() {
        return lastEventId.isEmpty() ? Optional.empty() : Optional.of(lastEventId);
    }

    /// In UTF-8, as clients send it; empty if there is none.
    static String lastEventId(Environ environ) {
        return Utf8.ofBytes(environ.header("Last-Event-ID").orElse(""));
    }

    /// Sends an event; waits while the client is slow and some wait already.
    ///
    /// @throws ClientGone if the stream is over: the client has disconnected, or the server stops
    /// @throws InterruptedException the same, while it was waiting
    public void send(Event event) throws IOException, InterruptedException {
        if (!queue.put(event)) {
            throw new ClientGone("the stream of events is over: the client has disconnected, or the server stops");
        }
    }

    /// Sends an event with this data; otherwise as [#send(Event)].
    ///
    /// @throws ClientGone if the stream is over
    /// @throws InterruptedException the same, while it was waiting
    public void send(String data) throws IOException, InterruptedException {
        send(Event.of(data));
    }
}
