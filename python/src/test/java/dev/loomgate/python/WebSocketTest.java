package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.server.Direct;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.WebSocketPeer;
import dev.loomgate.testkit.peers.Nginx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// `uwsgi.websocket_*` in worker processes, in each mode: `sockets.py` has the ways in which programs use it.
@Timeout(120)
@Tag("timing")
final class WebSocketTest {
    @TempDir
    private Path directory;

    private LogLines log;
    private @Nullable Server server;

    static List<WorkerMode> modes() {
        return PythonApplicationTest.modes();
    }

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

    private SocketAddress start(WorkerMode mode) throws Exception {
        TestPrograms.copy("sockets.py", directory);
        PythonOptions options = TestPrograms.options(directory, "sockets")
                .environment(TestPrograms.environment(directory))
                .mode(mode)
                .shared(new SharedOptions(
                        List.of(),
                        null,
                        List.of(new SharedOptions.Area(4096, null, 0)),
                        List.of(),
                        List.of(),
                        null,
                        null))
                .build();
        Server started = Servers.start(new Lint().wrap(PythonApplication.of(options)));
        server = started;
        return started.addresses().getFirst().socketAddress();
    }

    private void noted(String note) throws Exception {
        Eventually.await(() -> note + " in " + TestPrograms.notes(directory), () -> TestPrograms.notes(directory)
                .contains(note));
    }

    private static void talk(WebSocketPeer peer) throws Exception {
        assertThat(peer.text("hell\u00f6").next().text()).isEqualTo("hell\u00f6");
        byte[] bytes = new byte[600_000]; // more than the window
        Arrays.fill(bytes, (byte) 0xfe);
        WebSocketPeer.Frame frame = peer.binary(bytes).next();
        assertThat(frame.first()).isEqualTo(WebSocketPeer.BINARY);
        assertThat(frame.payload()).isEqualTo(bytes);
        // Several at once, one in pieces with a ping between.
        peer.text("one")
                .send(0x01, "t")
                .send(WebSocketPeer.PING, "there?")
                .send(0x80, "wo")
                .text("three");
        assertThat(List.of(
                        peer.next().toString(),
                        peer.next().toString(),
                        peer.next().toString(),
                        peer.next().toString()))
                .containsExactlyInAnyOrder("81 one", "8a there?", "81 two", "81 three");
    }

    @ParameterizedTest
    @MethodSource("modes")
    void theExampleOfUwsgisDocumentationWorks(WorkerMode mode) throws Exception {
        SocketAddress address = start(mode);
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/echo")) {
            talk(peer);
            assertThat(peer.closeWith(1000, "").next().closeCode()).isEqualTo(1000);
            assertThat(peer.rest()).isEmpty();
        }
        noted("end: unable to receive websocket message");
        noted("late: unable to send websocket message");
        try (HttpPeer peer = HttpPeer.to(address)) {
            assertThat(peer.get("/echo").answer().text()).isEqualTo("unable to complete websocket handshake");
        }
    }

    // By node's HTTP/2 and node-ws: a conversation, and one that a reset of its stream ends.
    @ParameterizedTest
    @MethodSource("modes")
    void overHttp2ItIsTheSame(WorkerMode mode) throws Exception {
        InetSocketAddress address = (InetSocketAddress) start(mode);
        Path script = TestPrograms.copy("socket_over_http2.js", directory);
        ProcessBuilder node = new ProcessBuilder(
                        "node", script.toString(), Integer.toString(address.getPort()), "/echo")
                .redirectErrorStream(true);
        node.environment().put("NODE_PATH", "/usr/share/nodejs"); // Debian's modules, for any node
        Process running = node.start();
        String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(said).isEqualTo("hell\u00f6 false\ntrue true\nclosed 1000\nagain\n");
        Eventually.await(
                "both conversations' ends",
                () -> TestPrograms.notes(directory).stream()
                                .filter("end: unable to receive websocket message"::equals)
                                .count()
                        == 2);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aVanishedClientIsTheEnd(WorkerMode mode) throws Exception {
        SocketAddress address = start(mode);
        WebSocketPeer peer = WebSocketPeer.to(address, "/echo");
        assertThat(peer.text("hello").next().text()).isEqualTo("hello");
        peer.reset();
        noted("end: unable to receive websocket message");
        try (WebSocketPeer another = WebSocketPeer.to(address, "/echo")) {
            talk(another);
        }
    }

    // Without the mode in which a select() holds up all greenlets.
    static List<WorkerMode> blockingModes() {
        return modes().stream()
                .filter(mode -> !(mode instanceof WorkerMode.Asyncio))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("blockingModes")
    void theDescriptorIsReadableWhileAMessageWaits(WorkerMode mode) throws Exception {
        SocketAddress address = start(mode);
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/select")) {
            assertThat(peer.next().text()).isEqualTo("other x");
            for (int round = 0; round < 3; round++) {
                talk(peer);
            }
            assertThat(peer.closeWith(1000, "").next().closeCode()).isEqualTo(1000);
            assertThat(peer.rest()).isEmpty();
        }
        noted("end: unable to receive websocket message");
    }

    @ParameterizedTest
    @MethodSource("modes")
    void theModulesOwnWaitsWork(WorkerMode mode) throws Exception {
        SocketAddress address = start(mode);
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/wait")) {
            talk(peer);
        }
        assertThat(TestPrograms.notes(directory)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aGeneratorMayTalk(WorkerMode mode) throws Exception {
        SocketAddress address = start(mode);
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/generator")) {
            talk(peer);
            assertThat(peer.closeWith(1000, "").next().closeCode()).isEqualTo(1000);
        }
    }

    @ParameterizedTest
    @MethodSource("blockingModes")
    void anotherThreadTalksByTheRequestsContext(WorkerMode mode) throws Exception {
        SocketAddress address = start(mode);
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/context")) {
            talk(peer);
            assertThat(peer.closeWith(1000, "").next().closeCode()).isEqualTo(1000);
            assertThat(peer.rest()).isEmpty();
        }
        noted("talked");
        assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR"));
    }

    @ParameterizedTest
    @MethodSource("blockingModes")
    void aSlowClientHoldsTheSendersUp(WorkerMode mode) throws Exception {
        SocketAddress address = start(mode);
        try (WebSocketPeer peer = WebSocketPeer.over(HttpPeer.slowTo(address), "/push")) {
            for (int i = 0; i < 400; i++) {
                String text = peer.next().text();
                assertThat(text).isEqualTo(text.substring(0, 1).repeat(20_000));
                if (i == 0) {
                    assertThat(TestPrograms.notes(directory)).isEmpty();
                }
            }
            assertThat(peer.next().closeCode()).isEqualTo(1000);
        }
        noted("pushed");
    }

    @ParameterizedTest
    @MethodSource("modes")
    void twoClientsThatFragmentAtOnceDoNotMix(WorkerMode mode) throws Exception {
        if (mode.concurrency() < 2) {
            return;
        }
        SocketAddress address = start(mode);
        try (WebSocketPeer one = WebSocketPeer.to(address, "/echo");
                WebSocketPeer other = WebSocketPeer.to(address, "/echo")) {
            one.send(0x01, "one ");
            other.send(0x01, "other ");
            one.send(0x80, "end");
            other.send(0x80, "end");
            assertThat(one.next().text()).isEqualTo("one end");
            assertThat(other.next().text()).isEqualTo("other end");
        }
    }

    // What the client offers, what the program asks for, and what is chosen.
    @ParameterizedTest
    @CsvSource({"'first, second', '', first", "'first, second', second, second", "'first', third, ''", "'', first, ''"})
    void oneSubprotocolIsChosen(String offered, String asked, String chosen) throws Exception {
        SocketAddress address = start(new WorkerMode.Sync());
        String field = offered.isEmpty() ? "X: y" : "Sec-WebSocket-Protocol: " + offered;
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/protocols?" + asked, field)) {
            assertThat(peer.answer().field("sec-websocket-protocol")).isEqualTo(chosen);
            assertThat(peer.next().text()).isEqualTo("unable to complete websocket handshake");
            assertThat(peer.next().closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void sharedMemoryIsSent() throws Exception {
        SocketAddress address = start(new WorkerMode.Sync());
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/area")) {
            assertThat(peer.next().toString()).isEqualTo("81 text");
            assertThat(peer.next().toString()).isEqualTo("82 shared");
            assertThat(peer.next().closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void aProgramThatFailsClosesWith1011() throws Exception {
        SocketAddress address = start(new WorkerMode.Sync());
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/fail")) {
            assertThat(peer.next().closeCode()).isEqualTo(1011);
        }
        Eventually.await("the traceback", () -> log.lines().stream().anyMatch(line -> line.contains("on purpose")));
    }

    @Test
    void aProgramMayDecline() throws Exception {
        SocketAddress address = start(new WorkerMode.Sync());
        try (HttpPeer peer = HttpPeer.to(address)) {
            HttpPeer.Answer answer =
                    peer.send(WebSocketPeer.handshake("/decline")).answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.text()).isEqualTo("no");
        }
    }

    /// The worker that takes the connection itself leaves such a request to the JVM.
    @Test
    void directModeServesThemToo() throws Exception {
        TestPrograms.copy("sockets.py", directory);
        Path socket = directory.resolve("uwsgi.sock");
        PythonApplication site = PythonApplication.of(TestPrograms.options(directory, "sockets")
                .environment(TestPrograms.environment(directory))
                .build());
        server = Servers.start(
                site, List.of(ListenAddress.uwsgi(socket.toString())), options -> options.direct(Direct.ON));
        try (Nginx nginx = Nginx.start(directory, Nginx.uwsgiPass("/", "unix:" + socket));
                WebSocketPeer peer = WebSocketPeer.to(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), nginx.port()), "/echo")) {
            talk(peer);
            assertThat(peer.closeWith(1000, "").next().closeCode()).isEqualTo(1000);
            assertThat(peer.rest()).isEmpty();
        }
    }
}
