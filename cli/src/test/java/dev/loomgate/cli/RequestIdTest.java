package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Nginx;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ids of requests: what a program sees, what its lines and the access log have, whatever runs it.
@Timeout(120)
class RequestIdTest {
    private static final int REQUESTS = 12;
    private static final String OWN = "client:7/a+b=c@d-e_f.g";

    @TempDir
    private Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private void writePrograms() throws Exception {
        Files.writeString(directory.resolve("app.py"), """
                import logging, sys, time
                logging.basicConfig(format="logged %(message)s")
                def application(environ, start_response):
                    me = environ["QUERY_STRING"]
                    if environ["PATH_INFO"] == "/fail":
                        raise ValueError("on purpose")
                    print("printed", me)
                    time.sleep(0.01)
                    logging.warning("%s", me)
                    environ["wsgi.errors"].write("first of %s\\nsecond of %s\\n" % (me, me))
                    start_response("200 OK", [("X-Seen", environ["loomgate.request_id"]), ("Content-Length", "0")])
                    return [b""]
                """);
        Files.writeString(directory.resolve("tasks.py"), """
                import asyncio, logging, sys
                logging.basicConfig(format="logged %(message)s")
                async def application(scope, receive, send):
                    assert scope["type"] == "http"
                    me = scope["query_string"].decode()
                    if scope["path"] == "/fail":
                        raise ValueError("on purpose")
                    print("printed", me)
                    await asyncio.sleep(0.01)
                    await asyncio.to_thread(logging.warning, "%s", me)
                    print("first of", me)
                    await asyncio.sleep(0)
                    print("second of", me)
                    seen = scope["loomgate.request_id"].encode()
                    headers = [(b"x-seen", seen), (b"content-length", b"0")]
                    await send({"type": "http.response.start", "status": 200, "headers": headers})
                    await send({"type": "http.response.body", "body": b""})
                """);
    }

    private CompletableFuture<HttpResponse<String>> ask(URI uri, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private static String seen(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        return response.headers().firstValue("X-Seen").orElseThrow();
    }

    private static List<String> modeOptions(String mode) {
        return switch (mode) {
            case "sync", "direct", "nginx" -> List.of("-w", "app", "-p", "2");
            case "threads" -> List.of("-w", "app", "-p", "1", "--threads", "4");
            case "asyncio" -> List.of("-w", "app", "-p", "1", "--asyncio", "50", "--greenlet");
            case "gevent" -> List.of("-w", "app", "-p", "1", "--gevent", "50", "--gevent-monkey-patch");
            case "tasks" -> List.of("-w", "tasks", "-p", "1");
            default -> throw new IllegalArgumentException(mode);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "threads", "asyncio", "gevent", "tasks", "nginx", "direct"})
    void allLinesOfARequestHaveTheIdThatItsProgramSees(String mode) throws Exception {
        writePrograms();
        boolean behindNginx = mode.equals("nginx") || mode.equals("direct");
        Path socket = directory.resolve("s");
        List<String> options =
                new ArrayList<>(behindNginx ? List.of("-s", socket.toString()) : List.of("--http", "127.0.0.1:0"));
        options.addAll(List.of("--python", Python.DEBIAN, "--log-request-id", "--chdir", directory.toString()));
        options.addAll(List.of("--direct", mode.equals("direct") ? "on" : "off"));
        options.addAll(modeOptions(mode));
        try (LoomgateProcess server = LoomgateProcess.start(directory, options.toArray(String[]::new));
                Nginx nginx = behindNginx ? Nginx.start(directory, Nginx.uwsgiPass("/", "unix:" + socket)) : null) {
            URI base = nginx == null ? server.uri("/") : nginx.uri("/");
            Map<String, CompletableFuture<HttpResponse<String>>> asked = new TreeMap<>();
            for (int i = 0; i < REQUESTS; i++) {
                asked.put("made" + i + ".", ask(base.resolve("/?made" + i + ".")));
            }
            asked.put("own.", ask(base.resolve("/?own."), "X-Request-ID", OWN));
            for (String hostile : List.of("a\"b", "a b", "é", "{id}", "a".repeat(129), "a".repeat(6000), "a,b\\")) {
                String name = "hostile" + asked.size() + ".";
                asked.put(name, ask(base.resolve("/?" + name), "X-Request-ID", hostile));
            }
            Map<String, String> ids = new TreeMap<>();
            for (Map.Entry<String, CompletableFuture<HttpResponse<String>>> each : asked.entrySet()) {
                ids.put(each.getKey(), seen(each.getValue().get()));
            }
            assertThat(ids).containsEntry("own.", OWN);
            assertThat(new HashSet<>(ids.values())).hasSameSizeAs(ids.values());
            assertThat(ids.values())
                    .filteredOn(id -> !id.equals(OWN))
                    .allMatch(id -> id.matches("[0-9a-v]{8,10}-[0-9a-v]+"));

            for (Map.Entry<String, String> each : ids.entrySet()) {
                for (String text : List.of("printed ", "logged ", "first of ", "second of ")) {
                    String line = " INFO [" + each.getValue() + "] [worker N] " + text + each.getKey() + "\n";
                    Eventually.await(line, () -> server.err()
                            .replaceAll("\\[worker \\d]", "[worker N]")
                            .contains(line));
                }
                String line = "?" + each.getKey() + " HTTP/1.\\d\" 200 0 \\d+\\.\\d+ request_id=\""
                        + Pattern.quote(each.getValue()) + "\"\n";
                Pattern wanted = Pattern.compile(Pattern.quote("?") + line.substring(1));
                Eventually.await(line, () -> wanted.matcher(server.out()).find());
            }
            assertThat(server.err()).doesNotContain("\\x1e", "\\x1f", "aaaaa");

            assertThat(ask(base.resolve("/fail"), "X-Request-ID", "failing")
                            .get()
                            .statusCode())
                    .isEqualTo(500);
            Eventually.await(
                    "the failure", () -> server.err().contains(" ERROR [failing] GET /fail: the application failed"));
            Eventually.await(
                    "its line",
                    () -> server.out().contains("\"GET /fail HTTP/1.")
                            && server.out().contains(" request_id=\"failing\"\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void whatEndsARequestIsLoggedWithItsId(String direct) throws Exception {
        Files.writeString(directory.resolve("ends.py"), """
                import os, signal, time
                def application(environ, start_response):
                    if environ["PATH_INFO"] == "/die":
                        os.kill(os.getpid(), signal.SIGKILL)
                    time.sleep(600)
                """);
        try (LoomgateProcess server = LoomgateProcess.start(
                directory,
                "--direct",
                direct,
                "-s",
                "s",
                "-w",
                "ends",
                "--python",
                Python.DEBIAN,
                "--harakiri",
                "1",
                "--log-request-id")) {
            ask("/die", "dying");
            server.await(Pattern.compile(" ERROR \\[dying] .* while it was inside GET /die"));
            Eventually.await("its line", () -> line(server, "/die", "502", "dying"));

            ask("/die?", "");
            Matcher made = server.await(Pattern.compile(" ERROR \\[([0-9a-v]+-[0-9a-v]+)] .* inside GET /die\\?"));
            Eventually.await("its line", () -> line(server, "/die?", "502", made.group(1)));

            ask("/hang", "hanging");
            server.await(Pattern.compile(" ERROR \\[hanging] .* it is stuck in GET /hang, whose time is over"));
            Eventually.await("its line", () -> line(server, "/hang", "504", "hanging"));
            assertThat(server.err().lines())
                    .filteredOn(line -> line.contains("GET /hang"))
                    .hasSizeGreaterThan(1)
                    .allMatch(line -> line.contains(" [hanging] "));
        }
    }

    private static boolean line(LoomgateProcess server, String target, String status, String id) throws IOException {
        return server.out()
                .lines()
                .anyMatch(line -> line.contains("\"GET " + target + " HTTP/1.1\" " + status)
                        && line.endsWith(" request_id=\"" + id + "\""));
    }

    // What comes of it doesn't matter; the client stays until then.
    private void ask(String target, String id) throws IOException {
        try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(directory.resolve("s")))) {
            UwsgiPacket packet = UwsgiPacket.request("GET", target);
            client.send((id.isEmpty() ? packet : packet.with("HTTP_X_REQUEST_ID", id)).bytes())
                    .receiveText();
        }
    }

    @Test
    void jsonHasTheIdInBothLogs() throws Exception {
        writePrograms();
        try (LoomgateProcess server = LoomgateProcess.start(
                directory, "--http", "127.0.0.1:0", "-w", "app", "--python", Python.DEBIAN, "--log-format", "json")) {
            String id = seen(ask(server.uri("/?json")).get());

            Eventually.await("the lines of " + id, () -> {
                String mark = "\"request_id\":\"" + id + "\",";
                return server.err().contains(mark + "\"message\":\"[worker 1] printed json\"}")
                        && Pattern.compile("\"uri\":\"/\\?json\".*,\"request_id\":\"" + id + "\"}")
                                .matcher(server.out())
                                .find();
            });
        }
    }

    @Test
    void aFormatOfTheOperatorsOwnHasItWhereItSays() throws Exception {
        writePrograms();
        try (LoomgateProcess server = LoomgateProcess.start(
                directory,
                "--http",
                "127.0.0.1:0",
                "-w",
                "app",
                "--python",
                Python.DEBIAN,
                "--log-format",
                "<%(request_id)> %(uri)")) {
            String id = seen(ask(server.uri("/?own")).get());

            Eventually.await(id, () -> server.out().contains("<" + id + "> /?own\n"));
            assertThat(server.err()).contains("INFO [worker 1] printed own\n").doesNotContain("\\x1e");
        }
    }

    /// What a program repeats of a stranger's isn't taken for a mark, and a long line has its id.
    @Test
    void marksCannotBeForged() throws Exception {
        Files.writeString(directory.resolve("app.py"), """
                def application(environ, start_response):
                    print("\\x1e0123456789abcdef:forged\\x1fme")
                    print("x" * 1000000)
                    start_response("200 OK", [("X-Seen", environ["loomgate.request_id"]), ("Content-Length", "0")])
                    return [b""]
                """);
        try (LoomgateProcess server = LoomgateProcess.start(
                directory, "--http", "127.0.0.1:0", "-w", "app", "--python", Python.DEBIAN, "--log-request-id")) {
            String id = seen(ask(server.uri("/")).get());

            String begin = " INFO [" + id + "] [worker 1] ";
            Eventually.await(
                    "two lines of " + id,
                    () -> server.err().contains(begin + "x".repeat(1_000_000) + "\n")
                            && server.err().contains(begin + "\\x1e0123456789abcdef:forged\\x1fme\n"));
        }
    }
}
