package dev.loomgate.security.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.security.jwt.JwtClaims;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.sessions.SessionStore;
import dev.loomgate.toolkit.sessions.Sessions;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.NotAccepted;
import dev.loomgate.toolkit.test.TestResponse;
import dev.loomgate.toolkit.test.TestSocket;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A login as it should be: from a page to the provider, back, and out again.
class OidcLoginTest {
    record Clerk(String sub, String email) {}

    static final class Live {
        @SuppressWarnings("UnusedMethod") // by the rule
        void websocket(WebSocket socket) throws IOException {
            socket.send("live");
        }
    }

    private OidcServer server;

    @BeforeEach
    void start() throws IOException {
        server = new OidcServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private OidcLogin login() {
        return OidcLogin.of(
                OidcProvider.at(server.url(), OidcServer.CLIENT, OidcServer.SECRET)
                        .withScopes("email"),
                URI.create(Visitor.SITE));
    }

    static Application site(OidcLogin login) {
        return site(login, SessionStore.inMemory());
    }

    static Application site(OidcLogin login, SessionStore store) {
        return Sessions.stored(store)
                .withSecureCookie()
                .wrap(WebApplication.of(
                        Route.get("/", _ -> "home"),
                        Route.get("/note", request -> {
                            request.session().put("note", request.args().get("text", ""));
                            return "noted";
                        }),
                        Route.get(
                                "/notes",
                                request -> request.session().get("note").orElse("none")),
                        Route.get("/me", request -> request.user(JwtClaims.class)
                                        .map(JwtClaims::subject)
                                        .orElse("?"))
                                .guardedBy(login),
                        Route.get(
                                        "/variables",
                                        request -> request.environ().text("AUTH_TYPE", "-") + " "
                                                + request.environ().text("REMOTE_USER", "-"))
                                .guardedBy(login),
                        Route.get("/clerk", request -> request.user(Clerk.class)
                                        .orElseThrow()
                                        .email())
                                .guardedBy(login.as(Clerk.class)),
                        Route.post("/orders", _ -> "ordered").guardedBy(login),
                        Rule.of("/live", Live.class).asWebsocket().guardedBy(login),
                        login.rules()));
    }

    @Test
    void aPageThatNeedsALoginComesAfterIt() throws Exception {
        Visitor visitor = new Visitor(site(login()));

        TestResponse done = visitor.login("/me?part=%C3%A4+1&x");

        assertThat(done.header("Location")).isEqualTo(Visitor.SITE + "/me?part=%C3%A4+1&x");
        assertThat(visitor.get("/me").text()).isEqualTo("42");
        assertThat(visitor.get("/variables").text()).isEqualTo("OpenID 42");
        assertThat(visitor.get("/clerk").text()).isEqualTo("42@example.org");
        assertThat(visitor.client().post("/orders").send().text()).isEqualTo("ordered");
        try (TestSocket live = visitor.client().webSocket("/live")) {
            assertThat(live.receiveText()).isEqualTo("live");
        }
    }

    @Test
    void theProviderIsAskedForACodeWithAStateANonceAndAChallenge() {
        Visitor visitor = new Visitor(site(login()));

        Map<String, String> first =
                OidcServer.fields(URI.create(visitor.begin("/me")).getRawQuery());
        Map<String, String> second =
                OidcServer.fields(URI.create(visitor.begin("/me")).getRawQuery());

        assertThat(first)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "office")
                .containsEntry("redirect_uri", Visitor.SITE + "/oidc/callback")
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("scope", "openid email");
        for (String name : List.of("state", "nonce", "code_challenge")) {
            assertThat(first.get(name)).hasSizeGreaterThanOrEqualTo(43).isNotEqualTo(second.get(name));
        }
    }

    @Test
    void theRedirectIsNotKeptByCaches() {
        assertThat(new Visitor(site(login())).get("/me").header("Cache-Control"))
                .isEqualTo("no-store");
    }

    @Test
    void aLinkBeginsALoginAndEndsAtHomeOrWhereItSays() throws Exception {
        Visitor visitor = new Visitor(site(login().withHome("/welcome")));

        assertThat(visitor.login("/oidc/login").header("Location")).isEqualTo(Visitor.SITE + "/welcome");
        assertThat(visitor.login("/oidc/login?to=/notes").header("Location")).isEqualTo(Visitor.SITE + "/notes");
    }

    @Test
    void theSessionHasAnotherIdAfterTheLogin() throws Exception {
        Application site = site(login());
        Visitor visitor = new Visitor(site);
        visitor.get("/note?text=tea");
        String before = visitor.client().cookies().value("session").orElseThrow();

        visitor.login("/me");

        assertThat(visitor.client().cookies().value("session"))
                .isPresent()
                .get()
                .isNotEqualTo(before);
        assertThat(visitor.get("/notes").text()).isEqualTo("tea");
        Visitor attacker = new Visitor(site);
        attacker.client().cookies().set("session", before);
        assertThat(attacker.get("/me").code()).isEqualTo(303);
    }

    @Test
    void whoWasSomebodyElseLeavesNothingBehind() throws Exception {
        Visitor visitor = new Visitor(site(login()));
        visitor.login("/me");
        visitor.get("/note?text=secret");

        server.person("43");
        visitor.login("/oidc/login");

        assertThat(visitor.get("/me").text()).isEqualTo("43");
        assertThat(visitor.get("/notes").text()).isEqualTo("none");
    }

    @Test
    void whatIsNoOpeningOfAPageIsToldToLogIn() {
        Visitor visitor = new Visitor(site(login()));
        Client client = visitor.client();

        assertThat(client.post("/orders").send().code()).isEqualTo(401);
        assertThat(client.head("/me").send().code()).isEqualTo(401);
        assertThat(client.get("/me").header("Sec-Fetch-Mode", "cors").send().code())
                .isEqualTo(401);
        assertThat(client.get("/me").header("Sec-Fetch-Dest", "iframe").send().code())
                .isEqualTo(401);
        assertThatThrownBy(() -> client.webSocket("/live"))
                .isInstanceOf(NotAccepted.class)
                .hasMessageContaining("401");
        assertThat(client.cookies().value("session")).isEmpty();
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void twoPagesAtOnceLogInEachByItself() throws Exception {
        Visitor visitor = new Visitor(site(login()));
        String first = visitor.begin("/me");
        String second = visitor.begin("/variables");

        assertThat(visitor.get(Visitor.authorize(second)).header("Location")).endsWith("/variables");
        assertThat(visitor.get(Visitor.authorize(first)).header("Location")).endsWith("/me");
    }

    @Test
    void theFifthLoginAtOncePushesTheFirstOut() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        Visitor visitor = new Visitor(site(login().withClock(now::get)));
        String first = visitor.begin("/me");
        now.set(now.get().plusSeconds(1));
        String second = visitor.begin("/me");
        now.set(now.get().plusSeconds(1));
        for (int i = 0; i < 3; i++) {
            visitor.begin("/me");
        }

        assertThat(visitor.get(Visitor.authorize(first)).code()).isEqualTo(400);
        assertThat(visitor.get(Visitor.authorize(second)).code()).isEqualTo(303);
    }

    @Test
    void aLoginThatTookTooLongIsOver() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        Visitor visitor = new Visitor(site(login().withClock(now::get)));
        String back = Visitor.authorize(visitor.begin("/me"));

        now.set(now.get().plusSeconds(901));

        TestResponse response = visitor.get(back);
        assertThat(response.code()).isEqualTo(400);
        assertThat(response.text()).contains("Begin it again");
    }

    @Test
    void whenTheLifetimeIsOverTheProviderIsAskedAgain() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        Visitor visitor =
                new Visitor(site(login().withLifetime(Duration.ofHours(1)).withClock(now::get)));
        visitor.login("/me");

        now.set(now.get().plusSeconds(3599));
        assertThat(visitor.get("/me").code()).isEqualTo(200);
        now.set(now.get().plusSeconds(1));
        assertThat(visitor.get("/me").code()).isEqualTo(303);
    }

    @Test
    void aLogoutEndsTheSession() throws Exception {
        Application site = site(login());
        Visitor visitor = new Visitor(site);
        visitor.login("/me");
        String cookie = visitor.client().cookies().value("session").orElseThrow();

        TestResponse response = visitor.client().post("/oidc/logout").send();

        assertThat(response.header("Location")).isEqualTo(Visitor.SITE + "/");
        assertThat(visitor.client().cookies().value("session")).isEmpty();
        Visitor thief = new Visitor(site);
        thief.client().cookies().set("session", cookie);
        assertThat(thief.get("/me").code()).isEqualTo(303);
    }

    @Test
    void aLogoutGoesOnToTheProviderThatOffersIt() throws Exception {
        server.says("end_session_endpoint", server.issuer() + "/logout");
        Visitor visitor = new Visitor(site(login().withHome("/bye")));
        visitor.login("/me");

        URI location = URI.create(visitor.client().post("/oidc/logout").send().header("Location"));

        assertThat(location.toString()).startsWith(server.issuer() + "/logout?");
        assertThat(OidcServer.fields(location.getRawQuery()))
                .containsEntry("client_id", "office")
                .containsEntry("post_logout_redirect_uri", Visitor.SITE + "/bye")
                .hasEntrySatisfying("id_token_hint", token -> assertThat(token).matches("[^.]+\\.[^.]+\\.[^.]+"));
        assertThat(visitor.get("/me").code()).isEqualTo(303);
    }

    @Test
    void aLinkEndsNoLogin() throws Exception {
        Visitor visitor = new Visitor(site(login()));
        visitor.login("/me");

        assertThat(visitor.get("/oidc/logout").code()).isEqualTo(405);
        assertThat(visitor.get("/me").code()).isEqualTo(200);
    }

    @Test
    void aWholeApplicationMayBeGuarded() throws Exception {
        OidcLogin login = login();
        Visitor visitor = new Visitor(Sessions.stored(SessionStore.inMemory())
                .wrap(WebApplication.of(Route.get("/", _ -> "inside"), login.rules())
                        .withGuard(login)));

        assertThat(visitor.get("/oidc/login").code()).isEqualTo(303);
        visitor.login("/");
        assertThat(visitor.get("/").text()).isEqualTo("inside");
    }

    @Test
    void signedCookiesServeToo() throws Exception {
        OidcLogin login = login();
        Visitor visitor = new Visitor(Sessions.signed("a secret of more than 16 bytes")
                .wrap(WebApplication.of(Route.get("/", _ -> "inside").guardedBy(login), login.rules())));

        for (int i = 0; i < 4; i++) {
            visitor.begin("/");
        }
        visitor.login("/");

        assertThat(visitor.get("/").text()).isEqualTo("inside");
    }

    @Test
    void theSecretGoesIntoTheFormWhereTheProviderWantsIt() throws Exception {
        server.says("token_endpoint_auth_methods_supported", List.of("client_secret_post"));
        Visitor visitor = new Visitor(site(login()));

        visitor.login("/me");

        assertThat(visitor.get("/me").text()).isEqualTo("42");
    }

    @Test
    void aClientWithoutASecretHasItsName() throws Exception {
        server.says("token_endpoint_auth_methods_supported", List.of("none"));
        Visitor visitor = new Visitor(
                site(OidcLogin.of(OidcProvider.at(server.url(), OidcServer.CLIENT), URI.create(Visitor.SITE))));

        visitor.login("/me");

        assertThat(visitor.get("/me").text()).isEqualTo("42");
    }

    @Test
    void whatMakesNoSenseStopsTheStart() {
        OidcProvider provider = OidcProvider.at(server.url(), "office");

        assertThatThrownBy(() -> OidcProvider.at(URI.create("http://id.example.org"), "office"))
                .hasMessageContaining("http://id.example.org is no https:// URL");
        assertThatThrownBy(() -> OidcProvider.at(server.url(), "")).hasMessageContaining("ID is empty");
        assertThatThrownBy(() -> OidcProvider.at(server.url(), "office", "")).hasMessageContaining("secret is empty");
        assertThatThrownBy(() -> provider.withAlgorithms("HS256")).hasMessageContaining("HS256");
        assertThatThrownBy(() -> provider.withAlgorithms("none")).hasMessageContaining("none");
        assertThatThrownBy(() -> OidcLogin.of(provider, URI.create("https://office.example.org/?a=b")))
                .hasMessageContaining("more than scheme, host, port and path");
        assertThatThrownBy(() -> login().withPath("oidc")).hasMessageContaining("\"oidc\"");
        assertThatThrownBy(() -> login().withHome("https://evil.example.org"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> login().withLifetime(Duration.ZERO)).hasMessageContaining("PT0S");
    }

    @Test
    void itSaysWhatItIs() {
        OidcProvider provider = OidcProvider.at(URI.create("https://id.example.org"), "office", "secret");

        assertThat(provider).hasToString("OidcProvider https://id.example.org for office");
        assertThat(OidcLogin.of(provider, URI.create("https://office.example.org/shop/")))
                .hasToString("OidcLogin by https://id.example.org at https://office.example.org/shop/oidc");
    }
}
