package dev.loomgate.postgresql;

import dev.loomgate.toolkit.schedule.RunClaims;
import dev.loomgate.toolkit.schedule.RunClaimsContract;
import java.nio.file.Path;

/// A program that [PostgresRunClaimsTest] kills.
final class SchedulingServer {
    private SchedulingServer() {}

    /// @param arguments where PostgreSQL is, the file, and the clock's base
    public static void main(String[] arguments) throws Exception {
        RunClaims claims = PostgresRunClaims.of(Postgres.of(Pools.of(arguments[0])));
        RunClaimsContract.work(claims, Path.of(arguments[1]), Long.parseLong(arguments[2]));
    }
}
