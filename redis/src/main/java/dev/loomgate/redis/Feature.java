package dev.loomgate.redis;

import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to be set up on each new connection, and hears of what comes without having been asked for.
interface Feature {
    /// `cache "prices"`: there is one of it on a [Redis].
    String name();

    /// Sets itself up on a connection, before other calls are made there. May wait, by [Link#await].
    ///
    /// @throws RedisGone if that fails: the connection is given up
    void connected(StatefulRedisPubSubConnection<String, byte[]> connection);

    /// Other calls are made on that connection from now on. Must not wait.
    default void ready() {}

    /// Is to leave no trace on a connection that goes on being used. Must not wait.
    void removed(StatefulRedisPubSubConnection<String, byte[]> connection);

    /// The connection is gone: what it would have told is missed from now on. Must not wait.
    void gone();

    /// A message of a channel. In Lettuce's I/O thread: must not wait.
    default void message(String channel, byte[] content) {}

    /// These keys were changed by somebody; null for all of them. In Lettuce's I/O thread: must not
    /// wait.
    default void invalidated(@Nullable List<String> keys) {}
}
