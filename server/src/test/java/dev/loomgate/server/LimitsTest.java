package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.Loop;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.HttpPeer.Answer;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What happens at each limit that has to do with time or number: to the client, to the application, in the log.
@Tag("timing")
class LimitsTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    static List<Setup> setups() {
        return Setup.all();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aHeadThatDoesntCome(Setup setup) throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = setup.http(Apps.LINE, limits -> limits.headerTimeout(SHORT));
                HttpPeer half = Peers.http(server);
                HttpPeer silent = Peers.http(server)) {
            assertThat(half.send("GET / HT").answer().status()).isEqualTo(408);
            assertThat(half.rest()).isEmpty();
            assertThat(silent.rest()).isEmpty();
            log.await("request head not complete within 200 ms (headerTimeout)");
        }
    }

    @Test
    void aHeadThatComesTooSlowly() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Setup.DEFAULT.http(Apps.LINE, limits -> limits.headerTimeout(SHORT));
                HttpPeer peer = Peers.http(server)) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    peer.send("GET / HTTP/1.1\r\n");
                    while (!Thread.currentThread().isInterrupted()) {
                        peer.send("A: b\r\n");
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException e) {
                    // The server or the test has had enough.
                }
            });
            assertThat(peer.answer().status()).isEqualTo(408);
            sender.interrupt();
            sender.join();
            log.await("headerTimeout");
        }
    }

    @Test
    void anIdleConnectionIsClosedWithoutAWord() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE, limits -> limits.idleTimeout(SHORT));
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.get("/").answer().field("connection")).isEmpty();
            assertThat(peer.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aBodyThatDoesntCome(Setup setup) throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = setup.http(Apps.ECHO, limits -> limits.bodyTimeout(SHORT));
                HttpPeer peer = Peers.http(server)) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhal");
            Answer answer = peer.answer();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.field("connection")).isEqualTo("close");
            log.await("no byte of the request body within 200 ms (bodyTimeout)");
        }
    }

    @Test
    void theApplicationMayAnswerItselfWhenTheBodyDoesntCome() throws Exception {
        Application application = (environ, startResponse) -> {
            try {
                environ.input().readAllBytes();
                throw new AssertionError("the body came");
            } catch (IOException e) {
                startResponse.start(Status.of(418), new Headers());
                return Body.text(String.valueOf(e.getMessage()));
            }
        };
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Setup.DEFAULT.http(application, limits -> limits.bodyTimeout(SHORT));
                HttpPeer peer = Peers.http(server)) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
            Answer answer = peer.answer();
            assertThat(answer.status()).isEqualTo(418);
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(answer.text()).isEqualTo("timed out waiting for the request body");
            log.await("bodyTimeout");
        }
    }

    @Test
    void anApplicationThatDoesntReadIsNoFaultOfTheClient() throws Exception {
        Application application = (environ, startResponse) -> {
            Loop.sleep(SHORT.multipliedBy(4));
            return Apps.ECHO.call(environ, startResponse);
        };
        byte[] content = Apps.noise(2_000_000);
        try (Server server = Setup.DEFAULT.http(application, limits -> limits.bodyTimeout(SHORT));
                HttpPeer peer = Peers.http(server)) {
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    peer.send(Apps.post("/", content));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(peer.answer().content()).isEqualTo(content);
            sender.join();
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aClientThatTakesNothing(Setup setup) throws Exception {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        CountDownLatch closed = new CountDownLatch(1);
        Application application = Apps.of(() -> Body.stream(out -> {
                    try {
                        while (true) {
                            out.write(new byte[100_000]);
                        }
                    } catch (IOException e) {
                        seen.set(e);
                        throw e;
                    }
                })
                .onClose(closed::countDown));
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = setup.http(application, limits -> limits.writeTimeout(SHORT));
                HttpPeer peer = Peers.http(server)) {
            peer.get("/");
            log.await("for 200 ms (writeTimeout): GET /");
            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(seen.get()).isInstanceOf(ClientGone.class);
        }
    }

    @Test
    void aLastAnswerHasTheTimeThatItsClientTakes(@TempDir Path directory) throws Exception {
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            return Body.bytes(Apps.noise(Integer.parseInt(environ.queryString())));
        };
        List<HttpPeer> peers = new ArrayList<>();
        // A unix socket, since the kernel keeps little of it. Of one of the lengths, the server keeps the rest.
        try (Server server = Server.builder(application)
                .listen(ListenAddress.http(directory.resolve("s").toString()))
                .options(Setup.DEFAULT.options().build())
                .start()) {
            for (int length = 100_000; length < 400_000; length += 10_000) {
                peers.add(Peers.http(server)
                        .send("POST /?" + length + " HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"));
            }
            Thread.sleep(6_500); // longer than the server waits for a client to close its side
            for (HttpPeer peer : peers) {
                Answer answer = peer.answer();
                assertThat(answer.field("connection")).isEqualTo("close");
                assertThat(answer.content()).isEqualTo(Apps.noise(answer.content().length));
                assertThat(peer.rest()).isEmpty();
            }
        } finally {
            for (HttpPeer peer : peers) {
                peer.close();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void harakiriAnswersThatClientAlone(Setup setup) throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        Application application = (environ, startResponse) -> {
            if (environ.path().equals("/slow")) {
                try {
                    Loop.sleep(Duration.ofSeconds(30));
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
            }
            return Apps.LINE.call(environ, startResponse);
        };
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = setup.http(application, limits -> limits.requestTimeout(SHORT));
                HttpPeer slow = Peers.http(server);
                HttpPeer other = Peers.http(server)) {
            slow.get("/slow");
            assertThat(other.get("/").answer().status()).isEqualTo(200);
            Answer answer = slow.answer();
            assertThat(answer.status()).isEqualTo(504);
            assertThat(slow.rest()).isEmpty();
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(other.get("/").answer().status()).isEqualTo(200);
            log.await("GET /slow: no complete response within 200 ms (requestTimeout)");
            assertThat(log.await("interrupted by the server at")).contains("at " + LimitsTest.class.getName());
        }
    }

    @Test
    void harakiriBreaksOffAResponseThatHasBegun() throws Exception {
        Application application = Apps.of(() -> Body.stream(out -> {
            out.write("begun");
            Loop.sleep(Duration.ofSeconds(30));
        }));
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Setup.DEFAULT.http(application, limits -> limits.requestTimeout(SHORT));
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.get("/").rest()).contains("200 OK", "begun").doesNotContain("504", "\r\n0\r\n");
            log.await("requestTimeout");
        }
    }

    @Test
    void harakiriResetsWhatWouldEndWithTheConnection() throws Exception {
        Application application = Apps.of(() -> Body.stream(out -> {
            out.write("begun");
            Loop.sleep(Duration.ofSeconds(30));
        }));
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Setup.DEFAULT.http(application, limits -> limits.requestTimeout(SHORT));
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.send("GET / HTTP/1.0\r\n\r\n").headOnly().status()).isEqualTo(200);
            assertThatThrownBy(peer::rest).isInstanceOf(SocketException.class).hasMessage("Connection reset");
            log.await("requestTimeout");
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void overTheMicrothreadLimitRequestsWaitForTheirTurn(Setup setup) throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Application application = (environ, startResponse) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Loop.sleep(Duration.ofMillis(20));
            running.decrementAndGet();
            return Apps.LINE.call(environ, startResponse);
        };
        List<HttpPeer> peers = new ArrayList<>();
        try (Server server = setup.http(application, limits -> limits.maxMicrothreads(3))) {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 20; i++) {
                    if (round == 0) {
                        peers.add(Peers.http(server));
                    }
                    peers.get(i).get("/" + i);
                }
                for (int i = 0; i < 20; i++) {
                    assertThat(peers.get(i).answer().text()).isEqualTo("GET /" + i);
                }
            }
        } finally {
            for (HttpPeer peer : peers) {
                peer.close();
            }
        }
        assertThat(most.get()).isBetween(1, 3);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void overTheConnectionLimitTheKernelKeepsConnections(Setup setup) throws Exception {
        try (Server server = setup.http(Apps.LINE, limits -> limits.maxConnections(2));
                HttpPeer third = waitBehindTwo(server)) {
            assertThat(third.answer().text()).isEqualTo("GET /third");
        }
    }

    private static HttpPeer waitBehindTwo(Server server) throws IOException {
        try (HttpPeer first = Peers.http(server);
                HttpPeer second = Peers.http(server)) {
            assertThat(first.get("/").answer().status()).isEqualTo(200);
            assertThat(second.get("/").answer().status()).isEqualTo(200);
            HttpPeer third = Peers.http(server).get("/third");
            assertThat(first.get("/").answer().status()).isEqualTo(200);
            return third;
        }
    }
}
