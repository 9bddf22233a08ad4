package dev.loomgate.redis;

import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A cache that all servers share, in Redis, of which each process keeps what it reads most.
///
/// ```java
/// static final RedisCache PRICES = RedisCache.of(redis, "prices", CacheSettings.DEFAULT);
///
/// byte[] price = PRICES.get(share, () -> exchange.ask(share));   // one asks, others wait
/// PRICES.invalidate(share);                                      // on all servers
/// ```
/// A change reaches the copies of all processes at once, whatever program made it:
/// Redis tells of it. Copies are not used any more once the connection is gone, unless they may be
/// ([WhenGone#KEEP]).
///
/// What is changed while Redis is gone is remembered by the process that did so, up to 10,000 keys, and
/// taken out of Redis before anything is read there again. Used by any thread; calls wait for Redis, as
/// [Redis] says.
public final class RedisCache {
    /// What happens while Redis is gone.
    public enum WhenGone {
        /// Nothing is found, so loaders are asked, one for each key at a time; what is put isn't kept:
        /// the usual.
        LOAD,

        /// The same, but this process goes on using its copies, and makes some of what is loaded, each
        /// for [CacheSettings#nearTimeToLive] at most: they may be out of date by that much.
        KEEP,

        /// Each call gets 503 with `Retry-After`: for data without another source.
        REFUSE
    }

    /// Makes a value that isn't in the cache.
    @FunctionalInterface
    public interface Loader {
        /// @throws Exception is thrown by the [RedisCache#get(String, Loader)] of all who wait for it
        byte[] load() throws Exception;
    }

    private static final int MOST_KEY = 512;
    private static final int MOST_OWED = 10_000;

    // Redis tells of a key that is taken out only if it was there; who is loading it must hear of it as well.
    private static final Script<Long> INVALIDATE = Script.number("""
            redis.call('SET', KEYS[1], '')
            return redis.call('DEL', KEYS[1])
            """);

    private record Found(byte[] value, Duration time) {}

    private final Redis redis;
    private final String prefix;
    private final CacheSettings settings;
    private final NearCache near;
    private final Loads loads = new Loads();
    private final Set<String> owed = ConcurrentHashMap.newKeySet();
    private final LongAdder nearHits = new LongAdder();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder loaded = new LongAdder();

    private RedisCache(Redis redis, String name, CacheSettings settings) {
        this.redis = redis;
        this.settings = settings;
        prefix = redis.key("cache", name) + ":";
        near = new NearCache(redis.link(), "cache \"" + name + "\"", prefix, settings);
    }

    /// A cache. There is one of a name on a connection.
    ///
    /// @param name letters, digits, `-`, `_` and `.`; caches of one name in one Redis share their values
    /// @throws IllegalArgumentException if the name has other characters or over 64, or this connection
    /// has one
    public static RedisCache of(Redis redis, String name, CacheSettings settings) {
        RedisCache cache = new RedisCache(redis, Redis.requireName("RedisCache", name), settings);
        redis.add(cache.near);
        return cache;
    }

    /// What is kept under a key; empty if there is nothing.
    ///
    /// @throws ServiceUnavailable if Redis is gone ([WhenGone#REFUSE])
    public Optional<byte[]> get(String key) {
        Optional<byte[]> copy = near.get(requireKey(key));
        if (copy.isPresent()) {
            nearHits.increment();
            return copy;
        }
        return fromRedis(key);
    }

    /// What is kept under a key; what the loader makes if there is nothing, which is then kept for the
    /// usual time. Of all threads of this process that ask for one key at once, one looks and loads; the
    /// others wait for it.
    ///
    /// @throws ServiceUnavailable if Redis is gone ([WhenGone#REFUSE])
    /// @throws Exception what the loader throws
    public byte[] get(String key, Loader loader) throws Exception {
        Optional<byte[]> copy = near.get(requireKey(key));
        if (copy.isPresent()) {
            nearHits.increment();
            return copy.get();
        }
        return loads.run(key, () -> {
            long stamp = near.stamp(key);
            Optional<byte[]> found = fromRedis(key);
            return found.isPresent() ? found.get() : load(key, loader, stamp);
        });
    }

    private byte[] load(String key, Loader loader, long stamp) throws Exception {
        byte[] value = loader.load();
        loaded.increment();
        if (near.stamp(key) == stamp) {
            // Otherwise it was invalidated meanwhile, and may have been made of what is over.
            put(key, value);
        }
        if (!redis.isThere() && settings.whenGone() == WhenGone.KEEP) {
            near.put(key, value, settings.nearTimeToLive(), near.stamp(key));
        }
        return value;
    }

    private Optional<byte[]> fromRedis(String key) {
        try {
            settle();
            long stamp = near.stamp(key);
            Optional<Found> found = Optional.ofNullable(redis.call(redisCommands -> {
                Future<@Nullable Found> both = redisCommands
                        .get(prefix + key)
                        .thenCombine(redisCommands.pttl(prefix + key), this::found)
                        .toCompletableFuture();
                return both;
            }));
            found.ifPresent(value -> near.put(key, value.value(), value.time(), stamp));
            (found.isPresent() ? hits : misses).increment();
            return found.map(Found::value);
        } catch (RedisGone e) {
            misses.increment();
            if (settings.whenGone() == WhenGone.REFUSE) {
                throw RedisGone.refusal();
            }
            return Optional.empty();
        }
    }

    /// Keeps a value for the usual time, in place of another one.
    ///
    /// @throws IllegalArgumentException if it is over maxValueBytes
    /// @throws ServiceUnavailable if Redis is gone ([WhenGone#REFUSE])
    public void put(String key, byte[] value) {
        put(key, value, settings.timeToLive());
    }

    /// Keeps a value for that time.
    ///
    /// @throws IllegalArgumentException if it is over maxValueBytes, or the time not in 1 ms to 366 days
    /// @throws ServiceUnavailable if Redis is gone ([WhenGone#REFUSE])
    public void put(String key, byte[] value, Duration timeToLive) {
        requireKey(key);
        long millis =
                CacheSettings.requireTime("RedisCache: timeToLive", timeToLive).toMillis();
        if (value.length > settings.maxValueBytes()) {
            throw new IllegalArgumentException("RedisCache: a value of %d bytes, over %d (CacheSettings, maxValueBytes)"
                    .formatted(value.length, settings.maxValueBytes()));
        }
        near.invalidate(key);
        try {
            settle();
            redis.call(commands -> commands.set(prefix + key, value, SetArgs.Builder.px(millis)));
            near.invalidate(key);
        } catch (RedisGone e) {
            owe(key);
        }
    }

    /// Forgets what is kept under a key, on all servers; what is being loaded there isn't kept.
    ///
    /// @throws ServiceUnavailable if Redis is gone, and [WhenGone#REFUSE], or 10,000 keys are remembered
    /// already
    public void invalidate(String key) {
        near.invalidate(requireKey(key));
        try {
            settle();
            redis.run(INVALIDATE, prefix + key);
            near.invalidate(key);
        } catch (RedisGone e) {
            owe(key);
        }
    }

    /// Remembers that what Redis has under a key is out of date.
    private void owe(String key) {
        if (settings.whenGone() == WhenGone.REFUSE || (owed.size() >= MOST_OWED && !owed.contains(key))) {
            throw RedisGone.refusal();
        }
        owed.add(key);
    }

    /// Takes out of Redis what it should not have any more. Before each other call, so that none sees
    /// it.
    private void settle() {
        if (owed.isEmpty()) {
            return;
        }
        List<String> keys = List.copyOf(owed);
        String[] inRedis = keys.stream().map(key -> prefix + key).toArray(String[]::new);
        redis.call(commands -> commands.del(inRedis));
        keys.forEach(owed::remove);
    }

    private @Nullable Found found(byte @Nullable [] value, long millisLeft) {
        if (value == null) {
            return null;
        }
        Duration most = settings.nearTimeToLive();
        Duration left = Duration.ofMillis(millisLeft);
        return new Found(value, millisLeft >= 0 && left.compareTo(most) < 0 ? left : most);
    }

    private static String requireKey(String key) {
        if (key.isEmpty() || key.length() > MOST_KEY) {
            throw new IllegalArgumentException(
                    "RedisCache: a key of %d characters, not of 1 to %d".formatted(key.length(), MOST_KEY));
        }
        return key;
    }

    /// Its figures at this moment.
    public CacheCounts counts() {
        return new CacheCounts(
                nearHits.sum(), hits.sum(), misses.sum(), loaded.sum(), near.invalidations(), near.size());
    }
}
