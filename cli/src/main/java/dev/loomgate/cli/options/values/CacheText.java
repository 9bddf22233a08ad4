package dev.loomgate.cli.options.values;

import dev.loomgate.python.SharedOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/// A cache of the `uwsgi` module, as uWSGI's cache2 describes it: `name=pages,items=100,blocksize=4096`.
public final class CacheText {
    private static final long BLOCK_BYTES = 65535;
    private static final int KEY_BYTES = 2048;

    private static final String REDIS = "redis";

    private static final Map<String, String> KEYS = keys();
    private static final Map<String, String> NOT_OFFERED = notOffered();

    private CacheText() {}

    private static Map<String, String> keys() {
        Map<String, String> keys = new HashMap<>();
        Stream.of(
                        "name",
                        "items",
                        "blocksize",
                        "blocks",
                        "hash",
                        "hashsize",
                        "keysize",
                        "bitmap",
                        "lastmod",
                        "math_initial",
                        "ignore_full",
                        "purge_lru",
                        "lazy_expire",
                        "sweep_on_full",
                        "clear_on_full",
                        "no_expire",
                        REDIS)
                .forEach(key -> keys.put(key, key));
        keys.putAll(Map.of(
                "max_items", "items",
                "maxitems", "items",
                "hash_size", "hashsize",
                "key_size", "keysize",
                "lru", "purge_lru",
                "lazy", "lazy_expire"));
        return Map.copyOf(keys);
    }

    private static Map<String, String> notOffered() {
        Map<String, String> keys = new HashMap<>();
        Stream.of("store", "store_sync", "storesync", "store_delete", "storedelete")
                .forEach(key -> keys.put(key, "a cache is in memory, or in Redis (redis=miss)"));
        Stream.of("node", "nodes", "sync", "udp", "udp_servers", "udp_server", "udpservers", "udpserver")
                .forEach(key -> keys.put(key, "servers share caches that are in Redis (redis=miss)"));
        return Map.copyOf(keys);
    }

    /// @param option for messages
    /// @throws IllegalArgumentException if it isn't that
    public static SharedOptions.Cache parse(String option, String text) {
        Map<String, String> values = KeyValues.parse(option, text, KEYS, NOT_OFFERED);
        long items = number(option, values, "items", 0);
        return new SharedOptions.Cache(
                values.getOrDefault("name", ""),
                items,
                number(option, values, "blocksize", BLOCK_BYTES),
                number(option, values, "blocks", items),
                values.containsKey("bitmap"),
                (int) Math.min(number(option, values, "keysize", KEY_BYTES), Integer.MAX_VALUE),
                values.containsKey("purge_lru"),
                values.containsKey("clear_on_full"),
                !values.containsKey("no_expire"),
                number(option, values, "math_initial", 0),
                values.containsKey("ignore_full"),
                whenGone(option, values.get(REDIS)));
    }

    /// The one that uWSGI's older options describe.
    ///
    /// @param blockBytes the longest value; 0 for the default
    public static SharedOptions.Cache unnamed(long items, long blockBytes, boolean expires) {
        long block = blockBytes == 0 ? BLOCK_BYTES : blockBytes;
        return new SharedOptions.Cache(
                "default", items, block, items, false, KEY_BYTES, false, false, expires, 0, false, null);
    }

    private static SharedOptions.@Nullable WhenGone whenGone(String option, @Nullable String text) {
        return switch (text) {
            case null -> null;
            case "miss" -> SharedOptions.WhenGone.MISS;
            case "fail" -> SharedOptions.WhenGone.FAIL;
            default ->
                throw new IllegalArgumentException(
                        "%s: redis is '%s', and may be miss or fail".formatted(option, text));
        };
    }

    private static long number(String option, Map<String, String> values, String key, long otherwise) {
        String text = values.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            return text.startsWith("-") ? Long.parseLong(text) : new SizeText().convert(text);
        } catch (NumberFormatException | TypeConversionException e) {
            throw new IllegalArgumentException("%s: %s is '%s', which is no number".formatted(option, key, text), e);
        }
    }
}
