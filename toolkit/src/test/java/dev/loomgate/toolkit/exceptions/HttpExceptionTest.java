package dev.loomgate.toolkit.exceptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Headers;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

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

    @Test
    void aRedirectToAnOpenUrlIsEscapedInItsPage() {
        TestResponse response =
                Client.of(new RequestRedirect("http://x/\"><script>")).get("/").send();

        assertThat(response.header("Location")).isEqualTo("http://x/%22%3E%3Cscript%3E");
        assertThat(response.text()).doesNotContain("<script>");
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
                            "no \"user\"\n\u0001<42>"));
        }
        for (String accept :
                new String[] {"*/*", "text/html,application/json;q=0.9", "image/png", "application/json;q=0"}) {
            assertThat(client.get("/").header("Accept", accept).send().header("Content-Type"))
                    .isEqualTo("text/html; charset=utf-8");
        }
    }
}
