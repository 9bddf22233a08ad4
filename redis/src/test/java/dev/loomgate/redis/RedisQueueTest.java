package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.spooler.TakenTask;
import dev.loomgate.toolkit.spooler.TaskQueue;
import dev.loomgate.toolkit.spooler.TaskQueueContract;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What all queues do, in a real Redis; and what is Redis' own.
@Timeout(120)
class RedisQueueTest extends TaskQueueContract {
    @TempDir
    private Path directory;

    private RedisServer server;
    private Redis redis;
    private RedisQueue queue;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.start(directory);
        redis = Redis.open(server.uri());
        queue = RedisQueue.of(redis, "mails");
    }

    @AfterEach
    void stop() {
        redis.close();
        server.close();
    }

    @Override
    protected TaskQueue queue() {
        return queue;
    }

    @Override
    protected TaskQueue withMaxDead(int most) {
        return queue.withMaxDead(most);
    }

    @Override
    protected TaskQueue withMaxTasks(int most) {
        return queue.withMaxTasks(most);
    }

    @Override
    protected TaskQueue another() {
        return RedisQueue.of(redis, "letters");
    }

    @Test
    void aFullQueueRefusesAndSaysSoOnce() throws Exception {
        RedisQueue small = queue.withMaxTasks(2);
        small.spool(task("a"));
        small.spool(task("b").withAt(Instant.now().plus(LEASE)));
        try (LogLines log = LogLines.of("dev.loomgate.redis")) {
            takeOne("one");
            assertThatThrownBy(() -> small.spool(task("c"))).isInstanceOf(ServiceUnavailable.class);
            assertThatThrownBy(() -> small.spool(task("c"))).isInstanceOf(ServiceUnavailable.class);

            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().getFirst()).contains("\"mails\" has 2 tasks (RedisQueue, maxTasks)");
        }
    }

    @Test
    void aTaskThatIsTooLargeIsRefused() {
        RedisQueue small = queue.withMaxBytes(100);

        assertThatThrownBy(() -> small.spool(task("a").withBody(new byte[100])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("queue \"mails\": a task takes 113 bytes, over 100 (RedisQueue, maxBytes)");
    }

    @Test
    void whoLeavesIsForgottenUnlessItHasTasks() throws Exception {
        queue.spool(task("a"));
        TakenTask taken = takeOne("one");
        queue.leave("one");
        assertThat(server.ask("XINFO", "CONSUMERS", "loomgate:queue:mails:9", "spooler"))
                .contains("one");

        queue.done(taken);
        queue.leave("one");
        assertThat(server.ask("XINFO", "CONSUMERS", "loomgate:queue:mails:9", "spooler"))
                .doesNotContain("one");
    }

    @Test
    void anEmptiedRedisIsAnEmptyQueue() throws Exception {
        queue.spool(task("a"));
        TakenTask taken = takeOne("one");
        server.ask("FLUSHALL");

        assertThat(queue.renew("one", List.of(taken))).isEmpty();
        assertThat(queue.done(taken)).isFalse();
        assertThat(queue.take("one", 1).tasks()).isEmpty();
        assertThat(queue.claim("one", 1, NO_LEASE)).isEmpty();
        queue.spool(task("b"));
        assertThat(names(List.of(takeOne("one")))).containsExactly("b");
    }

    @Test
    void whileRedisIsGoneNobodySpools() throws Exception {
        server.kill();

        assertThatThrownBy(() -> queue.spool(task("a"))).isInstanceOf(ServiceUnavailable.class);
        assertThatThrownBy(() -> queue.take("one", 1)).isInstanceOf(ServiceUnavailable.class);
    }
}
