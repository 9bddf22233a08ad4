package dev.loomgate.redis;

import dev.loomgate.toolkit.schedule.RunClaims;
import dev.loomgate.toolkit.schedule.RunClaimsContract;
import java.nio.file.Path;

/// A program that [RedisRunClaimsTest] kills.
final class SchedulingServer {
    private SchedulingServer() {}

    /// @param arguments where Redis is, the file, and the clock's base
    public static void main(String[] arguments) throws Exception {
        RunClaims claims = RedisRunClaims.of(Redis.open(SpoolingServer.settings(arguments[0])));
        RunClaimsContract.work(claims, Path.of(arguments[1]), Long.parseLong(arguments[2]));
    }
}
