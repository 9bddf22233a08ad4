package dev.loomgate.toolkit.events;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Sends events to all who listen. Used by any thread, of any loop and of none.
///
/// ```java
/// static final Topic NEWS = Topic.builder().history(500).build();
///
/// Response get(Request request) {
///     return Response.events(request, NEWS);
/// }
///
/// void post(Request request) {
///     NEWS.publish(Event.of(request.text()));
/// }
/// ```
/// All get the same events in the same order. Nobody who publishes waits for a client: each subscriber has a queue, and
/// [WhenFull] says what happens when it is full.
///
/// The newest events are kept, each with an id, its own or one that the topic gives it. A client that comes back with
/// its `Last-Event-ID` first gets what followed that event; or all that is kept, if that event isn't among it (too
/// old, or of another run of the program). A client that is new gets what is published from then on.
public final class Topic implements AutoCloseable {
    private final int queue;
    private final WhenFull whenFull;
    private final int history;
    private final int maxSubscribers;
    private final Duration heartbeat;

    // Tells ids of this run from those of another.
    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Subscription> subscribers = new LinkedHashSet<>(); // by lock, as what follows
    private final ArrayDeque<Event> kept = new ArrayDeque<>();
    private long numbered;
    private long published;
    private long dropped;
    private long ended;
    private long refused;
    private boolean closed;

    private Topic(Builder builder) {
        queue = builder.queue;
        whenFull = builder.whenFull;
        history = builder.history;
        maxSubscribers = builder.maxSubscribers;
        heartbeat = builder.heartbeat;
    }

    /// A topic with the usual settings.
    public static Topic of() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /// Has all who listen get the event; waits for none of them. Does nothing once the topic is closed.
    ///
    /// @return the event as it is sent, with the id that it got
    public Event publish(Event event) {
        lock.lock();
        try {
            if (closed) {
                return event;
            }
            Event sent = event;
            if (history > 0 && event.data().isPresent()) {
                sent = event.id().isPresent() ? event : event.withId(nextId());
                keep(sent);
            }
            published++;
            pass(sent);
            return sent;
        } finally {
            lock.unlock();
        }
    }

    private String nextId() {
        numbered++;
        return run + "-" + numbered;
    }

    private void keep(Event event) {
        if (kept.size() == history) {
            kept.remove();
        }
        kept.add(event);
    }

    private void pass(Event event) {
        Iterator<Subscription> all = subscribers.iterator();
        while (all.hasNext()) {
            EventQueue next = all.next().queue();
            switch (whenFull) {
                case DROP_OLDEST -> {
                    if (!next.offerNewest(event)) {
                        dropped++;
                    }
                }
                case END -> {
                    if (!next.offer(event)) {
                        next.end();
                        all.remove();
                        ended++;
                    }
                }
            }
        }
    }

    /// A place for somebody who gets what is published from now on. To be closed.
    ///
    /// @throws ServiceUnavailable if there are as many as may be
    public Subscription subscribe() {
        return subscribe("");
    }

    /// A place for somebody who comes back, and first gets what has been missed.
    ///
    /// @param lastEventId of the last event that was seen; empty for somebody new
    /// @throws ServiceUnavailable if there are as many as may be
    public Subscription subscribe(String lastEventId) {
        lock.lock();
        try {
            if (subscribers.size() >= maxSubscribers) {
                refused++;
                throw new ServiceUnavailable(
                        "%d listen already, and no more may (maxSubscribers).".formatted(maxSubscribers));
            }
            Subscription place = new Subscription(this, new EventQueue(queue, missedSince(lastEventId)));
            if (closed) {
                place.queue().end();
            } else {
                subscribers.add(place);
            }
            return place;
        } finally {
            lock.unlock();
        }
    }

    private List<Event> missedSince(String lastEventId) {
        if (lastEventId.isEmpty()) {
            return List.of();
        }
        List<Event> missed = new ArrayList<>();
        Iterator<Event> newestFirst = kept.descendingIterator();
        while (newestFirst.hasNext()) {
            Event event = newestFirst.next();
            if (event.id().orElse("").equals(lastEventId)) {
                break;
            }
            missed.addFirst(event);
        }
        return missed;
    }

    void leave(Subscription place) {
        lock.lock();
        try {
            subscribers.remove(place);
        } finally {
            lock.unlock();
        }
    }

    /// The body of a response that sends this topic's events. Its Content-Type is to be `text/event-stream`. The
    /// subscriber leaves when the body is closed.
    ///
    /// @throws ServiceUnavailable if there are as many subscribers as may be
    public Body body(Environ environ) {
        Subscription place = subscribe(EventStream.lastEventId(environ));
        return Body.stream(new EventBody(place.queue(), heartbeat).endsWith(environ))
                .onClose(place::close);
    }

    /// Its figures at this moment.
    public TopicCounts counts() {
        lock.lock();
        try {
            return new TopicCounts(subscribers.size(), published, dropped, ended, refused);
        } finally {
            lock.unlock();
        }
    }

    /// Ends all streams, after what is in their queues; those that come later end at once.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            subscribers.forEach(place -> place.queue().finish());
            subscribers.clear();
            kept.clear();
        } finally {
            lock.unlock();
        }
    }

    /// Configures a topic. Used by one thread.
    public static final class Builder {
        private int queue = 100;
        private WhenFull whenFull = WhenFull.END;
        private int history = 100;
        private int maxSubscribers = 10_000;
        private Duration heartbeat = EventStream.HEARTBEAT;

        private Builder() {}

        /// How many events may wait for one subscriber, on top of those that it has missed: 100.
        ///
        /// @throws IllegalArgumentException if it isn't positive
        public Builder queue(int events) {
            queue = requireAtLeast(1, "queue", events);
            return this;
        }

        /// What happens when a subscriber's queue is full: [WhenFull#END].
        public Builder whenFull(WhenFull policy) {
            whenFull = policy;
            return this;
        }

        /// How many events are kept for those who come back: 100; 0 for none.
        ///
        /// @throws IllegalArgumentException if it is negative
        public Builder history(int events) {
            history = requireAtLeast(0, "history", events);
            return this;
        }

        /// How many may listen at once: 10,000. A further one gets 503.
        ///
        /// @throws IllegalArgumentException if it isn't positive
        public Builder maxSubscribers(int most) {
            maxSubscribers = requireAtLeast(1, "maxSubscribers", most);
            return this;
        }

        /// How long a stream is silent at most: 15 seconds. After that, a comment is sent.
        ///
        /// @throws IllegalArgumentException if it isn't positive
        public Builder heartbeat(Duration silence) {
            heartbeat = EventBody.requirePositive(silence);
            return this;
        }

        public Topic build() {
            return new Topic(this);
        }

        private static int requireAtLeast(int least, String setting, int value) {
            if (value < least) {
                throw new IllegalArgumentException("%s must be %d or more, not %d".formatted(setting, least, value));
            }
            return value;
        }
    }
}
