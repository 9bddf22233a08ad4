package dev.loomgate.redis;

import dev.loomgate.toolkit.schedule.Schedule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/// A program that [RedisRunClaimsTest] kills: it has a job of each minute, by a clock that runs faster, and writes the
/// id of each run, and its own as a process, to a file.
final class SchedulingServer {
    static final int SPEED = 600;

    private SchedulingServer() {}

    /// The time, when the clock was at zero at `base`, in milliseconds.
    static Instant now(long base) {
        return Instant.ofEpochMilli((System.currentTimeMillis() - base) * SPEED);
    }

    /// @param arguments the URI of Redis, the file, and the clock's base
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[1]);
        long base = Long.parseLong(arguments[2]);
        Schedule.builder()
                .every("minute", Duration.ofMinutes(1), run -> {
                    byte[] line =
                            (run.id() + " " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
                    Files.write(file, line, StandardOpenOption.APPEND);
                })
                .clock(() -> now(base), Duration.ofMillis(10))
                .mostLate(Duration.ofHours(12))
                .claims(RedisRunClaims.of(Redis.open(SpoolingServer.settings(arguments[0]))))
                .start();
        // Until it is killed.
        Thread.currentThread().join();
    }
}
