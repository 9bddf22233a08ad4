package dev.loomgate.toolkit.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerAuthenticationTest {
    private static final BearerAuthentication DEVICES =
            BearerAuthentication.tokens("api", Map.of("abc-123", "thermometer", "QUJD==", "door"));

    private record Device(String getName) implements Principal {
        @Override
        public String getName() {
            return getName;
        }
    }

    private static Client client(BearerAuthentication guard) {
        return Client.of(WebApplication.of(
                        Route.get("/", request -> request.user(String.class).orElse("nobody")),
                        Route.get(
                                "/variables",
                                request -> request.environ().text("REMOTE_USER", "-") + " "
                                        + request.environ().text("AUTH_TYPE", "-")),
                        Route.get("/write", _ -> {
                            throw guard.insufficientScope("read", "write");
                        }))
                .withGuard(guard));
    }

    private static TestResponse get(Client client, String target, String header) {
        return client.get(target).header("Authorization", header).send();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer abc-123", "bearer abc-123", "BEARER  abc-123 "})
    void whoHasATokenIsLetIn(String header) {
        assertThat(get(client(DEVICES), "/", header).text()).isEqualTo("thermometer");
    }

    @Test
    void aTokenMayEndWithPadding() {
        assertThat(get(client(DEVICES), "/", "Bearer QUJD==").text()).isEqualTo("door");
    }

    @Test
    void whoSendsNoneIsAskedWithoutAnError() {
        TestResponse response = client(DEVICES).get("/").send();

        assertThat(response.code()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"api\"");
        assertThat(get(client(DEVICES), "/", "Basic Qm9iOmE=").code()).isEqualTo(401);
        assertThat(get(client(DEVICES), "/", "Bearerabc-123").code()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer", "Bearer ", "Bearer a b", "Bearer a,Bearer b", "Bearer \"a\"", "Bearer a=b", "Bearer ä"
            })
    void whatIsNotWrittenAsATokenIsABadRequest(String header) {
        TestResponse response = get(client(DEVICES), "/", header);

        assertThat(response.code()).isEqualTo(400);
        assertThat(response.header("WWW-Authenticate"))
                .startsWith("Bearer realm=\"api\", error=\"invalid_request\", error_description=\"");
    }

    @Test
    void aTokenThatNobodyHasIsInvalid() {
        TestResponse response = get(client(DEVICES), "/", "Bearer abc-124");

        assertThat(response.code()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"api\", error=\"invalid_token\","
                        + " error_description=\"Nobody has this token\"");
        assertThat(response.text() + response.headers()).doesNotContain("abc-124");
    }

    @Test
    void aCheckSaysWhy() {
        Client client = client(BearerAuthentication.of("api", _ -> {
            throw new InvalidToken("The token has expired");
        }));

        TestResponse response = get(client, "/", "Bearer abc");

        assertThat(response.code()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate")).endsWith("error_description=\"The token has expired\"");
        assertThat(response.text()).contains("The token has expired.");
    }

    @Test
    void aTokenThatIsNotGoodEnoughIsForbidden() {
        TestResponse response = get(client(DEVICES), "/write", "Bearer abc-123");

        assertThat(response.code()).isEqualTo(403);
        assertThat(response.header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"read write\"");
    }

    @Test
    void theVariablesNameAPrincipal() {
        Client client = client(BearerAuthentication.of("api", token -> Optional.of(new Device("no. " + token))));

        assertThat(get(client, "/variables", "Bearer 7").text()).isEqualTo("no. 7 Bearer");
    }

    @Test
    void aNameThatCouldForgeALineIsNone() {
        Client client = client(BearerAuthentication.of("api", token -> Optional.of(new Device(token + "\n"))));

        assertThat(get(client, "/variables", "Bearer 7").text()).isEqualTo("- Bearer");
    }

    @Test
    void aTokenInTheUrlIsNotLookedAt() {
        assertThat(client(DEVICES).get("/?access_token=abc-123").send().code()).isEqualTo(401);
    }

    @Test
    void whatCanNeverBeSentStopsTheStart() {
        assertThatThrownBy(() -> BearerAuthentication.tokens("api", Map.of("two words", "door")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"door\"")
                .hasMessageNotContaining("two words");
    }
}
