package dev.loomgate.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// What this process keeps of a cache, as long as Redis tells of all changes (`CLIENT TRACKING` with
/// `BCAST`).
///
/// A value that is read while its key is changed must not stay: who reads takes a stamp first, each
/// change moves the stamp of its key, and a value whose stamp has moved is taken out again.
final class NearCache implements Feature {
    private static final int STAMPS = 1024;
    private static final int ENTRY_BYTES = 100;

    private record Entry(byte[] value, Duration time) {}

    private final Link link;
    private final String name;
    private final String prefix;
    private final boolean keepsWhenGone;
    private final Cache<String, Entry> entries;
    private final AtomicIntegerArray stamps = new AtomicIntegerArray(STAMPS);
    private final AtomicInteger generation = new AtomicInteger();
    private final LongAdder invalidations = new LongAdder();

    /// @param prefix of the cache's keys
    NearCache(Link link, String name, String prefix, CacheSettings settings) {
        this.link = link;
        this.name = name;
        this.prefix = prefix;
        keepsWhenGone = settings.whenGone() == RedisCache.WhenGone.KEEP;
        entries = Caffeine.newBuilder()
                .maximumWeight(settings.nearBytes())
                .weigher((String key, Entry entry) ->
                        Math.clamp(ENTRY_BYTES + 2L * key.length() + entry.value().length, 0, Integer.MAX_VALUE))
                .expireAfter(Expiry.writing((String _, Entry entry) -> entry.time()))
                .executor(Runnable::run)
                .build();
    }

    Optional<byte[]> get(String key) {
        return Optional.ofNullable(entries.getIfPresent(key))
                .map(entry -> entry.value().clone());
    }

    /// What to take before a value is read or made.
    long stamp(String key) {
        return ((long) generation.get() << Integer.SIZE) | (stamps.get(index(key)) & 0xffff_ffffL);
    }

    /// Keeps a value, unless it was changed since that stamp.
    void put(String key, byte[] value, Duration time, long stamp) {
        entries.put(key, new Entry(value.clone(), time));
        if (stamp(key) != stamp) {
            entries.invalidate(key);
        }
    }

    void invalidate(String key) {
        stamps.incrementAndGet(index(key));
        entries.invalidate(key);
    }

    private static int index(String key) {
        return Math.floorMod(key.hashCode(), STAMPS);
    }

    private void invalidateAll() {
        generation.incrementAndGet();
        entries.invalidateAll();
    }

    long invalidations() {
        return invalidations.sum();
    }

    long size() {
        return entries.estimatedSize();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void connected(StatefulRedisPubSubConnection<String, byte[]> connection) {
        link.await(connection
                .async()
                .clientTracking(TrackingArgs.Builder.enabled().bcast().prefixes(prefix)));
        // What changed meanwhile, nobody has told.
        invalidateAll();
    }

    @Override
    public void removed(StatefulRedisPubSubConnection<String, byte[]> connection) {
        invalidateAll();
    }

    @Override
    public void gone() {
        if (!keepsWhenGone) {
            invalidateAll();
        }
    }

    @Override
    public void invalidated(@Nullable List<String> keys) {
        if (keys == null) {
            invalidations.increment();
            invalidateAll();
            return;
        }
        for (String key : keys) {
            if (key.startsWith(prefix)) {
                invalidations.increment();
                invalidate(key.substring(prefix.length()));
            }
        }
    }
}
