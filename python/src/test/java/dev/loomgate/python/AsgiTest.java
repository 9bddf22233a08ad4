package dev.loomgate.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.server.Direct;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.WebSocketPeer;
import dev.loomgate.testkit.peers.Nginx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// ASGI applications in worker processes: `asgi_program.py` does what the path says.
@Timeout(120)
@Tag("timing")
final class AsgiTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    private LogLines log;
    private @Nullable Server server;
    private @Nullable Nginx nginx;

    @BeforeEach
    void listen() {
        log = LogLines.withLevels("dev.loomgate");
    }

    @AfterEach
    void stop() {
        if (nginx != null) {
            nginx.close();
        }
        if (server != null) {
            server.stop(Duration.ofSeconds(10));
        }
        log.close();
    }

    private PythonOptions.Builder options(String callable) throws Exception {
        TestPrograms.copy("asgi_program.py", directory);
        return TestPrograms.options(directory, "asgi_program:" + callable)
                .environment(TestPrograms.environment(directory));
    }

    private Server start(PythonOptions.Builder options) throws Exception {
        Server started = Servers.start(new Lint().wrap(PythonApplication.of(options.build())));
        server = started;
        return started;
    }

    private Server start() throws Exception {
        return start(options("application"));
    }

    private void noted(String note) throws Exception {
        Eventually.await(() -> note + " in " + TestPrograms.notes(directory), () -> TestPrograms.notes(directory)
                .contains(note));
    }

    private static SocketAddress address(Server server) {
        return server.addresses().getFirst().socketAddress();
    }

    private static HttpPeer.Answer post(Server server, String target, byte[] body) throws Exception {
        try (HttpPeer peer = Servers.peer(server)) {
            return peer.post(target, body.length).send(body).answer();
        }
    }

    // ---- what is one

    @ParameterizedTest
    @ValueSource(strings = {"application", "plain", "OfTwo"})
    void asgiApplicationsAreRecognised(String callable) throws Exception {
        assertThat(Servers.ask(start(options(callable)), "/").text()).isEqualTo("hello");
    }

    @Test
    void whatIsInsistedOnIsDone() throws Exception {
        Files.writeString(directory.resolve("hidden.py"), """
                import asgi_program

                def application(*given):
                    return asgi_program.plain(*given)
                """);
        UnaryOperator<PythonOptions.Builder> called =
                options -> options.asgi(new AsgiOptions(AsgiOptions.Interface.ASGI, AsgiOptions.EventLoop.ASYNCIO, 10));
        options("application");
        PythonOptions.Builder hidden =
                TestPrograms.options(directory, "hidden").environment(TestPrograms.environment(directory));

        assertThat(Servers.ask(start(called.apply(hidden)), "/").text()).isEqualTo("hello");
    }

    // ---- HTTP

    @Test
    void theScopeIsTheRequests() throws Exception {
        Server started = start();
        try (HttpPeer peer = Servers.peer(started)) {
            peer.send("GET /scope?a=%20b HTTP/1.1\r\nX-One: 1\r\nHost: example.org\r\nX-Two: \u00e4\r\n\r\n");
            JsonNode scope = JSON.readTree(peer.answer().text());

            assertThat(scope.path("type").asString()).isEqualTo("http");
            assertThat(scope.path("asgi").toString()).isEqualTo("{\"spec_version\":\"2.5\",\"version\":\"3.0\"}");
            assertThat(scope.path("http_version").asString()).isEqualTo("1.1");
            assertThat(scope.path("method").asString()).isEqualTo("GET");
            assertThat(scope.path("scheme").asString()).isEqualTo("http");
            assertThat(scope.path("path").asString()).isEqualTo("/scope");
            assertThat(scope.path("raw_path").asString()).isEqualTo("/scope");
            assertThat(scope.path("query_string").asString()).isEqualTo("a=%20b");
            assertThat(scope.path("root_path").asString()).isEmpty();
            assertThat(scope.path("headers").toString()).startsWith("[[\"host\",\"example.org\"],[\"x-one\",\"1\"],");
            assertThat(scope.path("server").path(1).asInt())
                    .isEqualTo(((InetSocketAddress) address(started)).getPort());
            assertThat(scope.path("client").path(0).asString()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void fieldsAreAsTheClientHasSentThem() throws Exception {
        Server started = start();
        try (HttpPeer peer = Servers.peer(started)) {
            peer.send("GET /scope HTTP/1.1\r\nX-A: 1\r\nCookie: a=1\r\nx-a: \u00e4\r\nHost: h\r\nX_A: 2\r\n"
                    + "Cookie: b=2\r\nX-A:\r\n\r\n");

            assertThat(JSON.readTree(peer.answer().text()).path("headers").toString())
                    .isEqualTo("[[\"host\",\"h\"],[\"x-a\",\"1\"],[\"cookie\",\"a=1; b=2\"],"
                            + "[\"x-a\",\"\u00e4\"],[\"x-a\",\"\"]]");
        }
    }

    // A middleware's changes are seen by a program that takes fields, too.
    @Test
    void aMiddlewareChangesFields() throws Exception {
        Application inner = PythonApplication.of(options("application").build());
        Server started = Servers.start(Lifecycle.passOn(inner, (environ, startResponse) -> {
            environ.put("HTTP_X_A", "mine");
            environ.put("REMOTE_ADDR", "192.0.2.9");
            return inner.call(environ, startResponse);
        }));
        server = started;
        try (HttpPeer peer = Servers.peer(started)) {
            peer.send("GET /scope HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-B: 2\r\nX-B: 3\r\nX-A: 4\r\n\r\n");
            JsonNode scope = JSON.readTree(peer.answer().text());

            assertThat(scope.path("headers").toString())
                    .isEqualTo("[[\"host\",\"h\"],[\"x-b\",\"2\"],[\"x-b\",\"3\"],[\"x-a\",\"mine\"]]");
            assertThat(scope.path("client").path(0).asString()).isEqualTo("192.0.2.9");
        }
    }

    @Test
    void aProgramThatAsksOnAfterTheEndHoldsUpNobody() throws Exception {
        Server started = start();
        try (HttpPeer peer = Servers.peer(started)) {
            assertThat(peer.get("/asks_on").answer().text()).isEqualTo("answered");
            assertThat(peer.get("/").answer().text()).isEqualTo("hello");
            noted("asked on");
        }
    }

    // Its interface may be another one after a reload.
    @Test
    void aReloadMayTurnItIntoOneOfWsgi() throws Exception {
        Path file = Files.writeString(directory.resolve("turning.py"), "from asgi_program import application\n");
        options("application");
        PythonApplication site = PythonApplication.of(
                TestPrograms.options(directory, "turning:application").build());
        Server started = Servers.start(site);
        server = started;
        assertThat(Servers.ask(started, "/").text()).isEqualTo("hello");
        Files.writeString(file, """
                def application(environ, start_response):
                    start_response("200 OK", [])
                    return [environ.get("HTTP_X_A", "none").encode("latin-1")]
                """);
        site.reload().toCompletableFuture().get();
        // A worker of before may take a last connection before it has heard.
        Eventually.await(
                "the new program answers",
                () -> Servers.ask(started, "/").text().equals("none"));
        try (HttpPeer peer = Servers.peer(started)) {
            for (int i = 0; i < 3; i++) {
                peer.send("GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nX-A: 2\r\n\r\n");
                assertThat(peer.answer().text()).isEqualTo("1, 2");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"/echo, 0", "/echo, 10", "/echo, 3000000", "/copy, 0", "/copy, 10", "/copy, 3000000"})
    void bodiesGoBothWays(String target, int length) throws Exception {
        byte[] body = new byte[length];
        new Random(length).nextBytes(body);

        assertThat(post(start(), target, body).content()).isEqualTo(body);
    }

    @Test
    void statusAndFieldsAreTheApplications() throws Exception {
        Server started = start();

        assertThat(Servers.ask(started, "/status?404").status()).isEqualTo(404);
        assertThat(Servers.ask(started, "/status?299").status()).isEqualTo(299);
        try (HttpPeer peer = Servers.peer(started)) {
            String response = peer.send("GET /twice HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .rest();
            assertThat(response).contains("x-a: 1\r\n", "x-a: 2\r\n", "Content-Length: 5\r\n", "\r\n\r\ntwice");
            assertThat(response.toLowerCase(java.util.Locale.ROOT)).doesNotContain("transfer-encoding");
        }
    }

    @Test
    void anAnswerToHeadHasNoBody() throws Exception {
        try (HttpPeer peer = Servers.peer(start())) {
            assertThat(peer.head("/").headOnly().field("content-length")).isEqualTo("5");
            assertThat(peer.get("/").answer().text()).isEqualTo("hello");
        }
    }

    @Test
    void requestsWaitBesideOneAnother() throws Exception {
        Server started = start();
        List<HttpPeer> peers = new ArrayList<>();
        long before = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            peers.add(Servers.peer(started).get("/sleep?1"));
        }
        for (HttpPeer peer : peers) {
            assertThat(peer.answer().text()).isEqualTo("slept");
            peer.close();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void atMostSoManyRunAtOnce() throws Exception {
        Server started = start(options("application")
                .asgi(new AsgiOptions(AsgiOptions.Interface.AUTO, AsgiOptions.EventLoop.AUTO, 1)));
        try (HttpPeer first = Servers.peer(started).get("/disconnected")) {
            noted("began");
            HttpPeer second = Servers.peer(started).get("/");
            first.reset();
            assertThat(second.answer().text()).isEqualTo("hello");
            second.close();
        }
        assertThat(TestPrograms.notes(directory)).contains("received http.disconnect");
    }

    @Test
    void anOpenFileIsSentByTheServer() throws Exception {
        byte[] content = new byte[500_000];
        new Random(1).nextBytes(content);
        Path file = Files.write(directory.resolve("file"), content);
        HttpPeer.Answer answer = Servers.ask(start(), "/file?" + file);

        assertThat(answer.content()).isEqualTo(content);
        assertThat(answer.field("content-length")).isEqualTo("500000");
    }

    @ParameterizedTest
    @CsvSource({
        "/raise, ValueError: as it was told",
        "/nothing, the application returned without a response",
        "/bad-head, a header contains a line's end or a zero",
        "/file?/nowhere/at/all, FileNotFoundError"
    })
    void whatFailsBeforeTheResponseIsA500(String target, String why) throws Exception {
        Server started = start();

        assertThat(Servers.ask(started, target).status()).isEqualTo(500);
        log.await(why);
        assertThat(Servers.ask(started, "/").text()).isEqualTo("hello");
    }

    @Test
    void whatFailsLaterBreaksTheResponseOff() throws Exception {
        Server started = start();
        try (HttpPeer peer = Servers.peer(started)) {
            assertThat(peer.get("/raise-late").rest()).endsWith("4\r\nsome\r\n");
        }
        log.await("ValueError: as it was told");
    }

    @Test
    void theTaskMayGoOnAfterItsAnswer() throws Exception {
        assertThat(Servers.ask(start(), "/background").text()).isEqualTo("answered");
        noted("after the answer");
    }

    // ---- clients that go, and time that is over

    @Test
    void sendRaisesWhenTheClientHasGone() throws Exception {
        Server started = start();
        try (HttpPeer peer = Servers.peer(started).get("/endless")) {
            peer.take(100_000);
            peer.reset();
        }
        noted("send raised ClientDisconnected");
        assertThat(Servers.ask(started, "/").text()).isEqualTo("hello");
        assertThat(log.with("ClientDisconnected")).isEmpty();
    }

    // Events that are sent all the time, and events that wait for the client to read.
    @ParameterizedTest
    @ValueSource(ints = {1, 100_000})
    void aGeneratorOfEventsIsToldBeforeSendRaises(int length) throws Exception {
        Server started = start();
        try (HttpPeer peer = Servers.peer(started).get("/watched?" + length)) {
            peer.take(1000);
            peer.reset();
        }
        noted("the generator was told");
        noted("send raised ClientDisconnected");
        assertThat(Servers.ask(started, "/").text()).isEqualTo("hello");
        assertThat(log.with("ClientDisconnected")).isEmpty();
    }

    @Test
    void receiveSaysThatTheClientHasGone() throws Exception {
        try (HttpPeer peer = Servers.peer(start()).get("/disconnected")) {
            noted("began");
            peer.reset();
            noted("received http.disconnect");
        }
    }

    @Test
    void aTaskWhoseTimeIsOverIsCancelled() throws Exception {
        Server started = Servers.start(
                PythonApplication.of(options("application").build()),
                options -> options.limits(dev.loomgate.server.Limits.builder()
                        .requestTimeout(Duration.ofSeconds(1))
                        .build()));
        server = started;

        assertThat(Servers.ask(started, "/stuck").status()).isEqualTo(504);
        noted("cancelled");
        assertThat(Servers.ask(started, "/").text()).isEqualTo("hello");
    }

    // ---- WebSockets

    @Test
    void messagesGoBothWays() throws Exception {
        Server started = start();
        try (WebSocketPeer peer = WebSocketPeer.to(address(started), "/talk", "Sec-WebSocket-Protocol: a, b")) {
            assertThat(peer.answer().field("sec-websocket-protocol")).isEqualTo("b");
            assertThat(peer.answer().field("x-path")).isEqualTo("/talk");
            byte[] bytes = new byte[300_000];
            new Random(2).nextBytes(bytes);
            assertThat(peer.text("gr\u00fc\u00dfe").next().text()).isEqualTo("gr\u00fc\u00dfe");
            assertThat(peer.binary(bytes).next().payload()).isEqualTo(bytes);
            assertThat(peer.text("").next().text()).isEmpty();
            peer.text("close");
            WebSocketPeer.Frame end = peer.next();
            assertThat(end.closeCode()).isEqualTo(4001);
            assertThat(new String(end.payload(), 2, end.payload().length - 2, UTF_8))
                    .isEqualTo("as asked");
            peer.closeWith(4001, "");
        }
        noted("disconnect 4001");
    }

    @Test
    void theClientsEndIsReceived() throws Exception {
        Server started = start();
        try (WebSocketPeer peer = WebSocketPeer.to(address(started), "/talk")) {
            peer.text("a").next();
            peer.closeWith(1001, "going");
            peer.next();
        }
        noted("disconnect 1001 going");
        try (WebSocketPeer peer = WebSocketPeer.to(address(started), "/talk")) {
            peer.text("a").next();
            peer.reset();
        }
        Eventually.await(() -> "1006 in " + TestPrograms.notes(directory), () -> TestPrograms.notes(directory).stream()
                .anyMatch(line -> line.startsWith("disconnect 1006")));
    }

    @Test
    void whatIsPushedArrivesWhole() throws Exception {
        try (WebSocketPeer peer = WebSocketPeer.to(address(start()), "/pushed")) {
            for (int i = 0; i < 1000; i++) {
                assertThat(peer.next().text()).startsWith(i + " x");
            }
            assertThat(peer.next().closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void aHandshakeMayBeDenied() throws Exception {
        Server started = start();
        assertThat(handshake(started, "/denied")).startsWith("HTTP/1.1 403 ");
        assertThat(handshake(started, "/denied-with"))
                .startsWith("HTTP/1.1 401 ")
                .contains("x-why: because")
                .endsWith("not you");
        assertThat(handshake(started, "/raise")).startsWith("HTTP/1.1 500 ");
    }

    private static String handshake(Server server, String target) throws Exception {
        try (HttpPeer peer = Servers.peer(server)) {
            return peer.send(WebSocketPeer.handshake(target)).endOutput().rest();
        }
    }

    @Test
    void anApplicationThatFailsClosesWith1011() throws Exception {
        try (WebSocketPeer peer = WebSocketPeer.to(address(start()), "/raise-later")) {
            assertThat(peer.next().closeCode()).isEqualTo(1011);
        }
    }

    // ---- a worker's life

    @Test
    void theStateIsCopiedForEachRequest() throws Exception {
        Server started = start();

        assertThat(Servers.ask(started, "/state").text()).isEqualTo("startup 1 ['own', 'seen', 'since']");
        assertThat(Servers.ask(started, "/state").text()).isEqualTo("startup 2 ['own', 'seen', 'since']");
    }

    @Test
    void aWorkersEndIsTheLifespans() throws Exception {
        Server started = start();
        assertThat(Servers.ask(started, "/").text()).isEqualTo("hello");
        assertThat(TestPrograms.notes(directory)).containsExactly("startup");
        started.stop(Duration.ofSeconds(10));
        server = null;

        assertThat(TestPrograms.notes(directory)).containsExactly("startup", "shutdown");
    }

    @Test
    void anApplicationThatRefusesToStartEndsTheStart() throws Exception {
        Map<String, String> environment = new java.util.HashMap<>(TestPrograms.environment(directory));
        environment.put("REFUSES", "no database");
        PythonOptions.Builder options =
                options("application").environment(environment).needApp(true);

        assertThatThrownBy(() -> start(options))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("the application's lifespan.startup failed: no database");
    }

    private static final String EVENTS = "data: begun\n\ndata: ended\n\n";

    @Test
    void aStopHasStreamsEnd() throws Exception {
        Server started = start();
        try (HttpPeer peer = Servers.peer(started).get("/events")) {
            Eventually.await(
                    () -> "the stream has begun",
                    () -> Servers.ask(started, "/streams").text().equals("1 streams"));
            server = null;

            assertThat(started.stop(Duration.ofSeconds(8))).isTrue();
            assertThat(peer.answer().text()).isEqualTo(EVENTS);
        }
    }

    @Test
    void aReloadHasStreamsAndSocketsEnd() throws Exception {
        PythonApplication site = PythonApplication.of(
                options("application").reloadMercy(Duration.ofSeconds(8)).build());
        Server started = Servers.start(site);
        server = started;
        try (HttpPeer peer = Servers.peer(started).get("/events");
                WebSocketPeer socket = WebSocketPeer.to(address(started), "/talk")) {
            assertThat(socket.text("there").next().text()).isEqualTo("there");
            Eventually.await(
                    () -> "the stream has begun",
                    () -> Servers.ask(started, "/streams").text().equals("1 streams"));
            site.reload().toCompletableFuture().get();

            assertThat(socket.next().closeCode()).isEqualTo(1012);
            assertThat(peer.answer().text()).isEqualTo(EVENTS);
            noted("disconnect 1012");
            noted("shutdown");
        }
    }

    @Test
    void aReloadLosesNoRequest() throws Exception {
        PythonApplication site = PythonApplication.of(options("application").build());
        Server started = Servers.start(site);
        server = started;
        HttpPeer slow = Servers.peer(started).get("/sleep?1");
        site.reload().toCompletableFuture().get();

        assertThat(Servers.ask(started, "/").text()).isEqualTo("hello");
        assertThat(slow.answer().text()).isEqualTo("slept");
        slow.close();
        noted("shutdown");
    }

    // ---- behind nginx

    @ParameterizedTest
    @ValueSource(strings = {"AUTO", "OFF"})
    void behindNginxItIsAllTheSame(Direct direct) throws Exception {
        Path socket = directory.resolve("s.sock");
        server = Servers.start(
                PythonApplication.of(options("application").build()),
                List.of(ListenAddress.uwsgi(socket.toString())),
                options -> options.direct(direct));
        Nginx front = Nginx.start(directory, Nginx.uwsgiPass("/", "unix:" + socket, "uwsgi_request_buffering off;"));
        nginx = front;
        SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), front.port());
        byte[] body = new byte[500_000];
        new Random(3).nextBytes(body);
        try (HttpPeer peer = HttpPeer.to(address)) {
            assertThat(peer.get("/").answer().text()).isEqualTo("hello");
            assertThat(peer.post("/echo", body.length).send(body).answer().content())
                    .isEqualTo(body);
            JsonNode scope = JSON.readTree(peer.get("/scope?x").answer().text());
            assertThat(scope.path("raw_path").asString()).isEqualTo("/scope");
            assertThat(scope.path("client").path(0).asString()).isEqualTo("127.0.0.1");
        }
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/talk")) {
            assertThat(peer.text("through nginx").next().text()).isEqualTo("through nginx");
        }
    }
}
