package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.python.ProgramCache;
import dev.loomgate.python.SharedOptions;
import dev.loomgate.python.SharedOptions.WhenGone;
import dev.loomgate.python.SharedStore;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.peers.RedisSentinels;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.Session;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.sessions.Sessions;
import dev.loomgate.toolkit.spooler.SpoolResult;
import dev.loomgate.toolkit.spooler.Spooler;
import dev.loomgate.toolkit.spooler.SpoolerSettings;
import dev.loomgate.toolkit.spooler.Task;
import dev.loomgate.toolkit.test.Client;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What happens when real sentinels put a replica in the place of a master.
@Timeout(180)
@Tag("timing")
class RedisSentinelTest {
    // The sentinels wait for a second, agree, and promote; then we ask four times a second.
    private static final Duration MOST_OUTAGE = Duration.ofSeconds(20);

    // A call that isn't made waits for nothing.
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    @TempDir
    private Path directory;

    private RedisSentinels server;
    private LogLines log;
    private LogLines lettuce;

    @BeforeEach
    void start() throws Exception {
        server = RedisSentinels.start(directory);
        log = LogLines.withLevels("dev.loomgate.redis");
        lettuce = LogLines.withLevels("io.lettuce");
    }

    @AfterEach
    void stop() {
        log.close();
        lettuce.close();
        server.close();
        assertThat(lettuce.lines()).isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void awaitThere(Redis redis) throws Exception {
        Eventually.await(MOST_OUTAGE, () -> "the next master is found", redis::isThere);
    }

    private static Application site(Redis redis) {
        return Sessions.stored(RedisSessions.of(redis)).wrap((environ, startResponse) -> {
            if (new Request(environ).path().equals("/login")) {
                Session.of(environ).put("user", "ada");
            }
            String user = Session.of(environ).get("user", String.class).orElse("nobody");
            return new Response(user).call(environ, startResponse);
        });
    }

    private static void assertIsQuick(long begin) {
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_ONCE);
    }

    @Test
    void sessionsACacheAndAQueueGoOnWithTheNextMaster() throws Exception {
        Set<String> run = ConcurrentHashMap.newKeySet();
        try (Redis redis = Redis.open(server.uri())) {
            RedisQueue mails = RedisQueue.of(redis, "mails");
            RedisCache prices = RedisCache.of(redis, "prices", CacheSettings.DEFAULT);
            Client browser = Client.of(site(redis));
            assertThat(browser.get("/login").send().text()).isEqualTo("ada");
            prices.put("acme", bytes("42"), Duration.ofHours(1));
            mails.spool(Task.of("name", "before"));
            server.awaitReplica();

            server.master().kill();
            Eventually.await("it is gone", () -> !redis.isThere());
            long begin = System.nanoTime();
            assertThatThrownBy(() -> mails.spool(Task.of("name", "refused"))).isInstanceOf(ServiceUnavailable.class);
            assertThat(browser.get("/").send().status().code()).isEqualTo(503);
            assertThat(prices.get("bolt", () -> bytes("loaded"))).isEqualTo(bytes("loaded"));
            assertIsQuick(begin);
            awaitThere(redis);

            assertThat(browser.get("/").send().text()).isEqualTo("ada");
            assertThat(prices.get("acme")).contains(bytes("42"));
            mails.spool(Task.of("name", "after"));
            try (Spooler spooler = Spooler.start(mails, SpoolerSettings.DEFAULT, task -> {
                run.add(task.task().text("name").orElseThrow());
                return SpoolResult.OK;
            })) {
                Eventually.await(() -> "both are run: " + run, () -> run.equals(Set.of("before", "after")));
                assertThat(spooler.counts().failed()).isZero();
            }
            assertThat(log.lines()).hasSize(2);
            assertThat(log.lines().getFirst())
                    .startsWith("WARNING Redis \"shop\" by the sentinels 127.0.0.1:")
                    .contains(" is gone: the connection ended");
            assertThat(log.lines().getLast())
                    .startsWith("INFO Redis \"shop\" by")
                    .contains(", at " + server.replica().uri().replaceAll("redis://|/0", "") + ";");
        }
    }

    @Test
    void aMasterThatHangsIsLeftForTheNextOne() throws Exception {
        try (Redis redis = Redis.open(server.uri())) {
            server.master().signal("STOP");
            assertThatThrownBy(() -> redis.call(commands -> commands.get("key")))
                    .isInstanceOf(RedisGone.class);

            awaitThere(redis);
            assertThat(redis.<String>call(commands -> commands.set("key", bytes("value"))))
                    .isEqualTo("OK");
            server.master().signal("CONT");
            // The sentinels make it a replica.
            RedisSentinels.awaitRole(server.master(), "slave");
            assertThat(redis.isThere()).isTrue();
            assertThat(redis.<byte[]>call(commands -> commands.get("key"))).isEqualTo(bytes("value"));
        }
    }

    @Test
    void aMasterThatBecomesAReplicaIsLeft() throws Exception {
        try (Redis redis = Redis.open(server.uri())) {
            server.failOver();
            RedisSentinels.awaitRole(server.replica(), "master");
            Eventually.await(MOST_OUTAGE, () -> "it takes writes", () -> {
                try {
                    redis.<String>call(commands -> commands.set("key", bytes("value")));
                    return server.replica().ask("GET", "key").contains("value");
                } catch (RedisGone e) {
                    return false;
                }
            });
            assertThat(log.with("is gone").size()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void sentinelsThatAreDeadOrHangArePassedOver() throws Exception {
        server.signalSentinel(0, "STOP");
        server.signalSentinel(1, "KILL");
        int sockets = Processes.openFiles("socket:").size();
        try (Redis redis = Redis.open(server.uri())) {
            assertThat(redis.isThere()).isTrue();
            assertThat(log.lines()).isEmpty();
        }
        Eventually.await(
                "all sockets are closed", () -> Processes.openFiles("socket:").size() <= sockets);
    }

    @Test
    void withoutAnySentinelAConnectionGoesOnAndANewOneSaysWhatEachOfThemSays() throws Exception {
        try (Redis redis = Redis.open(server.uri())) {
            server.signalSentinel(0, "KILL");
            server.signalSentinel(1, "KILL");
            server.signalSentinel(2, "STOP");
            assertThat(redis.<String>call(commands -> commands.set("key", bytes("value"))))
                    .isEqualTo("OK");
            assertThat(log.lines()).isEmpty();

            try (Redis late = Redis.open(server.uri())) {
                assertThat(late.isThere()).isFalse();
                assertThat(log.with("no sentinel says where it is")).hasSize(1);
                assertThat(log.lines().getFirst())
                        .contains("Connection refused")
                        .contains("no answer in 1000 ms");
                server.signalSentinel(2, "CONT");
                awaitThere(late);
            }
        }
    }

    @Test
    void aNameThatNoSentinelKnowsIsSaid() throws Exception {
        try (Redis redis = Redis.open(server.uri().replace("#shop", "#other"))) {
            assertThat(redis.isThere()).isFalse();
            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().getFirst()).contains("it knows no \"other\"");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Redis.open(server.uri().replace("#shop", "")))
                .withMessage("RedisSettings: uri names no master: redis-sentinel://HOST,HOST/DATABASE#NAME");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Redis.open(server.uri().replace("redis-", "rediss-")))
                .withMessageStartingWith("RedisSettings: uri is no redis://, rediss:// or redis-sentinel:// URI");
    }

    @Test
    void aPasswordIsTheMastersAndIsInNoLine() throws Exception {
        for (var each : List.of(server.master(), server.replica())) {
            each.ask("CONFIG", "SET", "masterauth", "geheim");
            each.ask("CONFIG", "SET", "requirepass", "geheim");
        }
        String uri = server.uri().replace("redis-sentinel://", "redis-sentinel://:geheim@");
        try (Redis redis = Redis.open(uri)) {
            assertThat(redis.<String>call(commands -> commands.set("key", bytes("value"))))
                    .isEqualTo("OK");
        }
        try (Redis wrong = Redis.open(server.uri().replace("redis-sentinel://", "redis-sentinel://:falsch@"))) {
            assertThat(wrong.isThere()).isFalse();
            assertThat(log.lines()).hasSize(1).noneMatch(line -> line.contains("falsch"));
        }
    }

    @Test
    void cachesOfPythonProgramsGoOnWithTheNextMaster() throws Exception {
        SharedOptions.Store at = new SharedOptions.Store(server.uri(), Duration.ofSeconds(1), "loomgate:");
        SharedOptions.Cache options =
                new SharedOptions.Cache("c", 10, 10, 10, false, 16, false, false, true, 0, true, WhenGone.MISS);
        try (SharedStore store = new RedisPrograms().open(at).orElseThrow()) {
            ProgramCache cache = store.cache(options);
            assertThat(cache.set(bytes("k"), bytes("v"), Duration.ZERO, true)).isTrue();
            server.awaitReplica();

            server.master().kill();
            Eventually.await("nothing is found", () -> cache.get(bytes("k")) == null);
            long begin = System.nanoTime();
            assertThat(cache.set(bytes("k"), bytes("w"), Duration.ZERO, true)).isFalse();
            assertIsQuick(begin);

            Eventually.await(
                    MOST_OUTAGE,
                    () -> "the next master keeps it",
                    () -> cache.set(bytes("l"), bytes("v"), Duration.ZERO, true));
            // What was replaced meanwhile isn't found.
            assertThat(cache.get(bytes("k"))).isNull();
            assertThat(cache.get(bytes("l"))).isEqualTo(bytes("v"));
        }
    }
}
