package dev.loomgate.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.server.Limits;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.WebSocketPeer;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tornado applications in worker processes: `tornado_program.py`. A site of Tornado's is among those of
/// [AsgiSitesTest].
@Timeout(120)
@Tag("timing")
final class TornadoTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MIB = 1 << 20;

    @TempDir
    private Path directory;

    private LogLines log;
    private @Nullable Server server;

    @BeforeEach
    void listen() {
        log = LogLines.withLevels("dev.loomgate");
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(Duration.ofSeconds(10));
        }
        log.close();
    }

    private PythonOptions.Builder options(String callable) throws Exception {
        TestPrograms.copy("tornado_program.py", directory);
        return TestPrograms.options(directory, "tornado_program:" + callable)
                .environment(TestPrograms.environment(directory));
    }

    private Server start(String callable) throws Exception {
        Server started = Servers.start(
                new Lint().wrap(PythonApplication.of(options(callable).build())));
        server = started;
        return started;
    }

    private Server start() throws Exception {
        return start("application");
    }

    private void noted(String note) throws Exception {
        Eventually.await(() -> note + " in " + TestPrograms.notes(directory), () -> TestPrograms.notes(directory)
                .contains(note));
    }

    private static SocketAddress address(Server server) {
        return server.addresses().getFirst().socketAddress();
    }

    // ---- what is one

    @ParameterizedTest
    @CsvSource({
        "application, /item/7, 7",
        "make_app(), /item/7, 7",
        "router, /item/7, 7",
        "router, /own/x, from del",
    })
    void applicationsAndRoutersAreRecognised(String callable, String target, String expected) throws Exception {
        assertThat(Servers.ask(start(callable), target).text()).isEqualTo(expected);
    }

    @Test
    void nothingOfItIsImportedForOthers() throws Exception {
        PythonOptions.Builder options = TestPrograms.source(directory, """
                import sys

                async def application(scope, receive, send):
                    text = " ".join(name for name in sys.modules if "tornado" in name)
                    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
                    await send({"type": "http.response.body", "body": text.encode()})
                """);
        Server started = Servers.start(PythonApplication.of(options.build()));
        server = started;

        assertThat(Servers.ask(started, "/").text().split(" "))
                .containsOnly("loomgate_worker.tornado", "loomgate_worker.tornado.recognition");
    }

    @Test
    void geventIsntForIt() throws Exception {
        PythonOptions options = options("application")
                .mode(new WorkerMode.Gevent(10, WorkerMode.Gevent.Patch.NEVER))
                .needApp(true)
                .build();

        assertThatThrownBy(() -> Servers.start(PythonApplication.of(options)))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("isn't for an application of ASGI or Tornado");
    }

    // ---- HTTP

    @Test
    void theRequestIsTheClients() throws Exception {
        try (HttpPeer peer = Servers.peer(start())) {
            peer.send("GET /request?a=%20b&a=c HTTP/1.1\r\nX-Two: 1\r\nHost: example.org:81\r\nX-Two: \u00e4\r\n\r\n");
            JsonNode request = JSON.readTree(peer.answer().text());

            assertThat(request.path("method").asString()).isEqualTo("GET");
            assertThat(request.path("uri").asString()).isEqualTo("/request?a=%20b&a=c");
            assertThat(request.path("path").asString()).isEqualTo("/request");
            assertThat(request.path("version").asString()).isEqualTo("HTTP/1.1");
            assertThat(request.path("full_url").asString()).isEqualTo("http://example.org:81/request?a=%20b&a=c");
            assertThat(request.path("remote_ip").asString()).isEqualTo("127.0.0.1");
            assertThat(request.path("context").asString()).isEqualTo("127.0.0.1");
            assertThat(request.path("two").toString()).isEqualTo("[\"1\",\"\u00e4\"]");
            assertThat(request.path("arguments").toString()).isEqualTo("[\"b\",\"c\"]");
            assertThat(request.path("reversed").asString()).isEqualTo("/item/7%20%26%208");
            assertThat(request.path("static").asString()).startsWith("/static/tornado_program.py?v=");
        }
    }

    @Test
    void cookiesAndRedirectsAreThere() throws Exception {
        try (HttpPeer peer = Servers.peer(start())) {
            HttpPeer.Answer stranger = peer.get("/login").answer();
            assertThat(stranger.status()).isEqualTo(302);
            assertThat(stranger.field("location")).isEqualTo("/login-page?next=%2Flogin");

            peer.send("POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: 8\r\n\r\nuser=ann");
            HttpPeer.Answer login = peer.answer();
            List<String> cookies = login.field("set-cookie")
                    .lines()
                    .map(line -> line.split(";", 2)[0])
                    .sorted()
                    .toList();
            assertThat(login.status()).isEqualTo(302);
            assertThat(cookies).hasSize(2).element(0).isEqualTo("seen=yes");

            peer.send("GET /login HTTP/1.1\r\nHost: a\r\nCookie: %s\r\n\r\n".formatted(String.join("; ", cookies)));
            assertThat(peer.answer().text()).isEqualTo("ann");
        }
    }

    @Test
    void filesHaveTagsAndRanges() throws Exception {
        try (HttpPeer peer = Servers.peer(start())) {
            HttpPeer.Answer whole = peer.get("/static/tornado_program.py").answer();
            assertThat(whole.content()).isEqualTo(Files.readAllBytes(directory.resolve("tornado_program.py")));

            peer.send("GET /static/tornado_program.py HTTP/1.1\r\nHost: a\r\nIf-None-Match: %s\r\n\r\n"
                    .formatted(whole.field("etag")));
            assertThat(peer.answer().status()).isEqualTo(304);
            peer.send("GET /static/tornado_program.py HTTP/1.1\r\nHost: a\r\nRange: bytes=3-11\r\n\r\n");
            HttpPeer.Answer part = peer.answer();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.text()).isEqualTo(whole.text().substring(3, 12));
            assertThat(peer.head("/static/tornado_program.py").headOnly().field("content-length"))
                    .isEqualTo(Integer.toString(whole.content().length));
            peer.send("GET /request HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");
            HttpPeer.Answer small = peer.answer();
            assertThat(small.field("vary")).contains("Accept-Encoding");
        }
    }

    @Test
    void aBodyIsReadAsTheHandlerReadsIt() throws Exception {
        byte[] body = new byte[3 * MIB];
        new Random(4).nextBytes(body);
        try (HttpPeer peer = Servers.peer(start())) {
            JsonNode said = JSON.readTree(
                    peer.post("/upload", body.length).send(body).answer().text());

            assertThat(said.path("sha256").asString())
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(body)));
            assertThat(said.path("pieces").asBoolean()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"refuse=1, 413", "limit=100000, 400"})
    void aBodyMayBeRefused(String query, int status) throws Exception {
        Server started = start();
        try (HttpPeer peer = Servers.peer(started)) {
            peer.post("/upload?" + query, 300_000).send(new byte[200_000]);
            assertThat(peer.answer().status()).isEqualTo(status);
        }
        assertThat(Servers.ask(started, "/item/a").text()).isEqualTo("a");
    }

    @Test
    void aBodyThatDoesntComeIsGivenUp() throws Exception {
        try (HttpPeer peer = Servers.peer(start())) {
            peer.post("/upload?timeout=1", 300_000).send(new byte[1000]);
            assertThat(peer.answer().status()).isEqualTo(408);
        }
        noted("upload: on_connection_close");
    }

    @Test
    void aClientThatGoesEndsItsUpload() throws Exception {
        Server started = start();
        try (HttpPeer peer = Servers.peer(started)) {
            peer.post("/upload", 300_000).send(new byte[100_000]);
            assertThat(Servers.ask(started, "/item/a").text()).isEqualTo("a");
            peer.reset();
        }
        noted("upload: on_connection_close");
    }

    @Test
    void flushWaitsForAClientThatIsSlow() throws Exception {
        Server started = start();
        try (HttpPeer peer = Servers.slowPeer(started).get("/endless")) {
            peer.take(2 * MIB);
            noted("endless: 2 MiB");
            assertThat(Servers.ask(started, "/item/a").text()).isEqualTo("a");
            assertThat(TestPrograms.notes(directory)).doesNotContain("endless: 64 MiB");
            peer.reset();
        }
        noted("endless: StreamClosedError, True");
        assertThat(log.with("Traceback")).isEmpty();
    }

    @Test
    void theHandlerIsToldThatTheClientHasGone() throws Exception {
        try (HttpPeer peer = Servers.peer(start()).get("/waits")) {
            assertThat(peer.line()).isEqualTo("HTTP/1.1 200 OK");
            noted("waits: flushed");
            peer.reset();
            noted("waits: on_connection_close");
        }
    }

    @Test
    void theHandlerMayGoOnAfterItsAnswer() throws Exception {
        Server started = start();
        assertThat(Servers.ask(started, "/later").text()).isEqualTo("done");
        noted("later: went on");
        assertThat(Servers.ask(started, "/callback").text()).isEqualTo("from a callback");
    }

    @Test
    void whatFailsHasTheHandlersPageOrIsA500() throws Exception {
        Server started = start();
        try (HttpPeer peer = Servers.peer(started)) {
            HttpPeer.Answer teapot = peer.get("/fails/status?status=418").answer();
            assertThat(teapot.status()).isEqualTo(418);
            assertThat(teapot.text()).isEqualTo("page of 418");
            assertThat(peer.get("/fails/early").answer().text()).isEqualTo("page of 500");
            assertThat(peer.get("/nowhere").answer().status()).isEqualTo(404);
            assertThat(peer.send("PUT /item/7 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                            .answer()
                            .status())
                    .isEqualTo(405);
        }
        assertThat(Servers.ask(started, "/initialize").status()).isEqualTo(500);
        assertThat(log.with("in initialize()")).isNotEmpty();
        assertThat(Servers.ask(started, "/fails/late").text()).isEqualTo("some of it");
    }

    @ParameterizedTest
    @CsvSource({"3, write more data", "5, write 1 bytes less"})
    void anotherLengthThanSaidIsA500(int length, String why) throws Exception {
        Server started = start();
        try (HttpPeer peer = Servers.peer(started)) {
            assertThat(peer.post("/fails/" + length, 0).answer().status()).isEqualTo(500);
        }
        assertThat(log.with("HTTPOutputError: Tried to " + why)).isNotEmpty();
    }

    @Test
    void aHandlerWhoseTimeIsOverIsCancelled() throws Exception {
        Server started = Servers.start(
                PythonApplication.of(options("application").build()),
                change -> change.limits(
                        Limits.builder().requestTimeout(Duration.ofSeconds(1)).build()));
        server = started;

        assertThat(Servers.ask(started, "/stuck").status()).isEqualTo(504);
        noted("stuck: cancelled");
        assertThat(Servers.ask(started, "/item/a").text()).isEqualTo("a");
    }

    // ---- WebSockets

    @Test
    void messagesGoBothWays() throws Exception {
        Server started = start();
        try (WebSocketPeer peer = WebSocketPeer.to(address(started), "/talk", "Sec-WebSocket-Protocol: a, b")) {
            assertThat(peer.answer().field("sec-websocket-protocol")).isEqualTo("b");
            assertThat(peer.answer().field("x-path")).isEqualTo("/talk");
            assertThat(peer.answer().field("set-cookie")).startsWith("seen=yes");
            noted("talk: open, b");
            noted("talk: Method not supported for Web Sockets");
            byte[] bytes = new byte[300_000];
            new Random(2).nextBytes(bytes);
            assertThat(peer.text("gr\u00fc\u00dfe").next().text()).isEqualTo("gr\u00fc\u00dfe");
            assertThat(peer.binary(bytes).next().payload()).isEqualTo(bytes);
            assertThat(peer.text("").next().text()).isEmpty();
            assertThat(peer.text("json").next().text()).isEqualTo("{\"a\": 1}");
            assertThat(peer.text("ping").next().text()).isEqualTo("pinged");
            peer.text("many");
            for (int i = 0; i < 1000; i++) {
                assertThat(peer.next().text()).startsWith(i + " x");
            }
            WebSocketPeer.Frame end = peer.text("close").next();
            assertThat(end.closeCode()).isEqualTo(4001);
            assertThat(new String(end.payload(), 2, end.payload().length - 2, UTF_8))
                    .isEqualTo("as asked");
            peer.closeWith(4001, "");
        }
        noted("talk: close 4001 None");
        noted("talk: WebSocketClosedError");
    }

    @Test
    void theClientsEndIsOnClose() throws Exception {
        Server started = start();
        try (WebSocketPeer peer = WebSocketPeer.to(address(started), "/talk")) {
            peer.text("a").next();
            peer.closeWith(1001, "going").next();
        }
        noted("talk: close 1001 going");
        try (WebSocketPeer peer = WebSocketPeer.to(address(started), "/talk")) {
            peer.text("a").next();
            peer.reset();
        }
        noted("talk: close None None");
    }

    @ParameterizedTest
    @CsvSource({"/talk, raise, 1011", "/talk?size=10, a long message, 1009", "/talk?fail=1, a, 1011"})
    void whatFailsClosesTheSocket(String target, String message, int code) throws Exception {
        Server started = start();
        try (WebSocketPeer peer = WebSocketPeer.to(address(started), target)) {
            assertThat(peer.text(message).next().closeCode()).isEqualTo(code);
        }
        assertThat(Servers.ask(started, "/item/a").text()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource({"/talk?deny=1, 401", "/item/x, 200", "/nowhere, 404"})
    void aHandshakeMayBeAnsweredOtherwise(String target, int status) throws Exception {
        try (HttpPeer peer = Servers.peer(start())) {
            peer.send(WebSocketPeer.handshake(target));
            assertThat(peer.answer().status()).isEqualTo(status);
        }
    }

    @Test
    void strangersOriginsAreRefused() throws Exception {
        Server started = start();
        try (HttpPeer peer = Servers.peer(started)) {
            peer.send(WebSocketPeer.handshake("/talk", "Origin: http://elsewhere.example"));
            assertThat(peer.answer().status()).isEqualTo(403);
        }
        try (WebSocketPeer peer = WebSocketPeer.to(address(started), "/talk", "Origin: http://a")) {
            assertThat(peer.text("mine").next().text()).isEqualTo("mine");
        }
        assertThat(Servers.ask(started, "/talk").status()).isEqualTo(400);
    }
}
