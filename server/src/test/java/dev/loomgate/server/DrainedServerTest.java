package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.CertificateAuthority;
import io.netty.handler.codec.quic.QuicChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A server that asks its clients to leave, and goes on accepting.
@Timeout(60)
class DrainedServerTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final Semaphore begun = new Semaphore(0);
    private final Semaphore goOn = new Semaphore(0);

    private final Application waiting = (environ, startResponse) -> {
        begun.release();
        goOn.acquire();
        return Apps.LINE.call(environ, startResponse);
    };

    static List<Setup> setups() {
        return Setup.all();
    }

    private static void drain(Server server) throws Exception {
        server.drain();
        server.nextTurn().get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void connectionsOfHttp1EndWithARequestUntilTheDrainEnds(Setup setup) throws Exception {
        try (Server server = setup.http(waiting);
                HttpPeer open = Peers.http(server)) {
            open.send(REQUEST);
            begun.acquire();

            drain(server);

            goOn.release(2);
            assertThat(open.answer().field("connection")).isEqualTo("close");
            assertThat(open.rest()).isEmpty();
            try (HttpPeer late = Peers.http(server)) {
                HttpPeer.Answer answer = late.send(REQUEST).answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.field("connection")).isEqualTo("close");
                assertThat(late.rest()).isEmpty();
            }

            server.endDrain();

            goOn.release(2);
            try (HttpPeer stays = Peers.http(server)) {
                assertThat(stays.send(REQUEST).answer().field("connection")).isNotEqualTo("close");
                assertThat(stays.send(REQUEST).answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aConnectionWithoutARequestEndsAndOneWithPartOfOneDoesNot() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE);
                HttpPeer partial = Peers.http(server);
                HttpPeer idle = Peers.http(server)) {
            partial.send("GET / HT");
            assertThat(idle.send(REQUEST).answer().status()).isEqualTo(200);

            server.drain();

            assertThat(idle.rest()).isEmpty();
            assertThat(partial.send("TP/1.1\r\nHost: localhost\r\n\r\n")
                            .answer()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aConnectionThatComesLaterHasTheUsualTimeForItsRequest() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE);
                HttpPeer old = Peers.http(server)) {
            assertThat(old.send(REQUEST).answer().status()).isEqualTo(200);
            drain(server);
            try (HttpPeer late = Peers.http(server)) {
                late.send("GET / ");
                assertThat(old.rest()).isEmpty(); // its time was over before that of the other would be
                assertThat(late.send("HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .answer()
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void connectionsOfHttp2AreToldToGoAndLaterOnesWithTheirFirstRequest() throws Exception {
        try (Server server = Setup.DEFAULT.http(waiting);
                FrameClient open = new FrameClient(server)) {
            open.get(1, "/open");
            begun.acquire();

            drain(server);

            open.await(FrameClient.GOAWAY, 0);
            goOn.release(2);
            assertThat(open.response(1).text()).isEqualTo("GET /open");
            try (FrameClient late = new FrameClient(server)) {
                late.roundTrip();
                late.get(1, "/late");
                late.await(FrameClient.GOAWAY, 0);
                assertThat(late.response(1).text()).isEqualTo("GET /late");
            }
        }
    }

    @Test
    void connectionsOfHttp3AreToldToGoAndLaterOnesWithTheirFirstRequest(@TempDir Path directory) throws Exception {
        CertificateAuthority authority = CertificateAuthority.in(directory);
        try (Server server = Http3Peers.start(Setup.DEFAULT, Apps.LINE, authority);
                Http3Client open = new Http3Client(server);
                Http3Client late = new Http3Client(server)) {
            QuicChannel first = open.connect();
            assertThat(Http3Client.ask(first, Http3Client.get("/open")).status())
                    .isEqualTo("200");

            drain(server);

            Eventually.await("it is told", () -> open.goAways.size() == 2);
            QuicChannel second = late.connect();
            assertThat(late.goAways).isEmpty();
            assertThat(Http3Client.ask(second, Http3Client.get("/late")).text()).isEqualTo("GET /late");
            Eventually.await("it is told, too", () -> late.goAways.size() == 2);
        }
    }

    @Test
    void aStopOfADrainedServerAnswersWhatRuns() throws Exception {
        try (Server server = Setup.DEFAULT.http(waiting)) {
            drain(server);
            try (HttpPeer late = Peers.http(server)) {
                late.send(REQUEST);
                begun.acquire();
                goOn.release();

                assertThat(server.stop(Duration.ofSeconds(30))).isTrue();

                assertThat(late.answer().status()).isEqualTo(200);
            }
        }
    }
}
