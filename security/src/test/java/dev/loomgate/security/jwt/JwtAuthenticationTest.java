package dev.loomgate.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class JwtAuthenticationTest {
    private static final RSAKey KEY = Tokens.rsa("1");

    record Customer(String sub, String email) {}

    private final JwtAuthentication tokens = JwtAuthentication.of("accounts", verifier());
    private final Client client = Client.of(WebApplication.of(
                    Route.get("/me", request -> request.user(JwtClaims.class)
                            .orElseThrow()
                            .subject()),
                    Route.get("/variables", request -> request.environ().text("REMOTE_USER", "-")),
                    Route.post("/accounts", _ -> "opened")
                            .guardedBy(tokens.requireScope("accounts:write", "accounts:read")))
            .withGuard(tokens));

    private static JwtVerifier verifier() {
        try {
            return JwtVerifier.of(JwtKeys.publicKey(KEY.toPublicKey(), "RS256"), Tokens.ISSUER, Tokens.AUDIENCE)
                    .withClock(InstantSource.fixed(Tokens.NOW));
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static String header(JWTClaimsSet claims) throws Exception {
        return "Bearer " + Tokens.signed(KEY, claims);
    }

    @Test
    void theHandlerGetsTheClaims() throws Exception {
        String header = header(Tokens.claims().build());

        assertThat(client.get("/me").header("Authorization", header).send().text())
                .isEqualTo("42");
        assertThat(client.get("/variables")
                        .header("Authorization", header)
                        .send()
                        .text())
                .isEqualTo("42");
    }

    @Test
    void whoHasNoneIsAsked() {
        TestResponse response = client.get("/me").send();

        assertThat(response.code()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"accounts\"");
    }

    @Test
    void aRefusalSaysWhyAndNothingOfTheToken() throws Exception {
        String header = header(Tokens.claims()
                .issuer("https://evil.example.org")
                .subject("mallory")
                .build());

        TestResponse response =
                client.get("/me").header("Authorization", header).send();

        assertThat(response.code()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"accounts\", error=\"invalid_token\","
                        + " error_description=\"The token is of another issuer\"");
        assertThat(response.text() + response.headers()).doesNotContain("evil", "mallory", header.substring(7));
    }

    @Test
    void aScopeThatIsMissingIsForbidden() throws Exception {
        String reader = header(Tokens.claims().claim("scope", "accounts:read").build());
        String both = header(
                Tokens.claims().claim("scope", "accounts:write accounts:read").build());

        TestResponse response =
                client.post("/accounts").header("Authorization", reader).send();

        assertThat(response.code()).isEqualTo(403);
        assertThat(response.header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"accounts\", error=\"insufficient_scope\","
                        + " scope=\"accounts:read accounts:write\"");
        assertThat(client.post("/accounts").header("Authorization", both).send().text())
                .isEqualTo("opened");
    }

    @Test
    void theUserMayBeARecordOfClaims() throws Exception {
        Client customers = Client.of(WebApplication.of(Route.get(
                        "/",
                        request -> request.user(Customer.class).orElseThrow().email()))
                .withGuard(tokens.as(Customer.class)));

        assertThat(customers
                        .get("/")
                        .header(
                                "Authorization",
                                header(Tokens.claims()
                                        .claim("email", "bob@example.org")
                                        .build()))
                        .send()
                        .text())
                .isEqualTo("bob@example.org");
        assertThat(customers
                        .get("/")
                        .header("Authorization", header(Tokens.claims().build()))
                        .send()
                        .header("WWW-Authenticate"))
                .contains("invalid_token", "lacks a claim");
    }

    @Test
    void whatIsNoScopeStopsTheStart() {
        assertThatThrownBy(() -> tokens.requireScope("two words"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two words");
    }

    @Test
    void itSaysWhatItIs() {
        assertThat(tokens.requireScope("b", "a")).hasToString("JwtAuthentication for accounts, [a, b]");
    }
}
