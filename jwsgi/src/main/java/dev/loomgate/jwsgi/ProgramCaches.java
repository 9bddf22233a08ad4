package dev.loomgate.jwsgi;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Caches by name: each name that a program uses is one, of [#MOST_BYTES], from which goes first what was used longest
/// ago. Values are copied in and out. Any thread.
final class ProgramCaches {
    /// The most bytes that the keys and values of a cache take, a character of a key counted as two.
    static final long MOST_BYTES = 64L << 20;

    private record Item(byte[] value, long ends, boolean forEver) {
        boolean isOver(long now) {
            return !forEver && now - ends >= 0;
        }
    }

    private static final class Cache {
        private final Map<String, Item> items = new LinkedHashMap<>(16, 0.75f, true);
        private long bytes;

        synchronized byte @Nullable [] get(String key, long now) {
            Item item = items.get(key);
            if (item == null) {
                return null;
            }
            if (item.isOver(now)) {
                remove(key);
                return null;
            }
            return item.value().clone();
        }

        synchronized void put(String key, Item item, long now, boolean replaces) {
            Item before = items.get(key);
            if (before != null && !replaces && !before.isOver(now)) {
                return;
            }
            remove(key);
            items.put(key, item);
            bytes += size(key, item);
            Iterator<Map.Entry<String, Item>> oldest = items.entrySet().iterator();
            while (bytes > MOST_BYTES) {
                Map.Entry<String, Item> entry = oldest.next();
                bytes -= size(entry.getKey(), entry.getValue());
                oldest.remove();
            }
        }

        private void remove(String key) {
            Item item = items.remove(key);
            if (item != null) {
                bytes -= size(key, item);
            }
        }

        private static long size(String key, Item item) {
            return 2L * key.length() + item.value().length;
        }
    }

    private final Map<String, Cache> caches = new ConcurrentHashMap<>();
    private final LongSupplier nanoClock;

    ProgramCaches(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    byte @Nullable [] get(String cache, String key) {
        Cache items = caches.get(cache);
        return items == null ? null : items.get(key, nanoClock.getAsLong());
    }

    /// @param seconds for how long; 0 for no end
    /// @param replaces a value that is there
    /// @throws IllegalArgumentException if the value is longer than a cache
    void put(String cache, String key, byte[] value, int seconds, boolean replaces) {
        if (2L * key.length() + value.length > MOST_BYTES) {
            throw new IllegalArgumentException("uwsgi.cache_update: a value of %d bytes, and a cache has room for %d"
                    .formatted(value.length, MOST_BYTES));
        }
        long now = nanoClock.getAsLong();
        Item item = new Item(value.clone(), now + seconds * 1_000_000_000L, seconds <= 0);
        caches.computeIfAbsent(cache, name -> new Cache()).put(key, item, now, replaces);
    }
}
