package dev.loomgate.security.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.function.LongSupplier;

/// A [RateLimitStore] in memory.
final class BucketsInMemory implements RateLimitStore {
    private record Entry(io.github.bucket4j.Bucket bucket, Duration period) {}

    private final Cache<String, Entry> entries;
    private final TimeMeter clock;

    BucketsInMemory(int maxKeys, LongSupplier nanos) {
        clock = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return nanos.getAsLong();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        };
        entries = Caffeine.newBuilder()
                .ticker(nanos::getAsLong)
                .maximumSize(maxKeys)
                // A bucket that nobody takes from is full again after that, as a new one is.
                .expireAfter(Expiry.accessing((String _, Entry entry) -> entry.period()))
                // Its upkeep is short, and needs no thread of another pool.
                .executor(Runnable::run)
                .build();
    }

    @Override
    public RateLimitStore.Bucket take(String key, Rate rate) {
        Entry entry = entries.get(key, _ -> new Entry(bucket(rate), rate.period()));
        ConsumptionProbe probe = entry.bucket().tryConsumeAndReturnRemaining(1);
        return new RateLimitStore.Bucket(
                probe.isConsumed(),
                probe.getRemainingTokens(),
                Duration.ofNanos(probe.getNanosToWaitForRefill()),
                Duration.ofNanos(probe.getNanosToWaitForReset()));
    }

    private io.github.bucket4j.Bucket bucket(Rate rate) {
        return io.github.bucket4j.Bucket.builder()
                .withCustomTimePrecision(clock)
                .addLimit(limit -> limit.capacity(rate.requests()).refillGreedy(rate.requests(), rate.period()))
                .build();
    }

    /// How many there are; carries out what is due first.
    long size() {
        entries.cleanUp();
        return entries.estimatedSize();
    }
}
