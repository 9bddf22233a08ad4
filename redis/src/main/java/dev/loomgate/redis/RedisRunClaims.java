package dev.loomgate.redis;

import dev.loomgate.toolkit.schedule.RunClaims;
import dev.loomgate.toolkit.schedule.ScheduledRun;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

/// Claims of runs in Redis: of all servers that have a job, one does each of its runs.
///
/// ```java
/// Schedule.builder().cron("report", "0 3 * * *", run -> report()).claims(RedisRunClaims.of(redis)).start()
/// ```
/// A claim is a key with the run's id, which the first server sets and which stays for [#withMemory]. No server leads
/// the others, so none has to be noticed as dead: a run that its server dies in isn't done again.
///
/// Immutable: each method returns a new one.
public final class RedisRunClaims implements RunClaims {
    /// What happens while Redis is gone.
    public enum WhenGone {
        /// No run begins; those that aren't too late by then (`mostLate`) when Redis is back: the usual.
        WAIT,

        /// Each server does each run: right where a run may be done several times, as to refresh something.
        RUN
    }

    private static final Duration LEAST_MEMORY = Duration.ofMinutes(1);
    private static final Duration MOST_MEMORY = Duration.ofDays(366);

    // The same server asks again if it had no answer.
    private static final Script<Long> CLAIM = Script.number("""
            if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
              return 1
            end
            return redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0
            """);

    private final Redis redis;
    private final WhenGone whenGone;
    private final Duration memory;
    private final byte[] owner;

    private RedisRunClaims(Redis redis, WhenGone whenGone, Duration memory, byte[] owner) {
        this.redis = redis;
        this.whenGone = whenGone;
        this.memory = memory;
        this.owner = owner;
    }

    /// Claims that are remembered for two days, and wait while Redis is gone.
    public static RedisRunClaims of(Redis redis) {
        byte[] owner = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
        return new RedisRunClaims(redis, WhenGone.WAIT, Duration.ofDays(2), owner);
    }

    /// The same with another answer while Redis is gone.
    public RedisRunClaims withWhenGone(WhenGone other) {
        return new RedisRunClaims(redis, other, memory, owner);
    }

    /// The same with another time for which a run is remembered: longer than the schedules' `mostLate`, and than their
    /// clocks may differ.
    ///
    /// @param time 1 min to 366 days
    /// @throws IllegalArgumentException if it is out of its range
    public RedisRunClaims withMemory(Duration time) {
        if (time.compareTo(LEAST_MEMORY) < 0 || time.compareTo(MOST_MEMORY) > 0) {
            throw new IllegalArgumentException(
                    "RedisRunClaims: memory is %s, not in %s to %s".formatted(time, LEAST_MEMORY, MOST_MEMORY));
        }
        return new RedisRunClaims(redis, whenGone, time, owner);
    }

    @Override
    public boolean claim(ScheduledRun run) {
        try {
            return redis.run(CLAIM, redis.key("run", run.id()), owner, Redis.number(memory.toMillis())) == 1;
        } catch (RedisGone e) {
            return switch (whenGone) {
                case WAIT -> throw RedisGone.refusal();
                case RUN -> true;
            };
        }
    }
}
