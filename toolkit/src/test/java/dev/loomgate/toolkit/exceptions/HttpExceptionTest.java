package dev.loomgate.toolkit.exceptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Headers;
import dev.loomgate.toolkit.Html;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Call;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpExceptionTest {
    @Test
    void aStatusHasItsClass() {
        assertThat(HttpException.of(404)).isInstanceOf(NotFound.class);
        assertThat(HttpException.of(503, "later")).isInstanceOf(ServiceUnavailable.class);
        assertThat(HttpException.of(402).getClass()).isEqualTo(HttpException.class);
        assertThatThrownBy(() -> HttpException.of(200)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theMessageIsForTheLog() {
        assertThat(new NotFound("no user 42")).hasMessage("404 Not Found: no user 42");
    }

    @Test
    void onlyTheServersOwnErrorsHaveAStackTrace() {
        assertThat(new NotFound().getStackTrace()).isEmpty();
        assertThat(new InternalServerError().getStackTrace()).isNotEmpty();
    }

    @Test
    void theCauseIsNotShown() {
        TestResponse response = Client.of(new InternalServerError(new IllegalStateException("password is x")))
                .get("/")
                .send();

        assertThat(response.code()).isEqualTo(500);
        assertThat(response.text()).doesNotContain("password");
    }

    @Test
    void challengesAreHeaders() {
        Headers headers = new Unauthorized("who?", "Basic realm=\"a\"", "Bearer").headers();

        assertThat(headers.all("WWW-Authenticate")).containsExactly("Basic realm=\"a\"", "Bearer");
    }

    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private static final String WERKZEUGS =
            "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>no &lt;b&gt;</p>\n";

    private static String page(Application application, String accept) {
        return Client.of(application).get("/").header("Accept", accept).send().text();
    }

    @ParameterizedTest
    @ValueSource(strings = {BROWSER, "text/html", "*/*", "text/plain"})
    void thePageIsWerkzeugsWhereNobodyAskedForTheStyle(String accept) {
        assertThat(page(new NotFound("no <b>"), accept)).isEqualTo(WERKZEUGS);
        // An application by hand within another one.
        Application byHand = (environ, startResponse) -> new NotFound("no <b>").call(environ, startResponse);
        assertThat(page(WebApplication.of(Rule.of("/", byHand)), accept)).isEqualTo(WERKZEUGS);
    }

    @Test
    void aWebApplicationsPageHasTheStyleInABrowserOnly() {
        WebApplication thrown = WebApplication.of(Route.get("/", (Request _) -> {
            throw new NotFound("no <b>");
        }));
        WebApplication returned = WebApplication.of(Route.get("/", (Request _) -> new NotFound("no <b>")));

        for (WebApplication application : List.of(thrown, returned)) {
            assertThat(page(application, "*/*")).isEqualTo(WERKZEUGS);
            assertThat(Client.of(application).get("/").send().text()).isEqualTo(WERKZEUGS);
            assertThat(page(application, BROWSER))
                    .contains("<style>" + Html.STYLE + "</style>")
                    .endsWith("<main>\n<h1>Not Found</h1>\n<p>no &lt;b&gt;</p>\n</main>\n");
        }
        assertThat(page(WebApplication.of(), BROWSER)).contains("<main>\n<h1>Not Found</h1>");
    }

    @Test
    void anApplicationByHandAsksForTheStyle() {
        Application application = (environ, startResponse) -> {
            HttpException.useStyle(environ);
            return new NotFound("no <b>").call(environ, startResponse);
        };

        assertThat(page(application, BROWSER)).contains(Html.STYLE);
        assertThat(page(application, "*/*")).isEqualTo(WERKZEUGS);
    }

    @Test
    void aPageOfASubclassStaysAsItIs() {
        @SuppressWarnings("serial")
        final class Closed extends HttpException {
            Closed() {
                super(503, null);
            }

            @Override
            public String page() {
                return "<p>Closed";
            }
        }

        assertThat(page(WebApplication.of(Rule.of("/", new Closed())), BROWSER)).isEqualTo("<p>Closed");
    }

    @Test
    void aRedirectToAnOpenUrlIsEscapedInItsPage() {
        TestResponse response =
                Client.of(new RequestRedirect("http://x/\"><script>")).get("/").send();

        assertThat(response.header("Location")).isEqualTo("http://x/%22%3E%3Cscript%3E");
        assertThat(response.text()).doesNotContain("<script>");
    }

    /// Who says nothing, or likes both alike, gets what it sent.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/json                | */*                            | application/problem+json
            application/json; charset=utf-8 |                                | application/problem+json
            application/vnd.api+json        | text/html,application/json     | application/problem+json
            application/json                | text/html                      | text/html; charset=utf-8
            application/json                | text/html,*/*;q=0.8            | text/html; charset=utf-8
            application/json                | application/*;q=0.5,*/*        | text/html; charset=utf-8
            application/x-www-form-urlencoded | */*                          | text/html; charset=utf-8
            text/plain                      | application/json,*/*;q=0.1     | application/problem+json
            """)
    void whoSentJsonGetsJsonUnlessItWouldRatherHaveHtml(String sent, @Nullable String accept, String type) {
        Call call = Client.of(new NotFound()).post("/").body(new byte[] {'1'}, sent);

        TestResponse response = (accept == null ? call : call.header("Accept", accept)).send();

        assertThat(response.header("Content-Type")).isEqualTo(type);
    }

    @Test
    void aProblemNamesThePathThatItIsOf() {
        TestResponse response = Client.of(new NotFound())
                .get("//evil.example/a%20b/%C3%A4?secret=1")
                .header("Accept", "application/json")
                .send();

        assertThat(response.json(Object.class)).extracting("instance").isEqualTo("/evil.example/a%20b/%C3%A4");
        assertThat(response.text()).doesNotContain("secret");
    }

    @Test
    void aProblemHasTheStatusLinesPhraseOrATypeOfItsOwn() {
        final class NoCredit extends HttpException {
            private static final long serialVersionUID = 1;

            NoCredit() {
                super(402, "Your balance is 30.");
            }

            @Override
            public String type() {
                return "https://example.com/problems/no-credit";
            }

            @Override
            public String title() {
                return "No credit";
            }
        }
        Client client = Client.of(WebApplication.of(
                Rule.of("/a", new UnprocessableEntity("no", List.of(InputError.of("room", "is full")))),
                Rule.of("/b", new NoCredit())));

        assertThat(client.get("/a").header("Accept", "application/json").send().json(Object.class))
                .isEqualTo(Map.of(
                        "type", "about:blank",
                        "title", "Unprocessable Content",
                        "status", 422,
                        "detail", "no",
                        "instance", "/a",
                        "errors", List.of(Map.of("field", "room", "message", "is full"))));
        assertThat(client.get("/b").header("Accept", "application/json").send().json(Object.class))
                .extracting("type", "title")
                .containsExactly("https://example.com/problems/no-credit", "No credit");
    }

    @Test
    void aClientThatWouldRatherHaveJsonGetsAProblem() {
        Client client = Client.of(new NotFound("no \"user\"\n\u0001<42>"));

        for (String accept : new String[] {"application/json", "application/problem+json, */*;q=0.1"}) {
            TestResponse response = client.get("/").header("Accept", accept).send();
            assertThat(response.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(response.header("Vary")).isEqualTo("Accept");
            assertThat(response.json(Object.class))
                    .isEqualTo(Map.of(
                            "type",
                            "about:blank",
                            "title",
                            "Not Found",
                            "status",
                            404,
                            "detail",
                            "no \"user\"\n\u0001<42>",
                            "instance",
                            "/"));
        }
        for (String accept :
                new String[] {"*/*", "text/html,application/json;q=0.9", "image/png", "application/json;q=0"}) {
            assertThat(client.get("/").header("Accept", accept).send().header("Content-Type"))
                    .isEqualTo("text/html; charset=utf-8");
        }
    }
}
