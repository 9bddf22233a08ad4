package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.HttpPeer.Answer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests of one connection, one after the other.
class HttpConnectionTest {
    static List<Setup> setups() {
        return Setup.all();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aConnectionServesManyRequests(Setup setup) throws Exception {
        try (Server server = setup.http(Apps.LINE);
                HttpPeer peer = Peers.http(server)) {
            for (int i = 0; i < 20; i++) {
                Answer answer = peer.get("/" + i).answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("GET /" + i);
                assertThat(answer.fields()).containsOnlyKeys("content-type", "content-length", "date", "server");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void pipelinedRequestsAreAnsweredInOrder(Setup setup) throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        try (Server server = setup.http((environ, startResponse) -> {
                    order.add(environ.path());
                    return Apps.ECHO.call(environ, startResponse);
                });
                HttpPeer peer = Peers.http(server)) {
            StringBuilder wire = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                wire.append("POST /%d HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n%03d".formatted(i, i));
            }
            peer.send(wire.toString());
            for (int i = 0; i < 100; i++) {
                assertThat(peer.answer().text()).isEqualTo("%03d".formatted(i));
            }
        }
        assertThat(order)
                .isEqualTo(IntStream.range(0, 100).mapToObj(i -> "/" + i).toList());
    }

    @ParameterizedTest
    @MethodSource("setups")
    void requestsMayComeOneByteAtATime(Setup setup) throws Exception {
        try (Server server = setup.http(Apps.ECHO);
                HttpPeer peer = Peers.http(server)) {
            peer.sendOneByOne("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
                    + "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\nT: r\r\n\r\n"
                    + "GET / HTTP/1.0\r\n\r\n");
            assertThat(peer.answer().text()).isEqualTo("hello");
            assertThat(peer.answer().text()).isEqualTo("abcde");
            assertThat(peer.answer().text()).isEmpty();
            assertThat(peer.rest()).isEmpty();
        }
    }

    @Test
    void aRequestMaySplitAtEveryPoint() throws Exception {
        String wire = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        try (Server server = Setup.DEFAULT.http(Apps.ECHO);
                HttpPeer peer = Peers.http(server)) {
            for (int at = 1; at < wire.length(); at++) {
                peer.send(wire.substring(0, at));
                peer.send(wire.substring(at));
                assertThat(peer.answer().text()).as("split at %d", at).isEqualTo("hello");
            }
        }
    }

    @Test
    void http10ClosesUnlessAskedToKeepAlive() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE);
                HttpPeer once = Peers.http(server);
                HttpPeer kept = Peers.http(server)) {
            Answer answer = once.send("GET / HTTP/1.0\r\n\r\n").answer();
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(once.rest()).isEmpty();
            for (int i = 0; i < 2; i++) {
                Answer further = kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                        .answer();
                assertThat(further.field("connection")).isEqualTo("keep-alive");
            }
        }
    }

    @Test
    void http10GetsUnknownLengthsUntilTheEnd() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.of(() -> Body.stream(out -> {
                    out.write("one ");
                    out.write("two");
                })));
                HttpPeer peer = Peers.http(server)) {
            Answer answer = peer.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                    .answer();
            assertThat(answer.fields()).doesNotContainKeys("transfer-encoding", "content-length");
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(answer.text()).isEqualTo("one two");
        }
    }

    @Test
    void connectionCloseIsHeeded() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE);
                HttpPeer peer = Peers.http(server)) {
            Answer answer = peer.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .answer();
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(peer.rest()).isEmpty();
        }
    }

    @Test
    void theApplicationMayCloseTheConnection() throws Exception {
        try (Server server = Setup.DEFAULT.http((environ, startResponse) -> {
                    startResponse.start(Status.OK, Headers.of("Connection", "close"));
                    return Body.text("bye");
                });
                HttpPeer peer = Peers.http(server)) {
            Answer answer = peer.get("/").answer();
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(answer.text()).isEqualTo("bye");
            assertThat(peer.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aClientThatEndsItsSideGetsItsAnswers(Setup setup) throws Exception {
        try (Server server = setup.http(Apps.LINE);
                HttpPeer peer = Peers.http(server)) {
            peer.get("/1").get("/2").endOutput();
            assertThat(peer.answer().text()).isEqualTo("GET /1");
            assertThat(peer.answer().text()).isEqualTo("GET /2");
            assertThat(peer.rest()).isEmpty();
        }
    }

    /// More than a socket takes at once: the server writes on when there is room again.
    @ParameterizedTest
    @MethodSource("setups")
    void aClientThatEndsItsSideGetsALongAnswer(Setup setup) throws Exception {
        byte[] piece = new byte[100_000];
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("Content-Type", "application/octet-stream"));
            return Body.stream(out -> {
                for (int i = 0; i < 200; i++) {
                    out.write(piece);
                }
            });
        };
        try (Server server = setup.http(application);
                HttpPeer peer = Peers.http(server)) {
            Answer answer = peer.get("/").endOutput().answer();

            assertThat(answer.content()).hasSize(200 * piece.length);
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aClientThatEndsItsSideAfterManyRequestsGetsAllAnswers(Setup setup) throws Exception {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        try (Server server = setup.http(Apps.LINE);
                HttpPeer peer = Peers.http(server)) {
            peer.send(requests.toString()).endOutput();
            for (int i = 0; i < 1000; i++) {
                assertThat(peer.answer().text()).isEqualTo("GET /" + i);
            }
        }
    }

    @Test
    void continueIsSentWhenTheApplicationReads() throws Exception {
        String expecting = "POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
        try (Server server = Setup.DEFAULT.http(
                        (environ, startResponse) -> environ.path().equals("/read")
                                ? Apps.ECHO.call(environ, startResponse)
                                : Apps.LINE.call(environ, startResponse));
                HttpPeer reader = Peers.http(server);
                HttpPeer other = Peers.http(server)) {
            reader.send(expecting.formatted("/read"));
            assertThat(reader.headOnly().status()).isEqualTo(100);
            assertThat(reader.send("hello").answer().text()).isEqualTo("hello");
            assertThat(reader.get("/next").answer().status()).isEqualTo(200);

            Answer refused = other.send(expecting.formatted("/leave")).answer();
            assertThat(refused.status()).isEqualTo(200);
            assertThat(refused.field("connection")).isEqualTo("close");
            assertThat(other.rest()).isEmpty();
        }
    }

    @Test
    void continueIsNotSentToAClientThatDoesntWait() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.ECHO);
                HttpPeer peer = Peers.http(server)) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\nhello");
            assertThat(peer.answer().text()).isEqualTo("hello");
        }
    }

    @Test
    void aShortUnreadBodyIsSkipped() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE);
                HttpPeer peer = Peers.http(server)) {
            peer.send(Apps.post("/unread", new byte[50_000])).get("/next");
            assertThat(peer.answer().text()).isEqualTo("POST /unread");
            assertThat(peer.answer().text()).isEqualTo("GET /next");
        }
    }

    @Test
    void aLongUnreadBodyEndsTheConnectionAfterTheAnswer() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE);
                HttpPeer peer = Peers.http(server)) {
            peer.send(Apps.post("/unread", new byte[3_000_000]));
            assertThat(peer.answer().field("connection")).isEqualTo("close");
            assertThat(peer.rest()).isEmpty();
        }
    }

    /// How much is still to come of a chunked body can't be known when the response begins.
    @ParameterizedTest
    @ValueSource(strings = {"whole", "stream"})
    void anUnreadChunkedBodyEndsTheConnectionAndTheAnswerSaysSo(String kind) throws Exception {
        try (Server server = Setup.DEFAULT.http(
                        Apps.of(() -> kind.equals("whole") ? Body.text("x") : Body.stream(out -> out.write("x"))));
                HttpPeer peer = Peers.http(server)) {
            peer.send("POST /unread HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            Answer answer = peer.answer();
            assertThat(answer.text()).isEqualTo("x");
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(peer.rest()).isEmpty();
        }
    }

    @Test
    void aChunkedBodyThatIsThereKeepsTheConnection() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE);
                HttpPeer peer = Peers.http(server)) {
            peer.send("POST /unread HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            assertThat(peer.answer().field("connection")).isEmpty();
            assertThat(peer.get("/next").answer().text()).isEqualTo("GET /next");
        }
    }

    @Test
    void aLaterMinorVersionIsAnsweredAsTheOneThatIsKnown() throws Exception {
        try (Server server = Setup.DEFAULT.http((environ, startResponse) -> {
                    startResponse.start(Status.OK, new Headers());
                    return Body.text(environ.text("SERVER_PROTOCOL").orElseThrow());
                });
                HttpPeer peer = Peers.http(server)) {
            for (String version : List.of("HTTP/1.2", "HTTP/1.9")) {
                Answer answer =
                        peer.send("GET / " + version + "\r\nHost: a\r\n\r\n").answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("HTTP/1.1");
                assertThat(answer.field("connection")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%20b", "[::1]", "[2001:db8::1]:80", "[::ffff:1.2.3.4]", "a_b:", "xn--a"})
    void aValidHostIsServed(String host) throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE);
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .answer()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void headGetsTheHeadOfGet() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE);
                HttpPeer peer = Peers.http(server)) {
            Answer head = peer.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").headOnly();
            assertThat(head.field("content-length")).isEqualTo("6");
            assertThat(peer.get("/").answer().text()).isEqualTo("GET /");
        }
    }

    @Test
    void theApplicationsDateAndServerStand() throws Exception {
        try (Server server = Setup.DEFAULT.http((environ, startResponse) -> {
                    startResponse.start(
                            Status.OK, Headers.of("date", "Mon, 01 Jan 2001 00:00:00 GMT", "server", "mine"));
                    return Body.empty();
                });
                HttpPeer peer = Peers.http(server)) {
            Answer answer = peer.get("/").answer();
            assertThat(answer.field("date")).isEqualTo("Mon, 01 Jan 2001 00:00:00 GMT");
            assertThat(answer.field("server")).isEqualTo("mine");
        }
    }

    @Test
    void theApplicationsFramingFieldsAreDropped() throws Exception {
        try (Server server = Setup.DEFAULT.http((environ, startResponse) -> {
                    startResponse.start(
                            Status.OK,
                            Headers.of(
                                    "Transfer-Encoding", "gzip",
                                    "Keep-Alive", "timeout=5",
                                    "Upgrade", "h2c",
                                    "Trailer", "X",
                                    "TE", "trailers",
                                    "Proxy-Connection", "x",
                                    "X-Kept", "yes"));
                    return Body.text("x");
                });
                HttpPeer peer = Peers.http(server)) {
            Answer answer = peer.get("/").answer();
            assertThat(answer.fields().keySet().stream().map(name -> name.toLowerCase(Locale.ROOT)))
                    .containsExactlyInAnyOrder("x-kept", "content-length", "date", "server");
        }
    }
}
