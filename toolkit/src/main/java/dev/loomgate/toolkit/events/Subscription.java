package dev.loomgate.toolkit.events;

import java.util.Optional;

/// One subscriber's place in a topic. For programs that take the events themselves, to send others, too; a stream that
/// has nothing but the topic's events needs none.
///
/// ```java
/// Response get(Request request) {
///     Subscription prices = topic.subscribe();
///     return Response.events(request, events -> {
///         events.send("the prices of today");
///         for (Optional<Event> next = prices.take(); next.isPresent(); next = prices.take()) {
///             events.send(next.get());
///         }
///     }).onClose(prices::close);
/// }
/// ```
/// For a WebSocket, a thread of its own takes and sends; the one that receives closes the subscription at the end.
public final class Subscription implements AutoCloseable {
    private final Topic topic;
    private final EventQueue queue;

    Subscription(Topic topic, EventQueue queue) {
        this.topic = topic;
        this.queue = queue;
    }

    EventQueue queue() {
        return queue;
    }

    /// Waits for the next event. Used by one thread.
    ///
    /// @return empty at the end: it was closed, the topic was, or it was too slow ([WhenFull#END])
    public Optional<Event> take() throws InterruptedException {
        return Optional.ofNullable(queue.take());
    }

    /// Leaves the topic; a thread that waits in [#take] goes on. Any thread; a further time does nothing.
    @Override
    public void close() {
        topic.leave(this);
        queue.end();
    }
}
