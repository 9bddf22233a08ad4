package dev.loomgate.python.uwsgi;

import dev.loomgate.python.ProgramCache;
import dev.loomgate.python.ProgramCache.Arithmetic;
import dev.loomgate.python.shared.SharedCaches;
import dev.loomgate.python.snapshot.CacheSnapshot;
import dev.loomgate.python.wire.MarshalWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The calls whose names begin with `cache_`. Their first argument is the cache's name, the second one the key.
/// Where there is no such cache, nothing is found and nothing is done, as in uWSGI.
record CacheCalls(SharedCaches caches) {
    // A reply's frame has room for it.
    private static final long MOST_KEYS_BYTES = 512 << 10;

    List<CacheSnapshot> snapshot() {
        return caches.snapshot();
    }

    /// Whether a call waits for somebody outside.
    boolean waits(String name, CallArguments arguments) {
        if (!name.startsWith("cache_")) {
            return false;
        }
        ProgramCache cache = caches.find(arguments.text(1));
        return cache != null && cache.waits();
    }

    void answer(String name, CallArguments arguments, MarshalWriter answer) {
        @Nullable ProgramCache cache = caches.find(arguments.text(1));
        if (cache == null) {
            answer.none();
            return;
        }
        switch (name) {
            case "cache_get" -> answer.bytesOrNone(cache.get(arguments.bytes(2)));
            case "cache_set" ->
                answer.bool(cache.set(
                        arguments.bytes(2),
                        arguments.bytes(3),
                        arguments.seconds(4),
                        arguments.text(5).equals("update")));
            case "cache_del" -> answer.bool(cache.delete(arguments.bytes(2)));
            case "cache_exists" -> answer.bool(cache.exists(arguments.bytes(2)));
            case "cache_inc", "cache_dec", "cache_mul", "cache_div" -> {
                Arithmetic how =
                        Arithmetic.valueOf(name.substring("cache_".length()).toUpperCase(Locale.ROOT));
                answer.bool(cache.count(how, arguments.bytes(2), arguments.number(3), arguments.seconds(4)));
            }
            case "cache_keys" -> {
                List<byte[]> keys = cache.keys(arguments.number(2), MOST_KEYS_BYTES);
                answer.beginList(keys.size());
                keys.forEach(answer::bytes);
            }
            case "cache_clear" -> answer.bool(cache.clear());
            default -> throw UwsgiCalls.unknown(name);
        }
    }
}
