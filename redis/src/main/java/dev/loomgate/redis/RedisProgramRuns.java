package dev.loomgate.redis;

import dev.loomgate.python.ProgramRuns;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.schedule.ScheduledRun;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/// Runs of crons and timers that servers share, claimed as those of a Java program's schedule; and jobs
/// that run once at a time, in a key each that ends with its server.
final class RedisProgramRuns implements ProgramRuns {
    private static final String HELD = "job";
    private static final Duration HOLD = Duration.ofSeconds(30);

    private static final Script<Long> TAKE = Script.number("""
            local now = redis.call('GET', KEYS[1])
            if now and now ~= ARGV[1] then
              return 0
            end
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return 1
            """);

    private static final Script<Long> GIVE_BACK = Script.number("""
            return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('DEL', KEYS[1]) or 0
            """);

    private final Redis redis;
    private final RedisRunClaims claims;
    private final byte[] owner = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);

    RedisProgramRuns(Redis redis) {
        this.redis = redis;
        this.claims = RedisRunClaims.of(redis);
    }

    @Override
    public Whose claim(String job, Instant due) {
        try {
            return claims.claim(new ScheduledRun(job, due)) ? Whose.OURS : Whose.ANOTHERS;
        } catch (ServiceUnavailable e) {
            return Whose.UNKNOWN;
        }
    }

    @Override
    public Whose hold(String job) {
        try {
            long ours = redis.run(TAKE, redis.key(HELD, job), owner, Redis.number(HOLD.toMillis()));
            return ours == 1 ? Whose.OURS : Whose.ANOTHERS;
        } catch (RedisGone e) {
            return Whose.UNKNOWN;
        }
    }

    @Override
    public void release(String job) {
        try {
            redis.run(GIVE_BACK, redis.key(HELD, job), owner);
        } catch (RedisGone e) {
            // It ends by itself.
        }
    }
}
