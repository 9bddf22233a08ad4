package dev.loomgate.toolkit.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Offload;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.headers.Authorization;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicAuthenticationTest {
    private static final Application VARIABLES = (environ, startResponse) -> new Response(
                    environ.text("REMOTE_USER", "-") + " " + environ.text("AUTH_TYPE", "-"))
            .call(environ, startResponse);

    private record Editor(String name, int id) {}

    private static Client client(BasicAuthentication guard) {
        return Client.of(WebApplication.of(
                        Route.get("/editor", request -> request.user(Editor.class)
                                .map(Editor::id)
                                .map(Object::toString)
                                .orElse("nobody")),
                        Route.get("/name", request -> request.user(String.class).orElse("nobody")),
                        Rule.of("/variables", VARIABLES))
                .withGuard(guard));
    }

    private static Client editors() {
        return client(BasicAuthentication.of(
                "shop",
                (name, password) -> password.equals("tea of " + name)
                        ? Optional.of(new Editor(name, name.length()))
                        : Optional.empty()));
    }

    private static TestResponse get(Client client, String target, String name, String password) {
        return client.get(target)
                .header("Authorization", Authorization.basic(name, password).header())
                .send();
    }

    @Test
    void theHandlerGetsWhatTheCheckKnows() {
        assertThat(get(editors(), "/editor", "Bob", "tea of Bob").text()).isEqualTo("3");
    }

    @Test
    void aHandlerThatAsksForAnotherTypeGetsNothing() {
        assertThat(get(editors(), "/name", "Bob", "tea of Bob").text()).isEqualTo("nobody");
    }

    @Test
    void theUsersNameIsTheGuardsAndNoFrontEnds() {
        WebApplication site = WebApplication.of(
                Route.get("/", request -> request.userName().orElse("nobody")),
                Route.get("/in", request -> request.userName().orElse("nobody"))
                        .guardedBy(BasicAuthentication.of("shop", (name, password) -> Optional.of(name))));
        Client client = Client.of((environ, startResponse) -> {
            environ.put("REMOTE_USER", "admin");
            return site.call(environ, startResponse);
        });

        assertThat(client.get("/").send().text()).isEqualTo("nobody");
        assertThat(get(client, "/in", "Zoë", "tea").text()).isEqualTo("Zoë");
    }

    @Test
    void anApplicationBehindItGetsTheVariables() {
        assertThat(get(editors(), "/variables", "Zoë", "tea of Zoë").text()).isEqualTo("Zoë Basic");
    }

    @Test
    void whoSendsNothingIsAsked() {
        TestResponse response = editors().get("/editor").send();

        assertThat(response.code()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate")).isEqualTo("Basic realm=\"shop\", charset=\"UTF-8\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic",
                "Basic ",
                "Basic !",
                "Basic Qm9i",
                "Bearer abc",
                "Digest username=\"Bob\"",
                "basically",
                "x"
            })
    void whatIsNoNameAndPasswordIsRefused(String header) {
        TestResponse response =
                editors().get("/editor").header("Authorization", header).send();

        assertThat(response.code()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate")).startsWith("Basic realm=");
    }

    @Test
    void aRefusalHasNothingOfTheCredentials() {
        TestResponse response = get(editors(), "/editor", "Bobby-Tables", "s3cret-Pass");

        assertThat(response.code()).isEqualTo(401);
        assertThat(response.text() + response.headers())
                .doesNotContain("Bobby", "s3cret")
                .doesNotContain(Base64.getEncoder().encodeToString("Bobby-Tables".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aControlCharacterIsNoPartOfANameOrAPassword() {
        Client anybody = client(BasicAuthentication.of("shop", (name, _) -> Optional.of(name)));

        assertThat(get(anybody, "/name", "Bob", "a").code()).isEqualTo(200);
        assertThat(get(anybody, "/name", "Bob\nEve", "a").code()).isEqualTo(401);
        assertThat(get(anybody, "/name", "Bob", "a\0").code()).isEqualTo(401);
    }

    @Test
    void aPasswordMayHaveAColon() {
        Client users = client(BasicAuthentication.users("shop", Map.of("Bob", "a:b")));

        assertThat(get(users, "/name", "Bob", "a:b").text()).isEqualTo("Bob");
    }

    @Test
    void anUnknownNameHasNoPassword() {
        Client users = client(BasicAuthentication.users("shop", Map.of("Bob", "secret")));

        assertThat(get(users, "/name", "Eve", "").code()).isEqualTo(401);
        assertThat(get(users, "/name", "Bob", "").code()).isEqualTo(401);
        assertThat(get(users, "/name", "Bob", "secre").code()).isEqualTo(401);
        assertThat(get(users, "/name", "Bob", "secret").code()).isEqualTo(200);
    }

    @Test
    void aRealmIsQuoted() {
        TestResponse response = client(BasicAuthentication.users("Bob's \"tea\" \\ shop", Map.of()))
                .get("/name")
                .send();

        assertThat(response.header("WWW-Authenticate"))
                .isEqualTo("Basic realm=\"Bob's \\\"tea\\\" \\\\ shop\", charset=\"UTF-8\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nSet-Cookie: b=c", "tab\t", "Café"})
    void aRealmThatNoHeaderCarriesStopsTheStart(String realm) {
        assertThatThrownBy(() -> BasicAuthentication.of(realm, (_, _) -> Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("realm");
    }

    @Test
    void anEmptyPasswordStopsTheStart() {
        assertThatThrownBy(() -> BasicAuthentication.users("shop", Map.of("Bob", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"Bob\"");
    }

    @Test
    void aBlockingCheckRunsElsewhere() throws Exception {
        Offload elsewhere = new Offload() {
            @Override
            public <T> T call(Callable<T> work) throws Exception {
                return work.call();
            }
        };
        Offload full = new Offload() {
            @Override
            public <T> T call(Callable<T> work) {
                throw new RejectedExecutionException();
            }
        };
        Application site = WebApplication.of(
                        Route.get("/name", request -> request.user(String.class).orElse("nobody")))
                .withGuard(BasicAuthentication.users("shop", Map.of("Bob", "secret"))
                        .blocking());

        assertThat(get(with(elsewhere, site), "/name", "Bob", "secret").text()).isEqualTo("Bob");
        assertThat(get(with(full, site), "/name", "Bob", "secret").code()).isEqualTo(503);
    }

    private static Client with(Offload offload, Application site) {
        return Client.of((environ, startResponse) -> {
            environ.put("loomgate.offload", offload);
            return site.call(environ, startResponse);
        });
    }

    @Test
    void aVariableOfAFrontEndIsNoUser() throws Exception {
        Application site = WebApplication.of(
                Route.get("/", (Request request) -> request.user(String.class).orElse("nobody")));

        assertThat(Client.of((environ, startResponse) -> {
                            environ.put("loomgate.user", "Eve");
                            return site.call(environ, startResponse);
                        })
                        .get("/")
                        .send()
                        .text())
                .isEqualTo("nobody");
    }
}
