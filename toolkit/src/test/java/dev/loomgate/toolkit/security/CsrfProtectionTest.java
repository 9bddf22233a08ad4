package dev.loomgate.toolkit.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.sessions.SessionStore;
import dev.loomgate.toolkit.sessions.Sessions;
import dev.loomgate.toolkit.test.Call;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsrfProtectionTest {
    private static final Application RAW = (environ, startResponse) ->
            new Response("read " + environ.input().readAllBytes().length).call(environ, startResponse);

    private static final WebApplication SITE = WebApplication.of(
            Route.get("/token", CsrfProtection::token),
            Route.get("/form", request -> Response.html(CsrfProtection.field(request))),
            Route.post("/login", request -> {
                request.session().renew().put("user", "Bob");
                return "hello";
            }),
            Route.post("/save", request -> "saved " + request.form().get("text", "")),
            Route.put("/save", _ -> "put"),
            Route.delete("/save", _ -> "deleted"),
            Route.post("/hooks/<service>", (request, service) -> "hook " + service),
            Rule.of("/raw", RAW));

    private final Client client = client(CsrfProtection.of());

    private static Client client(CsrfProtection protection) {
        return Client.of(Sessions.stored(SessionStore.inMemory()).wrap(SITE.withGuard(protection)));
    }

    private String token() {
        return client.get("/token").send().text();
    }

    private Call save(String token) {
        return client.post("/save").form("csrf_token", token, "text", "a");
    }

    @Test
    void aFormWithTheTokenIsLetIn() {
        assertThat(save(token()).send().text()).isEqualTo("saved a");
    }

    @Test
    void theTokenOfAFieldIsThatOfTheSession() {
        String field = client.get("/form").send().text();

        assertThat(field).matches("<input type=\"hidden\" name=\"csrf_token\" value=\"[A-Za-z0-9_-]{86}\">");
        assertThat(save(field.replaceAll(".*value=\"|\">", "")).send().code()).isEqualTo(200);
    }

    @Test
    void anUploadMayHaveTheTokenAmongItsFields() {
        TestResponse response = client.post("/save")
                .field("csrf_token", token())
                .field("text", "b")
                .file("file", "a.txt", "text/plain", new byte[] {1})
                .send();

        assertThat(response.text()).isEqualTo("saved b");
    }

    @Test
    void aScriptSendsTheTokenInTheHeader() {
        String token = token();

        for (String method : new String[] {"POST", "PUT", "DELETE"}) {
            assertThat(client.open(method, "/save")
                            .header("X-CSRF-Token", token)
                            .send()
                            .code())
                    .as(method)
                    .isEqualTo(200);
            assertThat(client.open(method, "/save").send().code()).as(method).isEqualTo(403);
        }
    }

    @Test
    void withoutATokenTheAnswerSaysWhereItBelongs() {
        token();

        TestResponse page = client.post("/save").form("text", "a").send();
        TestResponse problem =
                client.post("/save").header("Accept", "application/json").send();

        assertThat(page.code()).isEqualTo(403);
        assertThat(page.text()).contains("has no CSRF token", "X-CSRF-Token", "csrf_token");
        assertThat(problem.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(problem.text()).contains("\"status\":403", "has no CSRF token");
    }

    @Test
    void anotherSessionsTokenIsRefused() {
        String foreign = client(CsrfProtection.of()).get("/token").send().text();
        token();

        TestResponse response = save(foreign).send();

        assertThat(response.code()).isEqualTo(403);
        assertThat(response.text()).contains("too old, or cookies are off");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "äöü", "%%%", "AAAA"})
    void anythingElseIsNoToken(String text) {
        token();

        assertThat(save(text).send().code()).isEqualTo(403);
    }

    @Test
    void aTokenWithOneBitChangedIsRefused() {
        byte[] token = Base64.getUrlDecoder().decode(token());
        for (int i = 0; i < token.length; i++) {
            token[i] ^= 1;
            String changed = Base64.getUrlEncoder().withoutPadding().encodeToString(token);
            assertThat(save(changed).send().code()).as("byte %d", i).isEqualTo(403);
            token[i] ^= 1;
        }
    }

    @Test
    void whoHasNoSessionYetIsRefused() {
        assertThat(save("A".repeat(86)).send().code()).isEqualTo(403);
    }

    @Test
    void eachPageHasTheTokenInAnotherForm() {
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            tokens.add(token());
        }

        assertThat(tokens)
                .hasSize(50)
                .allSatisfy(token -> assertThat(save(token).send().code()).isEqualTo(200));
    }

    @Test
    void aLoginMakesTheTokensFromBeforeWorthless() {
        String before = token();
        client.post("/login").header("X-CSRF-Token", before).send();

        assertThat(save(before).send().code()).isEqualTo(403);
        assertThat(save(token()).send().code()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "same-origin, , true",
        "none, , true",
        "cross-site, , false",
        "same-site, , false",
        "anything, , false",
        "cross-site, http://localhost, false",
        ", http://localhost, true",
        ", https://localhost, true",
        ", http://LOCALHOST, true",
        ", http://localhost:8080, false",
        ", http://evil.example, false",
        ", http://localhost.evil.example, false",
        ", http://evil.example/localhost, false",
        ", http://localhost@evil.example, false",
        ", null, false",
        ", '', true",
        ", ' ', false",
        ", http://[, false",
        "cross-site, https://shop.example.org, true",
        ", https://shop.example.org, true",
        ", http://shop.example.org, false",
    })
    void aBrowserThatNamesAnotherSiteIsRefusedEvenWithTheToken(String site, String origin, boolean letIn) {
        Client here = client(CsrfProtection.of().trusting("https://Shop.example.org"));
        String token = here.get("/token").send().text();
        Call call = here.post("/save").form("csrf_token", token);
        if (site != null) {
            call.header("Sec-Fetch-Site", site);
        }
        if (origin != null) {
            call.header("Origin", origin);
        }

        TestResponse response = call.send();

        assertThat(response.code()).isEqualTo(letIn ? 200 : 403);
        if (!letIn) {
            assertThat(response.text()).contains("a page of another site");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
    void safeMethodsNeedNothing(String method) {
        assertThat(client.open(method, "/form")
                        .header("Sec-Fetch-Site", "cross-site")
                        .send()
                        .code())
                .isEqualTo(200);
    }

    @Test
    void anExemptRuleNeedsNothingAndTheOthersDo() {
        Client here = client(CsrfProtection.of().exempting("/hooks/<service>"));

        assertThat(here.post("/hooks/git")
                        .header("Origin", "https://git.example")
                        .send()
                        .text())
                .isEqualTo("hook git");
        assertThat(here.post("/save").send().code()).isEqualTo(403);
    }

    @Test
    void anApplicationsBodyIsLeftToItAndTheTokenIsInTheHeader() {
        String token = token();

        assertThat(client.post("/raw").form("csrf_token", token).send().code()).isEqualTo(403);
        assertThat(client.post("/raw")
                        .header("X-CSRF-Token", token)
                        .form("a", "b")
                        .send()
                        .text())
                .isEqualTo("read 3");
    }

    @Test
    void whatIsNoOriginCanNotBeTrusted() {
        assertThatThrownBy(() -> CsrfProtection.of().trusting("shop.example.org"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("CsrfProtection.trusting: \"shop.example.org\" is no origin,"
                        + " as https://shop.example.org is");
    }

    @Test
    void withoutSessionsTheFirstPageSaysWhatIsMissing() {
        Client here = Client.of(SITE.withGuard(CsrfProtection.of()));

        assertThatThrownBy(() -> here.get("/form").send())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wrap the application by Sessions");
    }

    @Test
    void guardsAreAskedInTheirOrderAndTheFirstRefusalAnswers() {
        Client here = Client.of(SITE.withGuard((request, rule) -> rule.pattern().equals("/save")
                        ? Optional.of(Response.redirect("/elsewhere"))
                        : Optional.empty())
                .withGuard(CsrfProtection.of()));

        assertThat(here.post("/save").send().header("Location")).isEqualTo("/elsewhere");
        assertThat(here.post("/login").send().code()).isEqualTo(403);
        assertThat(here.post("/nowhere").send().code()).isEqualTo(404);
    }

    @Test
    void anErrorHandlerAnswersARefusal() {
        Client here = Client.of(
                SITE.withGuard(CsrfProtection.of()).onStatus(403, (Request request, Exception e) -> Response.html("no")
                        .status(403)));

        assertThat(here.post("/save").send().text()).isEqualTo("no");
    }
}
