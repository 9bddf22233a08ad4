package dev.loomgate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.Session;
import dev.loomgate.toolkit.debug.DebugPages;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.middleware.Cors;
import dev.loomgate.toolkit.middleware.Gzip;
import dev.loomgate.toolkit.middleware.Mounts;
import dev.loomgate.toolkit.middleware.RequestId;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.sessions.SessionStore;
import dev.loomgate.toolkit.sessions.Sessions;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What an application behind all middlewares looks like to its client when it fails.
@Timeout(120)
class FailurePagesTest {
    private static final String ORIGIN = "https://a.example";

    private static final Middleware ALL = RequestId.of()
            .around(Cors.allowing(ORIGIN).withCredentials())
            .around(Sessions.stored(SessionStore.inMemory()))
            .around(Gzip.of());

    static class Page {
        Response get(Request request, String how) {
            Session.of(request.environ()).put("seen", how);
            return switch (how) {
                case "throw" -> throw new IllegalStateException("a bug");
                case "missing" -> throw new NotFound();
                case "error" -> throw new StackOverflowError("a bug");
                case "stream" ->
                    Response.stream("text/plain", _ -> {
                        throw new IllegalStateException("a bug");
                    });
                case "length" -> new Response("abc").header("Content-Length", "7");
                default -> new Response("fine ".repeat(500));
            };
        }

        void after(Request request, Response response) {
            response.header("X-After", request.path());
        }
    }

    static class FailingAfter {
        String get() {
            return "fine";
        }

        void after(Response response) {
            throw new IllegalStateException("after has a bug");
        }
    }

    private static final Application PAGES =
            WebApplication.of(Rule.of("/page/<how>", Page.class), Rule.of("/failing-after", FailingAfter.class));

    private static final Application SITE = ALL.wrap(Mounts.of(PAGES)
            .withMount("/plain", (environ, startResponse) -> {
                startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
                throw new IllegalStateException("a bug");
            })
            .withMount("/file", (environ, startResponse) -> {
                startResponse.start(Status.OK, new Headers());
                return Body.file(Path.of("no", "such", "file"));
            }));

    private static TestResponse get(Client client, String path) {
        return client.get(path)
                .header("Origin", ORIGIN)
                .header("Accept-Encoding", "gzip")
                .send();
    }

    private static void isDecorated(String path, TestResponse response) {
        assertThat(response.header("Access-Control-Allow-Origin")).as(path).isEqualTo(ORIGIN);
        assertThat(response.header("Access-Control-Allow-Credentials")).as(path).isEqualTo("true");
        assertThat(response.header("Vary")).as(path).contains("Origin");
        assertThat(response.header("X-Request-ID")).as(path).isNotEmpty();
    }

    @Test
    void eachAnswerHasWhatTheMiddlewaresAdd() throws Exception {
        try (Client client = Client.overHttp(SITE)) {
            for (String path : List.of(
                    "/page/fine", "/page/throw", "/page/missing", "/page/error", "/page/stream", "/page/length")) {
                TestResponse response = get(client, path);

                assertThat(response.code())
                        .as(path)
                        .isEqualTo(path.endsWith("fine") ? 200 : path.endsWith("missing") ? 404 : 500);
                isDecorated(path, response);
                assertThat(response.header("X-After")).as(path).isEqualTo(path);
                assertThat(response.header("Set-Cookie")).as(path).startsWith("session=");
                assertThat(response.headers().all("X-Request-ID")).as(path).hasSize(1);
            }
            for (String path : List.of("/plain", "/file", "/failing-after", "/none")) {
                TestResponse response = get(client, path);

                assertThat(response.code()).as(path).isEqualTo(path.equals("/none") ? 404 : 500);
                isDecorated(path, response);
            }
            assertThat(get(client, "/page/throw").text()).contains("the server's log says why");
            assertThat(get(client, "/page/throw").headers().contains("Content-Encoding"))
                    .isFalse();
        }
    }

    @Test
    void debugPagesHaveItToo() throws Exception {
        try (Client client = Client.overHttp(DebugPages.of().wrap(SITE))) {
            for (String path : List.of("/page/throw", "/page/error", "/page/stream", "/plain", "/failing-after")) {
                TestResponse response = get(client, path);

                assertThat(response.code()).as(path).isEqualTo(500);
                assertThat(response.text()).as(path).contains("bug").contains("at dev.loomgate.examples");
                assertThat(response.header("Content-Type")).as(path).isEqualTo("text/plain; charset=utf-8");
                isDecorated(path, response);
            }
            assertThat(get(client, "/page/throw").header("X-After")).isEqualTo("/page/throw");
        }
    }
}
