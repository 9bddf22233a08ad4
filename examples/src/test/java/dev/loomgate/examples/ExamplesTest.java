package dev.loomgate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every example on a real server, on one loop.
@Timeout(120)
class ExamplesTest {
    private final HttpClient http = HttpClient.newHttpClient();

    private static Server serve(Application application) throws Exception {
        return serve(application, Engine.LOOP);
    }

    private static Server serve(Application application, Engine engine) throws Exception {
        ServerOptions options = ServerOptions.builder()
                .loops(1)
                .engine(engine)
                .threads(64)
                .accessLogTo(OutputStream.nullOutputStream())
                .build();
        return Server.builder(application)
                .options(options)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .start();
    }

    private static HttpRequest request(Server server, String method, String target, BodyPublisher body) {
        URI uri = URI.create("http://" + server.addresses().getFirst() + target);
        return HttpRequest.newBuilder(uri).method(method, body).build();
    }

    private HttpResponse<String> send(Server server, String method, String target) throws Exception {
        return http.send(request(server, method, target, BodyPublishers.noBody()), BodyHandlers.ofString());
    }

    private HttpResponse<String> fetch(Server server, String target) throws Exception {
        return send(server, "GET", target);
    }

    private static Duration timed(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void helloByYieldStreams() throws Exception {
        try (Server server = serve(new HelloByYield())) {
            HttpResponse<String> response = fetch(server, "/");

            assertThat(response.body()).isEqualTo("Hello world!\n");
            assertThat(response.headers().firstValue("Content-Type")).contains("text/plain");
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoSecondsElapseForManyAtOnce(Engine engine) throws Exception {
        try (Server server = serve(new TwoSeconds(), engine)) {
            HttpRequest request = request(server, "GET", "/", BodyPublishers.noBody());

            // One after the other they would take two minutes.
            Duration taken = timed(() -> {
                List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 60)
                        .mapToObj(i -> http.sendAsync(request, BodyHandlers.ofString()))
                        .toList();
                assertThat(all).allSatisfy(one -> assertThat(one.join().body()).isEqualTo("Hello World"));
            });

            assertThat(taken).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(60));
        }
    }

    @Test
    void helloRequestTakesTheName() throws Exception {
        try (Server server = serve(new HelloRequest())) {
            assertThat(fetch(server, "/anywhere?name=J%C3%BCrgen").body()).isEqualTo("Hello Jürgen!");
            // As in the article, whose default has an exclamation mark of its own.
            assertThat(fetch(server, "/").body()).isEqualTo("Hello World!!");
        }
    }

    @Test
    void urlMapLeadsToResources() throws Exception {
        try (Server server = serve(new UrlMapApplication())) {
            assertThat(fetch(server, "/").body()).isEqualTo("Hello world!");
            assertThat(fetch(server, "/user?name=Bob").body()).isEqualTo("Hello Bob!");
            assertThat(fetch(server, "/nowhere").statusCode()).isEqualTo(404);
            assertThat(send(server, "PUT", "/user").body()).contains("not implemented");
        }
    }

    static Stream<Application> asynchronous() {
        return Stream.of(new WrapperApplication(), new ArticleApplication());
    }

    @ParameterizedTest
    @MethodSource("asynchronous")
    void asynchronousResourceHoldsNobodyUp(Application application) throws Exception {
        try (Server server = serve(application)) {
            HttpRequest request = request(server, "GET", "/", BodyPublishers.noBody());

            Duration taken = timed(() -> {
                List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 60)
                        .mapToObj(i -> http.sendAsync(request, BodyHandlers.ofString()))
                        .toList();
                assertThat(all).allSatisfy(one -> assertThat(one.join().body()).isEqualTo("Hello world!"));
            });

            assertThat(taken).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
        }
    }

    @Test
    void wholeProgramAnswersAsTheArticleSays() throws Exception {
        try (Server server = serve(new ArticleApplication())) {
            assertThat(fetch(server, "/user?name=Bob").body()).isEqualTo("Hello Bob!");
            assertThat(fetch(server, "/").body()).isEqualTo("Hello world!");
            assertThat(fetch(server, "/nowhere").statusCode()).isEqualTo(404);
            HttpResponse<String> put = send(server, "PUT", "/user");
            assertThat(put.statusCode()).isEqualTo(404);
            assertThat(put.body()).contains("not implemented");
        }
    }

    @Test
    void serverSentLinesComeOneByOneUntilTheClientLeaves() throws Exception {
        try (Server server = serve(new ServerSentLines(Duration.ofMillis(20)))) {
            HttpResponse<InputStream> response =
                    http.send(request(server, "GET", "/", BodyPublishers.noBody()), BodyHandlers.ofInputStream());
            assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                assertThat(Stream.generate(() -> line(lines)).limit(7))
                        .containsExactly(":", "", "data: line 1", "", "data: line 2", "", "data: line 3");
            }

            // The stream ends with its listener: a graceful stop has nothing to wait for.
            assertThat(server.stop(Duration.ofSeconds(30))).isTrue();
        }
    }

    private static String line(BufferedReader lines) {
        try {
            return String.valueOf(lines.readLine());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64 * 1024, 20_000_001})
    void largeUploadIsReadToItsEnd(int length) throws Exception {
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++) {
            body[i] = (byte) ((i * 31) >> 3);
        }
        String expected = length + " bytes, SHA-256 "
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body)) + "\n";
        try (Server server = serve(new LargeUpload())) {
            BodyPublisher whole = BodyPublishers.ofByteArray(body);
            BodyPublisher chunked = BodyPublishers.fromPublisher(whole);

            assertThat(http.send(request(server, "POST", "/", whole), BodyHandlers.ofString())
                            .body())
                    .isEqualTo(expected);
            assertThat(http.send(request(server, "PUT", "/", chunked), BodyHandlers.ofString())
                            .body())
                    .isEqualTo(expected);
        }
    }
}
