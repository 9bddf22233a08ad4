package dev.loomgate.server.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.Loop;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.Nginx;
import dev.loomgate.testkit.peers.Uwsgi;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server as it is meant to run: behind a real nginx that passes requests on by `uwsgi_pass`.
final class BehindNginxTest {
    private static final byte[] LARGE = new byte[5_000_000];

    static {
        for (int i = 0; i < LARGE.length; i++) {
            LARGE[i] = (byte) ((i * 31) >> 4);
        }
    }

    private final Path directory;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final LogLines log = LogLines.of("dev.loomgate.server");
    private Server server;
    private Nginx nginx;

    BehindNginxTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeEach
    void start() throws Exception {
        Path socket = directory.resolve("app.sock");
        server = Server.builder(this::answer)
                .listen(ListenAddress.uwsgi(socket.toString()))
                .options(ServerOptions.builder()
                        .loops(1)
                        .limits(Limits.builder()
                                .maxHeaderBytes(4096)
                                .maxBodyBytes(10_000_000)
                                .build())
                        .accessLogTo(OutputStream.nullOutputStream())
                        .build())
                .start();
        nginx = Nginx.start(
                directory,
                "client_max_body_size 100m; client_header_buffer_size 16k; large_client_header_buffers 4 32k;",
                Nginx.uwsgiPass("/", "unix:" + socket),
                Nginx.uwsgiPass("/unbuffered/", "unix:" + socket, "uwsgi_request_buffering off;"));
    }

    @AfterEach
    void stop() {
        nginx.close();
        server.close();
        http.close();
        log.close();
    }

    private Body answer(Environ environ, StartResponse startResponse) throws Exception {
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return switch (environ.path()) {
            case "/hello" -> Body.text("Hello " + environ.queryString() + "!");
            case "/later" -> {
                Loop.sleep(Duration.ofMillis(20));
                yield Body.text("later");
            }
            case "/fail" -> throw new IllegalStateException("no such luck");
            case "/fail-later" -> Loop.await(failingSoon());
            case "/fail-after-sleep" -> {
                Loop.sleep(Duration.ofMillis(20));
                throw new IOException("no such luck");
            }
            case "/large" -> Body.bytes(LARGE);
            case "/stream" ->
                Body.stream(out -> {
                    for (int at = 0; at < LARGE.length; at += 50_000) {
                        out.write(Arrays.copyOfRange(LARGE, at, at + 50_000));
                    }
                });
            case "/file" -> Body.file(Files.write(directory.resolve("large.bin"), LARGE));
            case "/echo", "/unbuffered/echo" -> Body.bytes(environ.input().readAllBytes());
            case "/unread" -> Body.text("I don't want it");
            case "/environ" ->
                Body.text(environ.path() + " " + environ.requestUri() + " " + environ.text("HTTP_X_A", "none"));
            default -> Body.text("path " + environ.path());
        };
    }

    private static CompletableFuture<Body> failingSoon() {
        return CompletableFuture.supplyAsync(
                () -> {
                    throw new CompletionException(new IllegalArgumentException("no such luck"));
                },
                CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
    }

    @Test
    void requestsAreAnswered() throws Exception {
        assertThat(get("/hello?Bob").body()).isEqualTo("Hello Bob!");
        assertThat(get("/later").body()).isEqualTo("later");
        assertThat(get("/caf%C3%A9").body()).isEqualTo("path /café");
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void repeatedHeadersArriveJoined() throws Exception {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(nginx.uri("/environ"))
                        .header("X-A", "1")
                        .header("X-A", "2")
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.body()).isEqualTo("/environ /environ 1, 2");
    }

    @Test
    void exceptionIs500() throws Exception {
        assertThat(get("/fail").statusCode()).isEqualTo(500);
        assertThat(log.await("GET /fail: ")).contains("no such luck");
    }

    @Test
    void exceptionInAnAsynchronousMethodIs500WhereTheReferenceGives502() throws Exception {
        assertThat(get("/fail-later").statusCode()).isEqualTo(500);
        assertThat(log.await("GET /fail-later: ")).contains("IllegalArgumentException: no such luck");
        assertThat(get("/fail-after-sleep").statusCode()).isEqualTo(500);
        assertThat(log.await("GET /fail-after-sleep: ")).contains("IOException: no such luck");
        assertThat(get("/hello?again").statusCode()).isEqualTo(200);
        try (Uwsgi reference = Uwsgi.asyncio(directory, "failing_on_311", 8);
                Nginx itsNginx = Nginx.start(directory, Nginx.uwsgiPass("/", "unix:" + reference.socket()))) {
            HttpResponse<String> theirs =
                    http.send(HttpRequest.newBuilder(itsNginx.uri("/fail")).build(), BodyHandlers.ofString());
            assertThat(theirs.statusCode()).isEqualTo(502);
        }
    }

    @Test
    void bodiesOfAllKindsArriveWhole() throws Exception {
        assertThat(bytes("/large")).isEqualTo(LARGE);
        assertThat(bytes("/stream")).isEqualTo(LARGE);
        assertThat(bytes("/file")).isEqualTo(LARGE);
    }

    @Test
    void uploadsArriveWhole() throws Exception {
        assertThat(post("/echo", BodyPublishers.ofByteArray(LARGE)).body()).isEqualTo(LARGE);
        assertThat(post("/unbuffered/echo", BodyPublishers.ofByteArray(LARGE)).body())
                .isEqualTo(LARGE);
    }

    @Test
    void chunkedUploadArrivesWhole() throws Exception {
        HttpResponse<byte[]> response = post("/echo", BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(LARGE)));
        assertThat(response.body()).isEqualTo(LARGE);
    }

    @Test
    void uploadThatIsNotReadIsAnsweredAllTheSame() throws Exception {
        HttpResponse<byte[]> response = post("/unread", BodyPublishers.ofByteArray(LARGE));
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("I don't want it");
    }

    @Test
    void uploadOverTheLimitIs413() throws Exception {
        HttpResponse<byte[]> response = post("/echo", BodyPublishers.ofByteArray(new byte[10_000_001]));
        assertThat(response.statusCode()).isEqualTo(413);
        log.await("uwsgi: request body takes 10000001 bytes, over 10000000 (maxBodyBytes)");
    }

    @Test
    void bigHeaderIs431WhereUwsgiHangsUp() throws Exception {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(nginx.uri("/hello"))
                        .header("X-Big", "x".repeat(8000))
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(431);
        assertThat(log.await("uwsgi: request variables take 8")).endsWith(" bytes, over 4096 (maxHeaderBytes)");
    }

    private HttpResponse<String> get(String target) throws Exception {
        return http.send(HttpRequest.newBuilder(nginx.uri(target)).build(), BodyHandlers.ofString());
    }

    private byte[] bytes(String target) throws Exception {
        return http.send(HttpRequest.newBuilder(nginx.uri(target)).build(), BodyHandlers.ofByteArray())
                .body();
    }

    private HttpResponse<byte[]> post(String target, HttpRequest.BodyPublisher body) throws Exception {
        return http.send(HttpRequest.newBuilder(nginx.uri(target)).POST(body).build(), BodyHandlers.ofByteArray());
    }
}
