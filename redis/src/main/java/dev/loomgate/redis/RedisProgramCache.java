package dev.loomgate.redis;

import static dev.loomgate.redis.ProgramCacheScripts.CHANGED;
import static dev.loomgate.redis.ProgramCacheScripts.KEPT;
import static dev.loomgate.redis.ProgramCacheScripts.NO_COUNTER;

import dev.loomgate.python.ProgramCache;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.SharedOptions.WhenGone;
import dev.loomgate.python.snapshot.CacheSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A cache of Python programs in Redis, the same for all servers. Each call is one step there, but a product and a
/// quotient, which are tried again where somebody was faster.
final class RedisProgramCache implements ProgramCache {
    private static final byte[] NO = Redis.number(0);
    private static final byte[] YES = Redis.number(1);
    private static final byte[] NOTHING = {};
    private static final int MOST_TRIES = 100;
    private static final int KEYS_AT_ONCE = 1000;
    private static final int KEY_OVERHEAD = 5; // in marshal

    private final Redis redis;
    private final SharedOptions.Cache options;
    private final String key;
    private final OwedKeys owed;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder evictions = new LongAdder();
    private volatile long items;

    /// @throws IllegalArgumentException if its name can't be a key's
    RedisProgramCache(Redis redis, SharedOptions.Cache options) {
        this.redis = redis;
        this.options = options;
        key = redis.key("program-cache", Redis.requireName("the name of a cache in Redis", options.name()));
        owed = new OwedKeys(redis, key);
    }

    @Override
    public String name() {
        return options.name();
    }

    @Override
    public boolean waits() {
        return true;
    }

    @Override
    public byte @Nullable [] get(byte[] item) {
        List<byte[]> found =
                asked(() -> redis.run(ProgramCacheScripts.GET, key, item, flag(options.purgeLru())), List.<byte[]>of());
        (found.isEmpty() ? misses : hits).increment();
        return found.isEmpty() ? null : found.getFirst();
    }

    @Override
    public boolean exists(byte[] item) {
        return !asked(() -> redis.run(ProgramCacheScripts.GET, key, item, NO), List.<byte[]>of())
                .isEmpty();
    }

    @Override
    public boolean set(byte[] item, byte[] value, Duration expires, boolean replace) {
        if (item.length == 0
                || item.length > options.keyBytes()
                || value.length == 0
                || value.length > options.blockBytes()) {
            return false;
        }
        long done = put(ProgramCacheScripts.PUT, item, value, expires, flag(replace));
        if (done < 0 && replace) {
            owed.add(item);
        }
        return done == KEPT;
    }

    @Override
    public boolean delete(byte[] item) {
        long deleted = asked(() -> redis.run(ProgramCacheScripts.DELETE, key, item), -1L);
        if (deleted < 0) {
            owed.add(item);
        }
        return deleted > 0;
    }

    @Override
    public boolean count(Arithmetic how, byte[] item, long amount, Duration expires) {
        if (item.length == 0 || item.length > options.keyBytes() || options.blockBytes() < Long.BYTES) {
            return false;
        }
        long done =
                switch (how) {
                    case INC -> add(item, amount, expires);
                    case DEC -> add(item, -amount, expires);
                    case MUL, DIV -> change(how, item, amount, expires);
                };
        if (done == NO_COUNTER) {
            throw new IllegalArgumentException("the cache's %s is no counter, which has 8 bytes"
                    .formatted(new String(item, StandardCharsets.UTF_8)));
        }
        return done == KEPT;
    }

    private long add(byte[] item, long amount, Duration expires) {
        return put(ProgramCacheScripts.ADD, item, bytes(amount), expires, bytes(options.mathInitial()));
    }

    private long change(Arithmetic how, byte[] item, long amount, Duration expires) {
        for (int i = 0; i < MOST_TRIES; i++) {
            List<byte[]> found = asked(() -> redis.run(ProgramCacheScripts.GET, key, item, NO), List.<byte[]>of());
            byte[] before = found.isEmpty() ? NOTHING : found.getFirst();
            if (!found.isEmpty() && before.length != Long.BYTES) {
                return NO_COUNTER;
            }
            long number = found.isEmpty()
                    ? options.mathInitial()
                    : ByteBuffer.wrap(before).order(ByteOrder.LITTLE_ENDIAN).getLong();
            long result = how == Arithmetic.MUL ? number * amount : amount == 0 ? 0 : number / amount;
            long done = put(ProgramCacheScripts.SWAP, item, bytes(result), expires, before);
            if (done != CHANGED) {
                return done;
            }
        }
        throw new IllegalStateException("the cache \"%s\": a counter has changed %d times while it was to be multiplied"
                .formatted(options.name(), MOST_TRIES));
    }

    /// Returns what the script says first; below 0 if Redis is gone.
    private long put(Script<List<Long>> script, byte[] item, byte[] value, Duration expires, byte[] last) {
        long millis = options.expires() ? expires.toMillis() : 0;
        List<Long> done = asked(
                () -> redis.run(
                        script,
                        key,
                        item,
                        value,
                        Redis.number(millis),
                        Redis.number(options.items() - 1),
                        flag(options.purgeLru()),
                        flag(options.clearOnFull()),
                        last),
                List.<Long>of());
        if (done.isEmpty()) {
            return -1;
        }
        items = done.get(1);
        evictions.add(done.get(2));
        if (done.getFirst() == ProgramCacheScripts.FULL && !options.quiet()) {
            redis.link().complain("the cache \"%s\" is full: %d items".formatted(options.name(), items));
        }
        return done.getFirst();
    }

    @Override
    public boolean clear() {
        boolean isDone = asked(() -> redis.run(ProgramCacheScripts.CLEAR, key), -1L) >= 0;
        if (isDone) {
            items = 0;
        } else {
            owed.addAll();
        }
        return isDone;
    }

    @Override
    public List<byte[]> keys(long from, long maxBytes) {
        List<byte[]> some = asked(
                () -> redis.run(ProgramCacheScripts.KEYS, key, Redis.number(from), Redis.number(KEYS_AT_ONCE)),
                List.<byte[]>of());
        List<byte[]> keys = new ArrayList<>();
        long bytes = 0;
        for (byte[] each : some) {
            bytes += each.length + KEY_OVERHEAD;
            if (bytes > maxBytes) {
                break;
            }
            keys.add(each);
        }
        return keys;
    }

    @Override
    public CacheSnapshot snapshot(String name) {
        return new CacheSnapshot(
                name, items, (options.items() - 1) * options.blockBytes(), hits.sum(), misses.sum(), evictions.sum());
    }

    private <T> T asked(Supplier<T> call, T otherwise) {
        try {
            owed.settle();
            return call.get();
        } catch (RedisGone e) {
            if (options.whenGone() == WhenGone.FAIL) {
                throw new IllegalStateException(
                        "the cache \"%s\" can't be used: Redis: %s".formatted(options.name(), e.getMessage()), e);
            }
            return otherwise;
        }
    }

    private static byte[] flag(boolean isSet) {
        return isSet ? YES : NO;
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array();
    }
}
