package dev.loomgate.redis;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What was deleted or replaced in a cache while Redis was gone, and is to be taken out of it before anything else is
/// asked. Any thread.
final class OwedKeys {
    private static final int MOST = 10_000;

    private final Redis redis;
    private final String key;
    private final Set<ByteBuffer> keys = ConcurrentHashMap.newKeySet();
    private volatile boolean all;

    OwedKeys(Redis redis, String key) {
        this.redis = redis;
        this.key = key;
    }

    /// One item; past 10,000 of them it is all.
    void add(byte[] item) {
        if (keys.size() < MOST) {
            keys.add(ByteBuffer.wrap(item));
        } else {
            all = true;
        }
    }

    void addAll() {
        all = true;
    }

    /// @throws RedisGone if it is still gone
    void settle() {
        if (all) {
            redis.run(ProgramCacheScripts.CLEAR, key);
            all = false;
        }
        if (!keys.isEmpty()) {
            List<ByteBuffer> now = List.copyOf(keys);
            // Few enough for Lua's stack, one after the other.
            for (int i = 0; i < now.size(); i += 1000) {
                List<ByteBuffer> some = now.subList(i, Math.min(i + 1000, now.size()));
                redis.run(
                        ProgramCacheScripts.DELETE,
                        key,
                        some.stream().map(ByteBuffer::array).toArray(byte[][]::new));
                some.forEach(keys::remove);
            }
        }
    }
}
