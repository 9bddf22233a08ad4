package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.Loop;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.HttpPeer.Answer;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The five kinds of body, and what their heads say.
class ResponseBodyTest {
    private static final String HEAD = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";

    static List<Setup> setups() {
        return Setup.all();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void everyKindArrivesWhole(Setup setup, @TempDir Path directory) throws Exception {
        byte[] content = Apps.noise(1_500_000);
        Path file = Files.write(directory.resolve("file"), content);
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            return switch (environ.path()) {
                case "/bytes" -> Body.bytes(content);
                case "/text" -> Body.text("ä".repeat(100_000));
                case "/chunks" -> Body.chunks(List.of(new byte[0], content, new byte[0], content));
                case "/file" -> Body.file(file);
                case "/part" -> new Body.FileBody(file, 1_000, 500_000, Body.NOTHING);
                default ->
                    Body.stream(out -> {
                        for (int i = 0; i < content.length; i += 1_000) {
                            out.write(java.nio.ByteBuffer.wrap(content, i, 1_000));
                        }
                    });
            };
        };
        try (Server server = setup.http(application);
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.get("/bytes").answer().content()).isEqualTo(content);
            assertThat(peer.get("/text").answer().text()).isEqualTo("ä".repeat(100_000));
            assertThat(peer.get("/chunks").answer().content())
                    .hasSize(3_000_000)
                    .startsWith(content)
                    .endsWith(content);
            assertThat(peer.get("/file").answer().content()).isEqualTo(content);
            assertThat(peer.get("/part").answer().content())
                    .isEqualTo(java.util.Arrays.copyOfRange(content, 1_000, 501_000));
            assertThat(peer.get("/stream").answer().content()).isEqualTo(content);
        }
    }

    /// Short ones leave with their heads, others by sendfile or in pieces.
    @ParameterizedTest
    @MethodSource("setups")
    void filesOfEachLengthArriveWhole(Setup setup, @TempDir Path directory) throws Exception {
        byte[] content = Apps.noise(300_000);
        Path file = Files.write(directory.resolve("file"), content);
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            return new Body.FileBody(file, 7, Long.parseLong(environ.path().substring(1)), Body.NOTHING);
        };
        try (Server server = setup.http(application);
                HttpPeer peer = Peers.http(server)) {
            for (int length : new int[] {0, 1, 16_384, 16_385, 65_536, 65_537, 299_993}) {
                assertThat(peer.get("/" + length).answer().content())
                        .isEqualTo(java.util.Arrays.copyOfRange(content, 7, 7 + length));
            }
        }
    }

    @Test
    void knownLengthsAreDeclaredAndUnknownOnesChunked(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "12345");
        Application application = (environ, startResponse) -> {
            startResponse.start(
                    Status.OK, environ.path().equals("/declared") ? Headers.of("Content-Length", "3") : new Headers());
            return switch (environ.path()) {
                case "/file" -> Body.file(file);
                case "/empty" -> Body.stream(out -> {});
                default -> Body.stream(out -> out.write("abc"));
            };
        };
        try (Server server = Setup.DEFAULT.http(application);
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.get("/file").answer().field("content-length")).isEqualTo("5");
            assertThat(peer.get("/stream").answer().field("transfer-encoding")).isEqualTo("chunked");
            Answer declared = peer.get("/declared").answer();
            assertThat(declared.field("content-length")).isEqualTo("3");
            assertThat(declared.fields()).doesNotContainKey("transfer-encoding");
            assertThat(declared.text()).isEqualTo("abc");
            assertThat(peer.get("/empty").answer().field("content-length")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @CsvSource({"200, 3", "204, ''", "304, ''", "205, 0", "404, 3"})
    void headAndBodilessStatusesSendNoContent(int status, String length) throws Exception {
        AtomicInteger closed = new AtomicInteger();
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.of(status), new Headers());
            return Body.text("abc").onClose(closed::incrementAndGet);
        };
        try (Server server = Setup.DEFAULT.http(application);
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.send(HEAD).headOnly().field("content-length")).isEqualTo(length);
            Answer answer = peer.get("/").answer();
            assertThat(answer.field("content-length")).isEqualTo(length);
            assertThat(answer.text()).isEqualTo(Status.of(status).bodiless() ? "" : "abc");
            // The connection is where it should be: the next head begins right there.
            assertThat(peer.send(HEAD).headOnly().status()).isEqualTo(status);
        }
        assertThat(closed).hasValue(3);
    }

    @Test
    void headOfAFileSaysItsLengthWithoutSendingIt(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "12345");
        try (Server server = Setup.DEFAULT.http(Apps.of(() -> Body.file(file)));
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.send(HEAD).headOnly().field("content-length")).isEqualTo("5");
            assertThat(peer.get("/").answer().text()).isEqualTo("12345");
        }
    }

    @Test
    void headDoesntRunAStream() throws Exception {
        AtomicInteger run = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        Application application = Apps.of(() -> Body.stream(out -> {
                    run.incrementAndGet();
                    out.write("x");
                })
                .onClose(closed::incrementAndGet));
        try (Server server = Setup.DEFAULT.http(application);
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.send(HEAD).headOnly().fields()).doesNotContainKeys("content-length", "transfer-encoding");
            assertThat(peer.get("/").answer().text()).isEqualTo("x");
        }
        assertThat(run).hasValue(1);
        assertThat(closed).hasValue(2);
    }

    @Test
    void chunksOfAStreamArriveWhenTheyAreWritten() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        Application application = Apps.of(() -> Body.stream(out -> {
            out.write("first");
            Loop.offload(() -> first.await(10, TimeUnit.SECONDS));
            out.write("second");
        }));
        try (Server server = Setup.DEFAULT.http(application);
                HttpPeer peer = Peers.http(server)) {
            peer.get("/");
            assertThat(peer.headOnly().field("transfer-encoding")).isEqualTo("chunked");
            assertThat(peer.line()).isEqualTo("5");
            assertThat(peer.line()).isEqualTo("first");
            first.countDown();
            assertThat(peer.line()).isEqualTo("6");
            assertThat(peer.line()).isEqualTo("second");
            assertThat(peer.line()).isEqualTo("0");
        }
    }

    @Test
    void aWriterMustNotGoPastTheDeclaredLength() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("Content-Length", "3"));
            return Body.stream(out -> {
                out.write("abc");
                assertThatThrownBy(() -> out.write("d"))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("3");
                refused.incrementAndGet();
            });
        };
        try (Server server = Setup.DEFAULT.http(application);
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.get("/").answer().text()).isEqualTo("abc");
            assertThat(peer.get("/").answer().text()).isEqualTo("abc");
        }
        assertThat(refused).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"declared", "chunked"})
    void whatEndsTooEarlyIsBrokenOff(String kind) throws Exception {
        Application application = (environ, startResponse) -> {
            boolean declared = kind.equals("declared");
            startResponse.start(Status.OK, declared ? Headers.of("Content-Length", "5") : new Headers());
            return Body.stream(out -> {
                out.write("abc");
                if (!declared) {
                    throw new IllegalStateException("half-way");
                }
            });
        };
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Setup.DEFAULT.http(application);
                HttpPeer peer = Peers.http(server)) {
            String received = peer.get("/").rest();
            assertThat(received).contains("abc").doesNotContain("\r\n0\r\n");
            log.await(kind.equals("declared") ? "Content-Length is 5, but the body ends after 3" : "half-way");
            log.await("GET /: the application failed, the response is broken off");
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void whatWouldEndWithTheConnectionIsReset(Setup setup) throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        Application application = Apps.of(() -> Body.stream(out -> {
            out.write("abc");
            Loop.offload(() -> received.await(10, TimeUnit.SECONDS));
            throw new IllegalStateException("half-way");
        }));
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = setup.http(application);
                HttpPeer peer = Peers.http(server)) {
            peer.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(peer.headOnly().fields()).doesNotContainKey("content-length");
            received.countDown();
            assertThatThrownBy(peer::rest).isInstanceOf(SocketException.class).hasMessage("Connection reset");
            log.await("half-way");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/throw, boom",
        "/null, has returned null instead of a body",
        "/unstarted, has not called startResponse",
        "/wrong-length, 'Content-Length is 9, but the body has 3 bytes'",
        "/no-length, Content-Length is not one number: 3x",
        "/no-file, NoSuchFileException",
        "/short-file, which has only 0",
        "/twice, startResponse is called a second time",
        "/early, 'takes a final status, 200 to 599'",
        "/accept, 'called with 101 Switching Protocols, but the request asks for no WebSocket'",
        "/web-socket, 'has returned a WebSocket, but the request asks for no WebSocket'",
        "/stream, boom",
        "/iterator, boom",
        "/error, OutOfMemoryError",
    })
    void anApplicationsFailureIsA500AndALogEntry(String path, String reason, @TempDir Path directory) throws Exception {
        Path empty = Files.writeString(directory.resolve("empty"), "");
        AtomicInteger closed = new AtomicInteger();
        Application application = (environ, startResponse) -> {
            switch (environ.path()) {
                case "/throw" -> throw new IllegalStateException("boom");
                case "/error" -> throw new OutOfMemoryError("not really");
                case "/unstarted" -> {}
                case "/early" -> startResponse.start(Status.of(103), new Headers());
                case "/accept" -> startResponse.start(Status.SWITCHING_PROTOCOLS, new Headers());
                case "/wrong-length" -> startResponse.start(Status.OK, Headers.of("Content-Length", "9"));
                case "/no-length" -> startResponse.start(Status.OK, Headers.of("Content-Length", "3x"));
                case "/twice" -> {
                    startResponse.start(Status.OK, new Headers());
                    startResponse.start(Status.NOT_FOUND, new Headers());
                }
                default -> startResponse.start(Status.OK, new Headers());
            }
            Body body =
                    switch (environ.path()) {
                        case "/no-file" -> Body.file(directory.resolve("nothing"));
                        case "/short-file" -> new Body.FileBody(empty, 0, 1, Body.NOTHING);
                        case "/web-socket" -> Body.webSocket(socket -> {});
                        case "/stream" ->
                            Body.stream(out -> {
                                throw new IllegalStateException("boom");
                            });
                        case "/iterator" ->
                            Body.chunks(() -> {
                                throw new IllegalStateException("boom");
                            });
                        default -> Body.text("abc");
                    };
            return environ.path().equals("/null") ? nothing() : body.onClose(closed::incrementAndGet);
        };
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Setup.DEFAULT.http(application);
                HttpPeer peer = Peers.http(server)) {
            Answer answer = peer.get(path).answer();
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.text()).doesNotContain(reason).contains("the server's log says why");
            assertThat(log.await(reason)).startsWith("GET " + path + ": the application failed");
            // The connection goes on.
            assertThat(peer.get("/throw").answer().status()).isEqualTo(500);
        }
        assertThat(closed.get()).isLessThanOrEqualTo(1);
    }

    @SuppressWarnings("NullAway") // what a careless application does
    private static Body nothing() {
        return null;
    }

    @Test
    void developmentShowsTheStack() throws Exception {
        Application application = (environ, startResponse) -> {
            throw new IllegalStateException("boom");
        };
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Server.builder(application)
                        .listen(ListenAddress.http("127.0.0.1:0"))
                        .options(Setup.DEFAULT.options().development(true).build())
                        .start();
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.get("/").answer().text()).contains("boom", "at " + ResponseBodyTest.class.getName());
            log.await("boom");
        }
    }

    @Test
    void aStartedResponseMayBeReplacedWithACauseUntilBytesAreSent() throws Exception {
        IllegalStateException cause = new IllegalStateException("cause");
        AtomicInteger thrown = new AtomicInteger();
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("X", "1"));
            if (environ.path().equals("/before")) {
                startResponse.start(Status.NOT_FOUND, Headers.of("X", "2"), cause);
                return Body.text("replaced");
            }
            return Body.stream(out -> {
                out.write("sent");
                assertThatThrownBy(() -> startResponse.start(Status.NOT_FOUND, new Headers(), cause))
                        .isSameAs(cause);
                thrown.incrementAndGet();
            });
        };
        try (Server server = Setup.DEFAULT.http(application);
                HttpPeer peer = Peers.http(server)) {
            Answer replaced = peer.get("/before").answer();
            assertThat(replaced.status()).isEqualTo(404);
            assertThat(replaced.field("x")).isEqualTo("2");
            assertThat(peer.get("/after").answer().text()).isEqualTo("sent");
        }
        assertThat(thrown).hasValue(1);
    }

    @Test
    void closingHappensOnceAndItsFailureOnlyInTheLog() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        Application application = Apps.of(() -> Body.text("x").onClose(() -> {
            closed.incrementAndGet();
            throw new IllegalStateException("can't close");
        }));
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Setup.DEFAULT.http(application);
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.get("/").answer().text()).isEqualTo("x");
            assertThat(peer.get("/").answer().text()).isEqualTo("x");
            log.await("closing the body failed");
        }
        assertThat(closed).hasValue(2);
    }

    @Test
    void aSlowClosingDoesntHoldTheResponse() throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        Application application = Apps.of(() -> Body.text("x").onClose(() -> {
            try {
                assertThat(Loop.<Boolean>offload(() -> received.await(10, TimeUnit.SECONDS)))
                        .isTrue();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }));
        try (Server server = Setup.DEFAULT.http(application);
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.get("/").answer().text()).isEqualTo("x");
            received.countDown();
            assertThat(server.stop(Duration.ofSeconds(5))).isTrue();
        }
    }

    @Test
    void errorsLinesGoToTheApplicationsLog() throws Exception {
        Application application = (environ, startResponse) -> {
            environ.errors().println("one line");
            environ.errors().print("another");
            environ.errors().flush();
            startResponse.start(Status.OK, new Headers());
            return Body.empty();
        };
        try (LogLines log = LogLines.of("dev.loomgate.application");
                Server server = Setup.DEFAULT.http(application);
                HttpPeer peer = Peers.http(server)) {
            assertThat(new String(peer.get("/").answer().content(), StandardCharsets.UTF_8))
                    .isEmpty();
            assertThat(log.lines()).containsExactly("one line", "another");
        }
    }
}
