package dev.loomgate.bench.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Debian's Redis on a free port of 127.0.0.1, in memory alone.
public final class RedisProcess implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/redis-server");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ServerProcess process;
    private final Address address;

    private RedisProcess(ServerProcess process, Address address) {
        this.process = process;
        this.address = address;
    }

    /// Starts it, and waits until it takes connections.
    ///
    /// @param folder for its log
    /// @throws IOException if it isn't installed, or doesn't start
    public static RedisProcess start(Path folder) throws IOException, InterruptedException {
        if (!Files.isExecutable(PROGRAM)) {
            throw new IOException("no Redis at " + PROGRAM + " (apt-get install redis-server)");
        }
        Address address = Address.free();
        List<String> command = List.of(
                PROGRAM.toString(),
                "--bind",
                address.host(),
                "--port",
                Integer.toString(address.port()),
                "--save",
                "",
                "--appendonly",
                "no");
        RedisProcess redis = new RedisProcess(ServerProcess.start("Redis", command, folder), address);
        try {
            redis.awaitConnection();
            return redis;
        } catch (IOException | InterruptedException | RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    private void awaitConnection() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try (Connection _ = address.connect()) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException("Redis takes no connection: " + process.log(), e);
                }
                Thread.sleep(20);
            }
        }
    }

    /// `redis://127.0.0.1:PORT/0`.
    public String uri() {
        return "redis://" + address.hostAndPort() + "/0";
    }

    @Override
    public void close() {
        process.close();
    }
}
