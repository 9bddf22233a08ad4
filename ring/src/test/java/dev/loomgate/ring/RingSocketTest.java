package dev.loomgate.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.LocalServer;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.WebSocketPeer;
import dev.loomgate.toolkit.middleware.Mounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Section 3 of Ring's specification, with a client that sends frames.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RingSocketTest {
    private ClojurePrograms programs;
    private LocalServer server;

    @BeforeAll
    void start() throws Exception {
        programs = new ClojurePrograms();
        server = LocalServer.serve(new Lint()
                .wrap(Mounts.of(RingApplication.of(programs.named("shop.sockets/handler")))
                        .withMount("/async", RingApplication.async(programs.named("shop.sockets/handler")))));
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        programs.close();
    }

    @BeforeEach
    void forgetEvents() throws Exception {
        get("/events");
    }

    private HttpPeer.Answer get(String target) throws IOException {
        try (HttpPeer peer = HttpPeer.to(server.address())) {
            return peer.get(target).answer();
        }
    }

    private WebSocketPeer plain() throws IOException {
        WebSocketPeer peer = WebSocketPeer.to(server.address(), "/plain");
        assertThat(peer.next().text()).isEqualTo("welcome");
        return peer;
    }

    /// What the listeners have been told since the last call, once this is part of it.
    private String events(String part) throws Exception {
        StringBuilder all = new StringBuilder();
        Eventually.await(part, () -> all.append(get("/events").text()).indexOf(part) >= 0);
        return all.toString().replace("[]", "").replace("][", " ");
    }

    @ParameterizedTest
    @CsvSource({"hello, echo hello", "builder, a CharSequence", "open?, true"})
    void textIsReceivedAndSent(String message, String expected) throws Exception {
        try (WebSocketPeer peer = plain()) {
            assertThat(peer.text(message).next().text()).isEqualTo(expected);
        }
    }

    @Test
    void bytesAreReceivedAndSent() throws Exception {
        try (WebSocketPeer peer = plain()) {
            WebSocketPeer.Frame frame =
                    peer.binary("some".getBytes(StandardCharsets.UTF_8)).next();

            assertThat(frame.first()).isEqualTo(WebSocketPeer.BINARY);
            assertThat(frame.text()).isEqualTo("binary some");
        }
    }

    @Test
    void aPingIsAnsweredWhereTheListenerDoesNot() throws Exception {
        try (WebSocketPeer peer = plain()) {
            WebSocketPeer.Frame frame = peer.send(WebSocketPeer.PING, "data").next();

            assertThat(frame.first()).isEqualTo(WebSocketPeer.PONG);
            assertThat(frame.text()).isEqualTo("data");
        }
    }

    @Test
    void aPingListenerAnswersItself() throws Exception {
        try (WebSocketPeer peer = WebSocketPeer.to(server.address(), "/pinged")) {
            assertThat(peer.send(WebSocketPeer.PING, "data").next().text()).matches("data|to data");
            WebSocketPeer.Frame frame = peer.send(WebSocketPeer.PING, "again").next();

            assertThat(frame.first()).isEqualTo(WebSocketPeer.PONG);
            assertThat(frame.text()).isEqualTo("to again");
        }
    }

    @Test
    void pingsAndPongsAreSentAndPongsAreTold() throws Exception {
        try (WebSocketPeer peer = plain()) {
            WebSocketPeer.Frame ping = peer.text("ping").next();
            WebSocketPeer.Frame pong = peer.text("pong").next();

            assertThat(ping.first()).isEqualTo(WebSocketPeer.PING);
            assertThat(ping.text()).isEqualTo("from the server");
            assertThat(pong.first()).isEqualTo(WebSocketPeer.PONG);
            assertThat(pong.text()).isEqualTo("unasked");
            assertThat(peer.send(WebSocketPeer.PONG, "from the client").next().text())
                    .isEqualTo("pong from the client");
        }
    }

    @Test
    void whatIsSentAsynchronouslyComesInItsOrderAndIsTold() throws Exception {
        try (WebSocketPeer peer = plain()) {
            peer.text("async");

            assertThat(peer.next().text()).isEqualTo("first");
            assertThat(peer.next().text()).isEqualTo("second");
            assertThat(peer.next().text()).isEqualTo("succeeded");
            assertThat(peer.text("async-wrong").next().text())
                    .isEqualTo("Ring: what is sent has to be a CharSequence or a ByteBuffer, not java.lang.Long");
            assertThat(events(":sent")).contains("[:sent \"first\"]").doesNotContain(":not-sent");
        }
    }

    @Test
    void aListenerIsToldOfTheClientsClose() throws Exception {
        try (WebSocketPeer peer = plain()) {
            WebSocketPeer.Frame frame = peer.closeWith(4000, "done").next();

            assertThat(frame.closeCode()).isEqualTo(4000);
            assertThat(events(":close")).isEqualTo("[[:open] [:close 4000 \"done\" false]]");
        }
    }

    @Test
    void aListenerClosesIt() throws Exception {
        try (WebSocketPeer peer = plain()) {
            WebSocketPeer.Frame frame = peer.text("close").next();
            peer.closeWith(4001, "");

            assertThat(frame.closeCode()).isEqualTo(4001);
            assertThat(new String(frame.payload(), StandardCharsets.UTF_8)).endsWith("enough");
            assertThat(events(":close")).isEqualTo("[[:open] [:close 4001 \"\" false]]");
        }
    }

    @Test
    void aListenerIsToldThatTheClientIsGone() throws Exception {
        try (WebSocketPeer peer = plain()) {
            peer.reset();

            assertThat(events(":close")).isEqualTo("[[:open] [:close 1006 \"\" false]]");
        }
    }

    @Test
    void anErrorIsToldAndClosesIt() throws Exception {
        try (WebSocketPeer peer = plain()) {
            assertThat(peer.text("throw").next().closeCode()).isEqualTo(1011);

            assertThat(events(":close")).isEqualTo("[[:open] [:error \"on purpose\"] [:close 1011 \"\" false]]");
        }
    }

    @Test
    void anErrorWhenItOpensIsToldAndClosesIt() throws Exception {
        try (WebSocketPeer peer = WebSocketPeer.to(server.address(), "/fails")) {
            assertThat(peer.next().closeCode()).isEqualTo(1011);

            assertThat(events(":close")).isEqualTo("[[:error \"at once\"] [:close 1011]]");
        }
    }

    @Test
    void aSubprotocolIsOneOfTheClients() throws Exception {
        try (WebSocketPeer peer =
                WebSocketPeer.to(server.address(), "/protocol", "Sec-WebSocket-Protocol: mqtt, chat")) {
            assertThat(peer.answer().field("sec-websocket-protocol")).isEqualTo("chat");
        }
    }

    @Test
    void aRequestThatAsksForNoWebSocketGetsNone() throws Exception {
        HttpPeer.Answer answer = get("/plain");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).isEqualTo("This is a WebSocket, and the request doesn't ask for one.\n");
    }

    @Test
    void aHandlerWithCallbacksMayAnswerWithOne() throws Exception {
        try (WebSocketPeer peer = WebSocketPeer.to(server.address(), "/async/plain")) {
            assertThat(peer.next().text()).isEqualTo("welcome");
            assertThat(peer.text("hello").next().text()).isEqualTo("echo hello");
        }
    }
}
