package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Crons and timers of a Python program, and commands by the clock, that three servers share, each in a process of its
/// own, in a real Redis.
@Timeout(240)
@Tag("timing")
class SharedCronsTest {
    private static final String PROGRAM = """
            import os
            from uwsgidecorators import cron, timer

            def note(what):
                with open("notes", "a") as file:
                    file.write("%s %s\\n" % (what, os.environ["SERVER"]))

            @timer(1)
            def second(signum):
                note("second")

            @timer(1, target="workers")
            def own(signum):
                note("own")

            @cron(-1, -1, -1, -1, -1)
            def minute(signum):
                note("minute")

            def application(environ, start_response):
                start_response("200 OK", [])
                return [b"here"]
            """;

    @TempDir
    private Path directory;

    private RedisServer redis;
    private final List<LoomgateProcess> servers = new ArrayList<>();

    @BeforeEach
    void startRedis() throws Exception {
        Files.writeString(directory.resolve("shop.py"), PROGRAM);
        Files.createFile(directory.resolve("notes"));
        redis = RedisServer.startDurable(directory);
    }

    @AfterEach
    void stop() {
        servers.forEach(LoomgateProcess::close);
        redis.close();
    }

    private LoomgateProcess start(String number, String whenGone) throws Exception {
        LoomgateProcess server = LoomgateProcess.start(
                directory,
                "-w",
                "shop",
                "--python",
                Python.DEBIAN,
                "--env",
                "SERVER=" + number,
                "--http",
                "127.0.0.1:0",
                "--redis",
                redis.uri(),
                "--redis-timeout",
                "300ms",
                "--shared-crons",
                whenGone,
                "--shared-timers",
                whenGone,
                "--cron",
                "-1 -1 -1 -1 -1 echo command >> notes",
                "--cron2",
                "redis=no echo local >> notes");
        servers.add(server);
        return server;
    }

    private long noted(String what) throws IOException {
        return Files.readAllLines(directory.resolve("notes")).stream()
                .filter(line -> line.equals(what) || line.startsWith(what + " "))
                .count();
    }

    /// The claims in Redis: how many there are of a job.
    private long claimed(String part) throws Exception {
        return Arrays.stream(redis.ask("KEYS", "loomgate:run:*").split("\n"))
                .filter(key -> key.contains(part))
                .count();
    }

    private void awaitAsManyRunsAsClaims(String what, String job, long atLeast) throws Exception {
        TreeMap<Long, Long> seen = new TreeMap<>();
        Eventually.await(() -> "as many runs of " + what + " as claims: " + seen, () -> {
            long runs = noted(what);
            long claims = claimed(job);
            seen.put(claims, runs);
            assertThat(runs).isLessThanOrEqualTo(claimed(job)); // those before it was looked
            return runs >= atLeast && runs == claims;
        });
    }

    @Test
    void eachRunIsDoneOnceAndDeathsAddNone() throws Exception {
        for (String number : List.of("1", "2", "3")) {
            start(number, "wait");
        }
        awaitAsManyRunsAsClaims("second", "shop/shop.second/PT1S@", 10);
        awaitAsManyRunsAsClaims("minute", "shop/shop.minute/-1,-1,-1,-1,-1@", 1);
        awaitAsManyRunsAsClaims("command", "--cron/-1,-1,-1,-1,-1/", 1);
        assertThat(noted("local")).isGreaterThanOrEqualTo(3);
        assertThat(noted("own")).isGreaterThan(noted("second"));
        assertThat(claimed("shop.own")).isZero();

        for (int i = 0; i < 2; i++) {
            servers.removeFirst().signal("KILL").status();
            start("more" + i, "wait");
        }
        long before = claimed("shop.second");
        Eventually.await("they go on", () -> claimed("shop.second") > before + 5);
        // A run of each server that has died may be lost; none is done twice.
        assertThat(noted("second")).isBetween(before + 5 - 2, claimed("shop.second"));
        awaitAsManyRunsAsClaims("command", "--cron/-1,-1,-1,-1,-1/", 1);
    }

    @Test
    void whileRedisIsGoneRunsWait() throws Exception {
        for (String number : List.of("1", "2", "3")) {
            start(number, "wait");
        }
        awaitAsManyRunsAsClaims("second", "shop.second", 3);
        for (String how : List.of("STOP", "KILL")) {
            if (how.equals("STOP")) {
                redis.signal(how);
            } else {
                redis.kill();
            }
            for (LoomgateProcess each : servers) {
                Eventually.await(
                        "it has seen that",
                        () -> count(each, " is gone: ") >= (how.equals("STOP") ? 1 : 2) || how.equals("KILL"));
            }
            long during = noted("second");
            long own = noted("own");
            Eventually.await("what is their own goes on", () -> noted("own") >= own + 9);
            assertThat(noted("second")).isLessThanOrEqualTo(during + 1);
            if (how.equals("STOP")) {
                redis.signal("CONT");
            } else {
                redis.restart();
            }
            Eventually.await("runs go on", () -> noted("second") > during + 3);
        }
        for (LoomgateProcess each : servers) {
            assertThat(each.wholeErr()).contains("is back after");
        }
        assertThat(noted("second")).isLessThanOrEqualTo(claimed("shop.second"));
    }

    private static long count(LoomgateProcess server, String part) throws IOException {
        return Stream.of(server.wholeErr().split("\n"))
                .filter(line -> line.contains(part))
                .count();
    }

    @Test
    void whileRedisIsGoneEachServerDoesEachRun() throws Exception {
        redis.kill();
        for (String number : List.of("1", "2")) {
            start(number, "run");
        }
        Eventually.await("each", () -> noted("second 1") > 3 && noted("second 2") > 3 && noted("command") >= 2);
        redis.restart();
        Eventually.await("it is back", () -> claimed("shop.second") > 3);
        long claims = claimed("shop.second");
        long runs = noted("second");
        Eventually.await("one of them", () -> claimed("shop.second") >= claims + 5);
        assertThat(noted("second") - runs).isLessThanOrEqualTo(7);
    }

    @Test
    void aUniqueCommandRunsOnceAtATime() throws Exception {
        for (int i = 0; i < 2; i++) {
            servers.add(LoomgateProcess.start(
                    directory,
                    "--static-map",
                    "/=.",
                    "--http",
                    "127.0.0.1:0",
                    "--redis",
                    redis.uri(),
                    "--cron2",
                    "redis=wait,unique=1 echo begun >> notes; exec sleep 600"));
        }
        Eventually.await("a run", () -> noted("begun") == 1);
        Eventually.await("it is held", () -> redis.ask("KEYS", "loomgate:job:*").contains("loomgate:job:--cron/"));
        String key = redis.ask("KEYS", "loomgate:job:*").strip();
        assertThat(Long.parseLong(redis.ask("PTTL", key).strip())).isBetween(20_000L, 30_000L);
        for (LoomgateProcess each : servers) {
            ProcessHandle.of(each.pid()).orElseThrow().descendants().forEach(ProcessHandle::destroyForcibly);
        }
        Eventually.await(
                "it is given back", () -> redis.ask("KEYS", "loomgate:job:*").isBlank());
    }

    @Test
    void withoutRedisItIsAnError() throws Exception {
        assertThat(refused("--shared-crons", "wait"))
                .contains("--redis is needed for crons and timers that are run once by several servers");
        assertThat(refused("--cron2", "redis=run ./x")).contains("--redis is needed for redis= of 'redis=run ./x'");
        assertThat(refused("--shared-crons", "never")).contains("--shared-crons");
        assertThat(refused("--shared-most-late", "25h")).contains("--shared-most-late is 25h, it must be in 1s to 24h");
        assertThat(refused("--own-signal", "256")).contains("the signal is '256', it must be a number from 0 to 255");
    }

    private String refused(String option, String value) throws Exception {
        LoomgateProcess server =
                LoomgateProcess.launch(directory, "--static-map", "/=.", "--http", "127.0.0.1:0", option, value);
        assertThat(server.status()).isEqualTo(2);
        return server.err();
    }
}
