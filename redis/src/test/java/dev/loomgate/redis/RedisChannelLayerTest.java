package dev.loomgate.redis;

import dev.loomgate.python.ChannelLayerContract;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.testkit.peers.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A layer that several servers may share, with one of them.
class RedisChannelLayerTest extends ChannelLayerContract {
    @TempDir
    private Path place;

    private RedisServer redis;

    @BeforeEach
    void startRedis() throws Exception {
        redis = RedisServer.start(place);
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    @Override
    protected void settle(PythonOptions.Builder program) {
        program.shared(new SharedOptions(
                List.of(),
                null,
                List.of(),
                List.of(),
                List.of(),
                SharedOptions.ChannelsWhenGone.FAIL,
                new SharedOptions.Store(redis.uri(), Duration.ofSeconds(5), "loomgate:")));
    }
}
