package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.LocalServer;
import dev.loomgate.gateway.WebSocket;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.testkit.client.WebSocketPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Pings and pongs that the application sends, and hears of.
@Timeout(60)
class WebSocketControlsTest {
    private static LocalServer serve(WebSocket.Handler handler) throws Exception {
        Application application =
                (environ, startResponse) -> environ.webSocket().orElseThrow().accept(startResponse, handler);
        return LocalServer.serve(new Lint().wrap(application));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void receiveAll(WebSocket socket) throws Exception {
        while (!(socket.receive() instanceof WebSocket.Closed)) {
            // told by its actions
        }
    }

    @Test
    void pingsAreToldInTheirOrderAmongTheMessagesAndAnsweredByTheApplication() throws Exception {
        WebSocket.Handler handler = socket -> {
            socket.onPing(data -> {
                try {
                    socket.pong(bytes("to " + new String(data, StandardCharsets.UTF_8)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            socket.send("ready");
            while (socket.receive() instanceof WebSocket.Text text) {
                socket.send(text.content());
            }
        };
        try (LocalServer server = serve(handler);
                WebSocketPeer peer = WebSocketPeer.to(server.address(), "/")) {
            assertThat(peer.next().text()).isEqualTo("ready");
            peer.text("one").send(WebSocketPeer.PING, "a").text("two");

            assertThat(peer.next().text()).isEqualTo("one");
            assertThat(peer.next().text()).isEqualTo("to a");
            assertThat(peer.next().text()).isEqualTo("two");
        }
    }

    @Test
    void pongsAreTold() throws Exception {
        WebSocket.Handler handler = socket -> {
            socket.onPong(data -> {
                try {
                    socket.send(new String(data, StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            socket.ping(bytes("there?"));
            receiveAll(socket);
        };
        try (LocalServer server = serve(handler);
                WebSocketPeer peer = WebSocketPeer.to(server.address(), "/")) {
            WebSocketPeer.Frame ping = peer.next();
            assertThat(ping.first()).isEqualTo(WebSocketPeer.PING);
            assertThat(ping.text()).isEqualTo("there?");

            assertThat(peer.send(WebSocketPeer.PONG, ping.payload()).next().text())
                    .isEqualTo("there?");
        }
    }

    @Test
    void withoutThatTheServerAnswersPingsItself() throws Exception {
        try (LocalServer server = serve(WebSocketControlsTest::receiveAll);
                WebSocketPeer peer = WebSocketPeer.to(server.address(), "/")) {
            assertThat(peer.send(WebSocketPeer.PONG, "unasked")
                            .send(WebSocketPeer.PING, "a")
                            .next()
                            .text())
                    .isEqualTo("a");
        }
    }

    @Test
    void dataOfMoreThan125BytesIsRefused() throws Exception {
        WebSocket.Handler handler = socket -> {
            try {
                socket.ping(new byte[126]);
            } catch (IllegalArgumentException e) {
                socket.send(String.valueOf(e.getMessage()));
            }
            socket.pong(new byte[WebSocket.MAX_CONTROL_BYTES]);
            receiveAll(socket);
        };
        try (LocalServer server = serve(handler);
                WebSocketPeer peer = WebSocketPeer.to(server.address(), "/")) {
            assertThat(peer.next().text()).isEqualTo("a ping or pong of 126 bytes, the most are 125");
            assertThat(peer.next().payload()).hasSize(125);
        }
    }
}
