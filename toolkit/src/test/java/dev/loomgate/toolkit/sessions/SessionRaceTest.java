package dev.loomgate.toolkit.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.Session;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Several requests of one stored session at once.
class SessionRaceTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int REQUESTS = 16;

    /// A store of the three methods that it must have, which lets others in wherever it can.
    private static final class Remote implements SessionStore {
        private final Map<String, byte[]> kept = new ConcurrentHashMap<>();

        @Override
        public Optional<byte[]> load(String id) {
            Optional<byte[]> loaded = Optional.ofNullable(kept.get(id));
            Thread.yield();
            return loaded;
        }

        @Override
        public void save(String id, byte[] content, Duration timeToLive) {
            Thread.yield();
            kept.put(id, content);
        }

        @Override
        public void delete(String id) {
            Thread.yield();
            kept.remove(id);
        }
    }

    static Stream<SessionStore> stores() {
        return Stream.of(SessionStore.inMemory(), new Remote());
    }

    private final CountDownLatch underWay = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    /// `/slow/...` looks at the session, lets others go first, and then does what the rest of the path says;
    /// `/late/...` looks at it only then.
    private Application application(SessionStore store) {
        return Sessions.stored(store).wrap((environ, startResponse) -> {
            Session session = Session.of(environ);
            Request request = new Request(environ);
            String path = request.path();
            if (!path.startsWith("/late")) {
                session.names();
            }
            if (path.startsWith("/slow") || path.startsWith("/late")) {
                underWay.countDown();
                assertThat(goOn.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
                path = path.substring("/slow".length());
            }
            switch (path) {
                case "/put" -> request.args().forEach(session::put);
                case "/remove" -> request.args().forEach((name, _) -> session.remove(name));
                case "/renew" -> session.renew();
                case "/login" -> session.renew().put("user", "ada");
                case "/logout" -> session.clear();
                default -> {}
            }
            return new Response(session.names().stream().sorted().toList().toString()).call(environ, startResponse);
        });
    }

    private static Client client(Application application, String cookie) {
        Client client = Client.of(application);
        client.cookies().set("session", cookie);
        return client;
    }

    private static String cookie(Client client) {
        return client.cookies().value("session").orElseThrow();
    }

    /// The answer to a request that is under way while another one is answered.
    private TestResponse overtaken(Application application, String cookie, String slow, Runnable meanwhile)
            throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<TestResponse> answer =
                    executor.submit(() -> client(application, cookie).get(slow).send());
            try {
                assertThat(underWay.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
                meanwhile.run();
            } finally {
                goOn.countDown();
            }
            return answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aRequestUnderWayDoesNotUndoALogout(SessionStore store) throws Exception {
        Application application = application(store);
        Client client = Client.of(application);
        client.get("/login").send();
        String cookie = cookie(client);

        TestResponse slow = overtaken(application, cookie, "/slow/put?seen=1", () -> client.get("/logout")
                .send());

        assertThat(slow.headers().all("Set-Cookie")).isEmpty();
        assertThat(client(application, cookie).get("/").send().text()).isEqualTo("[]");
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aRenewalUnderWayDoesNotUndoALogout(SessionStore store) throws Exception {
        Application application = application(store);
        Client client = Client.of(application);
        client.get("/put?user=ada").send();

        TestResponse slow = overtaken(application, cookie(client), "/slow/renew", () -> client.get("/logout")
                .send());

        assertThat(slow.headers().all("Set-Cookie")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aLoginUnderWayBringsNothingBackThatALogoutEnded(SessionStore store) throws Exception {
        Application application = application(store);
        Client client = Client.of(application);
        client.get("/put?secret=1").send();

        TestResponse login = overtaken(application, cookie(client), "/slow/login", () -> client.get("/logout")
                .send());

        String made = login.header("Set-Cookie").replaceAll("session=|;.*", "");
        assertThat(client(application, made).get("/").send().text()).isEqualTo("[user]");
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aRequestUnderWayDoesNotUndoALogin(SessionStore store) throws Exception {
        for (String slow : List.of("/slow/put?seen=1", "/slow/remove?basket", "/late/put?seen=1", "/late/renew")) {
            SessionRaceTest race = new SessionRaceTest();
            Application application = race.application(store);
            Client client = Client.of(application);
            client.get("/put?basket=1").send();
            String before = cookie(client);

            TestResponse late = race.overtaken(
                    application, before, slow, () -> client.get("/login").send());

            assertThat(late.headers().all("Set-Cookie")).isEmpty();
            assertThat(client(application, before).get("/").send().text()).isEqualTo("[]");
            assertThat(client.get("/").send().text()).isEqualTo("[basket, user]");
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aLoginOrLogoutWithoutAnotherNameIsNotUndoneEither(SessionStore store) throws Exception {
        Application application = application(store);
        Client client = Client.of(application);
        client.get("/put?a=1&b=1&user=ada").send();

        overtaken(application, cookie(client), "/slow/put?a=2", () -> client.get("/remove?user=")
                .send());

        assertThat(client.get("/").send().text()).isEqualTo("[a, b]");
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aLoginKeepsWhatWasPutMeanwhile(SessionStore store) throws Exception {
        Application application = application(store);
        Client client = Client.of(application);
        client.get("/put?basket=1").send();

        TestResponse login = overtaken(application, cookie(client), "/slow/login", () -> client.get("/put?seen=1")
                .send());

        String renewed = login.header("Set-Cookie").replaceAll("session=|;.*", "");
        assertThat(client(application, renewed).get("/").send().text()).isEqualTo("[basket, seen, user]");
    }

    @RepeatedTest(20)
    void ofManyRequestsAtOnceEachKeepsItsOwnValue() throws Exception {
        for (SessionStore store : stores().toList()) {
            Application application = application(store);
            Client client = Client.of(application);
            client.get("/put?first=1").send();
            String cookie = cookie(client);
            List<String> wanted = new ArrayList<>(List.of("first"));
            List<Future<?>> all = new ArrayList<>();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < REQUESTS; i++) {
                    String name = "n" + (char) ('a' + i);
                    wanted.add(name);
                    all.add(executor.submit(() -> client(application, cookie)
                            .get("/put?" + name + "=1")
                            .send()));
                }
                for (Future<?> one : all) {
                    one.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                }
            }

            assertThat(client.get("/").send().text()).isEqualTo(wanted.toString());
        }
    }

    @RepeatedTest(20)
    void aLogoutAmongManyRequestsIsTheEnd() throws Exception {
        for (SessionStore store : stores().toList()) {
            Application application = application(store);
            Client client = Client.of(application);
            client.get("/login").send();
            String cookie = cookie(client);
            List<String> cookies = new ArrayList<>();
            List<Future<TestResponse>> all = new ArrayList<>();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < REQUESTS; i++) {
                    String path = i == REQUESTS / 2 ? "/logout" : "/put?n" + i + "=1";
                    all.add(executor.submit(
                            () -> client(application, cookie).get(path).send()));
                }
                for (Future<TestResponse> one : all) {
                    cookies.addAll(one.get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                            .headers()
                            .all("Set-Cookie"));
                }
            }

            assertThat(client(application, cookie).get("/").send().text()).isEqualTo("[]");
            // Requests that came after it have sessions of their own.
            assertThat(cookies).noneMatch(header -> client(application, header.replaceAll("session=|;.*", ""))
                    .get("/")
                    .send()
                    .text()
                    .contains("user"));
        }
    }

    @RepeatedTest(20)
    void ofTwoLoginsAtOnceOneIsKept() throws Exception {
        for (SessionStore store : stores().toList()) {
            Application application = application(store);
            Client client = Client.of(application);
            client.get("/put?basket=1").send();
            String cookie = cookie(client);
            List<String> cookies = new ArrayList<>();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<TestResponse>> all = new ArrayList<>();
                for (int i = 0; i < REQUESTS; i++) {
                    all.add(executor.submit(
                            () -> client(application, cookie).get("/login").send()));
                }
                for (Future<TestResponse> one : all) {
                    cookies.addAll(one.get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                            .headers()
                            .all("Set-Cookie"));
                }
            }

            assertThat(cookies).isNotEmpty();
            List<String> shown = cookies.stream()
                    .map(header -> header.replaceAll("session=|;.*", ""))
                    .map(value -> client(application, value).get("/").send().text())
                    .toList();
            assertThat(shown).contains("[basket, user]");
            assertThat(client(application, cookie).get("/").send().text()).isEqualTo("[]");
        }
    }

    @Test
    void whoWasLoggedOutCanLogInAgainWithTheOldCookie() {
        Application application = application(SessionStore.inMemory());
        Client client = Client.of(application);
        client.get("/login").send();
        String old = cookie(client);
        client.get("/logout").send();

        Client again = client(application, old);
        again.get("/login").send();

        assertThat(cookie(again)).isNotEqualTo(old);
        assertThat(again.get("/").send().text()).isEqualTo("[user]");
    }

    @Test
    void aStoreReplacesOnlyWhatWasLoaded() {
        byte[] one = {1};
        byte[] two = {2};
        for (SessionStore store : stores().toList()) {
            store.save("a", one, LIMIT);

            assertThat(store.replace("a", two, one, LIMIT)).isFalse();
            assertThat(store.replace("a", one.clone(), two, LIMIT)).isTrue();
            assertThat(store.load("a"))
                    .hasValueSatisfying(kept -> assertThat(kept).isEqualTo(two));
            store.delete("a");
            assertThat(store.replace("a", two, one, LIMIT)).isFalse();
            assertThat(store.load("a")).isEmpty();
        }
    }
}
