package dev.loomgate.python.shared;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import dev.loomgate.python.snapshot.CacheSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Bytes by name, in caches by name, for all workers: uWSGI's caching framework. What was used least goes first
/// when a cache is full. Any thread.
public final class SharedCache {
    private static final int ENTRY_BYTES = 64;

    private record Entry(byte[] value, long expiresNanos) {}

    private final Map<String, Cache<String, Entry>> caches = new ConcurrentHashMap<>();
    private final long maxBytes;

    /// @param maxBytes keys and values of one cache together
    public SharedCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    private Cache<String, Entry> cache(String name) {
        return caches.computeIfAbsent(name, key -> Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((String itsKey, Entry entry) -> weight(itsKey, entry.value()))
                .expireAfter(Expiry.<String, Entry>creating((itsKey, entry) -> Duration.ofNanos(entry.expiresNanos())))
                .executor(Runnable::run)
                .recordStats()
                .build());
    }

    private static int weight(String key, byte[] value) {
        return key.length() + value.length + ENTRY_BYTES;
    }

    /// The value, or null.
    public byte @Nullable [] get(String cache, String key) {
        Entry entry = cache(cache).getIfPresent(key);
        return entry == null ? null : entry.value();
    }

    public boolean exists(String cache, String key) {
        return cache(cache).getIfPresent(key) != null;
    }

    /// Sets a value.
    ///
    /// @param expires after which it is gone; zero for never
    /// @param replace whether a value that is there is replaced
    /// @return whether it was set; never if it is larger than the whole cache
    public boolean set(String cache, String key, byte[] value, Duration expires, boolean replace) {
        if (weight(key, value) > maxBytes) {
            return false;
        }
        Entry entry = new Entry(value.clone(), nanos(expires));
        Map<String, Entry> map = cache(cache).asMap();
        if (!replace) {
            return map.putIfAbsent(key, entry) == null;
        }
        // Removed first, so that its time to live starts over.
        map.remove(key);
        map.put(key, entry);
        return true;
    }

    private static long nanos(Duration expires) {
        return expires.isZero() ? Long.MAX_VALUE : expires.toNanos();
    }

    /// Returns whether there was a value.
    public boolean delete(String cache, String key) {
        return cache(cache).asMap().remove(key) != null;
    }

    /// Adds to a counter, 8 bytes little-endian as uWSGI keeps them; one that isn't there is zero.
    ///
    /// @return the sum
    /// @throws IllegalArgumentException if the value is no counter
    public long add(String cache, String key, long delta, Duration expires) {
        Entry entry = cache(cache).asMap().compute(key, (itsKey, before) -> {
            long sum = (before == null ? 0 : number(itsKey, before.value())) + delta;
            byte[] bytes = ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(sum)
                    .array();
            return new Entry(bytes, before == null ? nanos(expires) : before.expiresNanos());
        });
        return number(key, entry.value());
    }

    private static long number(String key, byte[] value) {
        if (value.length != Long.BYTES) {
            throw new IllegalArgumentException(
                    "the cache's %s has %d bytes, and a counter has 8".formatted(key, value.length));
        }
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /// All caches that have been used, by their names.
    public List<CacheSnapshot> snapshot() {
        return caches.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> snapshot(entry.getKey(), entry.getValue()))
                .toList();
    }

    private CacheSnapshot snapshot(String name, Cache<String, Entry> itsCache) {
        CacheStats stats = itsCache.stats();
        return new CacheSnapshot(
                name, itsCache.estimatedSize(), maxBytes, stats.hitCount(), stats.missCount(), stats.evictionCount());
    }

    public void clear(String cache) {
        cache(cache).invalidateAll();
    }
}
