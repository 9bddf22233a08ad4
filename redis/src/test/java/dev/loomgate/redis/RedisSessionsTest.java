package dev.loomgate.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.RedisServer;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.Session;
import dev.loomgate.toolkit.sessions.Sessions;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Sessions that two servers of one JVM have in a real Redis.
@Timeout(120)
class RedisSessionsTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final int REQUESTS = 20;

    @TempDir
    private Path directory;

    private RedisServer server;
    private Redis redis;
    private Redis other;

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.start(directory);
        redis = Redis.open(server.uri());
        other = Redis.open(server.uri());
    }

    @AfterEach
    void stop() {
        redis.close();
        other.close();
        server.close();
    }

    /// `/put?n=v`, `/login`, `/logout`, or nothing, and what the session has then.
    private static Body answer(Environ environ, StartResponse startResponse) throws Exception {
        Request request = new Request(environ);
        Session session = Session.of(environ);
        switch (request.path()) {
            case "/put" -> request.args().forEach(session::put);
            case "/login" -> session.renew().put("user", "ada");
            case "/logout" -> session.clear();
            case "/open" -> {
                return new Response("open").call(environ, startResponse);
            }
            default -> {}
        }
        return new Response(session.names().stream().sorted().toList().toString()).call(environ, startResponse);
    }

    private static Application site(RedisSessions store) {
        return Sessions.stored(store).wrap(RedisSessionsTest::answer);
    }

    private static String cookie(Client client) {
        return client.cookies().value("session").orElseThrow();
    }

    private static Client with(Application site, String cookie) {
        Client client = Client.of(site);
        client.cookies().set("session", cookie);
        return client;
    }

    @Test
    void whatOneServerWritesAnotherOneReadsAtOnce() {
        Client client = Client.of(site(RedisSessions.of(redis)));
        client.get("/put?a=1").send();

        assertThat(with(site(RedisSessions.of(other)), cookie(client))
                        .get("/")
                        .send()
                        .text())
                .isEqualTo("[a]");
    }

    @Test
    void twoServersThatChangeOneSessionAtOnceLoseNoChange() throws Exception {
        List<Application> sites = List.of(site(RedisSessions.of(redis)), site(RedisSessions.of(other)));
        Client client = Client.of(sites.getFirst());
        client.get("/put?a=1").send();
        String cookie = cookie(client);
        List<String> wanted = new ArrayList<>(List.of("a"));
        List<Future<TestResponse>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < REQUESTS; i++) {
                String name = "n" + (char) ('a' + i);
                wanted.add(name);
                Application site = sites.get(i % sites.size());
                all.add(threads.submit(
                        () -> with(site, cookie).get("/put?" + name + "=1").send()));
            }
        }

        for (Future<TestResponse> one : all) {
            assertThat(one.get().code()).isEqualTo(200);
        }
        assertThat(client.get("/").send().text()).isEqualTo(wanted.toString());
    }

    @Test
    void aLoginGivesTheSessionAnotherNameOnAllServers() {
        Application there = site(RedisSessions.of(other));
        Client client = Client.of(site(RedisSessions.of(redis)));
        client.get("/put?a=1").send();
        String before = cookie(client);
        client.get("/login").send();

        assertThat(with(there, before).get("/").send().text()).isEqualTo("[]");
        assertThat(with(there, cookie(client)).get("/").send().text()).isEqualTo("[a, user]");
    }

    @Test
    void aLogoutOnOneServerIsOneOnAll() {
        Client client = Client.of(site(RedisSessions.of(redis)));
        client.get("/login").send();
        String cookie = cookie(client);
        with(site(RedisSessions.of(other)), cookie).get("/logout").send();

        assertThat(client.get("/").send().text()).isEqualTo("[]");
    }

    @Test
    void redisHasATimeForASessionAndNotItsName() throws Exception {
        Client client = Client.of(Sessions.stored(RedisSessions.of(redis))
                .withMaxAge(Duration.ofHours(2))
                .wrap(RedisSessionsTest::answer));
        client.get("/put?a=1").send();

        String key = server.ask("KEYS", "*");
        assertThat(key).startsWith("loomgate:session:").doesNotContain(cookie(client));
        assertThat(Integer.parseInt(server.ask("TTL", key).replaceAll("\\D", "")))
                .isBetween(7100, 7200);
    }

    @Test
    void aStoreReplacesOnlyWhatWasLoaded() {
        RedisSessions store = RedisSessions.of(redis);
        byte[] one = {1, 0, -1};
        byte[] two = {2};
        store.save("id", one, DAY);

        assertThat(store.replace("id", two, two, DAY)).isFalse();
        assertThat(store.replace("id", one, two, DAY)).isTrue();
        assertThat(store.load("id")).contains(two);
        store.delete("id");
        assertThat(store.load("id")).isEmpty();
        assertThat(store.replace("id", two, one, DAY)).isFalse();
    }

    @Test
    void aSessionThatIsTooLargeIsAnErrorThatNamesTheSetting() {
        RedisSessions store = RedisSessions.of(redis).withMaxBytes(64);
        store.save("id", new byte[64], DAY);

        assertThatThrownBy(() -> store.save("id", new byte[65], DAY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("session: it takes 65 bytes, over 64 (RedisSessions, maxBytes): keep less in it");
        assertThatThrownBy(() -> store.withMaxBytes(1 << 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxBytes is 1048576");
    }

    private void gone() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.redis")) {
            server.kill();
            Eventually.await("Redis is gone", () -> !redis.isThere());
            log.await("is gone");
        }
    }

    @Test
    void whileRedisIsGoneARequestThatNeedsItsSessionIsRefused() throws Exception {
        Client client = Client.of(site(RedisSessions.of(redis)));
        client.get("/put?a=1").send();
        gone();

        for (String path : List.of("/", "/put?b=1", "/login", "/logout")) {
            TestResponse refused = client.get(path).send();
            assertThat(refused.code()).as(path).isEqualTo(503);
            assertThat(refused.headers().first("Retry-After")).contains("1");
            assertThat(refused.headers().contains("Set-Cookie")).isFalse();
        }
        assertThat(client.get("/open").send().text()).isEqualTo("open");
        // One without a cookie: nothing has to be read, and its session can't be kept.
        assertThat(Client.of(site(RedisSessions.of(redis)))
                        .get("/put?a=1")
                        .send()
                        .code())
                .isEqualTo(503);
    }

    @Test
    void aSharedSessionIsRefusedBeforeTheApplicationIsAsked() throws Exception {
        Client client =
                Client.of(Sessions.stored(RedisSessions.of(redis)).asShared().wrap(RedisSessionsTest::answer));
        client.get("/put?a=1").send();
        gone();

        assertThat(client.get("/").send().code()).isEqualTo(503);
    }

    @Test
    void orTheClientHasNoSessionUntilRedisIsBack() throws Exception {
        Client client = Client.of(site(RedisSessions.of(redis).withWhenGone(RedisSessions.WhenGone.ANONYMOUS)));
        client.get("/put?a=1").send();
        String cookie = cookie(client);
        gone();

        assertThat(client.get("/").send().text()).isEqualTo("[]");
        assertThat(client.get("/put?b=1").send().code()).isEqualTo(503);
        assertThat(cookie(client)).isEqualTo(cookie);
    }
}
