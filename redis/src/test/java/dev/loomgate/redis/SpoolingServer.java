package dev.loomgate.redis;

import dev.loomgate.toolkit.spooler.SpoolResult;
import dev.loomgate.toolkit.spooler.Spooler;
import dev.loomgate.toolkit.spooler.SpoolerSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/// A program that [RedisQueueKillTest] kills: it runs tasks, and writes the number of each to a file before it
/// says that it is done.
final class SpoolingServer {
    static final Duration LEASE = Duration.ofSeconds(2);
    static final int PREFETCH = 8;

    private SpoolingServer() {}

    /// A Redis whose disk may be slow.
    static RedisSettings settings(String uri) {
        return RedisSettings.of(uri).withTimeout(Duration.ofSeconds(5));
    }

    /// @param arguments the URI of Redis, and the file
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[1]);
        RedisQueue queue = RedisQueue.of(Redis.open(settings(arguments[0])), "numbers");
        Spooler.start(
                queue,
                SpoolerSettings.DEFAULT
                        .withWorkers(PREFETCH / 2)
                        .withPrefetch(PREFETCH)
                        .withLease(LEASE),
                run -> {
                    String line = run.task().text("number").orElseThrow() + "\n";
                    Files.write(file, line.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.APPEND);
                    return SpoolResult.OK;
                });
        // Until it is killed.
        Thread.currentThread().join();
    }
}
