package dev.loomgate.redis;

import dev.loomgate.toolkit.spooler.QueueKillContract;
import java.nio.file.Path;
import java.time.Duration;

/// A program that [RedisQueueKillTest] kills.
final class SpoolingServer {
    static final String QUEUE = "numbers";

    private SpoolingServer() {}

    /// A Redis whose disk may be slow.
    static RedisSettings settings(String uri) {
        return RedisSettings.of(uri).withTimeout(Duration.ofSeconds(5));
    }

    /// @param arguments the URI of Redis, and the file
    public static void main(String[] arguments) throws Exception {
        Redis redis = Redis.open(settings(arguments[0]));
        QueueKillContract.work(RedisQueue.of(redis, QUEUE), Path.of(arguments[1]));
    }
}
