package dev.loomgate.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is subscribed to, on the connection of now and on those that follow it. Nothing here waits. Any thread.
final class Topics {
    private static final int AT_ONCE = 1000;

    // With the answers on the connection of now, if there is one.
    private final Map<String, @Nullable RedisFuture<Void>> answers = new HashMap<>(); // by this
    private @Nullable StatefulRedisPubSubConnection<String, byte[]> live; // by this

    /// Subscribes to a topic, once.
    ///
    /// @return the answer to that on the connection of now; null if there is none
    synchronized @Nullable RedisFuture<Void> subscribe(String topic) {
        if (!answers.containsKey(topic)) {
            answers.put(topic, null);
            send(commands -> answers.put(topic, commands.subscribe(topic)));
        }
        return answers.get(topic);
    }

    /// Whether it is subscribed to.
    synchronized boolean has(String topic) {
        return answers.containsKey(topic);
    }

    /// Subscribes to it no more.
    synchronized void unsubscribe(String topic) {
        if (answers.containsKey(topic)) {
            answers.remove(topic);
            send(commands -> commands.unsubscribe(topic));
        }
    }

    /// Sends something whose answer nobody waits for, if there is a connection.
    synchronized void send(Consumer<RedisPubSubAsyncCommands<String, byte[]>> command) {
        if (live != null) {
            try {
                command.accept(live.async());
            } catch (RedisException e) {
                // It has just ended. The next one has the topics.
            }
        }
    }

    /// There is a connection.
    ///
    /// @return the answers to come
    synchronized List<RedisFuture<Void>> connected(StatefulRedisPubSubConnection<String, byte[]> connection) {
        live = connection;
        List<RedisFuture<Void>> all = new ArrayList<>();
        List<String> names = List.copyOf(answers.keySet());
        for (int from = 0; from < names.size(); from += AT_ONCE) {
            List<String> some = names.subList(from, Math.min(from + AT_ONCE, names.size()));
            RedisFuture<Void> answer = connection.async().subscribe(some.toArray(String[]::new));
            some.forEach(topic -> answers.put(topic, answer));
            all.add(answer);
        }
        return all;
    }

    /// There is none.
    synchronized void gone() {
        live = null;
        answers.replaceAll((topic, answer) -> null);
    }
}
