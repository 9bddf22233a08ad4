package dev.loomgate.python.shared;

import dev.loomgate.python.ProgramCache;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.SharedStore;
import dev.loomgate.python.snapshot.CacheSnapshot;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The caches by their names. Used by one thread.
public final class SharedCaches {
    private static final System.Logger LOG = System.getLogger(SharedCaches.class.getName());
    private static final long UNASKED_BYTES = 64L << 20;
    // All caches that were asked for may take a quarter of the heap.
    private static final int PART_OF_THE_HEAP = 4;

    private final Map<String, ProgramCache> caches = new LinkedHashMap<>();
    private final Map<String, SharedCache> unasked = new HashMap<>();
    private final LongSupplier nanoClock;

    /// @param asked the first one is meant by the empty name; if there is none, each name is a cache
    /// @param store where those with `whenGone` are; null if there are none
    /// @param heapBytes the most that the heap may become
    public SharedCaches(
            List<SharedOptions.Cache> asked, @Nullable SharedStore store, long heapBytes, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        long each = heapBytes / PART_OF_THE_HEAP / Math.max(asked.size(), 1);
        for (SharedOptions.Cache options : asked) {
            if (options.whenGone() != null && store != null) {
                caches.put(options.name(), store.cache(options));
                continue;
            }
            if (options.blocks() > each / options.blockBytes()) {
                LOG.log(
                        Level.INFO,
                        "the cache \"{0}\" has room for {1} MiB of its {2}: the heap has no more (java -Xmx)",
                        options.name(),
                        each >> 20,
                        Math.multiplyHigh(options.blocks(), options.blockBytes()) == 0
                                ? (options.blocks() * options.blockBytes()) >> 20
                                : Long.MAX_VALUE >> 20);
            }
            caches.put(options.name(), SharedCache.of(options, each, nanoClock));
        }
    }

    /// What has happened in each: those that were asked for, or those that programs have used.
    public List<CacheSnapshot> snapshot() {
        List<CacheSnapshot> all = new ArrayList<>();
        caches.forEach((name, cache) -> all.add(cache.snapshot(name)));
        new TreeMap<>(unasked).forEach((name, cache) -> all.add(cache.snapshot(name)));
        return all;
    }

    /// The caches that an item is for.
    ///
    /// @param name empty for all that were asked for, or if there are none for the one that no program names
    List<ProgramCache> meant(String name) {
        if (name.isEmpty() && !caches.isEmpty()) {
            return List.copyOf(caches.values());
        }
        ProgramCache one = find(name);
        return one == null ? List.of() : List.of(one);
    }

    /// A cache; null if there is none of this name.
    ///
    /// @param name empty for the first
    /// @throws IllegalArgumentException if it is another server's
    public @Nullable ProgramCache find(String name) {
        if (name.indexOf('@') >= 0) {
            throw new IllegalArgumentException(
                    "the cache \"%s\" is on another server, and caches of this one are offered".formatted(name));
        }
        if (caches.isEmpty()) {
            return unasked.computeIfAbsent(name, key -> SharedCache.unasked(key, UNASKED_BYTES, nanoClock));
        }
        return name.isEmpty() ? caches.values().iterator().next() : caches.get(name);
    }
}
