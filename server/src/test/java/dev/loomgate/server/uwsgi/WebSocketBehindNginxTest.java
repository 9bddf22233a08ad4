package dev.loomgate.server.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.WebSocketPeer;
import dev.loomgate.testkit.peers.Nginx;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// WebSockets through a real nginx: after the 101 it passes bytes to and fro on the uwsgi connection.
@Timeout(60)
final class WebSocketBehindNginxTest {
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final Path directory;
    private Server server;
    private Nginx nginx;

    WebSocketBehindNginxTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private final Application echo = new Lint().wrap((environ, startResponse) -> environ.webSocket()
            .orElseThrow(() -> new IllegalStateException("no WebSocket"))
            .accept(startResponse, socket -> {
                while (true) {
                    switch (socket.receive()) {
                        case WebSocket.Text text -> socket.send(text.content());
                        case WebSocket.Binary binary -> socket.send(binary.content());
                        case WebSocket.Closed closed -> {
                            seen.add(closed.toString());
                            return;
                        }
                    }
                }
            }));

    @BeforeEach
    void start() throws Exception {
        Path socket = directory.resolve("uwsgi.sock");
        server = Server.builder(echo)
                .listen(ListenAddress.uwsgi(socket.toString()))
                .listen(ListenAddress.uwsgi("127.0.0.1:0"))
                .options(ServerOptions.builder()
                        .loops(1)
                        .accessLogTo(OutputStream.nullOutputStream())
                        .build())
                .start();
        InetSocketAddress tcp = (InetSocketAddress) server.addresses().getLast().socketAddress();
        nginx = Nginx.start(
                directory,
                Nginx.uwsgiPass("/unix", "unix:" + socket),
                Nginx.uwsgiPass("/tcp", "127.0.0.1:" + tcp.getPort()));
    }

    @AfterEach
    void stop() {
        nginx.close();
        server.stop();
    }

    private InetSocketAddress front() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), nginx.port());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/unix", "/tcp"})
    void messagesGoToAndFro(String path) throws Exception {
        byte[] large = new byte[900_000];
        Arrays.fill(large, (byte) 7);
        try (WebSocketPeer peer = WebSocketPeer.to(front(), path)) {
            assertThat(peer.answer().field("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(peer.text("hello").next().text()).isEqualTo("hello");
            assertThat(peer.binary(large).next().payload()).isEqualTo(large);
            assertThat(peer.send(WebSocketPeer.PING, "there?").next().toString())
                    .isEqualTo("8a there?");
            assertThat(peer.closeWith(3000, "").next().closeCode()).isEqualTo(3000);
            assertThat(peer.rest()).isEmpty();
        }
        assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("Closed[code=3000, reason=]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/unix", "/tcp"})
    void aClientThatVanishesIsTheEnd(String path) throws Exception {
        WebSocketPeer peer = WebSocketPeer.to(front(), path);
        assertThat(peer.text("hello").next().text()).isEqualTo("hello");
        peer.reset();
        assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("Closed[code=1006, reason=]");
    }

    @Test
    void aBadHandshakeIsRefusedThere() throws Exception {
        try (HttpPeer peer = HttpPeer.to(front())) {
            HttpPeer.Answer answer = peer.send(WebSocketPeer.handshake("/unix").replace("Version: 13", "Version: 12"))
                    .answer();
            assertThat(answer.status()).isEqualTo(426);
            assertThat(answer.field("sec-websocket-version")).isEqualTo("13");
        }
    }
}
