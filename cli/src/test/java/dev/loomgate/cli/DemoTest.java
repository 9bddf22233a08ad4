package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// `loomgate demo` in a process of its own: the article's answers, what it says, how it ends.
@Timeout(180)
class DemoTest {
    @TempDir
    private static Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<String> send(String method, URI uri) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(60))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    @Test
    void answersAsTheArticleSays() throws Exception {
        try (LoomgateProcess demo = LoomgateProcess.start(directory, "demo", "--http", "127.0.0.1:0")) {
            HttpResponse<String> user = send("GET", demo.uri("/user?name=Bob"));
            assertThat(user.statusCode()).isEqualTo(200);
            assertThat(user.body()).isEqualTo("Hello Bob!");
            assertThat(user.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");

            long start = System.nanoTime();
            HttpResponse<String> index = send("GET", demo.uri("/"));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(index.statusCode()).isEqualTo(200);
            assertThat(index.body()).isEqualTo("Hello world!");

            assertThat(send("GET", demo.uri("/nowhere")).statusCode()).isEqualTo(404);

            HttpResponse<String> put = send("PUT", demo.uri("/user"));
            assertThat(put.statusCode()).isEqualTo(404);
            assertThat(put.body()).contains("not implemented");
        }
    }

    @Test
    void tellsEachAddress() throws Exception {
        Path socket = directory.resolve("told.sock");
        try (LoomgateProcess demo = LoomgateProcess.start(
                directory,
                "demo",
                "--http",
                "127.0.0.1:0",
                "-s",
                socket.toString(),
                "--loops",
                "1",
                "--transport",
                "nio",
                "--engine",
                "virtual")) {
            assertThat(demo.err().lines().map(line -> line.substring(line.indexOf(' ') + 1)))
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .matches("INFO loomgate [0-9.]+(-SNAPSHOT)? \\(JDK [0-9][^)]*\\):"
                                            + " http://127\\.0\\.0\\.1:[1-9][0-9]*, 1 loop, engine virtual,"
                                            + " transport nio"),
                            line -> assertThat(line)
                                    .endsWith(": uwsgi://" + socket + ", 1 loop, engine virtual, transport nio"));
        }
    }

    @Test
    void withoutTheFlagOneLineSaysItAndMicrothreadsRunElsewhere() throws Exception {
        try (LoomgateProcess demo =
                LoomgateProcess.startWithoutAddOpens(directory, "demo", "--http", "127.0.0.1:0", "--loops", "1")) {
            assertThat(send("GET", demo.uri("/user?name=Bob")).body()).isEqualTo("Hello Bob!");

            assertThat(demo.wholeErr().lines())
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .contains(" WARNING ")
                                    .contains("--add-opens java.base/java.lang=ALL-UNNAMED"),
                            line -> assertThat(line).endsWith(", 1 loop, engine virtual, transport epoll"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void signalStopsGracefullyWithStatus0(String signal) throws Exception {
        try (LoomgateProcess demo = LoomgateProcess.start(directory, "demo", "--http", "127.0.0.1:0")) {
            URI index = demo.uri("/");
            CompletableFuture<HttpResponse<String>> running = runningRequest(demo, index);

            int status = demo.signal(signal).status();

            assertThat(running.join().body()).isEqualTo("Hello world!");
            assertThat(status).isZero();
            assertThat(demo.err()).contains(" stopping on SIG" + signal + ", within 30 s (--stop-timeout)\n");
            assertThat(demo.err()).endsWith(" stopped\n");
        }
    }

    /// `timeout` signals its child, and then the group, in which the child is.
    @Test
    void signalToTheServerAndAtOnceToItsGroupIsOne() throws Exception {
        try (LoomgateProcess demo = LoomgateProcess.start(directory, "demo", "--http", "127.0.0.1:0")) {
            CompletableFuture<HttpResponse<String>> running = runningRequest(demo, demo.uri("/"));

            int status = demo.signal("TERM").signal("TERM").status();

            assertThat(running.join().body()).isEqualTo("Hello world!");
            assertThat(status).isZero();
        }
    }

    @Test
    void secondSignalEndsAtOnce() throws Exception {
        try (LoomgateProcess demo = LoomgateProcess.start(directory, "--http", "127.0.0.1:0", "--app", endless())) {
            URI index = demo.uri("/");
            CompletableFuture<HttpResponse<String>> running = runningRequest(demo, index);

            demo.signal("TERM").await(Pattern.compile("stopping on SIGTERM"));
            Thread.sleep(300); // earlier it would be the same signal, come by another way
            int status = demo.signal("TERM").status();

            assertThat(status).isEqualTo(128 + 15);
            assertThat(demo.err()).contains(" WARNING SIGTERM again: exiting immediately\n");
            assertThat(running).failsWithin(Duration.ofSeconds(60));
        }
    }

    @Test
    void requestThatDoesNotEndIsInterruptedAtTheStopsLimit() throws Exception {
        try (LoomgateProcess demo = LoomgateProcess.start(
                directory, "--http", "127.0.0.1:0", "--app", endless(), "--stop-timeout", "200ms")) {
            URI index = demo.uri("/");
            CompletableFuture<HttpResponse<String>> running = runningRequest(demo, index);

            int status = demo.signal("TERM").status();

            assertThat(status).isZero();
            assertThat(demo.err()).contains(" WARNING stopped: requests that still ran after 0.2 s were interrupted");
            assertThat(running)
                    .satisfiesAnyOf(
                            answered -> assertThat(answered.join().statusCode()).isGreaterThanOrEqualTo(500),
                            broken -> assertThat(broken).failsWithin(Duration.ofSeconds(60)));
        }
    }

    @Test
    void usr1WritesAllMicrothreads() throws Exception {
        try (LoomgateProcess demo = LoomgateProcess.start(directory, "--http", "127.0.0.1:0", "--app", endless())) {
            var _ = runningRequest(demo, demo.uri("/somewhere"));

            demo.signal("USR1").await(Pattern.compile("GET /somewhere, [a-z ]+, age [0-9]+ ms\n +at "));

            assertThat(demo.isAlive()).isTrue();
            assertThat(demo.err()).contains("Endless.call(Endless.java:");
        }
    }

    @Test
    void portInUseIsOneLineAndStatus1() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String address = "127.0.0.1:" + taken.getLocalPort();

            LoomgateProcess demo = LoomgateProcess.launch(directory, "demo", "--http", address, "--engine", "virtual");

            assertThat(demo.status()).isEqualTo(1);
            assertThat(demo.err())
                    .isEqualTo("loomgate: can't listen on " + address
                            + ": the address is in use, something listens there already\n");
        }
    }

    @Test
    void unixSocketOfALivingServerIsNotTakenAway() throws Exception {
        Path socket = directory.resolve("taken.sock");
        try (LoomgateProcess first = LoomgateProcess.start(directory, "demo", "-s", socket.toString())) {
            LoomgateProcess second =
                    LoomgateProcess.launch(directory, "demo", "-s", socket.toString(), "--engine", "virtual");

            assertThat(second.status()).isEqualTo(1);
            assertThat(second.err())
                    .startsWith("loomgate: can't listen on unix socket " + socket)
                    .hasLineCount(1);
            assertThat(first.signal("TERM").status()).isZero();
            assertThat(socket).doesNotExist();
        }
    }

    @ParameterizedTest
    @CsvSource({"'', rw-rw----", "--chmod-socket=600, rw-------", "--chmod-socket, rw-rw-rw-"})
    void unixSocketHasTheModeThatIsAskedFor(String option, String expected) throws Exception {
        Path socket = directory.resolve("mode.sock");
        String[] args = option.isEmpty()
                ? new String[] {"demo", "-s", socket.toString()}
                : new String[] {"demo", "-s", socket.toString(), option};
        try (LoomgateProcess demo = LoomgateProcess.start(directory, args)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo(expected);
            assertThat(demo.signal("TERM").status()).isZero();
        }
    }

    @Test
    void staleUnixSocketIsReplaced() throws Exception {
        Path socket = directory.resolve("stale.sock");
        LoomgateProcess killed = LoomgateProcess.start(directory, "demo", "-s", socket.toString());
        killed.signal("KILL").status();
        assertThat(socket).exists();

        try (LoomgateProcess demo = LoomgateProcess.start(directory, "demo", "-s", socket.toString())) {
            assertThat(demo.isAlive()).isTrue();
        }
    }

    @Test
    void bothLogsAreJsonWhereAskedFor() throws Exception {
        try (LoomgateProcess demo = LoomgateProcess.start(
                directory, "demo", "--http", "127.0.0.1:0", "--log-format", "json", "--engine", "virtual")) {
            send("GET", demo.uri("/user?name=%22Bob%22"));
            assertThat(demo.signal("TERM").status()).isZero();

            ObjectMapper json = new ObjectMapper();
            assertThat(demo.out().lines().map(json::readTree)).singleElement().satisfies(request -> {
                assertThat(request.isObject()).isTrue();
                assertThat(request.toString()).contains("GET", "200");
            });
            assertThat(demo.err().lines().map(json::readTree).map(DemoTest::withoutTimeAndMessage))
                    .containsOnly("INFO dev.loomgate.cli");
        }
    }

    private static String withoutTimeAndMessage(JsonNode entry) {
        assertThat(entry.get("time").asString()).matches("20[0-9-]+T[0-9:.]+Z");
        assertThat(entry.get("message").asString()).isNotEmpty();
        return entry.get("level").asString() + " " + entry.get("logger").asString();
    }

    @Test
    void startUpFailureIsJsonWhereAskedFor() throws Exception {
        LoomgateProcess demo = LoomgateProcess.launch(
                directory, "demo", "-s", "/no/such/directory/s", "--log-format", "json", "--engine", "virtual");

        assertThat(demo.status()).isEqualTo(1);
        JsonNode entry = new ObjectMapper().readTree(demo.err());
        assertThat(entry.get("level").asString()).isEqualTo("ERROR");
        assertThat(entry.get("message").asString()).startsWith("can't listen on unix socket /no/such/directory/s: ");
    }

    @Test
    void requestsAreNotLoggedWhereThatIsSwitchedOff() throws Exception {
        try (LoomgateProcess demo =
                LoomgateProcess.start(directory, "demo", "--http", "127.0.0.1:0", "--disable-logging")) {
            send("GET", demo.uri("/user"));

            assertThat(demo.signal("TERM").status()).isZero();
            assertThat(demo.out()).isEmpty();
        }
    }

    /// An application whose requests never end by themselves.
    private static String endless() throws IOException {
        return Files.writeString(directory.resolve("Endless.java"), """
                import dev.loomgate.gateway.*;

                public class Endless implements Application {
                    public Body call(Environ environ, StartResponse startResponse) throws Exception {
                        System.out.println("running");
                        Thread.sleep(Long.MAX_VALUE);
                        return Body.empty();
                    }
                }
                """).toString();
    }

    /// A request that the application has begun to answer.
    private CompletableFuture<HttpResponse<String>> runningRequest(LoomgateProcess server, URI uri) throws Exception {
        CompletableFuture<HttpResponse<String>> answer =
                http.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        Pattern begun = Pattern.compile("GET " + uri.getPath() + ", ");
        while (!begun.matcher(server.err()).find()) {
            server.signal("USR1");
            Thread.sleep(100);
        }
        return answer;
    }
}
