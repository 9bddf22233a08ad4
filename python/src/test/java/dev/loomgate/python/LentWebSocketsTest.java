package dev.loomgate.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.WebSocketOptions;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.WebSocketPeer;
import java.io.ByteArrayOutputStream;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// WebSockets that are lent to the workers of an ASGI application, and come back (decision 115).
@Timeout(120)
@Tag("timing")
final class LentWebSocketsTest {
    private static final String PROGRAM = """
            import asyncio
            import os

            def sockets():
                count = 0
                for name in os.listdir("/proc/self/fd"):
                    try:
                        count += os.readlink("/proc/self/fd/" + name).startswith("socket:")
                    except OSError:
                        pass
                return count

            running = 0

            async def application(scope, receive, send):
                global running
                if scope["type"] != "websocket":
                    return
                running += 1
                try:
                    await answer(receive, send)
                except OSError:
                    pass
                finally:
                    running -= 1

            async def answer(receive, send):
                await receive()
                await send({"type": "websocket.accept"})
                while True:
                    message = await receive()
                    if message["type"] == "websocket.disconnect":
                        with open("ends", "a") as file:
                            file.write("%d\\n" % message["code"])
                        return
                    text = message.get("text")
                    if text == "close":
                        await send({"type": "websocket.close", "code": 4000, "reason": "as asked"})
                        return
                    if text == "return":
                        return
                    if text == "big":
                        await send({"type": "websocket.send", "bytes": b"b" * 8_000_000})
                        return
                    if text == "raise":
                        raise ValueError("on purpose")
                    if text == "exit":
                        os._exit(3)
                    if text == "much":
                        for number in range(1000):
                            await send({"type": "websocket.send", "bytes": b"%04d" % number + b"m" * 20_000})
                        continue
                    if text == "only send":
                        await asyncio.sleep(1)
                        for number in range(10):
                            await send({"type": "websocket.send", "text": str(number)})
                        continue
                    if text == "ticks":
                        while True:
                            await send({"type": "websocket.send", "text": "tick"})
                            await asyncio.sleep(0.05)
                    if text == "running":
                        message = {"text": str(running)}
                    if text == "sockets":
                        message = {"text": str(sockets())}
                    await send({**message, "type": "websocket.send"})
            """;

    @TempDir
    private Path directory;

    private @Nullable Server server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(Duration.ofSeconds(10));
        }
    }

    private Server start(Consumer<ServerOptions.Builder> change) throws Exception {
        Files.writeString(directory.resolve("program.py"), PROGRAM);
        Server started = Servers.start(
                PythonApplication.of(TestPrograms.options(directory, "program:application")
                        .processes(1)
                        .directory(directory)
                        .build()),
                change);
        server = started;
        return started;
    }

    private Server start() throws Exception {
        return start(_ -> {});
    }

    private static SocketAddress address(Server server) {
        return server.addresses().getFirst().socketAddress();
    }

    private static WebSocketPeer open(Server server) throws Exception {
        return WebSocketPeer.to(address(server), "/");
    }

    /// How many sockets the worker has open, itself asked on this connection.
    private static int sockets(WebSocketPeer peer) throws Exception {
        return Integer.parseInt(peer.text("sockets").next().text());
    }

    /// Talks until the worker has the connection.
    private static WebSocketPeer lent(Server server) throws Exception {
        WebSocketPeer peer = open(server);
        int before = sockets(peer);
        Eventually.await("the worker has it", () -> sockets(peer) > before);
        return peer;
    }

    private void ended(int code) throws Exception {
        Path ends = directory.resolve("ends");
        Eventually.await(
                "the program hears " + code,
                () -> Files.exists(ends) && Files.readAllLines(ends).contains(Integer.toString(code)));
    }

    @Test
    void theWorkerHasTheConnectionWhileMessagesGoBackAndForth() throws Exception {
        try (WebSocketPeer peer = lent(start())) {
            byte[] bytes = new byte[60_000];
            new Random(2).nextBytes(bytes);
            assertThat(peer.text("gr\u00fc\u00dfe").next().text()).isEqualTo("gr\u00fc\u00dfe");
            assertThat(peer.binary(bytes).next().payload()).isEqualTo(bytes);
            assertThat(peer.text("").next().text()).isEmpty();
        }
        ended(1006);
    }

    @Test
    void whatIsNotPlainIsTheServers() throws Exception {
        try (WebSocketPeer peer = lent(start())) {
            for (int i = 0; i < 3; i++) {
                peer.send(WebSocketPeer.PING, "ping");
                WebSocketPeer.Frame pong = peer.next();
                assertThat(pong.first()).isEqualTo(WebSocketPeer.PONG);
                assertThat(pong.text()).isEqualTo("ping");
                peer.send(0x01, "frag").send(0x80, "ment");
                assertThat(peer.next().text()).isEqualTo("fragment");
                byte[] large = new byte[300_000];
                assertThat(peer.binary(large).next().payload()).isEqualTo(large);
                int before = sockets(peer);
                assertThat(sockets(peer)).isLessThanOrEqualTo(before + 1);
                Eventually.await("it is lent again", () -> sockets(peer) >= before);
            }
            peer.closeWith(1001, "going");
            assertThat(peer.next().closeCode()).isEqualTo(1001);
        }
        ended(1001);
    }

    static Stream<byte[]> violations() {
        return Stream.of(
                new byte[] {(byte) 0x81, 1, 'a'},
                WebSocketPeer.frame(0x83, new byte[0]),
                WebSocketPeer.frame(0xC1, new byte[] {'a'}),
                WebSocketPeer.frame(0x80, new byte[] {'a'}));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void violationsAreToldByTheServer(byte[] frame) throws Exception {
        try (WebSocketPeer peer = lent(start())) {
            peer.raw(WebSocketPeer.frame(WebSocketPeer.TEXT, new byte[] {'a'})).raw(frame);
            WebSocketPeer.Frame answer = peer.next();
            if (answer.first() == WebSocketPeer.TEXT) {
                answer = peer.next(); // the program was quicker
            }
            assertThat(answer.closeCode()).isEqualTo(1002);
        }
        ended(1006);
    }

    @Test
    void textThatIsNone() throws Exception {
        try (WebSocketPeer peer = lent(start())) {
            peer.send(WebSocketPeer.TEXT, new byte[] {(byte) 0xff});
            assertThat(peer.next().closeCode()).isEqualTo(1007);
        }
    }

    @Test
    void theProgramCloses() throws Exception {
        Server started = start();
        try (WebSocketPeer peer = lent(started)) {
            assertThat(peer.text("close").next().closeCode()).isEqualTo(4000);
            peer.closeWith(4000, "");
            assertThat(peer.rest()).isEmpty();
        }
        try (WebSocketPeer peer = lent(started)) {
            assertThat(peer.text("return").next().closeCode()).isEqualTo(1000);
        }
        try (WebSocketPeer peer = lent(started)) {
            assertThat(peer.text("raise").next().closeCode()).isEqualTo(1011);
        }
    }

    @Test
    void aWorkerThatDiesLeavesItToTheServer() throws Exception {
        Server started = start();
        try (WebSocketPeer peer = lent(started);
                WebSocketPeer other = lent(started)) {
            peer.text("exit");
            assertThat(peer.next().closeCode()).isEqualTo(1011);
            assertThat(other.next().closeCode()).isEqualTo(1011);
        }
        try (WebSocketPeer next = lent(started)) {
            assertThat(next.text("a").next().text()).isEqualTo("a");
        }
    }

    @Test
    void aStopClosesIt() throws Exception {
        Server started = start();
        try (WebSocketPeer peer = lent(started)) {
            Thread stopping = Thread.ofVirtual().start(() -> started.stop(Duration.ofSeconds(20)));
            assertThat(peer.next().closeCode()).isIn(1001, 1012);
            peer.closeWith(1001, "");
            stopping.join();
        }
        server = null;
    }

    @Test
    void aClientThatReadsSlowlyGetsEverything() throws Exception {
        try (WebSocketPeer peer = lent(start())) {
            peer.text("much");
            for (int i = 0; i < 1000; i++) {
                WebSocketPeer.Frame frame = peer.next();
                assertThat(frame.text()).startsWith("%04d".formatted(i));
                assertThat(frame.payload()).hasSize(20_004);
            }
            assertThat(peer.text("a").next().text()).isEqualTo("a");
        }
    }

    /// It gives back what the client hasn't taken, and is over.
    @Test
    void aSlowClientGetsTheLastMessageToo() throws Exception {
        try (WebSocketPeer peer = lent(start())) {
            peer.text("big");
            assertThat(peer.next().text().equals("b".repeat(8_000_000))).isTrue();
            assertThat(peer.next().closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void theLogCountsWhatTheWorkerHasWritten() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        Server started = start(options -> options.accessLog(true).accessLogTo(log));
        int bytes = 2 + 2 + "as asked".length(); // the close
        try (WebSocketPeer peer = open(started)) {
            String first = peer.text("sockets").next().text();
            String count = first;
            while (count.equals(first)) {
                bytes += 2 + count.length();
                count = peer.text("sockets").next().text();
            }
            bytes += 2 + count.length();
            for (int i = 0; i < 50; i++) {
                bytes += 2 + peer.text("a".repeat(100)).next().payload().length;
            }
            peer.text("close").next();
        }
        String line = "\"GET / HTTP/1.1\" 101 " + bytes + " ";
        Eventually.await(() -> line + " in " + log, () -> log.toString(UTF_8).contains(line));
    }

    @Test
    void quietOnesGoBackAndArePinged() throws Exception {
        Server started = start(options -> options.webSockets(WebSocketOptions.builder()
                .pingInterval(Duration.ofSeconds(2))
                .pongTolerance(Duration.ofSeconds(2))
                .build()));
        try (WebSocketPeer peer = lent(started)) {
            assertThat(peer.next().first()).isEqualTo(WebSocketPeer.PING);
            peer.send(WebSocketPeer.PONG, "");
            assertThat(peer.text("a").next().text()).isEqualTo("a");
            assertThat(peer.next().first()).isEqualTo(WebSocketPeer.PING);
            assertThat(peer.rest()).isEmpty(); // no pong
        }
        ended(1006);
    }

    @Test
    void oneThatOnlyListensIsPinged() throws Exception {
        Server started = start(options -> options.webSockets(WebSocketOptions.builder()
                .pingInterval(Duration.ofSeconds(2))
                .pongTolerance(Duration.ofSeconds(2))
                .build()));
        try (WebSocketPeer peer = lent(started)) {
            peer.text("ticks");
            for (int i = 0; i < 2; i++) {
                awaitPing(peer);
                peer.send(WebSocketPeer.PONG, "");
            }
            awaitPing(peer);
            peer.rest(); // it ends, for there is no pong
        }
    }

    private static void awaitPing(WebSocketPeer peer) throws Exception {
        while (peer.next().first() != WebSocketPeer.PING) {}
    }

    @Test
    void theServersLimitCounts() throws Exception {
        Server started = start(options ->
                options.webSockets(WebSocketOptions.builder().maxBytes(2000).build()));
        try (WebSocketPeer peer = lent(started)) {
            assertThat(peer.text("a".repeat(2000)).next().text()).hasSize(2000);
            assertThat(peer.text("a".repeat(2001)).next().closeCode()).isEqualTo(1009);
        }
    }

    /// What the program doesn't receive fills the window, and messages wait in the server.
    @Test
    void aProgramThatReceivesNothingMaySend() throws Exception {
        try (WebSocketPeer peer = open(start())) {
            peer.text("only send");
            for (int i = 0; i < 275; i++) {
                peer.binary(new byte[1000]);
            }
            for (int i = 0; i < 10; i++) {
                assertThat(peer.next().text()).isEqualTo(Integer.toString(i));
            }
        }
    }

    @Test
    void clientsThatLeaveAtAnyMomentLeaveNothingBehind() throws Exception {
        Server started = start();
        byte[] close = WebSocketPeer.frame(WebSocketPeer.CLOSE, WebSocketPeer.closePayload(1000, ""));
        try (WebSocketPeer stays = lent(started)) {
            int sockets = sockets(stays);
            for (int i = 0; i < 150; i++) {
                WebSocketPeer leaves = open(started);
                for (int message = 0; message < 4 * (i % 4); message++) {
                    leaves.text("before").next();
                }
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                for (int message = 0; message <= i % 7; message++) {
                    bytes.write(WebSocketPeer.frame(WebSocketPeer.TEXT, new byte[] {'a'}));
                }
                if (i % 3 == 0) {
                    bytes.write(close);
                }
                leaves.raw(bytes.toByteArray());
                if (i % 5 == 0) {
                    leaves.next();
                }
                if (i % 2 == 0) {
                    leaves.reset();
                } else {
                    leaves.endOutput();
                    leaves.close();
                }
                assertThat(stays.text("still " + i).next().text()).isEqualTo("still " + i);
            }
            Eventually.await(
                    "no other runs", () -> stays.text("running").next().text().equals("1"));
            Eventually.await("no other socket is open", () -> sockets(stays) <= sockets);
        }
    }

    @Test
    void manyAtOnce() throws Exception {
        Server started = start();
        List<WebSocketPeer> peers = new ArrayList<>();
        Random random = new Random(3);
        try {
            for (int i = 0; i < 50; i++) {
                peers.add(open(started));
            }
            for (int round = 0; round < 40; round++) {
                for (int i = 0; i < peers.size(); i++) {
                    if (random.nextInt(10) == 0) {
                        peers.get(i).send(WebSocketPeer.PING, "p");
                    }
                    peers.get(i).text(i + " " + round).text("again");
                }
                for (int i = 0; i < peers.size(); i++) {
                    assertThat(text(peers.get(i))).isEqualTo(i + " " + round);
                    assertThat(text(peers.get(i))).isEqualTo("again");
                }
            }
        } finally {
            for (WebSocketPeer peer : peers) {
                peer.close();
            }
        }
    }

    private static String text(WebSocketPeer peer) throws Exception {
        WebSocketPeer.Frame frame = peer.next();
        while (frame.first() == WebSocketPeer.PONG) {
            frame = peer.next();
        }
        return frame.text();
    }
}
