package dev.loomgate.toolkit.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
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
import java.util.function.IntFunction;
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

    /// A site with one client, whose requests can be made to overtake each other.
    private static final class Race {
        private final CountDownLatch underWay = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final Application application;
        private final Client client;

        /// @param first what the client asks for at first, which gives it a session
        Race(SessionStore store, String first) {
            application = Sessions.stored(store).wrap(this::answer);
            client = Client.of(application);
            client.get(first).send();
        }

        /// `/slow/...` looks at the session, lets others go first, and then does what the rest of the path says;
        /// `/late/...` looks at it only then.
        private Body answer(Environ environ, StartResponse startResponse) throws InterruptedException {
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
        }

        /// The client's cookie.
        String cookie() {
            return client.cookies().value("session").orElseThrow();
        }

        /// Another client with this cookie.
        Client with(String cookie) {
            Client other = Client.of(application);
            other.cookies().set("session", cookie);
            return other;
        }

        /// The names of the session that a client with this cookie sees.
        String shownTo(String cookie) {
            return with(cookie).get("/").send().text();
        }

        /// The names of the session that the client sees.
        String shown() {
            return client.get("/").send().text();
        }

        /// The answer to a request of the client that is under way while it sends another one.
        TestResponse overtaken(String slow, String meanwhile) throws Exception {
            String cookie = cookie();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<TestResponse> answer =
                        executor.submit(() -> with(cookie).get(slow).send());
                try {
                    assertThat(underWay.await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                    client.get(meanwhile).send();
                } finally {
                    goOn.countDown();
                }
                return answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
        }

        /// The values of the cookies that many requests of the client's session get, sent at once.
        List<String> atOnce(IntFunction<String> paths) throws Exception {
            String cookie = cookie();
            List<Future<TestResponse>> all = new ArrayList<>();
            List<String> cookies = new ArrayList<>();
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < REQUESTS; i++) {
                    String path = paths.apply(i);
                    all.add(executor.submit(() -> with(cookie).get(path).send()));
                }
                for (Future<TestResponse> one : all) {
                    cookies.addAll(made(one.get(LIMIT.toSeconds(), TimeUnit.SECONDS)));
                }
            }
            return cookies;
        }
    }

    /// The values of the cookies that a response makes.
    private static List<String> made(TestResponse response) {
        return response.headers().all("Set-Cookie").stream()
                .map(header -> header.replaceAll("session=|;.*", ""))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aRequestUnderWayDoesNotUndoALogout(SessionStore store) throws Exception {
        Race race = new Race(store, "/login");
        String cookie = race.cookie();

        TestResponse slow = race.overtaken("/slow/put?seen=1", "/logout");

        assertThat(slow.headers().all("Set-Cookie")).isEmpty();
        assertThat(race.shownTo(cookie)).isEqualTo("[]");
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aRenewalUnderWayDoesNotUndoALogout(SessionStore store) throws Exception {
        TestResponse slow = new Race(store, "/put?user=ada").overtaken("/slow/renew", "/logout");

        assertThat(slow.headers().all("Set-Cookie")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aLoginUnderWayBringsNothingBackThatALogoutEnded(SessionStore store) throws Exception {
        Race race = new Race(store, "/put?secret=1");

        TestResponse login = race.overtaken("/slow/login", "/logout");

        assertThat(race.shownTo(made(login).getFirst())).isEqualTo("[user]");
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aRequestUnderWayDoesNotUndoALogin(SessionStore store) throws Exception {
        for (String slow : List.of("/slow/put?seen=1", "/slow/remove?basket", "/late/put?seen=1", "/late/renew")) {
            Race race = new Race(store, "/put?basket=1");
            String before = race.cookie();

            TestResponse late = race.overtaken(slow, "/login");

            assertThat(late.headers().all("Set-Cookie")).isEmpty();
            assertThat(race.shownTo(before)).isEqualTo("[]");
            assertThat(race.shown()).isEqualTo("[basket, user]");
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aLoginOrLogoutWithoutAnotherNameIsNotUndoneEither(SessionStore store) throws Exception {
        Race race = new Race(store, "/put?a=1&b=1&user=ada");

        race.overtaken("/slow/put?a=2", "/remove?user=");

        assertThat(race.shown()).isEqualTo("[a, b]");
    }

    @ParameterizedTest
    @MethodSource("stores")
    void aLoginKeepsWhatWasPutMeanwhile(SessionStore store) throws Exception {
        Race race = new Race(store, "/put?basket=1");

        TestResponse login = race.overtaken("/slow/login", "/put?seen=1");

        assertThat(race.shownTo(made(login).getFirst())).isEqualTo("[basket, seen, user]");
    }

    @RepeatedTest(20)
    void ofManyRequestsAtOnceEachKeepsItsOwnValue() throws Exception {
        for (SessionStore store : stores().toList()) {
            Race race = new Race(store, "/put?first=1");
            List<String> wanted = new ArrayList<>(List.of("first"));
            for (int i = 0; i < REQUESTS; i++) {
                wanted.add(name(i));
            }

            race.atOnce(i -> "/put?" + name(i) + "=1");

            assertThat(race.shown()).isEqualTo(wanted.toString());
        }
    }

    private static String name(int i) {
        return "n" + (char) ('a' + i);
    }

    @RepeatedTest(20)
    void aLogoutAmongManyRequestsIsTheEnd() throws Exception {
        for (SessionStore store : stores().toList()) {
            Race race = new Race(store, "/login");
            String cookie = race.cookie();

            List<String> cookies = race.atOnce(i -> i == REQUESTS / 2 ? "/logout" : "/put?n" + i + "=1");

            assertThat(race.shownTo(cookie)).isEqualTo("[]");
            // Requests that came after it have sessions of their own.
            assertThat(cookies).noneMatch(made -> race.shownTo(made).contains("user"));
        }
    }

    @RepeatedTest(20)
    void ofTwoLoginsAtOnceOneIsKept() throws Exception {
        for (SessionStore store : stores().toList()) {
            Race race = new Race(store, "/put?basket=1");
            String cookie = race.cookie();

            List<String> cookies = race.atOnce(_ -> "/login");

            assertThat(cookies).isNotEmpty();
            assertThat(cookies.stream().map(race::shownTo)).contains("[basket, user]");
            assertThat(race.shownTo(cookie)).isEqualTo("[]");
        }
    }

    @Test
    void whoWasLoggedOutCanLogInAgainWithTheOldCookie() {
        Race race = new Race(SessionStore.inMemory(), "/login");
        String old = race.cookie();
        race.client.get("/logout").send();

        Client again = race.with(old);
        again.get("/login").send();

        assertThat(again.cookies().value("session")).isPresent().isNotEqualTo(Optional.of(old));
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
