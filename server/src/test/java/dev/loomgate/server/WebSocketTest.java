package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.WebSocketPeer;
import java.io.ByteArrayOutputStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// WebSockets over HTTP/1.1, as clients see them, and as the application does.
@Timeout(60)
@Tag("timing")
final class WebSocketTest {
    private final LogLines log = LogLines.of("dev.loomgate.server");
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private @Nullable Server server;

    // What was received, up to the end, is sent back, and noted.
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
    void stop() {
        if (server != null) {
            server.stop(Duration.ofSeconds(5));
        }
        log.close();
    }

    static List<Setup> setups() {
        return Setup.all();
    }

    private static Application accepting(WebSocket.Handler handler) {
        return new Lint().wrap((environ, startResponse) -> {
            if (environ.webSocket().isPresent()) {
                return environ.webSocket().get().accept(startResponse, handler);
            }
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.text("no WebSocket");
        });
    }

    private SocketAddress start(Setup setup, Application application, Consumer<WebSocketOptions.Builder> change)
            throws Exception {
        WebSocketOptions.Builder sockets = WebSocketOptions.builder();
        change.accept(sockets);
        Server started = Server.builder(application)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .options(setup.options().webSockets(sockets.build()).build())
                .start();
        server = started;
        return started.addresses().getFirst().socketAddress();
    }

    private SocketAddress start(WebSocket.Handler handler) throws Exception {
        return start(Setup.DEFAULT, accepting(handler), sockets -> {});
    }

    private String logged() {
        return String.join("\n", log.lines());
    }

    private String next() throws InterruptedException {
        return String.valueOf(seen.poll(20, TimeUnit.SECONDS));
    }

    // ---- the handshake

    @ParameterizedTest
    @MethodSource("setups")
    void messagesGoToAndFroUntilTheClientCloses(Setup setup) throws Exception {
        SocketAddress address = start(setup, accepting(echo), sockets -> {});
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/")) {
            assertThat(peer.answer().field("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(peer.answer().field("upgrade")).isEqualTo("websocket");
            assertThat(peer.answer().field("connection")).isEqualTo("Upgrade");
            assertThat(peer.text("hell\u00f6").next().text()).isEqualTo("hell\u00f6");
            byte[] large = Apps.noise(500_000);
            assertThat(peer.binary(large).next().payload()).isEqualTo(large);
            assertThat(peer.send(WebSocketPeer.PING, "there?").next().toString())
                    .isEqualTo("8a there?");
            assertThat(peer.closeWith(3000, "enough").next().closeCode()).isEqualTo(3000);
            assertThat(peer.rest()).isEmpty();
        }
        assertThat(next()).isEqualTo("3000 enough");
    }

    @Test
    void theApplicationChoosesASubprotocol() throws Exception {
        SocketAddress address = start(
                Setup.DEFAULT,
                new Lint().wrap((environ, startResponse) -> environ.webSocket()
                        .orElseThrow()
                        .accept(startResponse, "second", socket -> socket.send(String.valueOf(socket.subprotocol())))),
                sockets -> {});
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/", "Sec-WebSocket-Protocol: first, second")) {
            assertThat(peer.answer().field("sec-websocket-protocol")).isEqualTo("second");
            assertThat(peer.next().text()).isEqualTo("second");
            assertThat(peer.next().closeCode()).isEqualTo(WebSocket.NORMAL);
        }
    }

    // What of the handshake is replaced, by what, and the answer.
    @ParameterizedTest
    @CsvSource({
        "Version: 13, Version: 8, 426",
        "Version: 13, X: 13, 400",
        "Key: dGhlIHNhbXBsZSBub25jZQ==, X: y, 400",
        "Key: dGhlIHNhbXBsZSBub25jZQ==, Key: dGhl, 400",
        "Key: dGhlIHNhbXBsZSBub25jZQ==, Key: ??????????????????????==, 400",
        "GET / HTTP/1.1, GET / HTTP/1.0, 200",
        "GET / HTTP/1.1, POST / HTTP/1.1, 200",
        "Upgrade: websocket, Upgrade: h2c, 200",
        "'keep-alive, Upgrade', keep-alive, 200",
        "Upgrade: websocket, 'Upgrade: h2c, WebSocket', 101"
    })
    void aHandshakeIsCheckedBeforeTheApplicationIsAsked(String part, String other, int status) throws Exception {
        SocketAddress address = start(echo);
        try (HttpPeer peer = HttpPeer.to(address)) {
            HttpPeer.Answer answer =
                    peer.send(WebSocketPeer.handshake("/").replace(part, other)).answer();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.field("sec-websocket-version")).isEqualTo(status == 426 ? "13" : "");
            assertThat(answer.field("upgrade")).isEqualTo(status == 426 || status == 101 ? "websocket" : "");
        }
    }

    @Test
    void anApplicationThatAcceptsWhatNobodyAskedForFails() throws Exception {
        SocketAddress address = start(
                Setup.DEFAULT,
                (environ, startResponse) -> {
                    startResponse.start(Status.SWITCHING_PROTOCOLS, new Headers());
                    return Body.webSocket(echo);
                },
                sockets -> {});
        try (HttpPeer peer = HttpPeer.to(address)) {
            assertThat(peer.get("/").answer().status()).isEqualTo(500);
        }
        assertThat(logged()).contains("the request asks for no WebSocket");
    }

    @Test
    void anotherBodyWith101IsAFailureToo() throws Exception {
        SocketAddress address = start(
                Setup.DEFAULT,
                (environ, startResponse) -> {
                    startResponse.start(Status.SWITCHING_PROTOCOLS, new Headers());
                    return Body.text("no socket");
                },
                sockets -> {});
        try (HttpPeer peer = HttpPeer.to(address)) {
            assertThat(peer.send(WebSocketPeer.handshake("/")).answer().status())
                    .isEqualTo(500);
        }
        assertThat(logged()).contains("the body is not a WebSocket");
    }

    @Test
    void framesThatComeWithTheHandshakeAreRead() throws Exception {
        SocketAddress address = start(echo);
        try (HttpPeer peer = HttpPeer.to(address)) {
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(WebSocketPeer.handshake("/").getBytes(StandardCharsets.US_ASCII));
            both.writeBytes(WebSocketPeer.frame(WebSocketPeer.TEXT, new byte[] {'x'}));
            assertThat(peer.send(both.toByteArray()).answer().status()).isEqualTo(101);
            assertThat(peer.take(3)).containsExactly(0x81, 1, 'x');
        }
    }

    // ---- ends

    @Test
    void aHandlerThatReturnsClosesWith1000AndOneThatThrowsWith1011() throws Exception {
        SocketAddress address = start(socket -> {
            if (socket.receive() instanceof WebSocket.Text text
                    && text.content().equals("fail")) {
                throw new IllegalStateException("on purpose");
            }
            socket.send("last");
        });
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/")) {
            assertThat(peer.text("return").next().text()).isEqualTo("last");
            assertThat(peer.next().closeCode()).isEqualTo(1000);
            assertThat(peer.closeWith(1000, "").rest()).isEmpty();
        }
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/")) {
            assertThat(peer.text("fail").next().closeCode()).isEqualTo(1011);
        }
        assertThat(logged()).contains("on purpose", "the WebSocket is closed with 1011");
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aClientThatVanishesIsTheEndWith1006(Setup setup) throws Exception {
        SocketAddress address = start(setup, accepting(echo), sockets -> {});
        WebSocketPeer peer = WebSocketPeer.to(address, "/");
        assertThat(peer.text("there").next().text()).isEqualTo("there");
        peer.reset();
        assertThat(next()).isEqualTo("1006 ");
        WebSocketPeer half = WebSocketPeer.to(address, "/");
        half.endOutput();
        assertThat(next()).isEqualTo("1006 ");
        half.close();
    }

    @Test
    void afterTheEndASendThrowsAndACloseDoesNothing() throws Exception {
        SocketAddress address = start(socket -> {
            WebSocket.Message end = socket.receive();
            assertThatThrownBy(() -> socket.send("late")).isInstanceOf(ClientGone.class);
            socket.close(3001, "late");
            seen.add(end.toString());
        });
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/")) {
            assertThat(peer.send(WebSocketPeer.CLOSE, "").next().toString()).isEqualTo("88 0 ");
            assertThat(peer.rest()).isEmpty();
        }
        assertThat(next()).isEqualTo("Closed[code=1005, reason=]");
    }

    @Test
    void theApplicationClosesAndHearsWhatTheClientAnswers() throws Exception {
        SocketAddress address = start(socket -> {
            socket.close(3002, "enough");
            assertThatThrownBy(() -> socket.send("late")).isInstanceOf(ClientGone.class);
            seen.add(socket.receive() + ", " + socket.receive());
        });
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/")) {
            assertThat(peer.next().toString()).isEqualTo("88 3002 " + "\u000b\ufffdenough");
            peer.text("on its way").closeWith(3002, "").rest();
        }
        assertThat(next()).isEqualTo("Text[content=on its way], Closed[code=3002, reason=]");
    }

    @Test
    void aClientThatDoesNotAnswerACloseIsGoneAfterAWhile() throws Exception {
        SocketAddress address = start(
                Setup.DEFAULT,
                accepting(socket -> {
                    socket.close();
                    seen.add(socket.receive().toString());
                }),
                sockets -> sockets.closeTimeout(Duration.ofMillis(200)));
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/")) {
            assertThat(peer.next().closeCode()).isEqualTo(1000);
            assertThat(next()).isEqualTo("Closed[code=1006, reason=]");
            assertThat(peer.rest()).isEmpty();
        }
        assertThat(logged()).contains("the client doesn't answer (webSockets.closeTimeout)");
    }

    @Test
    void aStopClosesWith1001AndWaitsForTheHandlers() throws Exception {
        SocketAddress address = start(echo);
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/")) {
            assertThat(peer.text("there").next().text()).isEqualTo("there");
            Server running = Objects.requireNonNull(server);
            CompletableFuture<Boolean> stopped =
                    CompletableFuture.supplyAsync(() -> running.stop(Duration.ofSeconds(20)));
            assertThat(peer.next().closeCode()).isEqualTo(1001);
            peer.closeWith(1001, "").rest();
            assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(next()).isEqualTo("1001 ");
    }

    // ---- limits

    @Test
    void whatIsTooBigOrBrokenIsClosedAndLogged() throws Exception {
        SocketAddress address = start(Setup.DEFAULT, accepting(echo), sockets -> sockets.maxBytes(100));
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/")) {
            assertThat(peer.binary(new byte[101]).next().closeCode()).isEqualTo(1009);
            assertThat(peer.rest()).isEmpty();
        }
        assertThat(next()).isEqualTo("1006 a message of over 100 bytes");
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/")) {
            assertThat(peer.raw(new byte[] {(byte) 0x81, 0}).next().closeCode()).isEqualTo(1002);
        }
        assertThat(next()).isEqualTo("1006 a frame is not masked");
        assertThat(logged()).contains("a message of over 100 bytes (webSockets.maxBytes): GET /");
    }

    @Test
    void aQuietClientIsPingedAndGoneIfItDoesNotAnswer() throws Exception {
        SocketAddress address =
                start(Setup.DEFAULT, accepting(echo), sockets -> sockets.pingInterval(Duration.ofMillis(200))
                        .pongTolerance(Duration.ofMillis(600)));
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/")) {
            for (int i = 0; i < 3; i++) {
                assertThat(peer.next().first()).isEqualTo(WebSocketPeer.PING);
                peer.send(WebSocketPeer.PONG, "");
            }
            assertThat(seen).isEmpty();
            assertThat(peer.next().first()).isEqualTo(WebSocketPeer.PING);
            assertThat(next()).isEqualTo("1006 ");
        }
        assertThat(logged()).contains("the client doesn't answer (webSockets.pongTolerance)");
    }

    @Test
    void theRequestTimeoutIsTheHandshakes() throws Exception {
        Server started = Setup.DEFAULT.http(accepting(echo), limits -> limits.requestTimeout(Duration.ofMillis(200)));
        server = started;
        try (WebSocketPeer peer =
                WebSocketPeer.to(started.addresses().getFirst().socketAddress(), "/")) {
            long until = System.nanoTime() + 700_000_000L;
            while (System.nanoTime() < until) {
                assertThat(peer.text("still").next().text()).isEqualTo("still");
            }
        }
    }

    // ---- pressure

    @Test
    void aSendWaitsForASlowClientAndOthersGoOn() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        SocketAddress address = start(socket -> {
            byte[] message = new byte[10_000];
            for (int i = 0; i < 2000; i++) {
                socket.send(message);
                sent.incrementAndGet();
            }
        });
        try (WebSocketPeer slow = WebSocketPeer.over(HttpPeer.slowTo(address), "/")) {
            AtomicInteger before = new AtomicInteger(-1);
            Eventually.await("the sender to wait", () -> {
                int now = sent.get();
                Thread.sleep(100);
                return now > 0 && before.getAndSet(now) == now && sent.get() == now;
            });
            assertThat(sent.get()).isLessThan(1900);
            for (int i = 0; i < 2000; i++) {
                assertThat(slow.next().payload()).hasSize(10_000);
            }
            assertThat(slow.next().closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void aClientThatSendsFasterThanIsReceivedHasToWait() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        SocketAddress address = start(socket -> {
            go.await();
            int count = 0;
            while (socket.receive() instanceof WebSocket.Binary) {
                count++;
            }
            seen.add("received " + count);
        });
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/")) {
            AtomicInteger sent = new AtomicInteger();
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 3000; i++) {
                        peer.binary(new byte[10_000]);
                        sent.incrementAndGet();
                    }
                    peer.closeWith(1000, "");
                } catch (Exception e) {
                    seen.add(e.toString());
                }
            });
            AtomicInteger before = new AtomicInteger(-1);
            Eventually.await("the client to wait", () -> {
                int now = sent.get();
                Thread.sleep(100);
                return now > 0 && before.getAndSet(now) == now && sent.get() == now;
            });
            assertThat(sent.get()).isLessThan(2900); // 30 MB
            go.countDown();
            assertThat(next()).isEqualTo("received 3000");
            sender.join();
        }
    }

    @Test
    void threadsSendAtTheSameTimeAndMessagesDoNotMix() throws Exception {
        SocketAddress address = start(socket -> {
            List<Thread> threads = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                String letter = String.valueOf((char) ('a' + thread));
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        for (int i = 0; i < 50; i++) {
                            socket.send(letter.repeat(30_000));
                        }
                    } catch (Exception e) {
                        seen.add(e.toString());
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        });
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/")) {
            for (int i = 0; i < 400; i++) {
                String text = peer.next().text();
                assertThat(text).isEqualTo(text.substring(0, 1).repeat(30_000));
                if (i % 10 == 0) {
                    peer.send(WebSocketPeer.PONG, "");
                }
            }
            assertThat(peer.next().closeCode()).isEqualTo(1000);
        }
        assertThat(seen).isEmpty();
    }

    @Test
    void pingsThatAreNotReadTakeNoMemory() throws Exception {
        SocketAddress address = start(echo);
        try (WebSocketPeer peer = WebSocketPeer.over(HttpPeer.slowTo(address), "/")) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    byte[] ping = WebSocketPeer.frame(WebSocketPeer.PING, new byte[125]);
                    ByteArrayOutputStream many = new ByteArrayOutputStream();
                    for (int i = 0; i < 100; i++) {
                        many.writeBytes(ping);
                    }
                    for (int i = 0; i < 2000; i++) { // 26 MB
                        peer.raw(many.toByteArray());
                    }
                    peer.text("end");
                } catch (Exception e) {
                    seen.add(e.toString());
                }
            });
            sender.join();
            WebSocketPeer.Frame frame = peer.next();
            int pongs = 0;
            while (frame.first() == WebSocketPeer.PONG) {
                pongs++;
                frame = peer.next();
            }
            assertThat(frame.text()).isEqualTo("end");
            assertThat(pongs).isPositive().isLessThan(150_000);
            assertThat(seen).isEmpty();
        }
    }

    // ---- compression

    @ParameterizedTest
    @CsvSource({
        "ON, permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "CONTEXT, permessage-deflate"
    })
    void messagesAreCompressedWhereBothWantIt(WebSocketOptions.Compression compression, String field) throws Exception {
        SocketAddress address = start(Setup.DEFAULT, accepting(echo), sockets -> sockets.compression(compression));
        try (WebSocketPeer peer = WebSocketPeer.to(
                address, "/", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")) {
            assertThat(peer.answer().field("sec-websocket-extensions")).isEqualTo(field);
            for (int i = 0; i < 3; i++) {
                WebSocketPeer.Frame frame = peer.text("long ".repeat(2000)).next();
                assertThat(frame.first()).isEqualTo(0xc1);
                assertThat(frame.payload().length).isLessThan(100);
            }
            assertThat(peer.text("short").next().toString()).isEqualTo("81 short");
        }
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/")) {
            assertThat(peer.answer().field("sec-websocket-extensions")).isEmpty();
            assertThat(peer.text("long ".repeat(2000)).next().text()).isEqualTo("long ".repeat(2000));
        }
    }
}
