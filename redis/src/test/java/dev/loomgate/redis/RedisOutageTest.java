package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.redis.SteadyLoad.Sample;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.RedisServer;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Redis is gone for some seconds while three servers are asked at a steady rate: who notices, and for
/// how long.
@Timeout(300)
@Tag("timing")
class RedisOutageTest {
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("loomgate.test.outage", 3));
    private static final Duration CALM = OUTAGE.dividedBy(3);
    private static final Duration MOST_RECOVERY = Duration.ofSeconds(2);

    // A loop that waited for Redis would wait for 1 s, the time-out, and again and again.
    private static final Duration NOISE = Duration.ofMillis(OUTAGE.toSeconds() < 30 ? 200 : 20);

    /// What a path answers while Redis is there, and while it is gone.
    private record Answers(String there, String gone) {
        boolean isSame() {
            return there.equals(gone);
        }
    }

    private static final Map<String, Answers> ANSWERS = Map.of(
            "/", new Answers("200 open", "200 open"),
            "/session", new Answers("200 ada", "503 1"),
            "/anonymous", new Answers("200 ada", "200 nobody"),
            "/price", new Answers("200 42", "200 42"));

    private enum End {
        /// It runs and doesn't answer.
        STOPPED {
            @Override
            void begin(RedisServer redis) throws Exception {
                redis.signal("STOP");
            }

            @Override
            void finish(RedisServer redis) throws Exception {
                redis.signal("CONT");
            }
        },

        /// Nobody listens.
        KILLED {
            @Override
            void begin(RedisServer redis) throws Exception {
                redis.kill();
            }

            @Override
            void finish(RedisServer redis) throws Exception {
                redis.restart();
            }
        };

        abstract void begin(RedisServer redis) throws Exception;

        abstract void finish(RedisServer redis) throws Exception;
    }

    private static ThreeServers servers;
    private static String cookie;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        servers = ThreeServers.start(directory);
        cookie = servers.login();
        // They are to be warm.
        try (SteadyLoad load = new SteadyLoad()) {
            ask(load);
            pass(CALM);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        servers.end();
    }

    private static void ask(SteadyLoad load) {
        for (SocketAddress server : servers.addresses()) {
            for (int i = 0; i < 2; i++) {
                load.ask(server, "/", "X-None: 1", Duration.ofMillis(20));
            }
            for (String path : ANSWERS.keySet()) {
                load.ask(server, path, cookie, Duration.ofMillis(40));
            }
        }
    }

    private static void pass(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        Eventually.await(time.plusSeconds(30), () -> "time passes", () -> System.nanoTime() - end >= 0);
    }

    private static Predicate<Sample> due(long from, long to) {
        return sample -> sample.due() - from >= 0 && sample.due() - to < 0;
    }

    private static Predicate<Sample> isPlain() {
        return sample -> sample.path().equals("/");
    }

    /// Of each server and each path that needs Redis, what it answers while that is gone: the first of
    /// them may have waited for Redis, later ones haven't.
    private static void assertThatOptionsHold(List<Sample> outage) {
        List<Sample> later = new ArrayList<>();
        for (SocketAddress server : servers.addresses()) {
            ANSWERS.forEach((path, answers) -> {
                List<Sample> all = outage.stream()
                        .filter(sample ->
                                sample.server().equals(server) && sample.path().equals(path))
                        .toList();
                if (answers.isSame()) {
                    later.addAll(all);
                    return;
                }
                Sample first = all.stream()
                        .filter(sample -> sample.answer().equals(answers.gone()))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(path + " never has " + answers.gone() + ": " + all));
                List<Sample> rest = all.stream()
                        .filter(sample -> sample.due() - first.end() > 0)
                        .toList();
                assertThat(rest).isNotEmpty().allMatch(sample -> sample.answer().equals(answers.gone()));
                later.addAll(rest);
            });
        }
        assertThat(SteadyLoad.p99(later)).isLessThan(Duration.ofMillis(500));
    }

    /// When the last answer came that isn't the one of a Redis that is there.
    private static long lastWithout(SteadyLoad load, long since) {
        return load
                .samples(sample -> sample.end() - since > 0
                        && !sample.answer().equals(ANSWERS.get(sample.path()).there()))
                .stream()
                .mapToLong(Sample::end)
                .max()
                .orElse(since);
    }

    @ParameterizedTest
    @EnumSource
    void othersDontNoticeThatRedisIsGoneAndAllIsWellSoonAfter(End how) throws Exception {
        try (SteadyLoad load = new SteadyLoad()) {
            ask(load);
            int lines = servers.output().size();
            long begin = System.nanoTime();
            pass(CALM);
            long end = System.nanoTime();
            how.begin(servers.redis());
            pass(OUTAGE);
            long finish = System.nanoTime();
            how.finish(servers.redis());
            long back = System.nanoTime();
            Eventually.await("all is well for a while", () -> {
                long last = lastWithout(load, back);
                Set<String> well = Set.copyOf(load.samples(sample -> sample.due() - last > 0).stream()
                        .map(sample -> sample.server() + sample.path())
                        .toList());
                return well.size() == servers.addresses().size() * ANSWERS.size();
            });
            pass(Duration.ofMillis(500));

            Duration calm = SteadyLoad.p99(load.samples(isPlain().and(due(begin, end))));
            Duration gone = SteadyLoad.p99(load.samples(isPlain().and(due(end, finish))));
            Duration recovery = Duration.ofNanos(lastWithout(load, back) - back);
            System.out.printf(
                    "Redis %s for %s: p99 of requests without a session %.1f ms, before %.1f ms; all is well after %d ms%n",
                    how, OUTAGE, gone.toNanos() / 1e6, calm.toNanos() / 1e6, recovery.toMillis());
            assertThat(load.samples(sample -> true)).allSatisfy(sample -> {
                Answers answers = ANSWERS.get(sample.path());
                assertThat(sample.answer()).as(sample.path()).isIn(answers.there(), answers.gone());
            });
            assertThat(load.samples(due(begin, end).and(sample -> sample.end() - end < 0)))
                    .allSatisfy(sample -> assertThat(sample.answer())
                            .isEqualTo(ANSWERS.get(sample.path()).there()));
            assertThatOptionsHold(load.samples(due(end, finish).and(sample -> sample.end() - finish < 0)));
            assertThat(gone).isLessThan(calm.multipliedBy(2).plus(NOISE));
            assertThat(recovery).isLessThan(MOST_RECOVERY);
            // Two lines of each server, and where the JDK's logging is as it comes, each has one with the time.
            assertThat(servers.output().size() - lines).isLessThanOrEqualTo(3 * 2 * 2);
        }
    }
}
