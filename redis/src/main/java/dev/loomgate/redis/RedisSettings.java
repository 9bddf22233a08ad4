package dev.loomgate.redis;

import java.time.Duration;

/// Where Redis is, and how it is used.
///
/// @param uri `redis://USER:PASSWORD@HOST:PORT/DATABASE`, `rediss://` with TLS, or
/// `redis-sentinel://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE#NAME`, whose hosts are sentinels that know the master
/// of that name
/// @param timeout of each call, and of each attempt to connect: past that Redis counts as gone. 10 ms to
/// 10 s
/// @param prefix of all keys and channels, so that several sites can share a database; of printable
/// ASCII
/// @param maxCalls how many calls may be under way at once; a further one finds Redis gone
/// @param tls of a `rediss://` URI
public record RedisSettings(String uri, Duration timeout, String prefix, int maxCalls, RedisTls tls) {
    private static final Duration LEAST = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofSeconds(10);
    private static final int MOST_PREFIX = 64;

    /// @throws IllegalArgumentException if a value is out of its range
    public RedisSettings {
        if (timeout.compareTo(LEAST) < 0 || timeout.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("RedisSettings: timeout is %s, not in 10 ms to 10 s".formatted(timeout));
        }
        if (prefix.length() > MOST_PREFIX || !prefix.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "RedisSettings: prefix is not up to %d characters of printable ASCII".formatted(MOST_PREFIX));
        }
        if (maxCalls <= 0) {
            throw new IllegalArgumentException("RedisSettings: maxCalls is %d, not above 0".formatted(maxCalls));
        }
    }

    /// That Redis, with 1 s, `loomgate:` and 10,000 calls.
    public static RedisSettings of(String uri) {
        return new RedisSettings(uri, Duration.ofSeconds(1), "loomgate:", 10_000, RedisTls.DEFAULT);
    }

    /// The same with another time for a call.
    public RedisSettings withTimeout(Duration other) {
        return new RedisSettings(uri, other, prefix, maxCalls, tls);
    }

    /// The same with another prefix of keys and channels.
    public RedisSettings withPrefix(String other) {
        return new RedisSettings(uri, timeout, other, maxCalls, tls);
    }

    /// The same with another number of calls at once.
    public RedisSettings withMaxCalls(int other) {
        return new RedisSettings(uri, timeout, prefix, other, tls);
    }

    /// The same with other authorities, or a certificate of its own.
    public RedisSettings withTls(RedisTls other) {
        return new RedisSettings(uri, timeout, prefix, maxCalls, other);
    }

    /// Without the URI, which may have a password.
    @Override
    public String toString() {
        return "RedisSettings[timeout=%s, prefix=%s, maxCalls=%d]".formatted(timeout, prefix, maxCalls);
    }
}
