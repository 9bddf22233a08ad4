package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.server.FrameClient.Response;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.CertificateAuthority;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Fields after the content (RFC 9110 section 6.5): where the client takes them, and the response has a place for them.
@Timeout(60)
final class TrailersTest {
    private static final Headers TIMES = Headers.of("Server-Timing", "total;dur=1", "X-Checksum", "abc");

    // The path says how long the content is; the trailers are known when it is complete.
    private static final Application TRAILING = new Lint().wrap((environ, startResponse) -> {
        int length = Integer.parseInt(environ.path().substring(1));
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.stream(out -> {
            for (int left = length; left > 0; left -= 1000) {
                out.write(new byte[Math.min(left, 1000)]);
            }
            environ.trailers().set(TIMES);
        });
    });

    static Iterable<Setup> setups() {
        return Setup.all();
    }

    private static String request(int length) {
        return "GET /" + length + " HTTP/1.1\r\nHost: a\r\nTE: deflate;q=0.5, trailers\r\nConnection: TE\r\n\r\n";
    }

    @ParameterizedTest
    @MethodSource("setups")
    void theyFollowTheLastChunk(Setup setup) throws Exception {
        try (Server server = setup.http(TRAILING);
                HttpPeer peer = Peers.http(server)) {
            for (int length : new int[] {1, 0, 200_000, 5}) {
                HttpPeer.Answer answer = peer.send(request(length)).answer();

                assertThat(answer.content()).hasSize(length);
                assertThat(answer.trailers())
                        .containsExactlyInAnyOrderEntriesOf(
                                Map.of("server-timing", "total;dur=1", "x-checksum", "abc"));
            }
            assertThat(peer.send("GET /5 HTTP/1.1\r\nHost: a\r\n\r\n").answer().trailers())
                    .isEmpty(); // the client doesn't take them
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_384, 200_000})
    void theyAreTheLastFrameOfAStreamOfHttp2(int length) throws Exception {
        try (Server server = Setup.DEFAULT.http(TRAILING);
                FrameClient client = new FrameClient(server)) {
            client.get(1, "/" + length, "te", "trailers");
            Response response = client.response(1);

            assertThat(response.content()).hasSize(length);
            assertThat(response.trailers().get("server-timing")).hasToString("total;dur=1");
            assertThat(response.trailers().size()).isEqualTo(2);

            client.get(3, "/" + length);
            assertThat(client.response(3).trailers().isEmpty()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 200_000})
    void theyEndAStreamOfHttp3(int length, @TempDir Path directory) throws Exception {
        CertificateAuthority authority = CertificateAuthority.in(directory);
        try (Server server = Http3Peers.start(Setup.DEFAULT, TRAILING, authority);
                Http3Client client = new Http3Client(server)) {
            Http3Client.Exchanged answer = Http3Client.ask(
                    client.connect(), Http3Client.get("/" + length).add("te", "trailers"));

            assertThat(answer.bytes()).hasSize(length);
            assertThat(answer.trailers().get("x-checksum")).hasToString("abc");
        }
    }

    @Test
    void aResponseOfDeclaredLengthHasNoPlaceForThemOverHttp11() throws Exception {
        Application declared = new Lint().wrap((environ, startResponse) -> {
            environ.trailers().set(TIMES);
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.text("hello");
        });
        try (Server server = Setup.DEFAULT.http(declared);
                HttpPeer peer = Peers.http(server);
                FrameClient client = new FrameClient(server)) {
            HttpPeer.Answer answer = peer.send(request(0)).answer();
            client.get(1, "/", "te", "trailers");
            Response response = client.response(1);

            assertThat(answer.field("content-length")).isEqualTo("5");
            assertThat(peer.send(request(0)).answer().text()).isEqualTo("hello");
            assertThat(response.text()).isEqualTo("hello");
            assertThat(response.trailers().get("x-checksum")).hasToString("abc");
        }
    }

    @Test
    void aClientOfHttp10GetsNone() throws Exception {
        try (Server server = Setup.DEFAULT.http(TRAILING);
                HttpPeer peer = Peers.http(server)) {
            peer.send("GET /5 HTTP/1.0\r\nHost: a\r\nTE: trailers\r\n\r\n");

            assertThat(peer.rest()).endsWith("\r\n\r\n\0\0\0\0\0").doesNotContain("abc");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "Transfer-Encoding", "Set-Cookie", "trailer", "WWW-Authenticate"})
    void whatBelongsIntoTheHeadIsRefused(String name) throws Exception {
        Application wrong = (environ, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            try {
                environ.trailers().set(Headers.of(name, "1"));
                return Body.text("set");
            } catch (IllegalArgumentException e) {
                return Body.text(String.valueOf(e.getMessage()));
            }
        };
        try (Server server = Setup.DEFAULT.http(wrong);
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.send(request(0)).answer().text())
                    .isEqualTo(name + " can't be a trailer: it belongs into the head (RFC 9110 section 6.5.1)");
        }
    }
}
