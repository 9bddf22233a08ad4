package dev.loomgate.toolkit.sessions;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// A [SessionStore] in memory.
final class SessionsInMemory implements SessionStore {
    // What an entry takes beside its bytes, about.
    private static final int OVERHEAD_BYTES = 256;

    @SuppressWarnings("ArrayRecordComponent")
    private record Entry(byte[] content, Duration timeToLive) {}

    private final Cache<String, Entry> entries;

    SessionsInMemory(long maxBytes) {
        this(maxBytes, Ticker.systemTicker());
    }

    SessionsInMemory(long maxBytes, Ticker ticker) {
        entries = Caffeine.newBuilder()
                .ticker(ticker)
                .maximumWeight(maxBytes)
                .weigher((String _, Entry entry) -> OVERHEAD_BYTES + entry.content().length)
                .expireAfter(Expiry.writing((String _, Entry entry) -> entry.timeToLive()))
                // Its upkeep is short, and needs no thread of another pool.
                .executor(Runnable::run)
                .build();
    }

    @Override
    public Optional<byte[]> load(String id) {
        return Optional.ofNullable(entries.getIfPresent(id)).map(Entry::content);
    }

    @Override
    public void save(String id, byte[] content, Duration timeToLive) {
        entries.put(id, new Entry(content.clone(), timeToLive));
    }

    @Override
    public boolean replace(String id, byte[] before, byte[] after, Duration timeToLive) {
        Entry entry = entries.getIfPresent(id);
        // Entries are equal if they are the same: a name never gets an old one back.
        return entry != null
                && Arrays.equals(entry.content(), before)
                && entries.asMap().replace(id, entry, new Entry(after.clone(), timeToLive));
    }

    @Override
    public void delete(String id) {
        entries.invalidate(id);
    }
}
