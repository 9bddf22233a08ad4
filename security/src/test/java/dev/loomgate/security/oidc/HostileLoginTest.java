package dev.loomgate.security.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.loomgate.gateway.Application;
import dev.loomgate.security.jwt.JwksSettings;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.sessions.SessionStore;
import dev.loomgate.toolkit.sessions.Sessions;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Logins that somebody meddles with.
class HostileLoginTest {
    private OidcServer server;
    private LogLines log;

    @BeforeEach
    void start() throws IOException {
        server = new OidcServer();
        log = LogLines.of("dev.loomgate.security");
    }

    @AfterEach
    void stop() {
        log.close();
        server.close();
    }

    private OidcProvider provider() {
        return OidcProvider.at(server.url(), OidcServer.CLIENT, OidcServer.SECRET);
    }

    private Application site() {
        return OidcLoginTest.site(OidcLogin.of(provider(), URI.create(Visitor.SITE)));
    }

    private void refused(Visitor visitor, TestResponse response, int status, String reason) {
        assertThat(response.code()).isEqualTo(status);
        assertThat(response.text()).contains(reason);
        assertThat(visitor.get("/me").code()).isEqualTo(303);
    }

    /// A token that is not what it should be.
    ///
    /// @param reason part of the answer's text
    private record Forgery(String name, String reason, Consumer<OidcServer> lie) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Forgery> forgeries() {
        return Stream.of(
                new Forgery(
                        "other nonce",
                        "of another login",
                        server -> server.claims(claims -> claims.claim("nonce", "n"))),
                new Forgery(
                        "no nonce", "of another login", server -> server.claims(claims -> claims.claim("nonce", null))),
                new Forgery(
                        "other issuer",
                        "of another issuer",
                        server -> server.claims(claims -> claims.issuer("https://evil.example.org"))),
                new Forgery(
                        "other audience",
                        "meant for others",
                        server -> server.claims(claims -> claims.audience("shop"))),
                new Forgery(
                        "shared audience",
                        "made for another client",
                        server -> server.claims(claims -> claims.audience(List.of("office", "shop")))),
                new Forgery(
                        "other party",
                        "made for another client",
                        server -> server.claims(claims -> claims.claim("azp", "shop"))),
                new Forgery(
                        "expired",
                        "has expired",
                        server -> server.claims(claims ->
                                claims.expirationTime(Date.from(Instant.now().minusSeconds(31))))),
                new Forgery("no end", "has no end", server -> server.claims(claims -> claims.expirationTime(null))),
                new Forgery(
                        "not yet",
                        "not valid yet",
                        server -> server.claims(claims ->
                                claims.notBeforeTime(Date.from(Instant.now().plusSeconds(60))))),
                new Forgery("nobody", "lacks sub or iat", server -> server.claims(claims -> claims.subject(null))),
                new Forgery(
                        "no issue time", "lacks sub or iat", server -> server.claims(claims -> claims.issueTime(null))),
                new Forgery(
                        "not signed",
                        "is not signed",
                        server -> server.signature(claims -> new PlainJWT(claims).serialize())),
                new Forgery(
                        "other key",
                        "wrong signature",
                        server -> server.signature(claims -> OidcServer.signed(OidcServer.key("1"), claims))),
                new Forgery(
                        "public key as secret",
                        "an algorithm that is not accepted",
                        server -> server.signature(HostileLoginTest::hmac)),
                new Forgery("no token", "something that is no token", server -> server.signature(_ -> "a.b.c")));
    }

    private static String hmac(JWTClaimsSet claims) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("1").build(), claims);
            token.sign(new MACSigner(OidcServer.KEY.toRSAPublicKey().getEncoded()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void aForgedTokenLogsNobodyIn(Forgery forgery) throws Exception {
        Visitor visitor = new Visitor(site());
        forgery.lie().accept(server);

        refused(visitor, visitor.login("/me"), 403, forgery.reason());
    }

    @Test
    void aStateIsWorthNothingInAnotherSession() throws Exception {
        Application site = site();
        Visitor attacker = new Visitor(site);
        Visitor victim = new Visitor(site);
        victim.begin("/me");

        // The attacker's own login, to be finished by the victim: who would then be the attacker here.
        refused(victim, victim.get(Visitor.authorize(attacker.begin("/me"))), 400, "not begun here");
        assertThat(server.asked()).doesNotContain("/token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "?state=&code=x", "?state=x&code=x", "?code=x", "?state=%20&code=x", "?state=a&state=b"})
    void aStateThatNobodyMadeIsRefused(String query) {
        Visitor visitor = new Visitor(site());
        visitor.begin("/me");

        assertThat(visitor.get("/oidc/callback" + query).code()).isEqualTo(400);
        assertThat(server.asked()).doesNotContain("/token");
    }

    @Test
    void anAnswerIsGoodOnce() throws Exception {
        Visitor visitor = new Visitor(site());
        String back = Visitor.authorize(visitor.begin("/me"));
        visitor.get(back);
        visitor.client().post("/oidc/logout").send();

        refused(visitor, visitor.get(back), 400, "done already");
    }

    @Test
    void aCodeIsGoodOnce() throws Exception {
        Visitor visitor = new Visitor(site());
        String first = Visitor.authorize(visitor.begin("/me"));
        visitor.get(first);
        visitor.client().post("/oidc/logout").send();
        String second = Visitor.authorize(visitor.begin("/me"));

        String replayed = with(second, "code", OidcServer.fields(query(first)).get("code"));

        refused(visitor, visitor.get(replayed), 403, "invalid_grant");
    }

    @Test
    void aStolenCodeIsWorthNothingWithoutItsVerifier() throws Exception {
        Application site = site();
        Visitor victim = new Visitor(site);
        Visitor attacker = new Visitor(site);
        String stolen =
                OidcServer.fields(query(Visitor.authorize(victim.begin("/me")))).get("code");

        String injected = with(Visitor.authorize(attacker.begin("/me")), "code", stolen);

        refused(attacker, attacker.get(injected), 403, "invalid_grant");
    }

    @Test
    void aCodeOfAnotherProviderIsNotSentToThisOne() throws Exception {
        server.namesItself();
        Visitor visitor = new Visitor(site());
        String back = Visitor.authorize(visitor.begin("/me"));

        refused(
                visitor,
                visitor.get(with(back, "iss", "https://evil.example.org")),
                403,
                "The answer is of another provider");
        assertThat(server.asked()).doesNotContain("/token");
    }

    @Test
    void aProviderThatNamesItselfDoesSoEachTime() throws Exception {
        server.namesItself();
        Visitor visitor = new Visitor(site());

        visitor.login("/me");
        assertThat(visitor.get("/me").code()).isEqualTo(200);
        visitor.client().post("/oidc/logout").send();

        String back = Visitor.authorize(visitor.begin("/me"));
        String unnamed = back.substring(0, back.indexOf("&iss="));
        refused(visitor, visitor.get(unnamed), 403, "The answer is of another provider");
    }

    @Test
    void aLoginByOneProviderIsNoneByAnother() throws Exception {
        try (OidcServer other = new OidcServer()) {
            OidcLogin staff = OidcLogin.of(provider(), URI.create(Visitor.SITE)).withPath("/staff");
            OidcLogin guests = OidcLogin.of(
                            OidcProvider.at(other.url(), OidcServer.CLIENT, OidcServer.SECRET),
                            URI.create(Visitor.SITE))
                    .withPath("/guests");
            Visitor visitor = new Visitor(Sessions.stored(SessionStore.inMemory())
                    .wrap(WebApplication.of(
                            Route.get("/vault", _ -> "gold").guardedBy(staff),
                            Route.get("/hall", _ -> "tea").guardedBy(guests),
                            staff.rules(),
                            guests.rules())));
            visitor.login("/hall");

            assertThat(visitor.get("/hall").text()).isEqualTo("tea");
            assertThat(visitor.begin("/vault")).startsWith(server.issuer());
            String swapped = Visitor.authorize(visitor.begin("/vault")).replace("/staff/", "/guests/");
            assertThat(visitor.get(swapped).code()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.org/",
                "//evil.example.org/",
                "///evil.example.org/",
                "/\\evil.example.org/",
                "\\\\evil.example.org/",
                "/\t/evil.example.org/",
                "/\r\nSet-Cookie: session=evil",
                "javascript:alert(1)",
                "@evil.example.org/",
                ".evil.example.org/",
                "evil.example.org",
                ""
            })
    void noLoginEndsOnAnotherSite(String to) throws Exception {
        Visitor visitor = new Visitor(site());

        TestResponse response = visitor.login("/oidc/login?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8));

        assertThat(response.header("Location")).isEqualTo(Visitor.SITE + "/");
    }

    @Test
    void aLongWayIsForgotten() throws Exception {
        Visitor visitor = new Visitor(site());

        assertThat(visitor.login("/me?x=" + "a".repeat(2000)).header("Location"))
                .isEqualTo(Visitor.SITE + "/");
    }

    @Test
    void theHostOfARequestLeadsNowhere() throws Exception {
        Visitor visitor = new Visitor(site());
        String location = visitor.client()
                .get("/me")
                .header("Host", "evil.example.org")
                .send()
                .header("Location");

        assertThat(OidcServer.fields(URI.create(location).getRawQuery()))
                .containsEntry("redirect_uri", Visitor.SITE + "/oidc/callback");
        assertThat(visitor.client()
                        .get(Visitor.authorize(location))
                        .header("Host", "evil.example.org")
                        .send()
                        .header("Location"))
                .isEqualTo(Visitor.SITE + "/me");
    }

    @Test
    void aRefusalOfTheProviderIsShownByItsWordOnly() {
        Visitor visitor = new Visitor(site());
        String state = OidcServer.fields(URI.create(visitor.begin("/me")).getRawQuery())
                .get("state");
        refused(
                visitor,
                visitor.get("/oidc/callback?error=access_denied&state=" + state),
                403,
                "The provider says: access_denied");

        String next = OidcServer.fields(URI.create(visitor.begin("/me")).getRawQuery())
                .get("state");
        TestResponse response =
                visitor.get("/oidc/callback?error=%3Cb%3Ecall+0900%3C/b%3E&error_description=pay&state=" + next);
        assertThat(response.text()).doesNotContain("0900", "pay", "<b>");
    }

    @Test
    void nothingSecretIsShownOrLogged() throws Exception {
        Visitor visitor = new Visitor(site());
        server.claims(claims -> claims.issuer("https://evil.example.org").claim("email", "mallory@example.org"));
        String back = Visitor.authorize(visitor.begin("/me"));

        TestResponse response = visitor.get(back);

        String code = OidcServer.fields(query(back)).get("code");
        assertThat(response.toString() + log.lines())
                .contains("another issuer")
                .doesNotContain(code, "mallory", "evil.example.org", OidcServer.SECRET);
    }

    @Test
    void aWrongSecretIsTheOperatorsToKnow() throws Exception {
        Visitor visitor = new Visitor(OidcLoginTest.site(
                OidcLogin.of(OidcProvider.at(server.url(), OidcServer.CLIENT, "another"), URI.create(Visitor.SITE))));

        refused(visitor, visitor.login("/me"), 403, "invalid_client");
        assertThat(log.with(server.issuer() + "/token gives no token for a code: invalid_client"))
                .hasSize(1);
    }

    @Test
    void aProviderThatIsDownIsNobodysFault() throws Exception {
        server.down(true);
        Visitor visitor = new Visitor(site());

        assertThat(visitor.get("/me").code()).isEqualTo(503);
        assertThat(log.with("status 500")).hasSize(1);

        server.down(false);
        String back = Visitor.authorize(visitor.begin("/me"));
        server.down(true);
        assertThat(visitor.get(back).code()).isEqualTo(503);
    }

    @Test
    void aDocumentThatCanNotBeFetchedAgainStaysInUse() throws Exception {
        JwksSettings brief =
                JwksSettings.DEFAULT.withPause(Duration.ofMillis(1)).withLifetime(Duration.ofMillis(2));
        Visitor visitor =
                new Visitor(OidcLoginTest.site(OidcLogin.of(provider().withSettings(brief), URI.create(Visitor.SITE))));
        visitor.login("/me");
        server.down(true);

        Eventually.await("a fetch that fails", () -> {
            visitor.client().cookies().clear();
            assertThat(visitor.begin("/me")).startsWith(server.issuer());
            return !log.with("can't be used").isEmpty();
        });
        assertThat(visitor.begin("/me")).startsWith(server.issuer());
    }

    @Test
    void aLogoutWorksWithoutTheProvider() throws Exception {
        SessionStore store = SessionStore.inMemory();
        Visitor visitor = new Visitor(OidcLoginTest.site(OidcLogin.of(provider(), URI.create(Visitor.SITE)), store));
        visitor.login("/me");
        server.down(true);
        // The site was started again, and knows nothing of its provider yet.
        Visitor later = new Visitor(OidcLoginTest.site(OidcLogin.of(provider(), URI.create(Visitor.SITE)), store));
        String cookie = visitor.client().cookies().value("session").orElseThrow();
        later.client().cookies().set("session", cookie);
        assertThat(later.get("/me").text()).isEqualTo("42");

        assertThat(later.client().post("/oidc/logout").send().header("Location"))
                .isEqualTo(Visitor.SITE + "/");
        assertThat(later.get("/me").code()).isNotEqualTo(200);
    }

    @Test
    void aDocumentOfAnotherIssuerIsRefused() {
        server.says("issuer", "https://evil.example.org");

        assertThat(new Visitor(site()).get("/me").code()).isEqualTo(503);
        assertThat(log.with("it is the document of another issuer")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"})
    void anEndpointThatOthersCanReadIsRefused(String name) {
        server.says(name, "http://id.example.org/");

        assertThat(new Visitor(site()).get("/me").code()).isEqualTo(503);
        assertThat(log.with("its " + name + " is no https:// URL")).hasSize(1);
    }

    private static String query(String target) {
        return target.substring(target.indexOf('?') + 1);
    }

    /// The same target with another value of a parameter.
    private static String with(String target, String name, String value) {
        return target.replaceFirst("([?&]" + name + "=)[^&]*", "$1" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
}
