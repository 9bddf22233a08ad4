package dev.loomgate.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.WebSocketPeer;
import dev.loomgate.testkit.peers.Nginx;
import dev.loomgate.testkit.peers.Python;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A site of each ASGI framework, written as its documents do, over HTTP and behind nginx: `asgi_sites/`. With
/// Debian's releases, with those of the virtual environment that LOOMGATE_CURRENT_PYTHON names, and on the
/// interpreters of LOOMGATE_OTHER_PYTHONS.
@Timeout(120)
final class AsgiSitesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    /// @param interpreter that runs it, or empty for Debian's
    /// @param packages where its framework is, or empty for what the interpreter has
    record Site(String name, String interpreter, List<Path> packages) {
        @Override
        public String toString() {
            return name + (interpreter.isEmpty() ? "" : " on " + interpreter);
        }
    }

    static Stream<Site> sites() {
        Stream<Site> debians = Stream.of("fastapi", "starlette", "quart", "django", "tornado")
                .map(name -> new Site(name, "", List.of()));
        // pip has no Quart and no Channels everywhere.
        Stream<Site> current = Python.current().stream().flatMap(python -> Stream.of("fastapi", "starlette", "tornado")
                .map(name -> new Site(name, python.toString(), List.of())));
        Stream<Site> others = Python.others().stream().flatMap(python -> onOthers(python)
                .map(name -> new Site(name, python.toString(), List.of(Python.DEBIAN_PACKAGES))));
        return Stream.of(debians, current, others).flatMap(sites -> sites);
    }

    // Debian's Starlette is for 3.9 and later; its FastAPI and Django aren't for 3.13.
    private static Stream<String> onOthers(Path python) {
        return python.endsWith("python3.8")
                ? Stream.of("quart", "tornado")
                : Stream.of("starlette", "quart", "tornado");
    }

    private PythonOptions options(Site site) throws Exception {
        String module = site.name() + "_site";
        TestPrograms.copy("asgi_sites/" + module + ".py", directory);
        List<Path> path = new ArrayList<>(List.of(directory));
        path.addAll(site.packages());
        PythonOptions.Builder options = TestPrograms.options(directory, module + ":application")
                .pythonPath(path)
                .environment(TestPrograms.environment(directory));
        if (!site.interpreter().isEmpty()) {
            options.interpreter(site.interpreter());
        }
        return options.build();
    }

    @ParameterizedTest
    @MethodSource("sites")
    void itIsServedOverHttpAndBehindNginx(Site site) throws Exception {
        Path socket = directory.resolve("s.sock");
        Server server = Servers.start(
                PythonApplication.of(options(site)),
                List.of(ListenAddress.http("127.0.0.1:0"), ListenAddress.uwsgi(socket.toString())),
                change -> {});
        try (Nginx nginx = Nginx.start(directory, Nginx.uwsgiPass("/", "unix:" + socket))) {
            SocketAddress direct = server.addresses().getFirst().socketAddress();
            SocketAddress front = new InetSocketAddress(InetAddress.getLoopbackAddress(), nginx.port());
            for (SocketAddress address : List.of(direct, front)) {
                pages(site, address);
                streams(site, address);
                chat(address);
            }
        } finally {
            server.stop(Duration.ofSeconds(20));
        }
    }

    static Stream<Path> currentPythons() {
        return Python.current().stream();
    }

    // Debian has no sse-starlette.
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("currentPythons")
    void eventStreamsEndWhenTheirClientsHaveGone(Path python) throws Exception {
        Path socket = directory.resolve("s.sock");
        Server server = Servers.start(
                PythonApplication.of(options(new Site("sse", python.toString(), List.of()))),
                List.of(ListenAddress.http("127.0.0.1:0"), ListenAddress.uwsgi(socket.toString())),
                change -> {});
        // It buffers, as by default: the response says that it mustn't.
        try (Nginx nginx = Nginx.start(directory, Nginx.uwsgiPass("/", "unix:" + socket))) {
            SocketAddress direct = server.addresses().getFirst().socketAddress();
            SocketAddress front = new InetSocketAddress(InetAddress.getLoopbackAddress(), nginx.port());
            wholeStream(direct);
            wholeStream(front);
            try (HttpPeer one = stream(direct, "/one?name=one", "data: only this");
                    HttpPeer oneBehind = stream(front, "/one?name=oneBehind", "data: only this");
                    HttpPeer numbers = stream(direct, "/numbers?name=numbers", "data: 7");
                    HttpPeer numbersBehind = stream(front, "/numbers?name=numbersBehind", "data: 7")) {
                assertThat(streams(direct).path("open").size()).isEqualTo(4);
                for (HttpPeer quiet : List.of(one, oneBehind)) {
                    lineWith(quiet, ": ping - ");
                }
                numbers.reset();
                oneBehind.reset();
                streamsLeft(direct, "[\"one\",\"numbersBehind\"]");
                lineWith(numbersBehind, "data: ");
            }
            streamsLeft(direct, "[]");
            assertThat(streams(direct).path("ended").size()).isEqualTo(4);
        } finally {
            server.stop(Duration.ofSeconds(20));
        }
    }

    private static void wholeStream(SocketAddress address) throws Exception {
        try (HttpPeer peer = HttpPeer.to(address)) {
            HttpPeer.Answer answer = peer.get("/three").answer();
            assertThat(answer.field("content-type")).isEqualTo("text/event-stream; charset=utf-8");
            assertThat(answer.text()).isEqualTo("data: 0\r\n\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n");
        }
    }

    private static HttpPeer stream(SocketAddress address, String target, String until) throws Exception {
        HttpPeer peer = HttpPeer.to(address).get(target);
        lineWith(peer, until);
        return peer;
    }

    private static void lineWith(HttpPeer peer, String beginning) throws Exception {
        while (!peer.line().startsWith(beginning)) {
            // Other lines, and those between chunks.
        }
    }

    private static JsonNode streams(SocketAddress address) throws Exception {
        try (HttpPeer peer = HttpPeer.to(address)) {
            return JSON.readTree(peer.get("/streams").answer().text());
        }
    }

    private static void streamsLeft(SocketAddress address, String expected) throws Exception {
        List<JsonNode> seen = new ArrayList<>();
        Eventually.await(() -> expected + " isn't " + seen.getLast(), () -> {
            seen.add(streams(address));
            return seen.getLast().path("open").toString().equals(expected);
        });
    }

    private void pages(Site site, SocketAddress address) throws Exception {
        try (HttpPeer peer = HttpPeer.to(address)) {
            peer.send("GET /hello/B%C3%B6b?twice=true HTTP/1.1\r\nHost: h\r\nX-User: me\r\n\r\n");
            assertJson(peer.answer(), "{'text': 'hello B\u00f6b hello B\u00f6b', 'who': 'me'}");
            assertJson(peer.get("/blocking").answer(), "{'thread': true}");
            assertJson(
                    post(peer, "/json", "application/json", "{\"name\": \"cup\", \"price\": 2.5}"),
                    "{'name': 'cup', 'price': 2.5}");
            assertJson(
                    post(peer, "/form", UploadForm.CONTENT_TYPE, UploadForm.of("x".repeat(200_000))),
                    "{'name': 'cup', 'file': 'a.txt', 'bytes': 200000}");
            assertThat(peer.get("/missing").answer().status()).isEqualTo(404);
            assertThat(peer.get("/broken").answer().status()).isEqualTo(500);
        }
        // What it does after its answer is done, and the next one sees it.
        List<String> seen = new ArrayList<>();
        Eventually.await(() -> "in the background: " + seen, () -> {
            try (HttpPeer peer = HttpPeer.to(address)) {
                seen.add(peer.get("/background").answer().text());
            }
            return seen.getLast().contains("done\",\"done") || seen.getLast().contains("done\", \"done");
        });
        try (HttpPeer peer = HttpPeer.to(address)) {
            HttpPeer.Answer file = peer.get("/file").answer();
            assertThat(file.field("content-type")).startsWith("text/plain");
            assertThat(file.content()).isEqualTo(Files.readAllBytes(directory.resolve(site.name() + "_site.py")));
        }
    }

    private static void streams(Site site, SocketAddress address) throws Exception {
        StringBuilder numbers = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            numbers.append(i).append('\n');
        }
        try (HttpPeer peer = HttpPeer.to(address)) {
            assertThat(peer.get("/stream").answer().text()).as(site.name()).isEqualTo(numbers.toString());
        }
    }

    // Each hears what the other says; one that leaves doesn't disturb the other.
    private static void chat(SocketAddress address) throws Exception {
        try (WebSocketPeer one = WebSocketPeer.to(address, "/chat")) {
            assertThat(one.text("alone").next().text()).isEqualTo("alone");
            try (WebSocketPeer two = WebSocketPeer.to(address, "/chat")) {
                assertThat(two.text("hello").next().text()).isEqualTo("hello");
                assertThat(one.next().text()).isEqualTo("hello");
                two.closeWith(1000, "");
                assertThat(two.next().closeCode()).isEqualTo(1000);
            }
            assertThat(one.text("alone again").next().text()).isEqualTo("alone again");
        }
    }

    private static HttpPeer.Answer post(HttpPeer peer, String target, String type, String body) throws Exception {
        byte[] bytes = body.getBytes(UTF_8);
        peer.send("POST %s HTTP/1.1\r\nHost: h\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(target, type, bytes.length));
        return peer.send(bytes).answer();
    }

    private static void assertJson(HttpPeer.Answer answer, String expected) throws Exception {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(JSON.readTree(answer.text())).isEqualTo(JSON.readTree(expected.replace('\'', '"')));
    }
}
