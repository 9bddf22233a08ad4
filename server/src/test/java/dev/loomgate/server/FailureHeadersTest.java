package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.HttpPeer.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What middlewares add to each response is on the server's own page, too.
@Timeout(60)
class FailureHeadersTest {
    private static Middleware adding(String name, String value) {
        return inner -> (environ, startResponse) ->
                inner.call(environ, StartResponse.mapping(startResponse, (_, headers) -> headers.set(name, value)));
    }

    /// Fails in every way there is before a response is sent.
    private static final Application FAILING = (environ, startResponse) -> {
        String path = environ.path();
        if (path.equals("/throw")) {
            throw new IllegalStateException("boom");
        }
        if (path.equals("/error")) {
            throw new StackOverflowError("boom");
        }
        startResponse.start(
                Status.OK,
                path.equals("/length")
                        ? Headers.of("Content-Length", "5", "X-Own", "1")
                        : Headers.of("ETag", "\"v\"", "X-Own", "1"));
        return switch (path) {
            case "/started" -> throw new IllegalStateException("boom");
            case "/no-file" -> Body.file(Path.of("no", "such", "file"));
            case "/stream" ->
                Body.stream(_ -> {
                    throw new IllegalStateException("boom");
                });
            case "/chunks" ->
                Body.chunks(() -> {
                    throw new IllegalStateException("boom");
                });
            case "/input" -> Body.bytes(environ.input().readAllBytes());
            default -> Body.text("abc");
        };
    };

    @ParameterizedTest
    @ValueSource(strings = {"/throw", "/error", "/started", "/length", "/no-file", "/stream", "/chunks"})
    void theServersPageHasWhatMiddlewaresAdd(String path) throws Exception {
        Middleware all = adding("X-Outer", "1")
                .around(adding("Content-Type", "image/png"))
                .around(adding("Content-Encoding", "gzip"))
                .around(adding("X-Inner", "2"));
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Setup.DEFAULT.http(all.wrap(FAILING));
                HttpPeer peer = Peers.http(server)) {
            Answer answer = peer.get(path).answer();

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.field("x-outer")).isEqualTo("1");
            assertThat(answer.field("x-inner")).isEqualTo("2");
            assertThat(answer.field("cache-control")).isEqualTo("no-store");
            assertThat(answer.field("content-type")).isEqualTo("text/plain; charset=utf-8");
            assertThat(answer.fields()).doesNotContainKeys("content-encoding", "etag", "x-own");
            assertThat(answer.text()).contains("the server's log says why");
            log.await("GET " + path + ": the application failed, the client gets a 500");
            // The connection goes on.
            assertThat(peer.get("/fine").answer().text()).isEqualTo("abc");
        }
    }

    @Test
    void aRefusedBodyIsAnsweredWithThemToo() throws Exception {
        try (Server server =
                        Setup.DEFAULT.http(adding("X-Outer", "1").wrap(FAILING), limits -> limits.maxBodyBytes(3));
                HttpPeer peer = Peers.http(server)) {
            Answer answer = peer.send(
                            "POST /input HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
                    .answer();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.field("x-outer")).isEqualTo("1");
        }
    }

    @Test
    void aMiddlewareThatFailsOrHoldsTheStartBackLeavesThePageAlone() throws Exception {
        Middleware failing = inner ->
                (environ, startResponse) -> inner.call(environ, StartResponse.mapping(startResponse, (status, _) -> {
                    if (status.code() == 500) {
                        throw new IllegalStateException("mapping failed");
                    }
                }));
        Middleware holding = inner -> (environ, startResponse) -> {
            StartResponse[] view = {(_, _, _) -> {}};
            startResponse.viewedBy(view[0]);
            return inner.call(environ, view[0]);
        };
        for (Middleware middleware : new Middleware[] {failing, holding}) {
            try (LogLines log = LogLines.of("dev.loomgate.server");
                    Server server = Setup.DEFAULT.http(middleware.wrap(FAILING));
                    HttpPeer peer = Peers.http(server)) {
                Answer answer = peer.get("/throw").answer();

                assertThat(answer.status()).isEqualTo(500);
                assertThat(answer.text()).contains("the server's log says why");
                log.await("boom");
            }
        }
    }

    @Test
    void lintLetsThePagePass() throws Exception {
        Application linted =
                new Lint().around(adding("X-Outer", "1")).around(new Lint()).wrap(FAILING);
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Setup.DEFAULT.http(linted);
                HttpPeer peer = Peers.http(server)) {
            for (String path : new String[] {"/throw", "/error", "/started", "/stream", "/chunks"}) {
                Answer answer = peer.get(path).answer();

                assertThat(answer.status()).isEqualTo(500);
                assertThat(answer.field("x-outer")).as(path).isEqualTo("1");
                log.await("boom");
            }
        }
    }
}
