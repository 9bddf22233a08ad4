package dev.loomgate.shop;

import dev.loomgate.redis.Redis;
import dev.loomgate.redis.RedisRunClaims;
import dev.loomgate.toolkit.schedule.JobFunction;
import dev.loomgate.toolkit.schedule.Schedule;
import java.time.Duration;
import java.time.ZoneId;

/// A report each night, and prices that are fetched every five minutes.
public final class Nightly {
    private Nightly() {}

    public static Schedule schedule(Redis redis, JobFunction report, JobFunction prices) {
        return Schedule.builder()
                .cron("report", "30 3 * * mon-fri", report)
                .every("prices", Duration.ofMinutes(5), prices)
                .zone(ZoneId.of("Europe/Berlin"))
                .claims(RedisRunClaims.of(redis))
                .start();
    }
}
