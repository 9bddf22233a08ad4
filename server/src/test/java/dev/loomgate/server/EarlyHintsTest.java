package dev.loomgate.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.server.FrameClient.Frame;
import dev.loomgate.server.FrameClient.Response;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `103 Early Hints` (RFC 8297): ahead of the response, and only where the protocol has a place for it.
@Timeout(60)
final class EarlyHintsTest {
    private static final String STYLE = "</style.css>; rel=preload; as=style";
    private static final String SCRIPT = "</app.js>; rel=preload; as=script";

    // The response comes when the hints have been seen.
    private final Semaphore seen = new Semaphore(0);
    private final Application hinting = new Lint().wrap((environ, startResponse) -> {
        environ.earlyHints().send(STYLE, SCRIPT);
        if (environ.containsKey("loomgate.early_hints")) {
            seen.acquire();
        }
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain", "Link", STYLE));
        return Body.text("hello");
    });

    static Iterable<Setup> setups() {
        return Setup.all();
    }

    private static void assertHints(HttpPeer peer) throws IOException {
        assertThat(peer.line()).isEqualTo("HTTP/1.1 103 Early Hints");
        assertThat(peer.line()).isEqualTo("Link: " + STYLE);
        assertThat(peer.line()).isEqualTo("Link: " + SCRIPT);
        assertThat(peer.line()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aClientOfHttp11HasThemBeforeTheResponse(Setup setup) throws Exception {
        try (Server server = setup.http(hinting);
                HttpPeer peer = Peers.http(server)) {
            for (int request = 0; request < 3; request++) {
                peer.get("/");
                assertHints(peer);
                seen.release();
                HttpPeer.Answer answer = peer.answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("hello");
            }
        }
    }

    @Test
    void aClientOfHttp2HasThemBeforeTheResponse() throws Exception {
        try (Server server = Setup.DEFAULT.http(hinting);
                FrameClient client = new FrameClient(server)) {
            client.get(1, "/");
            Frame hints = client.await(FrameClient.HEADERS, 1);
            seen.release();
            Response response = client.response(1);

            assertThat(requireNonNull(hints.head()).status().toString()).isEqualTo("103");
            assertThat(requireNonNull(hints.head()).getAll("link").stream().map(CharSequence::toString))
                    .containsExactly(STYLE, SCRIPT);
            assertThat(requireNonNull(hints.head()).size()).isEqualTo(3);
            assertThat(hints.has(FrameClient.END_STREAM)).isFalse();
            assertThat(response.status()).isEqualTo("200");
            assertThat(response.text()).isEqualTo("hello");
        }
    }

    @Test
    void aClientOfHttp10GetsNone() throws Exception {
        try (Server server = Setup.DEFAULT.http(hinting);
                HttpPeer peer = Peers.http(server)) {
            HttpPeer.Answer answer =
                    peer.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n").answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("hello");
        }
    }

    @Test
    void aFrontEndGetsNoneOverUwsgi() throws Exception {
        try (Server server = Server.builder(hinting)
                        .listen(ListenAddress.uwsgi("127.0.0.1:0"))
                        .options(Setup.DEFAULT.options().build())
                        .start();
                HttpPeer peer = HttpPeer.to(server.addresses().getFirst().socketAddress())) {
            peer.send(UwsgiPacket.request("GET", "/").bytes());

            assertThat(peer.line()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void aLinkWithALineEndIsRefused() throws Exception {
        Application splitting = (environ, startResponse) -> {
            String result = "sent";
            try {
                environ.earlyHints().send("</a>\r\nSet-Cookie: a=b");
            } catch (IllegalArgumentException e) {
                result = "refused";
            }
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.text(result);
        };
        try (Server server = Setup.DEFAULT.http(splitting);
                HttpPeer peer = Peers.http(server)) {
            HttpPeer.Answer answer = peer.get("/").answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("refused");
        }
    }

    // Hints that nobody could send between are no more than the loop keeps.
    @Test
    void anApplicationThatSendsWithoutAnEndIsAnswered() throws Exception {
        Application endless = (environ, startResponse) -> {
            for (int i = 0; i < 1000; i++) {
                environ.earlyHints().send(STYLE);
            }
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.text("hello");
        };
        try (Server server = Setup.DEFAULT.http(endless);
                FrameClient client = new FrameClient(server)) {
            client.get(1, "/");

            assertThat(client.response(1).text()).isEqualTo("hello");
        }
    }
}
