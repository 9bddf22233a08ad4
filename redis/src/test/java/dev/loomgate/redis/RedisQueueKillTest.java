package dev.loomgate.redis;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.spooler.QueueKillContract;
import dev.loomgate.toolkit.spooler.TaskQueue;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// Spooling programs are killed, and a Redis that keeps what it has.
@Tag("timing")
class RedisQueueKillTest extends QueueKillContract {
    @TempDir
    private Path place;

    private RedisServer server;
    private Redis redis;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.startDurable(place);
        redis = Redis.open(SpoolingServer.settings(server.uri()));
    }

    @AfterEach
    void stop() {
        redis.close();
        server.close();
    }

    @Override
    protected TaskQueue queue() {
        return RedisQueue.of(redis, SpoolingServer.QUEUE);
    }

    @Override
    protected Class<?> program() {
        return SpoolingServer.class;
    }

    @Override
    protected String address() {
        return server.uri();
    }

    @Override
    protected void killDatabase() throws Exception {
        server.kill();
        server.restart();
        Eventually.await("Redis is back", redis::isThere);
    }
}
