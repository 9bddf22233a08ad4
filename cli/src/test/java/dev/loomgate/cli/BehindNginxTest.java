package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Nginx;
import dev.loomgate.testkit.peers.Uwsgi;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The article's program behind a real nginx over a unix socket, beside the article's own stack: uWSGI with asyncio and
/// greenlet runs the Python program behind another nginx, and every answer is compared.
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BehindNginxTest {
    private static final List<String> COMPARED_HEADERS =
            List.of("Content-Type", "Content-Length", "Location", "Allow", "Transfer-Encoding", "Connection");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    @TempDir
    private static Path directory;

    private LoomgateProcess loomgate;
    private Uwsgi uwsgi;
    private Nginx ours;
    private Nginx reference;

    /// An answer as far as it is to be the same.
    private record Answer(int status, List<String> headers, String body) {
        static Answer of(HttpResponse<String> response) {
            HttpHeaders headers = response.headers();
            return new Answer(
                    response.statusCode(),
                    COMPARED_HEADERS.stream()
                            .flatMap(name -> headers.allValues(name).stream().map(value -> name + ": " + value))
                            .map(header -> header.replaceFirst("127\\.0\\.0\\.1:[0-9]+", "nginx"))
                            .toList(),
                    response.body());
        }
    }

    @BeforeAll
    void start() throws Exception {
        Path socket = directory.resolve("loomgate.sock");
        Path source = directory.resolve("FailingArticle.java");
        try (InputStream resource = BehindNginxTest.class.getResourceAsStream("FailingArticle.java")) {
            Files.write(source, Objects.requireNonNull(resource).readAllBytes());
        }
        loomgate = LoomgateProcess.start(
                directory, "-s", socket.toString(), "--asyncio", "512", "--greenlet", "--app", source.toString());
        uwsgi = Uwsgi.asyncio(directory, "failing_on_311", 512);
        ours = Nginx.start(directory, Nginx.uwsgiPass("/", "unix:" + socket));
        reference = Nginx.start(directory, Nginx.uwsgiPass("/", "unix:" + uwsgi.socket()));
    }

    @AfterAll
    void stop() {
        for (AutoCloseable started : new AutoCloseable[] {ours, reference, uwsgi, loomgate}) {
            try {
                if (started != null) {
                    started.close();
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    private Answer ask(Nginx nginx, String method, String target) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(nginx.uri(target))
                .method(method, BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(60))
                .build();
        return Answer.of(http.send(request, BodyHandlers.ofString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "GET / 200",
                "GET /user 200",
                "GET /user?name=Bob 200",
                "GET /user?name=J%C3%BCrgen%20%E2%82%AC 200",
                "GET /user?name=a+b%2Bc&name=second 200",
                "GET /user?name= 200",
                "GET /user?other=1 200",
                "GET /user?name=%3Cscript%3E 200",
                "GET /nowhere 404",
                "GET /user/ 404",
                "GET /user/42 404",
                "GET /%C3%BC 404",
                "PUT /user 404",
                "POST / 404",
                "DELETE /user 404",
                "PATCH /nowhere 404",
                "HEAD /user 404",
                "HEAD /nowhere 404",
                "OPTIONS / 404",
                "BREW / 404",
            })
    void answersAsTheReferenceDoes(String method, String target, int status) throws Exception {
        Answer expected = ask(reference, method, target);

        Answer actual = ask(ours, method, target);

        assertThat(expected.status()).isEqualTo(status);
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void exceptionInAnAsynchronousMethodIsAnAnswerWhereTheReferenceGivesNone() throws Exception {
        assertThat(ask(reference, "GET", "/fail").status()).isEqualTo(502);

        Answer answer = ask(ours, "GET", "/fail");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("no such luck");
        assertThat(loomgate.err())
                .contains("java.lang.IllegalStateException: no such luck")
                .contains("FailingArticle.java:");
    }

    @Test
    void indexWaitsASecondAndUserDoesNotWaitForIt() throws Exception {
        long start = System.nanoTime();
        var index = http.sendAsync(HttpRequest.newBuilder(ours.uri("/")).build(), BodyHandlers.ofString());

        assertThat(ask(ours, "GET", "/user").status()).isEqualTo(200);
        boolean indexWasDone = index.isDone();
        Duration atOnce = Duration.ofNanos(System.nanoTime() - start);

        assertThat(index.join().body()).isEqualTo("Hello world!");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(indexWasDone && atOnce.toMillis() < 1000).isFalse();
    }
}
