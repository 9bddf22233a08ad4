package dev.loomgate.toolkit.test;

import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.events.Event;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A stream of server-sent events as its client has it: what [Client#events] gives.
///
/// ```java
/// try (TestEvents news = client.events("/news")) {
///     client.post("/news").body("rain".getBytes(), "text/plain").send();
///     assertThat(news.take().orElseThrow().data()).contains("rain");
/// }
/// ```
/// For one test's thread at a time; the stream has a thread of its own.
public final class TestEvents implements AutoCloseable {
    /// How long a take waits.
    public static final Duration LIMIT = Duration.ofSeconds(20);

    /// What the stream's thread says: that the first bytes are there, an event, or the end.
    private sealed interface Told {
        record Open() implements Told {}

        record Next(Event event) implements Told {}

        record Over(@Nullable Throwable failure) implements Told {}
    }

    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private final Thread thread;
    private Told.@Nullable Over over; // the taker's
    private volatile boolean closed;

    private TestEvents(Transport transport, Transport.Outgoing request) {
        EventLines lines = new EventLines(event -> told.add(new Told.Next(event)));
        Transport.Outgoing heard = new Transport.Outgoing(
                request.method(),
                request.target(),
                request.headers(),
                request.body(),
                request.chunked(),
                (head, piece) -> {
                    if (isStream(head)) {
                        told.add(new Told.Open());
                        lines.add(piece);
                    }
                });
        thread = Thread.ofVirtual()
                .name("events " + request.target())
                .unstarted(() -> told.add(new Told.Over(receive(transport, heard))));
    }

    /// Opens it, and waits until the application has written the first bytes.
    ///
    /// @throws NotAccepted if the response is no stream of events
    /// @throws IllegalStateException if nothing comes in time
    /// @throws Exception as [#take]
    static TestEvents open(Transport transport, Transport.Outgoing request) throws Exception {
        TestEvents events = new TestEvents(transport, request);
        events.thread.start();
        try {
            if (events.next() instanceof Told.Over over && over.failure() != null) {
                throw exception(over.failure());
            }
            return events;
        } catch (Exception e) {
            events.close();
            throw e;
        }
    }

    private static @Nullable Throwable receive(Transport transport, Transport.Outgoing request) {
        try {
            TestResponse response = transport.exchange(request);
            return isStream(response)
                    ? null
                    : new NotAccepted("the request for events, in text/event-stream,", response);
        } catch (Throwable e) {
            return e;
        }
    }

    private static boolean isStream(TestResponse head) {
        return head.code() == Status.OK.code() && head.header("Content-Type").startsWith("text/event-stream");
    }

    private Told next() throws InterruptedException {
        if (over != null) {
            return over;
        }
        Told next = told.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
            throw new IllegalStateException("no event has come within " + LIMIT);
        }
        if (next instanceof Told.Over end) {
            over = end;
        }
        return next;
    }

    /// The next event, which may have no data but a time to wait; empty if the application has ended the stream.
    ///
    /// @throws IllegalStateException if nothing comes in time, or this is closed
    /// @throws Exception in process, what the application has thrown, as it is; over HTTP that the stream broke off
    public Optional<Event> take() throws Exception {
        while (true) {
            if (closed) {
                throw new IllegalStateException("the stream of events is closed");
            }
            switch (next()) {
                case Told.Open _ -> {}
                case Told.Next next -> {
                    return Optional.of(next.event());
                }
                case Told.Over end -> {
                    if (end.failure() != null) {
                        throw exception(end.failure());
                    }
                    return Optional.empty();
                }
            }
        }
    }

    private static Exception exception(Throwable failure) {
        return switch (failure) {
            case Exception exception -> exception;
            case Error error -> throw error;
            default -> new IllegalStateException(failure);
        };
    }

    /// Leaves, as a page does that is closed: the application's stream ends. In process this waits for that.
    ///
    /// @throws IllegalStateException if it doesn't end in time
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            if (!thread.join(LIMIT)) {
                throw new IllegalStateException("the stream of events has not ended within " + LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
