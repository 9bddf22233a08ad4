package dev.loomgate.redis;

import dev.loomgate.toolkit.events.Event;
import dev.loomgate.toolkit.events.Topic;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A topic over all servers: what is published on one is sent to who listens on any of them.
///
/// ```java
/// static final RedisTopic NEWS = RedisTopic.of(redis, "news", Topic.of(), RedisTopic.WhenGone.LOCAL);
///
/// Response get(Request request) {
///     return Response.events(request, NEWS.local());
/// }
///
/// void post(Request request) {
///     NEWS.publish(Event.of(request.text()));
/// }
/// ```
/// All servers pass on the same events with the same ids in the same order, so a client may come back to
/// another server with its `Last-Event-ID`. Queues, history and limits are those of the local [Topic],
/// also for WebSockets ([Topic#subscribe()]). Redis' publish/subscribe keeps nothing: what is published
/// while a server isn't connected its clients don't get.
///
/// Used by any thread.
public final class RedisTopic implements AutoCloseable {
    /// What happens to an event while Redis is gone.
    public enum WhenGone {
        /// It reaches who listens on this server.
        LOCAL,

        /// Who publishes gets 503 with `Retry-After`.
        REFUSE
    }

    // The first number is the time, so that ids are new ones as well after Redis has lost its memory.
    private static final Script<Long> PUBLISH = Script.number("""
            local number = redis.call('INCR', KEYS[1])
            if number == 1 then
              local time = redis.call('TIME')
              number = tonumber(time[1]) * 1000000 + tonumber(time[2])
              redis.call('SET', KEYS[1], string.format('%.0f', number))
            end
            redis.call('PUBLISH', ARGV[1], string.format('%.0f', number) .. '\\n' .. ARGV[2])
            return number
            """);

    private final Redis redis;
    private final String name;
    private final String channel;
    private final Topic local;
    private final WhenGone whenGone;
    private final Channel feature = new Channel();

    private RedisTopic(Redis redis, String name, Topic local, WhenGone whenGone) {
        this.redis = redis;
        this.name = name;
        channel = redis.key("topic", name);
        this.local = local;
        this.whenGone = whenGone;
    }

    /// A topic. There is one of a name on a connection.
    ///
    /// @param name letters, digits, `-`, `_` and `.`; topics of one name in one Redis are one
    /// @param local what passes the events on here; nobody else publishes in it
    /// @throws IllegalArgumentException if the name has other characters or over 64, or this connection
    /// has one
    public static RedisTopic of(Redis redis, String name, Topic local, WhenGone whenGone) {
        RedisTopic topic = new RedisTopic(redis, Redis.requireName("RedisTopic", name), local, whenGone);
        redis.add(topic.feature);
        return topic;
    }

    /// What clients of this server listen to.
    public Topic local() {
        return local;
    }

    /// Has all who listen get the event, on all servers; waits for Redis, and for nobody who listens.
    ///
    /// @return the event as it is sent, with the id that it got
    /// @throws IllegalArgumentException if it has no data: nobody would get to see it
    /// @throws ServiceUnavailable if Redis is gone ([WhenGone#REFUSE])
    public Event publish(Event event) {
        String data = event.data().orElseThrow(() -> new IllegalArgumentException("RedisTopic: an event without data"));
        String text = String.join(
                "\n",
                event.id().orElse(""),
                event.name().orElse(""),
                event.retry().map(time -> Long.toString(time.toMillis())).orElse(""),
                data);
        try {
            Long number = redis.run(
                    PUBLISH,
                    redis.key("topic-number", name),
                    channel.getBytes(StandardCharsets.UTF_8),
                    text.getBytes(StandardCharsets.UTF_8));
            return event.id().isPresent() ? event : event.withId(number.toString());
        } catch (RedisGone e) {
            if (whenGone == WhenGone.REFUSE) {
                throw RedisGone.refusal();
            }
            return local.publish(event);
        }
    }

    /// Listens no more, and closes the local topic.
    @Override
    public void close() {
        redis.remove(feature);
        local.close();
    }

    /// Takes what was published.
    ///
    /// ```text
    /// number LF id LF name LF milliseconds until a client connects again LF data
    /// ```
    private final class Channel implements Feature {
        private static final int PARTS = 5;

        @Override
        public String name() {
            return "topic \"" + name + "\"";
        }

        @Override
        public void connected(StatefulRedisPubSubConnection<String, byte[]> connection) {
            redis.link().await(connection.async().subscribe(channel));
        }

        @Override
        public void removed(StatefulRedisPubSubConnection<String, byte[]> connection) {
            connection.async().unsubscribe(channel);
        }

        @Override
        public void gone() {
            // Who listens here goes on doing so.
        }

        @Override
        public void message(String from, byte[] content) {
            if (from.equals(channel)) {
                String[] parts = new String(content, StandardCharsets.UTF_8).split("\n", PARTS);
                if (parts.length == PARTS) {
                    local.publish(event(parts));
                }
            }
        }

        private Event event(String[] parts) {
            Event event = Event.of(parts[4]).withId(parts[1].isEmpty() ? parts[0] : parts[1]);
            if (!parts[2].isEmpty()) {
                event = event.withName(parts[2]);
            }
            return parts[3].isEmpty() ? event : event.withRetry(Duration.ofMillis(Long.parseLong(parts[3])));
        }
    }
}
