package dev.loomgate.python.shared;

import dev.loomgate.python.ProgramCache;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.snapshot.CacheSnapshot;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Bytes by key, for all workers: one cache of uWSGI's caching framework. Items are gone when their time is over, not
/// only when somebody sweeps. Used by one thread.
public final class SharedCache implements ProgramCache {
    private static final System.Logger LOG = System.getLogger(SharedCache.class.getName());

    private static final long ENTRY_BYTES = 64;
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long COMPLAINT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_ITEMS = 1 << 20;
    private static final int KEY_OVERHEAD = 5; // in marshal

    /// @param ends when it is over, by the clock; null for never
    private record Entry(byte[] value, long units, @Nullable Long ends) {}

    private final SharedOptions.Cache options;
    private final boolean countsKeys;
    private final long room;
    private final LongSupplier nanoClock;
    private final LinkedHashMap<ByteBuffer, Entry> entries;
    private long taken;
    private long lastSweep;
    private long lastComplaint;
    private long hits;
    private long misses;
    private long evictions;

    private SharedCache(SharedOptions.Cache options, boolean countsKeys, long room, LongSupplier nanoClock) {
        this.options = options;
        this.countsKeys = countsKeys;
        this.room = room;
        this.nanoClock = nanoClock;
        entries = new LinkedHashMap<>(16, 0.75f, options.purgeLru());
        lastSweep = nanoClock.getAsLong();
        lastComplaint = lastSweep - COMPLAINT_NANOS;
    }

    /// A cache as somebody has asked for it.
    ///
    /// @param heapBytes that all its values may take: less than they could, where the heap has less room
    static SharedCache of(SharedOptions.Cache options, long heapBytes, LongSupplier nanoClock) {
        long most = options.bitmap() ? options.blocks() : options.items() - 1;
        return new SharedCache(options, false, Math.min(most, heapBytes / options.blockBytes()), nanoClock);
    }

    /// A cache that nobody has asked for by an option: what was used longest ago goes first when it is full.
    ///
    /// @param maxBytes keys and values together
    static SharedCache unasked(String name, long maxBytes, LongSupplier nanoClock) {
        SharedOptions.Cache options = new SharedOptions.Cache(
                "unasked " + name, MOST_ITEMS, 1, maxBytes, true, 65534, true, false, true, 0, true, null);
        return new SharedCache(options, true, maxBytes, nanoClock);
    }

    private long units(int keyBytes, int valueBytes) {
        if (countsKeys) {
            return keyBytes + valueBytes + ENTRY_BYTES;
        }
        return options.bitmap() ? (valueBytes + options.blockBytes() - 1) / options.blockBytes() : 1;
    }

    private @Nullable Entry find(ByteBuffer key) {
        Entry entry = entries.get(key);
        if (entry != null && entry.ends() != null && entry.ends() - nanoClock.getAsLong() <= 0) {
            remove(key);
            evictions++;
            return null;
        }
        return entry;
    }

    private @Nullable Entry remove(ByteBuffer key) {
        Entry entry = entries.remove(key);
        if (entry != null) {
            taken -= entry.units();
        }
        return entry;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        Entry entry = find(ByteBuffer.wrap(key));
        if (entry == null) {
            misses++;
            return null;
        }
        hits++;
        return entry.value();
    }

    @Override
    public boolean exists(byte[] key) {
        return find(ByteBuffer.wrap(key)) != null;
    }

    @Override
    public String name() {
        return options.name();
    }

    @Override
    public boolean waits() {
        return false;
    }

    @Override
    public boolean set(byte[] key, byte[] value, Duration expires, boolean replace) {
        Long ends = ends(expires);
        ByteBuffer itsKey = ByteBuffer.wrap(key);
        Entry before = find(itsKey);
        return (before == null || replace) && put(itsKey, value, ends, before);
    }

    private @Nullable Long ends(Duration expires) {
        return expires.isZero() || !options.expires() ? null : nanoClock.getAsLong() + expires.toNanos();
    }

    private boolean put(ByteBuffer key, byte[] value, @Nullable Long ends, @Nullable Entry before) {
        long most = options.blockBytes() * (options.bitmap() ? options.blocks() : 1);
        if (!key.hasRemaining() || key.remaining() > options.keyBytes() || value.length == 0 || value.length > most) {
            return false;
        }
        long units = units(key.remaining(), value.length);
        // As in uWSGI, blocks for the new value are needed beside those of the old one.
        long more = units - (before == null || options.bitmap() ? 0 : before.units());
        if (!fits(more, before == null) && !makeRoom(key, units, more, before)) {
            return false;
        }
        // Taken out first: a LinkedHashMap in order of access would leave it where it is.
        remove(key);
        entries.put(key, new Entry(value, units, ends));
        taken += units;
        return true;
    }

    private boolean fits(long more, boolean isNew) {
        return taken + more <= room && !(isNew && entries.size() >= options.items() - 1);
    }

    private boolean makeRoom(ByteBuffer key, long units, long more, @Nullable Entry before) {
        if (units > room) {
            complain();
            return false;
        }
        sweep();
        if (fits(more, before == null)) {
            return true;
        }
        complain();
        if (options.purgeLru()) {
            Iterator<Map.Entry<ByteBuffer, Entry>> eldest = entries.entrySet().iterator();
            while (!fits(more, before == null) && eldest.hasNext()) {
                Map.Entry<ByteBuffer, Entry> each = eldest.next();
                if (!each.getKey().equals(key)) {
                    taken -= each.getValue().units();
                    eldest.remove();
                    evictions++;
                }
            }
            return fits(more, before == null);
        }
        if (options.clearOnFull()) {
            evictions += entries.size();
            return clear();
        }
        return false;
    }

    private void sweep() {
        long now = nanoClock.getAsLong();
        if (now - lastSweep >= SWEEP_NANOS || entries.size() < 1024) {
            lastSweep = now;
            entries.values().removeIf(entry -> {
                boolean over = entry.ends() != null && entry.ends() - now <= 0;
                taken -= over ? entry.units() : 0;
                evictions += over ? 1 : 0;
                return over;
            });
        }
    }

    private void complain() {
        long now = nanoClock.getAsLong();
        if (!options.quiet() && !options.purgeLru() && now - lastComplaint >= COMPLAINT_NANOS) {
            lastComplaint = now;
            LOG.log(Level.WARNING, "the cache \"{0}\" is full: {1} items", options.name(), entries.size());
        }
    }

    @Override
    public boolean delete(byte[] key) {
        ByteBuffer itsKey = ByteBuffer.wrap(key);
        return find(itsKey) != null && remove(itsKey) != null;
    }

    @Override
    public boolean count(Arithmetic how, byte[] key, long amount, Duration expires) {
        ByteBuffer itsKey = ByteBuffer.wrap(key);
        Entry before = find(itsKey);
        long value = before == null ? options.mathInitial() : number(key, before.value());
        long result =
                switch (how) {
                    case INC -> value + amount;
                    case DEC -> value - amount;
                    case MUL -> value * amount;
                    case DIV -> amount == 0 ? 0 : value / amount;
                };
        byte[] bytes = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(result)
                .array();
        return put(itsKey, bytes, before == null ? ends(expires) : before.ends(), before);
    }

    private static long number(byte[] key, byte[] value) {
        if (value.length != Long.BYTES) {
            throw new IllegalArgumentException("the cache's %s has %d bytes, and a counter has 8"
                    .formatted(new String(key, StandardCharsets.UTF_8), value.length));
        }
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    @Override
    public boolean clear() {
        entries.clear();
        taken = 0;
        return true;
    }

    @Override
    public CacheSnapshot snapshot(String name) {
        return new CacheSnapshot(name, entries.size(), room * options.blockBytes(), hits, misses, evictions);
    }

    @Override
    public List<byte[]> keys(long from, long maxBytes) {
        long now = nanoClock.getAsLong();
        List<byte[]> keys = new ArrayList<>();
        long place = 0;
        long bytes = 0;
        for (Map.Entry<ByteBuffer, Entry> each : entries.entrySet()) {
            Long ends = each.getValue().ends();
            if ((ends != null && ends - now <= 0) || place++ < from) {
                continue;
            }
            byte[] key = each.getKey().array();
            bytes += key.length + KEY_OVERHEAD;
            if (bytes > maxBytes) {
                break;
            }
            keys.add(key);
        }
        return keys;
    }
}
