package dev.loomgate.cli;

import static dev.loomgate.cli.PythonConsole.said;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.RedisSentinels;
import dev.loomgate.testkit.peers.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Caches of the `uwsgi` module that two servers share, each in a process of its own, in a real Redis.
@Timeout(180)
class SharedCachesTest {
    /// Evaluates the query, and answers with what comes of it. The import uses the cache as well.
    private static final String PROGRAM = """
            import uwsgi

            uwsgi.cache_inc("imports")
            """ + PythonConsole.APPLICATION;

    @TempDir
    private Path directory;

    private RedisServer redis;

    @BeforeEach
    void startRedis() throws Exception {
        Files.writeString(directory.resolve("shares.py"), PROGRAM);
        redis = RedisServer.start(directory);
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    private LoomgateProcess start(String... more) throws Exception {
        return startWith(redis.uri(), more);
    }

    private LoomgateProcess startWith(String uri, String... more) throws Exception {
        String[] all = {
            "-w",
            "shares",
            "--python",
            Python.DEBIAN,
            "--http",
            "127.0.0.1:0",
            "--redis",
            uri,
            "--cache2",
            "name=pages,items=100,blocksize=1k,redis=miss",
            "--cache2",
            "name=strict,items=100,redis=fail",
            "--cache2",
            "name=own,items=100",
            "--add-cache-item",
            "pages greeting=hello",
        };
        String[] whole = new String[all.length + more.length];
        System.arraycopy(all, 0, whole, 0, all.length);
        System.arraycopy(more, 0, whole, all.length, more.length);
        return LoomgateProcess.start(directory, whole);
    }

    @Test
    void twoServersShareThemAndGoOnWhenRedisIsBack() throws Exception {
        try (LoomgateProcess first = start();
                LoomgateProcess second = start("--asyncio", "10")) {
            assertThat(said(first, "uwsgi.cache_set('k', b'\\x00\\xff' * 512), uwsgi.cache_set('k', b'other')"))
                    .isEqualTo("(True, None)");
            assertThat(said(second, "uwsgi.cache_get('k') == b'\\x00\\xff' * 512, uwsgi.cache_exists('k')"))
                    .isEqualTo("(True, True)");
            assertThat(said(second, "uwsgi.cache_num('imports'), uwsgi.cache_get('greeting')"))
                    .isEqualTo("(2, b'hello')");
            assertThat(said(second, "uwsgi.cache_inc('n', 40), uwsgi.cache_update('own', b'1', 0, 'own')"))
                    .isEqualTo("(True, True)");
            assertThat(said(first, "uwsgi.cache_inc('n', 2), uwsgi.cache_num('n'), uwsgi.cache_get('own', 'own')"))
                    .isEqualTo("(True, 42, None)");
            assertThat(said(first, "sorted(uwsgi.cache_keys()), uwsgi.cache_clear(), uwsgi.cache_keys()"))
                    .isEqualTo("([b'greeting', b'imports', b'k', b'n'], True, [])");
            assertThat(said(second, "uwsgi.cache_get('k'), uwsgi.cache_set('s', b'1', 0, 'strict')"))
                    .isEqualTo("(None, True)");

            redis.kill();
            Eventually.await("an exception", () -> said(second, "uwsgi.cache_get('s', 'strict')")
                    .startsWith("CallError: the cache \"strict\" can't be used: Redis: "));
            assertThat(said(first, "uwsgi.cache_set('k', b'v'), uwsgi.cache_get('k'), uwsgi.cache_keys()"))
                    .isEqualTo("(None, None, [])");
            assertThat(said(first, "uwsgi.cache_set('here', b'v', 0, 'own')")).isEqualTo("True");
            first.await(Pattern.compile("Redis at 127.0.0.1:[0-9]+ is gone"));

            redis.restart();
            Eventually.await("it is back", () -> said(first, "uwsgi.cache_update('k', b'new')")
                    .equals("True"));
            Eventually.await(
                    "there as well", () -> said(second, "uwsgi.cache_get('k')").equals("b'new'"));
            assertThat(first.wholeErr()).containsOnlyOnce("is gone").containsOnlyOnce("is back");
        }
    }

    @Test
    void theyGoOnWithTheNextMasterOfSentinels() throws Exception {
        try (RedisSentinels sentinels = RedisSentinels.start(directory);
                LoomgateProcess server = startWith(sentinels.uri())) {
            assertThat(said(server, "uwsgi.cache_set('k', b'v')")).isEqualTo("True");
            sentinels.awaitReplica();

            sentinels.master().kill();
            Eventually.await(
                    "it is gone", () -> said(server, "uwsgi.cache_get('k')").equals("None"));
            assertThat(said(server, "uwsgi.cache_set('own', b'1', 0, 'own')")).isEqualTo("True");
            Eventually.await(
                    "it is back", () -> said(server, "uwsgi.cache_get('k')").equals("b'v'"));

            server.await(Pattern.compile("Redis \"shop\" by the sentinels 127.0.0.1:[0-9]+, .* is gone"));
            server.await(Pattern.compile("Redis \"shop\" by .* is back after [0-9]+ ms, at "
                    + sentinels.replica().uri().replaceAll("redis://|/0", "") + ";"));
        }
    }
}
