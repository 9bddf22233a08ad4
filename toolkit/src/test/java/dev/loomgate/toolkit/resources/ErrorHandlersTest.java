package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.ClientDisconnected;
import dev.loomgate.toolkit.exceptions.Gone;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.exceptions.RequestRedirect;
import dev.loomgate.toolkit.exceptions.ServiceUnavailable;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ErrorHandlersTest {
    static final class Fails {
        String get(String how) throws Exception {
            return Optional.<String>empty().orElseThrow(() -> exception(how));
        }

        Optional<String> put(String how) {
            return Optional.empty();
        }

        CompletionStage<String> post(String how) {
            return CompletableFuture.failedFuture(exception(how));
        }
    }

    private static Exception exception(String how) {
        return switch (how) {
            case "io" -> new IOException("disk 7 is full");
            case "file" -> new FileNotFoundException("/etc/shadow");
            case "none" -> new NoSuchElementException("row 7");
            case "gone" -> new Gone("It was here.");
            case "redirect" -> new RequestRedirect("http://localhost/there");
            default -> new NotFound("no " + how);
        };
    }

    private static final WebApplication PLAIN = WebApplication.of(
            Rule.of("/<how>", Fails.class),
            Rule.of("/app/<how>", (Application) (environ, startResponse) -> {
                throw exception(environ.path().substring("/app/".length()));
            }),
            Rule.of("/started/<how>", (Application) (environ, startResponse) -> {
                new Response("begun").call(environ, startResponse);
                throw exception(environ.path().substring("/started/".length()));
            }),
            Rule.of("/closed", new Gone("For good.")));

    private static TestResponse get(WebApplication application, String path) {
        return Client.of(application).get(path).send();
    }

    @Test
    void theMostSpecificClassWins() {
        WebApplication application = PLAIN.onError(Exception.class, (_, e) -> Result.of("exception", 500))
                .onError(FileNotFoundException.class, (_, e) -> Result.of("no file", 404))
                .onError(IOException.class, (_, e) -> Result.of("io", 503))
                .onError(HttpException.class, (_, e) -> Result.of("http " + e.code(), e.code()))
                .onError(Gone.class, (_, e) -> Result.of("gone", e.code()));

        assertThat(get(application, "/file").text()).isEqualTo("no file");
        assertThat(get(application, "/io").text()).isEqualTo("io");
        assertThat(get(application, "/none").text()).isEqualTo("exception");
        assertThat(get(application, "/gone").text()).isEqualTo("gone");
        assertThat(get(application, "/x").text()).isEqualTo("http 404");
        assertThat(get(application, "/no/rule/is/for/this").text()).isEqualTo("http 404");
    }

    @Test
    void itCountsForStagesForApplicationsAndForWhatIsReturned() {
        WebApplication application = PLAIN.onError(
                        NoSuchElementException.class, (_, e) -> new NotFound("There is no " + e.getMessage()))
                .onError(Gone.class, (_, e) -> "no more: " + e.description())
                .onError(NotFound.class, (_, e) -> "nothing");
        Client client = Client.of(application);

        assertThat(client.post("/none").send().text()).contains("row 7");
        assertThat(client.get("/app/none").send().code()).isEqualTo(404);
        assertThat(client.put("/x").send().text()).isEqualTo("nothing");
        assertThat(client.get("/closed").send().text()).isEqualTo("no more: For good.");
        assertThat(client.get("/started/none").send().code()).isEqualTo(404);
        assertThat(client.get("/started/none").send().text()).contains("row 7").doesNotContain("begun");
    }

    @Test
    void aStatusIsThatOfTheRulesAndOfExceptionsButNotOfAResponse() {
        WebApplication application = WebApplication.of(
                        Rule.of("/<how>", Fails.class), Rule.of("/mine", new Response("mine", 404)))
                .onStatus(404, (request, e) -> Map.of("path", request.path(), "said", e.description()))
                .onStatus(405, (_, e) -> Response.html("<h1>No</h1>")
                        .status(405)
                        .header("Allow", String.join(", ", e.headers().all("Allow"))))
                .onError(IOException.class, (_, e) -> new NotFound("mapped"));
        Client client = Client.of(application);

        assertThat(client.get("/a/b").send().code()).isEqualTo(404);
        assertThat(client.get("/a/b").send().text()).contains("\"path\":\"/a/b\"");
        assertThat(client.get("/x").send().text()).contains("\"said\":\"no x\"");
        assertThat(client.get("/io").send().text()).contains("\"said\":\"mapped\"");
        assertThat(client.put("/x").send().code()).isEqualTo(404);
        assertThat(client.put("/x").send().text()).contains("\"path\":\"/x\"");
        assertThat(client.get("/mine").send().text()).isEqualTo("mine");
        TestResponse missing = client.delete("/x").send();
        assertThat(missing.text()).isEqualTo("<h1>No</h1>");
        assertThat(missing.code()).isEqualTo(405);
        assertThat(missing.header("Allow")).contains("GET", "PUT");
    }

    @Test
    void aValueHasTheStatusOfItsError() {
        WebApplication application = PLAIN.onError(IOException.class, (_, e) -> List.of("later"))
                .onError(Gone.class, (_, e) -> CompletableFuture.completedFuture("gone"))
                .onError(NoSuchElementException.class, (_, e) -> new Response("as it is"));

        assertThat(get(application, "/io").code()).isEqualTo(500);
        assertThat(get(application, "/gone").code()).isEqualTo(410);
        assertThat(get(application, "/none").code()).isEqualTo(200);
    }

    @Test
    void aRedirectIsNoError() {
        WebApplication application =
                PLAIN.onError(HttpException.class, (_, e) -> "handled").onError(Exception.class, (_, e) -> "handled");

        assertThat(get(application, "/redirect").code()).isEqualTo(308);
    }

    @Test
    void aHandlerMayThrowAnHttpException() {
        WebApplication application = PLAIN.onError(IOException.class, (_, e) -> {
            throw new ServiceUnavailable("later");
        });

        assertThat(get(application, "/io").code()).isEqualTo(503);
    }

    @Test
    void aHandlerThatFailsIsTheContainersWithBothCauses() {
        WebApplication application = PLAIN.onError(IOException.class, (_, e) -> {
                    throw new IllegalStateException("the handler's own");
                })
                // It isn't asked about the other handlers' failures.
                .onError(Exception.class, (_, e) -> "handled");
        WebApplication late = PLAIN.onStatus(404, (_, e) -> {
            throw new NoSuchElementException("no page");
        });

        for (String path : List.of("/io", "/app/io")) {
            assertThatThrownBy(() -> get(application, path))
                    .isInstanceOf(ErrorHandlerFailure.class)
                    .hasMessage("the handler of IOException failed with java.lang.IllegalStateException")
                    .hasRootCauseMessage("the handler's own")
                    .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("disk 7 is full"));
        }
        assertThatThrownBy(() -> get(late, "/no/rule/is/for/this"))
                .isInstanceOf(ErrorHandlerFailure.class)
                .hasMessage("the handler of status 404 failed with java.util.NoSuchElementException");
    }

    @Test
    void aHandlerThatReturnsWhatIsNoResponseFails() {
        assertThatThrownBy(() -> get(PLAIN.onError(IOException.class, (_, e) -> 7), "/io"))
                .isInstanceOf(ErrorHandlerFailure.class)
                .hasRootCauseMessage("the handler of IOException returned a java.lang.Integer, which is no response:"
                        + " Response, String, byte[], a record, Map, Iterable, Result, Optional, void or a"
                        + " CompletionStage of these are");
    }

    @Test
    void withoutAHandlerAllIsAsItWas() {
        WebApplication application = PLAIN.onError(Gone.class, (_, e) -> "gone").onStatus(405, (_, e) -> "no");

        assertThatThrownBy(() -> get(application, "/io")).isInstanceOf(IOException.class);
        assertThat(get(application, "/x").text()).contains("<p>no x</p>");
        assertThat(get(PLAIN, "/gone").text()).contains("It was here.");
    }

    @Test
    void anApplicationAnswersItsOwnErrorsOnly() {
        WebApplication inner = WebApplication.of(Rule.of("/inner/<how>", Fails.class))
                .onStatus(404, (_, e) -> "inner")
                .onError(Gone.class, (_, e) -> "inner");
        WebApplication outer = WebApplication.of(Rule.of("/inner/<path:rest>", inner), Rule.of("/<how>", Fails.class))
                .onStatus(404, (_, e) -> "outer")
                .onError(Gone.class, (_, e) -> "outer")
                .onError(IOException.class, (_, e) -> "outer");

        assertThat(get(outer, "/inner/a/b").text()).isEqualTo("inner");
        assertThat(get(outer, "/inner/gone").text()).isEqualTo("inner");
        assertThat(get(outer, "/gone").text()).isEqualTo("outer");
        // What the inner one has no answer to is an exception of the outer one's endpoint.
        assertThat(get(outer, "/inner/io").text()).isEqualTo("outer");
    }

    static final class Watched {
        String get() throws Exception {
            return Optional.<String>empty().orElseThrow(() -> new IOException("disk"));
        }

        void after(Response response) {
            response.header("X-After", Integer.toString(response.status().code()));
        }
    }

    @Test
    void afterSeesTheHandlersAnswer() {
        WebApplication application = WebApplication.of(Rule.of("/", Watched.class))
                .onError(IOException.class, (_, e) -> Result.of("later", 503));

        assertThat(get(application, "/").code()).isEqualTo(503);
        assertThat(get(application, "/").header("X-After")).isEqualTo("503");
    }

    @Test
    void aClientThatHasGoneIsNotAskedAbout() {
        WebApplication application = WebApplication.of(Rule.of("/", (Application) (environ, startResponse) -> {
                    throw new ClientDisconnected(new ClientGone("left"));
                }))
                .onError(Exception.class, (_, e) -> "handled");

        assertThatThrownBy(() -> get(application, "/")).isInstanceOf(ClientGone.class);
        assertThatThrownBy(() -> PLAIN.onError(ClientGone.class, (_, e) -> "handled"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("onError(ClientGone): the client is gone");
    }

    @Test
    void whatIsNoErrorHasNoHandler() {
        for (int status : new int[] {200, 308, 399, 600}) {
            assertThatThrownBy(() -> PLAIN.onStatus(status, (_, e) -> "x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("onStatus(" + status + "): an error's status is in 400 to 599");
        }
    }

    @Test
    void aHandlerMayReadTheRequest() {
        WebApplication application = PLAIN.onStatus(
                404, (Request request, HttpException e) -> request.form().get("name", ""));

        assertThat(Client.of(application)
                        .post("/no/rule/is/for/this")
                        .form("name", "Ada")
                        .send()
                        .text())
                .isEqualTo("Ada");
    }
}
