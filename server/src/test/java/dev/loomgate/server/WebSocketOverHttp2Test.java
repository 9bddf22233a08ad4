package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.server.FrameClient.Frame;
import dev.loomgate.server.FrameClient.Response;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.Http2Frames;
import dev.loomgate.testkit.client.WebSocketPeer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// WebSockets on streams of HTTP/2 (RFC 8441), frame by frame. What the socket itself does is [WebSocketTest]'s.
@Timeout(60)
@Tag("timing")
final class WebSocketOverHttp2Test {
    private static final int ENABLE_CONNECT_PROTOCOL = 8;

    private final LogLines log = LogLines.of("dev.loomgate.server");
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private final WebSocket.Handler echo = socket -> {
        while (true) {
            switch (socket.receive()) {
                case WebSocket.Text text -> socket.send(text.content());
                case WebSocket.Binary binary -> socket.send(binary.content());
                case WebSocket.Closed closed -> {
                    seen.add(closed.code() + " " + closed.reason());
                    return;
                }
            }
        }
    };

    @AfterEach
    void close() {
        log.close();
    }

    static List<Setup> setups() {
        return Setup.all();
    }

    private static Application accepting(WebSocket.Handler handler) {
        return new Lint()
                .wrap((environ, startResponse) ->
                        environ.webSocket().orElseThrow().accept(startResponse, handler));
    }

    private static Server start(Setup setup, Application application, Consumer<WebSocketOptions.Builder> change)
            throws Exception {
        WebSocketOptions.Builder sockets = WebSocketOptions.builder();
        change.accept(sockets);
        return Server.builder(application)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .options(setup.options().webSockets(sockets.build()).build())
                .start();
    }

    private static Server start(WebSocket.Handler handler) throws Exception {
        return start(Setup.DEFAULT, accepting(handler), sockets -> {});
    }

    private String next() throws InterruptedException {
        return String.valueOf(seen.poll(20, TimeUnit.SECONDS));
    }

    // ---- the handshake

    @Test
    void theServerSaysThatItTakesThem() throws Exception {
        try (Server server = start(echo);
                FrameClient client = new FrameClient(server)) {
            byte[] settings = client.await(FrameClient.SETTINGS, 0).payload();

            assertThat(new String(settings, StandardCharsets.ISO_8859_1))
                    .contains(new String(FrameClient.setting(ENABLE_CONNECT_PROTOCOL, 1), StandardCharsets.ISO_8859_1));
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void messagesGoToAndFroUntilTheClientCloses(Setup setup) throws Exception {
        try (Server server = start(setup, accepting(echo), sockets -> {});
                FrameClient client = new FrameClient(server)) {
            StreamSocket socket = StreamSocket.open(client, 1, "/");
            byte[] large = Apps.noise(500_000); // more than all windows

            assertThat(socket.text("hell\u00f6").next().text()).isEqualTo("hell\u00f6");
            assertThat(socket.send(WebSocketPeer.BINARY, large).next().payload())
                    .isEqualTo(large);
            assertThat(socket.send(WebSocketPeer.PING, "there?".getBytes(StandardCharsets.UTF_8))
                            .next()
                            .toString())
                    .isEqualTo("8a there?");
            assertThat(socket.closeWith(3000, "enough").next().closeCode()).isEqualTo(3000);
            assertThat(socket.rest()).isZero();
            client.data(1, true);
            // The stream is over, and its connection goes on.
            assertThat(StreamSocket.open(client, 3, "/").text("again").next().text())
                    .isEqualTo("again");
        }
        assertThat(next()).isEqualTo("3000 enough");
    }

    @Test
    void theHandshakeHasNoFieldsOfHttp1() throws Exception {
        Application application = new Lint().wrap((environ, startResponse) -> environ.webSocket()
                .orElseThrow()
                .accept(startResponse, "second", socket -> socket.send(String.valueOf(socket.subprotocol()))));
        try (Server server = start(
                        Setup.DEFAULT, application, sockets -> sockets.compression(WebSocketOptions.Compression.ON));
                FrameClient client = new FrameClient(server)) {
            StreamSocket socket = StreamSocket.open(
                    client,
                    1,
                    "/",
                    "sec-websocket-protocol",
                    "first, second",
                    "sec-websocket-extensions",
                    "permessage-deflate");

            assertThat(String.valueOf(socket.answer().get("sec-websocket-protocol")))
                    .isEqualTo("second");
            assertThat(String.valueOf(socket.answer().get("sec-websocket-extensions")))
                    .startsWith("permessage-deflate");
            assertThat(socket.answer().names().stream().map(CharSequence::toString))
                    .doesNotContain("sec-websocket-accept", "upgrade", "connection");
            assertThat(socket.next().text()).isEqualTo("second");
            assertThat(socket.next().closeCode()).isEqualTo(WebSocket.NORMAL);
        }
    }

    @Test
    void theApplicationSeesTheRequestOfHttp1() throws Exception {
        Application application = new Lint().wrap((environ, startResponse) -> environ.webSocket()
                .orElseThrow()
                .accept(startResponse, socket -> {
                    for (String name : List.of(
                            "REQUEST_METHOD",
                            "PATH_INFO",
                            "QUERY_STRING",
                            "SERVER_PROTOCOL",
                            "HTTP_HOST",
                            "HTTP_UPGRADE",
                            "HTTP_CONNECTION",
                            "HTTP_SEC_WEBSOCKET_VERSION",
                            "HTTP_ORIGIN",
                            "HTTP_SEC_WEBSOCKET_KEY")) {
                        socket.send(name + "=" + environ.get(name));
                    }
                }));
        try (Server server = start(Setup.DEFAULT, application, sockets -> {});
                FrameClient client = new FrameClient(server)) {
            StreamSocket socket = StreamSocket.open(
                    client, 1, "/a%20b?x=1", "origin", "http://example.org", "sec-websocket-key", "of no use");

            for (String expected : List.of(
                    "REQUEST_METHOD=GET",
                    "PATH_INFO=/a b",
                    "QUERY_STRING=x=1",
                    "SERVER_PROTOCOL=HTTP/2",
                    "HTTP_HOST=example.org",
                    "HTTP_UPGRADE=websocket",
                    "HTTP_CONNECTION=Upgrade",
                    "HTTP_SEC_WEBSOCKET_VERSION=13",
                    "HTTP_ORIGIN=http://example.org")) {
                assertThat(socket.next().text()).isEqualTo(expected);
            }
            assertThat(socket.next().text()).matches("HTTP_SEC_WEBSOCKET_KEY=[A-Za-z0-9+/]{22}==");
        }
    }

    // ":protocol", further fields, whether the stream ends with its head; the answer.
    @ParameterizedTest
    @CsvSource({
        "websocket, sec-websocket-version, 8, false, 426",
        "websocket, x-version, 13, false, 400",
        "websocket, sec-websocket-version, 13, true, 400",
        "connect-udp, sec-websocket-version, 13, false, 501"
    })
    void whatCantBeServedIsRefused(String protocol, String name, String value, boolean last, String status)
            throws Exception {
        try (Server server = start(echo);
                FrameClient client = new FrameClient(server)) {
            client.send(
                    FrameClient.HEADERS,
                    FrameClient.END_HEADERS | (last ? FrameClient.END_STREAM : 0),
                    1,
                    Http2Frames.head("CONNECT", "/", ":protocol", protocol, name, value));

            assertThat(client.response(1).status()).isEqualTo(status);
            // The others don't mind.
            assertThat(StreamSocket.open(client, 3, "/").text("on").next().text())
                    .isEqualTo("on");
        }
    }

    @Test
    void whatIsNoExtendedConnectIsReset() throws Exception {
        try (Server server = start(echo);
                FrameClient client = new FrameClient(server)) {
            client.send(
                    FrameClient.HEADERS,
                    FrameClient.END_HEADERS,
                    1,
                    Http2Frames.head("GET", "/", ":protocol", "websocket"));
            client.send(
                    FrameClient.HEADERS,
                    FrameClient.END_HEADERS,
                    3,
                    Http2Frames.block(
                            ":method", "CONNECT", ":protocol", "websocket", ":authority", "a", ":scheme", "http"));
            StreamSocket.ask(client, 5, "/", "content-length", "5");

            for (int stream : new int[] {1, 3, 5}) {
                assertThat(client.await(FrameClient.RST_STREAM, stream).number())
                        .isEqualTo(FrameClient.PROTOCOL_ERROR);
            }
        }
    }

    // What in HTTP/1.1 declines would accept here, if its status is a 2xx.
    @ParameterizedTest
    @CsvSource({"200, 400", "204, 400", "302, 302", "403, 403"})
    void anApplicationThatDeclinesIsUnderstood(int status, String seen) throws Exception {
        Application application = new Lint().wrap((environ, startResponse) -> {
            startResponse.start(
                    Status.of(status),
                    status == 204 ? Headers.of("X-Own", "1") : Headers.of("X-Own", "1", "Content-Type", "text/plain"));
            return status == 204 ? Body.empty() : Body.text("a page");
        });
        try (Server server = start(Setup.DEFAULT, application, sockets -> {});
                FrameClient client = new FrameClient(server)) {
            StreamSocket.ask(client, 1, "/");

            Response response = client.response(1);

            assertThat(response.status()).isEqualTo(seen);
            assertThat(response.field("x-own")).isEqualTo("1");
            assertThat(response.text()).isEqualTo(status == 204 ? "" : "a page");
            assertThat(client.await(FrameClient.RST_STREAM, 1).number()).isEqualTo(FrameClient.NO_ERROR);
        }
    }

    @Test
    void whatIsSentAheadOfTheAnswerIsReceived() throws Exception {
        Semaphore release = new Semaphore(0);
        Application application = (environ, startResponse) -> {
            release.acquire();
            return environ.webSocket().orElseThrow().accept(startResponse, echo);
        };
        try (Server server = start(Setup.DEFAULT, application, sockets -> {});
                FrameClient client = new FrameClient(server)) {
            StreamSocket.ask(client, 1, "/");
            byte[] two = WebSocketPeer.frame(WebSocketPeer.TEXT, "two".getBytes(StandardCharsets.UTF_8));
            client.data(1, false, WebSocketPeer.frame(WebSocketPeer.TEXT, "one".getBytes(StandardCharsets.UTF_8)));
            client.data(1, false, java.util.Arrays.copyOf(two, 4));
            client.roundTrip();
            release.release();
            client.data(1, false, java.util.Arrays.copyOfRange(two, 4, two.length));
            StreamSocket socket = StreamSocket.opened(client, 1);

            assertThat(socket.next().text()).isEqualTo("one");
            assertThat(socket.next().text()).isEqualTo("two");
        }
    }

    // ---- the end

    @Test
    void aResetEndsTheConversationAndNoOther() throws Exception {
        try (Server server = start(echo);
                FrameClient client = new FrameClient(server)) {
            StreamSocket other = StreamSocket.open(client, 3, "/");
            StreamSocket.open(client, 5, "/").text("there").next();

            client.send(FrameClient.RST_STREAM, 0, 5, FrameClient.number(FrameClient.CANCEL));

            assertThat(next()).isEqualTo(WebSocket.ABNORMAL + " ");
            assertThat(other.text("still").next().text()).isEqualTo("still");
        }
    }

    @Test
    void aStreamThatEndsWithoutACloseFrameIsReset() throws Exception {
        try (Server server = start(echo);
                FrameClient client = new FrameClient(server)) {
            StreamSocket.open(client, 1, "/").text("there").next();

            client.data(1, true);

            assertThat(client.await(FrameClient.RST_STREAM, 1).number()).isEqualTo(FrameClient.CANCEL);
        }
        assertThat(next()).isEqualTo(WebSocket.ABNORMAL + " ");
    }

    @Test
    void aClientThatBreaksTheProtocolIsToldAndItsStreamEnds() throws Exception {
        try (Server server = start(echo);
                FrameClient client = new FrameClient(server)) {
            StreamSocket socket = StreamSocket.open(client, 1, "/");

            socket.raw(new byte[] {(byte) 0x81, 1, 'x'}, 100); // not masked

            assertThat(socket.next().closeCode()).isEqualTo(1002);
            assertThat(socket.rest()).isZero();
            assertThat(client.await(FrameClient.RST_STREAM, 1).number()).isEqualTo(FrameClient.NO_ERROR);
        }
        assertThat(next()).startsWith(WebSocket.ABNORMAL + " ");
        assertThat(String.join("\n", log.lines())).contains("websocket: ");
    }

    @Test
    void headersOnAWebSocketsStreamAreAnErrorOfIt() throws Exception {
        try (Server server = start(echo);
                FrameClient client = new FrameClient(server)) {
            StreamSocket.open(client, 1, "/").text("there").next();

            client.send(FrameClient.HEADERS, FrameClient.END_HEADERS, 1, Http2Frames.block("x", "y"));

            assertThat(client.await(FrameClient.RST_STREAM, 1).number()).isEqualTo(FrameClient.PROTOCOL_ERROR);
        }
        assertThat(next()).isEqualTo(WebSocket.ABNORMAL + " ");
    }

    @Test
    void aClientThatDoesntAnswerPingsIsReset() throws Exception {
        try (Server server =
                        start(Setup.DEFAULT, accepting(echo), sockets -> sockets.pingInterval(Duration.ofMillis(200))
                                .pongTolerance(Duration.ofMillis(300)));
                FrameClient client = new FrameClient(server)) {
            StreamSocket socket = StreamSocket.open(client, 1, "/");

            assertThat(socket.next().first()).isEqualTo(WebSocketPeer.PING);
            assertThat(client.await(FrameClient.RST_STREAM, 1).number()).isEqualTo(FrameClient.CANCEL);
        }
        assertThat(next()).isEqualTo(WebSocket.ABNORMAL + " ");
        assertThat(String.join("\n", log.lines())).contains("webSockets.pongTolerance");
    }

    @Test
    void aStopClosesSocketsAndThenTheConnection() throws Exception {
        Server server = start(echo);
        try (FrameClient client = new FrameClient(server)) {
            StreamSocket socket = StreamSocket.open(client, 1, "/");
            Thread stopping = Thread.ofVirtual().start(() -> server.stop(Duration.ofSeconds(20)));

            assertThat(socket.next().closeCode()).isEqualTo(WebSocket.GOING_AWAY);
            socket.closeWith(WebSocket.GOING_AWAY, "");
            assertThat(client.goneAway()).isEqualTo(FrameClient.NO_ERROR);
            stopping.join();
        }
        assertThat(next()).startsWith("1001");
    }

    // ---- flow control

    @Test
    void aSenderWaitsForTheStreamsWindowAndNoOtherStreamDoes() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        byte[] message = Apps.noise(50_000);
        WebSocket.Handler flood = socket -> {
            try {
                while (true) {
                    socket.send(message);
                    sent.incrementAndGet();
                }
            } catch (ClientGone e) {
                seen.add("gone");
            }
        };
        Application application = (environ, startResponse) -> {
            if (environ.webSocket().isPresent()) {
                return environ.webSocket().get().accept(startResponse, flood);
            }
            startResponse.start(Status.OK, new Headers());
            return Body.text("a page");
        };
        try (Server server = start(Setup.DEFAULT, application, sockets -> {});
                FrameClient client = new FrameClient(server)) {
            client.window(0, 1 << 20);
            StreamSocket.ask(client, 1, "/");
            client.await(FrameClient.HEADERS, 1);
            // The window, and what waits for it.
            int most = (65_535 + 3 * 65_536) / message.length + 1;
            Eventually.await(() -> "the sender fills the window", () -> sent.get() >= 1);
            client.get(3, "/");
            assertThat(client.response(3).text()).isEqualTo("a page");
            client.roundTrip();
            assertThat(sent.get()).isLessThanOrEqualTo(most);

            ByteArrayOutputStream come = new ByteArrayOutputStream();
            while (come.size() < 500_000) {
                Frame frame = client.await(FrameClient.DATA, 1);
                come.writeBytes(frame.payload());
                client.window(1, frame.payload().length);
                client.window(0, frame.payload().length);
            }
            client.send(FrameClient.RST_STREAM, 0, 1, FrameClient.number(FrameClient.CANCEL));
            assertThat(next()).isEqualTo("gone");
            byte[] first = java.util.Arrays.copyOfRange(come.toByteArray(), 4, 4 + message.length);
            assertThat(first).isEqualTo(message);
        }
    }

    @Test
    void aReceiverThatDoesntReceiveHoldsUpItsStreamAlone() throws Exception {
        Semaphore release = new Semaphore(0);
        AtomicInteger received = new AtomicInteger();
        WebSocket.Handler slow = socket -> {
            release.acquire();
            while (socket.receive() instanceof WebSocket.Binary) {
                received.incrementAndGet();
            }
        };
        Application application = (environ, startResponse) -> environ.webSocket()
                .orElseThrow()
                .accept(startResponse, environ.path().equals("/slow") ? slow : echo);
        try (Server server = start(Setup.DEFAULT, application, sockets -> {});
                FrameClient client = new FrameClient(server)) {
            StreamSocket socket = StreamSocket.open(client, 1, "/slow");
            StreamSocket other = StreamSocket.open(client, 3, "/echo");
            byte[] frame = WebSocketPeer.frame(WebSocketPeer.BINARY, Apps.noise(8000));
            int left = 65_535; // no window is given beyond what the messages that wait leave
            int window = 65_535;
            int count = 0;
            while (window >= frame.length && count < 100) {
                client.data(1, false, frame);
                window -= frame.length;
                count++;
                client.roundTrip();
                window += client.given(1);
            }
            assertThat(count).isLessThan(40).isGreaterThanOrEqualTo(left / frame.length);
            assertThat(other.text("quick").next().text()).isEqualTo("quick");

            release.release();
            int sent = count;
            Eventually.await(() -> "all are received", () -> received.get() == sent);
            // And now there is a window again.
            for (int i = 0; i < 20; i++) {
                client.roundTrip();
                window += client.given(1);
            }
            assertThat(window).isGreaterThanOrEqualTo(frame.length);
            assertThat(socket.closeWith(1000, "").next().closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void aStreamThatHasMoreThanItsWindowIsReset() throws Exception {
        WebSocket.Handler deaf = socket -> {
            try {
                Thread.sleep(Duration.ofSeconds(50));
            } catch (InterruptedException e) {
                seen.add("interrupted");
            }
        };
        Application application = (environ, startResponse) -> {
            environ.clientGone().orElseThrow().thenRun(() -> seen.add("gone"));
            return environ.webSocket().orElseThrow().accept(startResponse, deaf);
        };
        try (Server server = start(Setup.DEFAULT, application, sockets -> {});
                FrameClient client = new FrameClient(server)) {
            StreamSocket.open(client, 1, "/");
            byte[] frames = new byte[16_384];
            byte[] one = WebSocketPeer.frame(WebSocketPeer.TEXT, new byte[2]);
            for (int i = 0; i + one.length <= frames.length; i += one.length) {
                System.arraycopy(one, 0, frames, i, one.length);
            }
            byte[] whole = java.util.Arrays.copyOf(frames, frames.length / one.length * one.length);
            for (int i = 0; i < 20; i++) {
                client.data(1, false, whole);
            }
            assertThat(client.await(FrameClient.RST_STREAM, 1).number()).isEqualTo(FrameClient.FLOW_CONTROL_ERROR);
            assertThat(next()).isEqualTo("gone");
        }
    }
}
