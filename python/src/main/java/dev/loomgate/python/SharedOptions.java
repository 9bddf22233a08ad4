package dev.loomgate.python;

import dev.loomgate.loop.settings.InvalidSetting;
import dev.loomgate.loop.settings.TimeText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a program's workers share through the `uwsgi` module, as far as it has to be asked for.
///
/// @param caches in their order: the first one is meant where a program names none. Without any, there is a cache of 64
/// MiB under each name that a program uses
/// @param queue null for none
/// @param areas memory by number, from 0
/// @param metrics numbers by name
/// @param items what caches hold from the start on
/// @param channels what becomes of the channel layer (`loomgate_channels`) while the store is gone; null where the
/// layer isn't in the store, and so this server's alone
/// @param store where caches with `whenGone` are, and others; null for none
public record SharedOptions(
        List<Cache> caches,
        @Nullable Queue queue,
        List<Area> areas,
        List<Metric> metrics,
        List<Item> items,
        @Nullable ChannelsWhenGone channels,
        @Nullable Store store) {
    private static final long PAGE_BYTES = 4096;

    /// A cache (`uwsgi.cache_get`). Sizes are uWSGI's: what doesn't fit there doesn't fit here.
    ///
    /// @param items there is room for one less, as in uWSGI, whose first place stays empty
    /// @param blockBytes the longest value, unless `bitmap` is set
    /// @param blocks of all values together, with `bitmap`
    /// @param bitmap whether a value may take several blocks
    /// @param keyBytes the longest key, 1 to 65534
    /// @param purgeLru whether the item that was used longest ago makes room for a new one
    /// @param clearOnFull whether all items make room for a new one
    /// @param expires whether items are forgotten when their time is over
    /// @param mathInitial what a counter begins with
    /// @param quiet whether nothing is logged when it is full
    /// @param whenGone null for a cache of this server alone; otherwise it is in the [Store], for all servers
    /// that have it, and this is what happens while that is gone
    public record Cache(
            String name,
            long items,
            long blockBytes,
            long blocks,
            boolean bitmap,
            int keyBytes,
            boolean purgeLru,
            boolean clearOnFull,
            boolean expires,
            long mathInitial,
            boolean quiet,
            @Nullable WhenGone whenGone) {
        private static final int MOST_KEY_BYTES = 65534;

        /// @throws IllegalArgumentException if a size makes no sense
        public Cache {
            require(!name.isEmpty(), "needs a name");
            require(items > 0, "needs a number of items for \"%s\"".formatted(name));
            require(blockBytes > 0, "gives \"%s\" blocks of %d bytes".formatted(name, blockBytes));
            require(blocks >= items, "gives \"%s\" %d blocks, fewer than its %d items".formatted(name, blocks, items));
            require(
                    keyBytes > 0 && keyBytes <= MOST_KEY_BYTES,
                    "gives \"%s\" keys of %d bytes, they may have 1 to %d".formatted(name, keyBytes, MOST_KEY_BYTES));
            require(
                    whenGone == null || !bitmap,
                    "gives \"%s\" blocks (bitmap), which a cache that is shared by servers hasn't".formatted(name));
        }

        private static void require(boolean right, String otherwise) {
            if (!right) {
                throw new InvalidSetting("caches", otherwise);
            }
        }
    }

    /// What a cache does while its store is gone.
    public enum WhenGone {
        /// Nothing is found and nothing is kept, as in a cache that is full: what a program does without a cache, it
        /// does then. What it has deleted or replaced meanwhile isn't found later either.
        MISS,

        /// Each call raises an exception in the program.
        FAIL
    }

    /// What the channel layer does while its store is gone.
    public enum ChannelsWhenGone {
        /// It is that of this server alone: what is for others is lost.
        LOCAL,

        /// What would reach others raises an exception in the program.
        FAIL
    }

    /// Where servers share something.
    ///
    /// @param uri `redis://USER:PASSWORD@HOST:PORT/DATABASE`, `rediss://` with TLS, or
    /// `redis-sentinel://HOST,HOST/DATABASE#NAME`
    /// @param timeout of each call, past which the store counts as gone: 10 ms to 10 s
    /// @param prefix of all keys, up to 64 characters of printable ASCII: sites with different ones share nothing
    public record Store(String uri, Duration timeout, String prefix) {
        private static final Duration LEAST = Duration.ofMillis(10);
        private static final Duration MOST = Duration.ofSeconds(10);
        private static final int MOST_PREFIX = 64;

        /// @throws IllegalArgumentException if a value is out of its range; without the URI, which may have a password
        public Store {
            if (!uri.matches("redis(s|-sentinel)?://\\S+")) {
                throw new InvalidSetting("store", "is no redis://, rediss:// or redis-sentinel:// URI of a host");
            }
            if (timeout.compareTo(LEAST) < 0 || timeout.compareTo(MOST) > 0) {
                throw new InvalidSetting(
                        "storeTimeout", "is %s, it must be in 10ms to 10s".formatted(TimeText.of(timeout)));
            }
            if (prefix.length() > MOST_PREFIX || !prefix.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new InvalidSetting(
                        "storePrefix", "must have up to %d characters of printable ASCII".formatted(MOST_PREFIX));
            }
        }

        /// Without the URI.
        @Override
        public String toString() {
            return "Store[timeout=%s, prefix=%s]".formatted(timeout, prefix);
        }
    }

    /// A ring of messages (`uwsgi.queue_push`).
    ///
    /// @param slots messages that it has room for
    /// @param blockBytes of a slot; the longest message has 16 less
    /// @param store a file that has it, in uWSGI's format, so that it outlives the server; or null
    public record Queue(
            long slots, long blockBytes, @Nullable Path store) {
        private static final long MOST_BYTES = 1L << 30;

        /// @throws IllegalArgumentException if a size makes no sense
        public Queue {
            if (slots < 1) {
                throw new InvalidSetting("queue", "is " + slots + " messages, it must be at least 1");
            }
            if (blockBytes < 17 || slots > MOST_BYTES / blockBytes) {
                throw new InvalidSetting(
                        "queueBlockBytes",
                        "is %d bytes: all %d must be in 17 bytes to 1g together".formatted(blockBytes, slots));
            }
            if (slots * blockBytes % PAGE_BYTES != 0) {
                throw new InvalidSetting(
                        "queueBlockBytes",
                        "is %d bytes: with %d of them it must be a multiple of %d, the size of a page"
                                .formatted(blockBytes, slots, PAGE_BYTES));
            }
        }
    }

    /// Memory that all processes of a generation of the program have (`uwsgi.sharedarea_read`).
    ///
    /// @param bytes at least 1
    /// @param file what it is a window into; or null
    /// @param offset where in the file it begins, a multiple of the size of a page
    public record Area(long bytes, @Nullable Path file, long offset) {
        /// @throws IllegalArgumentException if a size makes no sense
        public Area {
            if (bytes < 1) {
                throw new InvalidSetting("areas", "has " + bytes + " bytes, it needs at least 1");
            }
            if (offset < 0 || offset % PAGE_BYTES != 0) {
                throw new InvalidSetting(
                        "areas", "begins at %d of its file, which is no multiple of %d".formatted(offset, PAGE_BYTES));
            }
        }
    }

    /// A number that programs change (`uwsgi.metric_inc`).
    ///
    /// @param name letters, digits, `.`, `-` and `_`
    /// @param initial what it begins with
    public record Metric(String name, long initial) {
        /// @throws IllegalArgumentException if the name isn't one
        public Metric {
            if (!name.matches("[A-Za-z0-9._-]+")) {
                throw new InvalidSetting(
                        "metrics",
                        "has the name \"%s\", which needs letters, digits, '.', '-' and '_'".formatted(name));
            }
        }
    }

    /// What a cache holds from the start on, unless the key is there already. One that can't be stored, because it is
    /// too long for one, is logged.
    ///
    /// @param cache its name; empty for all caches
    /// @param setting what messages call it
    public record Item(String cache, String key, Content content, String setting) {}

    /// What an item is.
    public sealed interface Content {
        /// A text, in UTF-8.
        record Text(String text) implements Content {}

        /// What a file holds at the start.
        ///
        /// @param compressed whether it is stored as gzip makes it
        record InFile(Path path, boolean compressed) implements Content {}
    }

    /// @throws IllegalArgumentException if two caches have one name, an item names a cache that there isn't, or there
    /// is no store for a cache
    public SharedOptions {
        caches = List.copyOf(caches);
        areas = List.copyOf(areas);
        metrics = List.copyOf(metrics);
        items = List.copyOf(items);
        Set<String> names = new HashSet<>();
        for (Cache cache : caches) {
            if (!names.add(cache.name())) {
                throw new InvalidSetting("caches", "names \"" + cache.name() + "\" twice");
            }
            if (cache.whenGone() != null && store == null) {
                throw new InvalidSetting("store", "is needed for the cache \"" + cache.name() + "\"");
            }
        }
        if (channels != null && store == null) {
            throw new InvalidSetting("store", "is needed for a channel layer that several servers share");
        }
        for (Item item : items) {
            if (!item.cache().isEmpty() && !caches.isEmpty() && !names.contains(item.cache())) {
                throw new InvalidSetting(
                        item.setting(), "names the cache \"" + item.cache() + "\", and there is none of that name");
            }
        }
    }

    /// Nothing that has to be asked for.
    public static SharedOptions none() {
        return new SharedOptions(List.of(), null, List.of(), List.of(), List.of(), null, null);
    }
}
