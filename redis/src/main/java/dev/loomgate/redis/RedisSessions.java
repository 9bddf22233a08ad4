package dev.loomgate.redis;

import dev.loomgate.toolkit.sessions.SessionStore;
import io.lettuce.core.SetArgs;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/// Sessions in Redis: each server reads at once what another one has written.
///
/// ```java
/// Application site = Sessions.stored(RedisSessions.of(redis), newKey, oldKey).wrap(application);
/// ```
/// A session is under the SHA-256 of its name, so who reads Redis, its log of slow commands or its
/// backup can't take a client's place. It expires by Redis; [dev.loomgate.toolkit.sessions.Sessions]
/// writes it again when half its time is over.
///
/// Two requests that change one session at once, on any servers, lose neither change: a change is made
/// only in place of what has been read (`GET`, compare, `SET` in one script), and made again to what is
/// there if that is something else. It is a script since `WATCH` belongs to a connection, which all
/// requests share here.
///
/// Immutable: each method returns a new one.
public final class RedisSessions implements SessionStore {
    /// What happens while Redis is gone.
    public enum WhenGone {
        /// A request that asks for its session gets 503 with `Retry-After`: the usual.
        REFUSE,

        /// Such a request finds no session, as of a client without a cookie; the cookie stays. A request
        /// that changes one gets 503.
        ANONYMOUS
    }

    private static final int MAX_BYTES = 64 << 10;

    private static final Script<Long> REPLACE = Script.number("""
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then
              return 0
            end
            redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
            return 1
            """);

    private final Redis redis;
    private final int maxBytes;
    private final WhenGone whenGone;

    private RedisSessions(Redis redis, int maxBytes, WhenGone whenGone) {
        this.redis = redis;
        this.maxBytes = maxBytes;
        this.whenGone = whenGone;
    }

    /// Sessions of up to 64 KiB, which are refused while Redis is gone.
    public static RedisSessions of(Redis redis) {
        return new RedisSessions(redis, MAX_BYTES, WhenGone.REFUSE);
    }

    /// The same with another size of a session: 64 KiB at most, which is what `Sessions` take.
    ///
    /// @throws IllegalArgumentException if it is not in 64 to 65536
    public RedisSessions withMaxBytes(int other) {
        if (other < 64 || other > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "RedisSessions: maxBytes is %d, not in 64 to %d".formatted(other, MAX_BYTES));
        }
        return new RedisSessions(redis, other, whenGone);
    }

    /// The same with another answer while Redis is gone.
    public RedisSessions withWhenGone(WhenGone other) {
        return new RedisSessions(redis, maxBytes, other);
    }

    @Override
    public Optional<byte[]> load(String id) {
        try {
            return Optional.ofNullable(redis.call(commands -> commands.get(key(id))));
        } catch (RedisGone e) {
            if (whenGone == WhenGone.ANONYMOUS) {
                return Optional.empty();
            }
            throw RedisGone.refusal();
        }
    }

    /// @throws IllegalStateException if the content is over maxBytes
    @Override
    public void save(String id, byte[] content, Duration timeToLive) {
        checkSize(content);
        SetArgs expiry = SetArgs.Builder.px(millis(timeToLive));
        try {
            redis.call(commands -> commands.set(key(id), content, expiry));
        } catch (RedisGone e) {
            throw RedisGone.refusal();
        }
    }

    /// @throws IllegalStateException if the content is over maxBytes
    @Override
    public boolean replace(String id, byte[] before, byte[] after, Duration timeToLive) {
        checkSize(after);
        try {
            Long done = redis.run(REPLACE, key(id), before, after, Redis.number(millis(timeToLive)));
            return done == 1;
        } catch (RedisGone e) {
            throw RedisGone.refusal();
        }
    }

    @Override
    public void delete(String id) {
        try {
            redis.call(commands -> commands.del(key(id)));
        } catch (RedisGone e) {
            throw RedisGone.refusal();
        }
    }

    private void checkSize(byte[] content) {
        if (content.length > maxBytes) {
            throw new IllegalStateException(
                    "session: it takes %d bytes, over %d (RedisSessions, maxBytes): keep less in it"
                            .formatted(content.length, maxBytes));
        }
    }

    private static long millis(Duration timeToLive) {
        return Math.max(1, timeToLive.toMillis());
    }

    private String key(String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return redis.key("session", Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JDK has SHA-256", e);
        }
    }
}
