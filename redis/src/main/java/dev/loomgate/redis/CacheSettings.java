package dev.loomgate.redis;

import java.time.Duration;

/// How a cache keeps values.
///
/// @param timeToLive of a value in Redis, unless [RedisCache#put] says another one: 1 ms to 366 days
/// @param maxValueBytes of one value; a larger one is refused
/// @param nearBytes how much of it this process keeps as well, keys and values; 0 for nothing
/// @param nearTimeToLive how long it does at most; and while Redis is gone, how old a value may be
/// @param whenGone what happens while Redis is gone
public record CacheSettings(
        Duration timeToLive, int maxValueBytes, long nearBytes, Duration nearTimeToLive, RedisCache.WhenGone whenGone) {
    private static final Duration MOST = Duration.ofDays(366);

    /// 10 minutes, 1 MiB, 16 MiB, 1 minute, [RedisCache.WhenGone#LOAD].
    public static final CacheSettings DEFAULT = new CacheSettings(
            Duration.ofMinutes(10), 1 << 20, 16 << 20, Duration.ofMinutes(1), RedisCache.WhenGone.LOAD);

    /// @throws IllegalArgumentException if a value is out of its range
    public CacheSettings {
        requireTime("timeToLive", timeToLive);
        requireTime("nearTimeToLive", nearTimeToLive);
        if (maxValueBytes <= 0) {
            throw new IllegalArgumentException(
                    "CacheSettings: maxValueBytes is %d, not above 0".formatted(maxValueBytes));
        }
        if (nearBytes < 0) {
            throw new IllegalArgumentException("CacheSettings: nearBytes is %d, below 0".formatted(nearBytes));
        }
    }

    static Duration requireTime(String name, Duration time) {
        if (time.toMillis() <= 0 || time.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("%s is %s, not in 1 ms to 366 days".formatted(name, time));
        }
        return time;
    }

    /// The same with another time to live in Redis.
    public CacheSettings withTimeToLive(Duration other) {
        return new CacheSettings(other, maxValueBytes, nearBytes, nearTimeToLive, whenGone);
    }

    /// The same with another size of a value.
    public CacheSettings withMaxValueBytes(int other) {
        return new CacheSettings(timeToLive, other, nearBytes, nearTimeToLive, whenGone);
    }

    /// The same with another size and time for what this process keeps.
    public CacheSettings withNear(long bytes, Duration time) {
        return new CacheSettings(timeToLive, maxValueBytes, bytes, time, whenGone);
    }

    /// The same with another answer while Redis is gone.
    public CacheSettings withWhenGone(RedisCache.WhenGone other) {
        return new CacheSettings(timeToLive, maxValueBytes, nearBytes, nearTimeToLive, other);
    }
}
