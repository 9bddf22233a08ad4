package dev.loomgate.redis;

import dev.loomgate.security.limits.Rate;
import dev.loomgate.security.limits.RateLimitStore;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Buckets in Redis: one limit over all servers.
///
/// ```java
/// RateLimit.of("login", 10, Duration.ofMinutes(1)).in(RedisRateLimits.of(redis))
/// ```
/// A bucket is one number, the time at which it is full (GCRA), read and written by one script, by
/// Redis' clock: the servers' own don't matter. It is forgotten when it is full.
///
/// Immutable: each method returns a new one.
public final class RedisRateLimits implements RateLimitStore {
    /// What happens while Redis is gone.
    public enum WhenGone {
        /// Each server counts by itself, in memory, with buckets that are full at first: the usual. N
        /// servers let up to N times as many pass.
        LOCAL,

        /// A request that is to be counted gets 503 with `Retry-After`: right for a login.
        REFUSE,

        /// Nothing is counted.
        ALLOW
    }

    // When a bucket is full: `full`, in microseconds. A request moves it by `each` into the future, unless that is
    // more than a period away.
    private static final Script<List<Long>> TAKE = Script.numbers("""
            local time = redis.call('TIME')
            local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
            local period = tonumber(ARGV[2])
            local each = period / tonumber(ARGV[1])
            local full = tonumber(redis.call('GET', KEYS[1]) or now)
            if full < now then
              full = now
            end
            local after = full + each
            local wait = after - period - now
            if wait > 0 then
              return {0, 0, math.ceil(wait), math.ceil(full - now)}
            end
            redis.call('SET', KEYS[1], string.format('%.17g', after), 'PX', math.ceil((after - now) / 1000))
            local left = math.floor((period - (after - now)) / each + 0.000001)
            local next = 0
            if left == 0 then
              next = math.max(1, math.ceil(wait + each))
            end
            return {1, left, next, math.ceil(after - now)}
            """);

    private final Redis redis;
    private final WhenGone whenGone;
    private final RateLimitStore local;

    private RedisRateLimits(Redis redis, WhenGone whenGone, RateLimitStore local) {
        this.redis = redis;
        this.whenGone = whenGone;
        this.local = local;
    }

    /// Buckets in that Redis, and in memory while it is gone.
    public static RedisRateLimits of(Redis redis) {
        return new RedisRateLimits(redis, WhenGone.LOCAL, RateLimitStore.inMemory());
    }

    /// The same with another answer while Redis is gone.
    public RedisRateLimits withWhenGone(WhenGone other) {
        return new RedisRateLimits(redis, other, local);
    }

    @Override
    public Bucket take(String key, Rate rate) throws Exception {
        List<Long> bucket;
        try {
            bucket = redis.run(
                    TAKE,
                    redis.key("limit", key),
                    Redis.number(rate.requests()),
                    Redis.number(TimeUnit.MICROSECONDS.convert(rate.period())));
        } catch (RedisGone e) {
            return switch (whenGone) {
                case LOCAL -> local.take(key, rate);
                case REFUSE -> throw RedisGone.refusal();
                case ALLOW -> new Bucket(true, rate.requests(), Duration.ZERO, Duration.ZERO);
            };
        }
        return new Bucket(bucket.get(0) == 1, bucket.get(1), micros(bucket.get(2)), micros(bucket.get(3)));
    }

    private static Duration micros(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
