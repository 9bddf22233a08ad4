package dev.loomgate.toolkit.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.toolkit.Cookie;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.Session;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SessionsTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String OLD_KEY = "an older key of some length";

    private Instant now = Instant.parse("2026-11-23T10:00:00Z");

    record User(long id, String name) {}

    /// `/set?n=v` puts, `/get` shows, others as they say.
    private static final Application NOTES = (environ, startResponse) -> {
        Request request = new Request(environ);
        Session session = Session.of(environ);
        switch (request.path()) {
            case "/set" -> request.args().forEach(session::put);
            case "/user" -> session.put("user", new User(42, "Bob"));
            case "/remove" -> session.remove("a");
            case "/clear" -> session.clear();
            case "/login" -> session.renew().put("login", true);
            case "/untouched" -> {
                return new Response("nothing").call(environ, startResponse);
            }
            default -> {}
        }
        String shown = session.names().stream().sorted().toList() + " "
                + session.get("a").orElse("-")
                + session.get("user", User.class).map(user -> " " + user).orElse("");
        return new Response(shown).call(environ, startResponse);
    };

    private Client client(Sessions sessions) {
        return Client.of(new Lint().wrap(sessions.withClock(() -> now).wrap(NOTES)));
    }

    static Stream<Sessions> kinds() {
        return Stream.of(
                Sessions.signed(KEY),
                Sessions.stored(SessionStore.inMemory()),
                Sessions.stored(SessionStore.inMemory(), KEY));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void valuesComeBackWithTheNextRequest(Sessions sessions) {
        Client client = client(sessions);

        assertThat(client.get("/get").send().text()).isEqualTo("[] -");
        client.get("/set?a=1&b=%C3%A4").send();
        client.get("/user").send();
        assertThat(client.get("/get").send().text()).isEqualTo("[a, b, user] 1 User[id=42, name=Bob]");
        client.get("/remove").send();
        assertThat(client.get("/get").send().text()).startsWith("[b, user] -");
        assertThat(client(sessions).get("/get").send().text()).isEqualTo("[] -");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theCookieIsSentOnlyWhenSomethingChanged(Sessions sessions) {
        Client client = client(sessions);

        TestResponse set = client.get("/set?a=1").send();
        TestResponse same = client.get("/set?a=1").send();
        TestResponse read = client.get("/get").send();
        TestResponse untouched = client.get("/untouched").send();

        assertThat(set.header("Set-Cookie"))
                .startsWith("session=")
                .endsWith("; Max-Age=1209600; HttpOnly; Path=/; SameSite=Lax");
        assertThat(set.header("Vary")).isEqualTo("Cookie");
        assertThat(same.headers().contains("Set-Cookie")).isFalse();
        assertThat(read.headers().contains("Set-Cookie")).isFalse();
        assertThat(read.header("Vary")).isEqualTo("Cookie");
        assertThat(untouched.headers().contains("Set-Cookie")).isFalse();
        assertThat(untouched.headers().contains("Vary")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anEmptySessionIsForgotten(Sessions sessions) {
        Client client = client(sessions);
        client.get("/set?a=1").send();

        TestResponse cleared = client.get("/clear").send();

        assertThat(cleared.header("Set-Cookie"))
                .isEqualTo(
                        "session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Path=/; SameSite=Lax");
        assertThat(client.cookies().value("session")).isEmpty();
        assertThat(client.get("/clear").send().headers().contains("Set-Cookie")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aSessionEndsWhenItIsNotUsedAndGoesOnWhenItIs(Sessions sessions) {
        Client client = client(sessions.withMaxAge(Duration.ofHours(2)));
        client.get("/set?a=1").send();

        now = now.plus(Duration.ofMinutes(50));
        assertThat(client.get("/get").send().headers().contains("Set-Cookie")).isFalse();
        now = now.plus(Duration.ofMinutes(50));
        assertThat(client.get("/get").send().header("Set-Cookie")).contains("Max-Age=7200");
        now = now.plus(Duration.ofMinutes(110));
        assertThat(client.get("/get").send().text()).isEqualTo("[a] 1");
        now = now.plus(Duration.ofMinutes(121));
        assertThat(client.get("/get").send().text()).isEqualTo("[] -");
    }

    @Test
    void theFirstKeySignsAndAllVerify() {
        Client old = client(Sessions.signed(OLD_KEY));
        old.get("/set?a=1").send();
        String cookie = old.cookies().value("session").orElseThrow();

        Client both = client(Sessions.signed(KEY, OLD_KEY));
        both.cookies().set("session", cookie);
        assertThat(both.get("/get").send().text()).isEqualTo("[a] 1");
        both.get("/set?a=2").send();
        String renewed = both.cookies().value("session").orElseThrow();

        Client onlyNew = client(Sessions.signed(KEY));
        onlyNew.cookies().set("session", cookie);
        assertThat(onlyNew.get("/get").send().text()).isEqualTo("[] -");
        onlyNew.cookies().set("session", renewed);
        assertThat(onlyNew.get("/get").send().text()).isEqualTo("[a] 2");
    }

    @Test
    void aStoredSessionsNameMayBeSignedByKeysThatChange() {
        Noting store = new Noting();
        Client old = client(Sessions.stored(store, OLD_KEY));
        old.get("/set?a=1").send();
        String cookie = old.cookies().value("session").orElseThrow();

        Client both = client(Sessions.stored(store, KEY, OLD_KEY));
        both.cookies().set("session", cookie);
        assertThat(both.get("/set?b=2").send().text()).isEqualTo("[a, b] 1");
        String again = both.cookies().value("session").orElseThrow();

        store.loaded.clear();
        Client onlyNew = client(Sessions.stored(store, KEY));
        onlyNew.cookies().set("session", cookie);
        assertThat(onlyNew.get("/get").send().text()).isEqualTo("[] -");
        assertThat(store.loaded).isEmpty();
        onlyNew.cookies().set("session", again);
        assertThat(onlyNew.get("/login").send().text()).isEqualTo("[a, b, login] 1");
        onlyNew.cookies().set("session", again);
        assertThat(onlyNew.get("/get").send().text()).isEqualTo("[] -");
    }

    @Test
    void aStoreThatCanNotBeAskedIsAnsweredForWhateverIsBehind() {
        SessionStore gone = new SessionStore() {
            @Override
            public Optional<byte[]> load(String id) {
                throw new ServiceUnavailable(Duration.ofSeconds(1));
            }

            @Override
            public void save(String id, byte[] content, Duration timeToLive) {
                throw new ServiceUnavailable(Duration.ofSeconds(1));
            }

            @Override
            public void delete(String id) {
                throw new ServiceUnavailable(Duration.ofSeconds(1));
            }
        };
        Client reading = client(Sessions.stored(gone));
        reading.cookies().set("session", "a".repeat(43));
        assertThat(reading.get("/get").send().code()).isEqualTo(503);
        assertThat(reading.get("/get").send().header("Retry-After")).isEqualTo("1");
        assertThat(reading.get("/untouched").send().text()).isEqualTo("nothing");

        Client writing = client(Sessions.stored(gone));
        assertThat(writing.get("/set?a=1").send().code()).isEqualTo(503);
        assertThat(writing.get("/set?a=1").send().header("Retry-After")).isEqualTo("1");
    }

    @Test
    void noCharacterOfASignedCookieCanBeChanged() {
        Client client = client(Sessions.signed(KEY));
        client.get("/set?a=1").send();
        String cookie = client.cookies().value("session").orElseThrow();
        List<String> accepted = new ArrayList<>();
        for (int i = 0; i < cookie.length(); i++) {
            for (char c : "Ax.-0".toCharArray()) {
                String forged = cookie.substring(0, i) + c + cookie.substring(i + 1);
                client.cookies().clear();
                client.cookies().set("session", forged);
                if (!forged.equals(cookie) && !client.get("/get").send().text().equals("[] -")) {
                    accepted.add(forged);
                }
            }
        }

        assertThat(accepted).isEmpty();
    }

    @Test
    void garbageIsNoSession() {
        for (String cookie : List.of("", ".", "..", "a.b.c", "\"", "e30.0." + "A".repeat(43), "x".repeat(70_000))) {
            for (Sessions sessions : kinds().toList()) {
                Client client = client(sessions);
                client.cookies().set("session", cookie);

                assertThat(client.get("/get").send().text()).isEqualTo("[] -");
            }
        }
    }

    @Test
    void aSignedCookieIsReadableJson() {
        Client client = client(Sessions.signed(KEY));
        client.get("/set?a=1").send();
        String payload = client.cookies().value("session").orElseThrow().split("\\.", -1)[0];

        assertThat(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":\"1\"}");
    }

    @Test
    void aCookieThatBrowsersWouldDropIsAnErrorThatSaysSo() {
        Client client = client(Sessions.signed(KEY));

        assertThatThrownBy(() -> client.get("/set?a=" + "x".repeat(4000)).send())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching("session: its cookie takes \\d+ bytes, over 4096: keep less in it,"
                        + " or keep it in a store \\(Sessions.stored\\) \\(it has \\[a\\]\\)");
        assertThat(client.get("/set?a=" + "x".repeat(2900)).send().code()).isEqualTo(200);
    }

    @Test
    void aShortKeyStopsTheStart() {
        assertThatThrownBy(() -> Sessions.signed(KEY, "secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Sessions: key 2 has 6 bytes, under 16 (make one by: openssl rand -hex 32)");
        assertThatThrownBy(Sessions::signed).hasMessageContaining("no key");
    }

    /// A store like a remote one, which shows what it is asked.
    private static final class Noting implements SessionStore {
        private final Map<String, byte[]> kept = new HashMap<>();
        private final List<String> loaded = new ArrayList<>();

        @Override
        public Optional<byte[]> load(String id) {
            loaded.add(id);
            return Optional.ofNullable(kept.get(id));
        }

        @Override
        public void save(String id, byte[] content, Duration timeToLive) {
            kept.put(id, content);
        }

        @Override
        public void delete(String id) {
            kept.remove(id);
        }
    }

    @Test
    void aStoreIsAskedOnlyForWhatItCouldHave() {
        Noting store = new Noting();
        Client client = client(Sessions.stored(store));
        client.cookies().set("session", "DEL *");
        client.get("/get").send();
        assertThat(store.loaded).isEmpty();

        client.get("/set?a=1").send();
        client.get("/untouched").send();
        assertThat(store.loaded).isEmpty();

        client.get("/get").send();
        assertThat(store.loaded).hasSize(1).allMatch(id -> id.matches("[A-Za-z0-9_-]{43}"));
    }

    @Test
    void aNameThatAClientMadeUpIsNeverTaken() {
        Noting store = new Noting();
        Client client = client(Sessions.stored(store));
        String planted = "A".repeat(43);
        client.cookies().set("session", planted);

        client.get("/set?a=1").send();

        assertThat(client.cookies().value("session")).isNotEqualTo(Optional.of(planted));
        assertThat(store.kept).hasSize(1).doesNotContainKey(planted);
    }

    private static String text(Client client, String header) {
        return client.get("/get").header("Cookie", header).send().text();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void ofSeveralCookiesOfTheNameTheOneThatIsASessionIsTaken(Sessions sessions) {
        Client client = client(sessions);
        client.get("/set?a=1").send();
        String good = "session=" + client.cookies().value("session").orElseThrow();
        String madeUp = "session=" + "A".repeat(43);
        String forged = good.substring(0, good.length() - 3) + "AAA";
        client.cookies().clear();

        for (String header : List.of(
                good,
                good + "; session=stale",
                "session=stale; " + good,
                "session=; " + good,
                "session; " + good,
                "session=\"un\\\"quoted; " + good,
                madeUp + "; " + good,
                "session=e30.0.AAAA; " + forged + "; " + madeUp + "; " + good,
                "session=x; ".repeat(500) + good,
                (madeUp + "; ").repeat(500) + good,
                "Session=x; sessio=y; " + good)) {
            assertThat(text(client, header)).as(header).isEqualTo("[a] 1");
        }
        assertThat(text(client, forged)).isEqualTo("[] -");
        assertThat(text(client, madeUp + "; " + forged)).isEqualTo("[] -");
    }

    @Test
    void aStoreIsNotAskedForEachOfAThousandCookies() {
        Noting store = new Noting();
        Client client = client(Sessions.stored(store));
        StringBuilder header = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            header.append("session=%043d; ".formatted(i));
        }

        client.get("/get").header("Cookie", header.toString()).send();

        assertThat(store.loaded).hasSize(32).doesNotHaveDuplicates();
    }

    @Test
    void aLogoutAndALoginEndEverySessionThatTheClientCameWith() {
        for (String path : List.of("/clear", "/login")) {
            Noting store = new Noting();
            Client client = client(Sessions.stored(store));
            client.get("/set?a=1").send();
            String planted = client.cookies().value("session").orElseThrow();
            client.cookies().clear();
            client.get("/set?a=2").send();
            String own = client.cookies().value("session").orElseThrow();

            client.get(path)
                    .header("Cookie", "session=" + planted + "; session=" + own)
                    .send();

            assertThat(store.kept).doesNotContainKeys(planted, own).hasSize(path.equals("/login") ? 1 : 0);
        }
    }

    @Test
    void whatIsNoJsonInAStoreIsNoSession() {
        Noting store = new Noting();
        Client client = client(Sessions.stored(store));
        client.get("/set?a=1").send();
        String name = client.cookies().value("session").orElseThrow();
        byte[] kept = store.kept.get(name);

        for (String json : List.of("[1]", "null", "{", "7", "")) {
            byte[] broken = Arrays.copyOf(kept, 8 + json.length());
            System.arraycopy(json.getBytes(StandardCharsets.US_ASCII), 0, broken, 8, json.length());
            store.kept.put(name, broken);

            assertThat(client.get("/get").send().text()).isEqualTo("[] -");
        }
    }

    @Test
    void aLoginGivesTheSessionAnotherName() {
        Noting store = new Noting();
        Client client = client(Sessions.stored(store));
        client.get("/set?a=1").send();
        String before = client.cookies().value("session").orElseThrow();

        client.get("/login").send();

        assertThat(client.cookies().value("session")).isNotEqualTo(Optional.of(before));
        assertThat(store.kept).hasSize(1).doesNotContainKey(before);
        assertThat(client.get("/get").send().text()).isEqualTo("[a, login] 1");
    }

    @Test
    void whoKnewTheSessionBeforeTheLoginIsNobodyAfterwards() {
        Sessions sessions = Sessions.stored(new Noting());
        Client attacker = client(sessions);
        attacker.get("/set?a=1").send();
        Client victim = client(sessions);
        victim.cookies().set("session", attacker.cookies().value("session").orElseThrow());

        victim.get("/login").send();

        assertThat(victim.get("/get").send().text()).isEqualTo("[a, login] 1");
        assertThat(attacker.get("/get").send().text()).isEqualTo("[] -");
    }

    @Test
    void theCookieHasTheNameAndAttributesThatItIsGiven() {
        Sessions sessions = Sessions.signed(KEY)
                .withCookie(Cookie.of("__Host-s", "").withHttpOnly().withSameSite(Cookie.SameSite.STRICT))
                .withSecureCookie();

        assertThat(client(sessions).get("/set?a=1").send().header("Set-Cookie"))
                .matches("__Host-s=[^;]+; Max-Age=1209600; Secure; HttpOnly; Path=/; SameSite=Strict");
    }

    @Test
    void changesAfterTheStartAreRefused() {
        Application late = (environ, startResponse) -> {
            Session session = Session.of(environ);
            session.put("a", 1);
            startResponse.start(Status.OK, new Headers());
            return Body.stream(writer -> {
                writer.write(session.get("a", Integer.class).orElseThrow().toString());
                session.put("a", 2);
            });
        };
        Client client = Client.of(Sessions.signed(KEY).wrap(late));

        assertThatThrownBy(() -> client.get("/").send())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after the response was started");
    }

    @Test
    void aValueThatIsNoJsonIsRefusedWhereItIsPut() {
        Application wrong = (environ, startResponse) -> {
            Map<String, Object> endless = new HashMap<>();
            endless.put("self", endless);
            Session.of(environ).put("endless", endless);
            return new Response("").call(environ, startResponse);
        };

        assertThatThrownBy(() ->
                        Client.of(Sessions.signed(KEY).wrap(wrong)).get("/").send())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("JSON");
    }

    @Test
    void aValueOfAnotherTypeIsSpokenOf() {
        Application wrong = (environ, startResponse) -> new Response(
                        Session.of(environ).put("a", "x").get("a", Integer.class) + "")
                .call(environ, startResponse);

        assertThatThrownBy(() ->
                        Client.of(Sessions.signed(KEY).wrap(wrong)).get("/").send())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the session's \"a\" is no Integer");
        assertThatThrownBy(() -> Client.of(NOTES).get("/").send()).hasMessageContaining("wrap the application");
    }

    @Test
    void aListThatIsChangedInPlaceIsKept() {
        Application list = (environ, startResponse) -> {
            Session session = Session.of(environ);
            if (session.isEmpty()) {
                session.put("list", new ArrayList<>(List.of("a")));
            } else {
                @SuppressWarnings("unchecked")
                List<Object> values = session.get("list", List.class).orElseThrow();
                values.add("b");
            }
            return Response.json(session.get("list", List.class).orElseThrow()).call(environ, startResponse);
        };
        Client client = Client.of(Sessions.signed(KEY).wrap(list));

        client.get("/").send();
        client.get("/").send();
        assertThat(client.get("/").send().text()).isEqualTo("[\"a\",\"b\",\"b\"]");
    }

    @Test
    void anErrorPageInPlaceOfTheFirstResponseKeepsTheSession() throws Exception {
        Application failing = (environ, startResponse) -> {
            Session.of(environ).put("a", 1);
            startResponse.start(Status.OK, new Headers());
            startResponse.start(Status.of(500), new Headers(), new IllegalStateException("second thoughts"));
            return Body.empty();
        };
        List<Headers> started = new ArrayList<>();

        Sessions.signed(KEY).wrap(failing).call(new Environ(), (_, headers, _) -> started.add(headers));

        assertThat(started)
                .hasSize(2)
                .allMatch(headers -> headers.all("Set-Cookie").size() == 1);
        assertThat(started.getFirst().first("Set-Cookie"))
                .isEqualTo(started.getLast().first("Set-Cookie"));
    }

    /// What a Python application would do: it sees text, and answers headers.
    @Test
    void anApplicationInAnotherLanguageSharesTheSession() {
        Application python = (environ, startResponse) -> {
            String json = environ.text(Sessions.SHARED_VARIABLE).orElseThrow();
            Headers headers = Headers.of("Content-Type", "text/plain");
            if (environ.path().equals("/set")) {
                headers.add("Loomgate-Session", "{\"user\": \"\\u00e4\", \"n\": [1, 2]}");
            }
            startResponse.start(Status.OK, headers);
            return Body.text(json);
        };
        Client client =
                Client.of(new Lint().wrap(Sessions.signed(KEY).asShared().wrap(python)));

        assertThat(client.get("/").send().text()).isEqualTo("{}");
        TestResponse set = client.get("/set").send();
        assertThat(set.headers().contains("Loomgate-Session")).isFalse();
        assertThat(set.header("Set-Cookie")).startsWith("session=");
        assertThat(client.get("/").send().text()).isEqualTo("{\"user\":\"ä\",\"n\":[1,2]}");
    }

    @Test
    void aSharedSessionThatIsNoJsonObjectIsTheApplicationsFault() {
        for (String json : List.of("[1]", "null", "{", "")) {
            Application python = (_, startResponse) -> {
                startResponse.start(Status.OK, Headers.of("Loomgate-Session", json));
                return Body.empty();
            };
            Client client = Client.of(Sessions.signed(KEY).asShared().wrap(python));

            assertThatThrownBy(() -> client.get("/").send())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Loomgate-Session is no JSON object");
        }
    }

    @Test
    void memoryForgetsWhatItsTimeIsOverAndWhatItHasNoRoomFor() {
        long[] nanos = {0};
        SessionsInMemory store = new SessionsInMemory(10_000, () -> nanos[0]);
        store.save("a", new byte[] {1}, Duration.ofMinutes(1));
        nanos[0] = Duration.ofSeconds(59).toNanos();
        assertThat(store.load("a")).isPresent();
        nanos[0] = Duration.ofSeconds(61).toNanos();
        assertThat(store.load("a")).isEmpty();

        for (int i = 0; i < 100; i++) {
            store.save("n" + i, new byte[1000], Duration.ofMinutes(1));
        }
        long left = Stream.iterate(0, i -> i + 1)
                .limit(100)
                .filter(i -> store.load("n" + i).isPresent())
                .count();
        assertThat(left).isBetween(1L, 8L);
        store.delete("n99");
        assertThat(store.load("n99")).isEmpty();
    }
}
