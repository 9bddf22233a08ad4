package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.http.Fixture;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.HttpPeer.Answer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A refused request gets one answer, and nothing behind it is read as a request.
class HttpRefusalTest {
    private static final String SECOND = "GET /second HTTP/1.1\r\nHost: a\r\n\r\n";

    private static Server server;

    @BeforeAll
    static void start() throws ServerStartException {
        Limits limits = Limits.builder()
                .maxHeaderBytes(1024)
                .maxUriLength(200)
                .maxHeaderCount(10)
                .maxBodyBytes(1000)
                .build();
        // To one that speaks HTTP/2, its preface isn't a request.
        Http2Options none = Http2Options.builder().enabled(false).build();
        server = Server.builder(Apps.ECHO)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .options(Setup.DEFAULT.options().limits(limits).http2(none).build())
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<Fixture> requests() throws IOException {
        return Fixture.refusedRequests();
    }

    static List<Fixture> chunks() throws IOException {
        return Fixture.refusedChunks();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void aRefusedRequestIsTheLast(Fixture fixture) throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.server");
                HttpPeer peer = Peers.http(server)) {
            peer.send(fixture.wire() + SECOND);
            Answer answer = peer.answer();
            assertThat(answer.status()).isEqualTo(fixture.status());
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(answer.text()).startsWith(Integer.toString(fixture.status()));
            assertThat(peer.rest()).isEmpty();
            log.await(fixture.log());
        }
    }

    @ParameterizedTest
    @MethodSource("chunks")
    void aRefusedBodyIsTheLast(Fixture fixture) throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.server");
                HttpPeer peer = Peers.http(server)) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + fixture.wire() + SECOND);
            Answer answer = peer.answer();
            assertThat(answer.status()).isEqualTo(fixture.status());
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(peer.rest()).isEmpty();
            log.await(fixture.log());
        }
    }

    @Test
    void requestsBeforeARefusedOneAreAnswered() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.server");
                HttpPeer peer = Peers.http(server)) {
            peer.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\n\r\n" + SECOND);
            assertThat(peer.answer().status()).isEqualTo(200);
            assertThat(peer.answer().status()).isEqualTo(400);
            assertThat(peer.rest()).isEmpty();
            log.await("without Host");
        }
    }

    @Test
    void theAnswerReachesAClientThatGoesOnSending() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.server");
                HttpPeer peer = Peers.http(server)) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
            peer.send(new byte[2_000_000]);
            assertThat(peer.answer().status()).isEqualTo(413);
            assertThat(peer.rest()).isEmpty();
            log.await("maxBodyBytes");
        }
    }
}
