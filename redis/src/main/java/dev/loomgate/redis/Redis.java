package dev.loomgate.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A connection to Redis that all features of a server share, used by any thread.
///
/// ```java
/// static final Redis REDIS = Redis.open("redis://127.0.0.1:6379/0");
///
/// static final Application SITE = Sessions.stored(RedisSessions.of(REDIS)).wrap(application);
/// ```
/// One TCP connection, on which calls follow each other without waiting for the answers of others. Who
/// calls waits, and nobody else: in a server that is a microthread, and its loop goes on.
///
/// ```text
///        connected, answers PING, the features are set up
///  gone ---------------------------------------------------> there
///   ^  ^-- tried each 250 ms                                   |
///   +---- a call had no answer in time, or the connection ended
/// ```
/// While it is gone no call waits: each feature does at once what its `WhenGone` says. It needs Redis 6
/// or later, or Valkey (RESP3). The log has one line when it goes and one when it is back.
public final class Redis implements AutoCloseable {
    private final RedisSettings settings;
    private final Link link;

    private Redis(RedisSettings settings) {
        this.settings = settings;
        link = new Link(settings);
    }

    /// Opens a connection with the usual settings.
    ///
    /// @throws IllegalArgumentException as [RedisSettings#uri]
    public static Redis open(String uri) {
        return open(RedisSettings.of(uri));
    }

    /// Opens a connection. Waits until Redis is there, or the first attempt has failed: a server that
    /// starts while Redis is gone starts all the same.
    ///
    /// @throws IllegalArgumentException if the URI is none
    public static Redis open(RedisSettings settings) {
        Redis redis = new Redis(settings);
        redis.link.start();
        return redis;
    }

    /// Whether calls are made, now.
    public boolean isThere() {
        return link.isThere();
    }

    /// Its figures at this moment.
    public RedisCounts counts() {
        return link.counts();
    }

    /// Ends the connection and its threads. What is under way, and what is called later, finds Redis
    /// gone.
    @Override
    public void close() {
        link.close();
    }

    /// Makes a call and waits for its answer.
    ///
    /// @throws RedisGone if there is none
    /// @throws IllegalStateException if Redis says that the call is wrong
    <T extends @Nullable Object> T call(Function<RedisAsyncCommands<String, byte[]>, ? extends Future<T>> command) {
        return link.call(command);
    }

    /// Runs a script for one key.
    ///
    /// @throws RedisGone as [#call]
    <T> T run(Script<T> script, String key, byte[]... arguments) {
        return link.run(script, key, arguments);
    }

    /// Has a feature set up on this connection and on those that follow it.
    void add(Feature feature) {
        link.add(feature);
    }

    void remove(Feature feature) {
        link.remove(feature);
    }

    Link link() {
        return link;
    }

    /// A key or a channel.
    ///
    /// @param kind such as `session`
    String key(String kind, String name) {
        return settings.prefix() + kind + ":" + name;
    }

    /// @throws IllegalArgumentException if it isn't of 1 to 64 letters, digits and `-_.`
    static String requireName(String type, String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new IllegalArgumentException(
                    "%s: \"%s\" is no name of 1 to 64 letters, digits and -_.".formatted(type, name));
        }
        return name;
    }

    static byte[] number(long value) {
        return Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    }
}
