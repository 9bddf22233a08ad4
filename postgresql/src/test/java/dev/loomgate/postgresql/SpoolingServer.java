package dev.loomgate.postgresql;

import dev.loomgate.toolkit.spooler.QueueKillContract;
import java.nio.file.Path;

/// A program that [PostgresQueueKillTest] kills.
final class SpoolingServer {
    static final String QUEUE = "numbers";

    private SpoolingServer() {}

    /// @param arguments the URL of PostgreSQL, and the file
    public static void main(String[] arguments) throws Exception {
        Postgres postgres = Postgres.of(Pools.of(arguments[0]));
        QueueKillContract.work(PostgresQueue.of(postgres, QUEUE), Path.of(arguments[1]));
    }
}
