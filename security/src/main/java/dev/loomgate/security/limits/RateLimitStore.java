package dev.loomgate.security.limits;

import java.time.Duration;

/// Where buckets are: the seam to a store that several servers share.
///
/// Used by all requests at once. What it throws is the request's failure; one that would rather let
/// requests pass while it is down does so itself.
@FunctionalInterface
public interface RateLimitStore {
    /// What is left in a bucket.
    ///
    /// @param allowed whether there was a request left, which is taken now
    /// @param remaining how many are left
    /// @param next when there is one again: zero if there is one
    /// @param full when the bucket is full
    record Bucket(boolean allowed, long remaining, Duration next, Duration full) {}

    /// Takes one request out of a bucket, which is full if the key is new.
    ///
    /// @param key 1 to 256 characters
    /// @throws Exception as an endpoint may, with the same answer
    Bucket take(String key, Rate rate) throws Exception;

    /// Buckets in memory, for 100,000 keys at most.
    static RateLimitStore inMemory() {
        return inMemory(100_000);
    }

    /// Buckets in memory. Those that would be full again are forgotten; of too many, those that are
    /// asked for least.
    ///
    /// @param maxKeys how many at most: some 300 bytes each
    /// @throws IllegalArgumentException if it is not above 0
    static RateLimitStore inMemory(int maxKeys) {
        if (maxKeys <= 0) {
            throw new IllegalArgumentException("RateLimitStore.inMemory: %d keys, not above 0".formatted(maxKeys));
        }
        return new BucketsInMemory(maxKeys, System::nanoTime);
    }
}
