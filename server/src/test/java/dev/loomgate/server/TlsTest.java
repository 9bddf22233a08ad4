package dev.loomgate.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.Loop;
import dev.loomgate.server.TlsOptions.Engine;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.CertificateAuthority;
import dev.loomgate.testkit.peers.CertificateAuthority.Issued;
import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("timing")
class TlsTest {
    @TempDir
    static Path directory;

    private static CertificateAuthority authority;
    private static Issued localhost;

    @BeforeAll
    static void makeCertificates() throws Exception {
        authority = CertificateAuthority.in(directory);
        localhost = authority.issue("localhost", "DNS:localhost,IP:127.0.0.1");
    }

    static Stream<Arguments> setupsAndEngines() {
        return Setup.all().stream()
                .flatMap(setup -> Stream.of(Engine.OPENSSL, Engine.JDK).map(engine -> Arguments.of(setup, engine)));
    }

    @ParameterizedTest
    @MethodSource("setupsAndEngines")
    void requestsAreAnsweredOnOneConnection(Setup setup, Engine engine) throws Exception {
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            return Body.text(Stream.of("wsgi.url_scheme", "HTTPS", "SERVER_PORT", "REMOTE_ADDR", "SSL_PROTOCOL")
                    .map(name -> String.valueOf(environ.get(name)))
                    .collect(Collectors.joining(" ")));
        };
        try (Server server = TlsPeers.start(setup, application, TlsPeers.tls(localhost, engine));
                HttpClient client = TlsPeers.client(authority.client())) {
            String expected = "https on " + TlsPeers.address(server).getPort() + " 127.0.0.1 TLSv1.3";
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(TlsPeers.request(server, "/").build(), BodyHandlers.ofString())
                                .body())
                        .isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("setupsAndEngines")
    void http2IsSpokenToWhoOffersIt(Setup setup, Engine engine) throws Exception {
        byte[] noise = Apps.noise(3_000_000);
        Path file = Files.write(directory.resolve("http2-" + engine), noise);
        Application application = (environ, startResponse) -> {
            startResponse.start(
                    Status.OK, Headers.of("X-Seen", environ.get("SERVER_PROTOCOL") + " " + environ.scheme()));
            return environ.path().equals("/file")
                    ? Body.file(file)
                    : Body.bytes(environ.input().readAllBytes());
        };
        try (Server server = TlsPeers.start(setup, application, TlsPeers.tls(localhost, engine));
                HttpClient client =
                        HttpClient.newBuilder().sslContext(authority.client()).build()) {
            HttpResponse<byte[]> sent =
                    client.send(TlsPeers.request(server, "/file").build(), BodyHandlers.ofByteArray());
            assertThat(sent.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(sent.headers().firstValue("x-seen")).hasValue("HTTP/2 https");
            assertThat(Arrays.equals(sent.body(), noise)).isTrue();
            HttpResponse<byte[]> echoed = client.send(
                    TlsPeers.request(server, "/")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(noise))
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(Arrays.equals(echoed.body(), noise)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("setupsAndEngines")
    void bodiesArriveWhole(Setup setup, Engine engine) throws Exception {
        byte[] noise = Apps.noise(5_000_000);
        try (Server server = TlsPeers.start(setup, Apps.ECHO, TlsPeers.tls(localhost, engine));
                HttpClient client = TlsPeers.client(authority.client())) {
            HttpResponse<byte[]> answer = client.send(
                    TlsPeers.request(server, "/echo")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(noise))
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(answer.headers().firstValue("x-length")).hasValue("5000000");
            assertThat(Arrays.equals(answer.body(), noise)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("setupsAndEngines")
    void filesAreSentAsFarAsTheyAreAskedFor(Setup setup, Engine engine) throws Exception {
        byte[] noise = Apps.noise(3_000_001);
        Path file = Files.write(directory.resolve("file-" + engine), noise);
        AtomicInteger closed = new AtomicInteger();
        Application application = Apps.of(() -> new Body.FileBody(file, 1_000, 2_900_001, closed::incrementAndGet));
        try (Server server = TlsPeers.start(setup, application, TlsPeers.tls(localhost, engine));
                HttpClient client = TlsPeers.client(authority.client())) {
            byte[] got = client.send(TlsPeers.request(server, "/").build(), BodyHandlers.ofByteArray())
                    .body();
            assertThat(Arrays.equals(got, Arrays.copyOfRange(noise, 1_000, 2_901_001)))
                    .isTrue();
            Eventually.await("the body is closed", () -> closed.get() == 1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"OPENSSL", "JDK"})
    void aSlowReaderHoldsABoundedPartOfAnEndlessBody(Engine engine) throws Exception {
        AtomicInteger written = new AtomicInteger();
        Application application = Apps.of(() -> Body.stream(out -> {
            byte[] piece = new byte[16 * 1024];
            while (true) {
                out.write(piece);
                written.addAndGet(piece.length);
            }
        }));
        try (Server server = TlsPeers.start(Setup.DEFAULT, application, TlsPeers.tls(localhost, engine));
                SSLSocket socket = TlsPeers.socket(server, authority.client(), "localhost")) {
            socket.setReceiveBufferSize(8 * 1024);
            TlsPeers.send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(socket.getInputStream().readNBytes(100_000)).hasSize(100_000);
            int[] last = {-1};
            Eventually.await("the application waits", () -> {
                int before = last[0];
                last[0] = written.get();
                Thread.sleep(50);
                return last[0] == before && written.get() == before;
            });
            assertThat(written.get()).isLessThan(16_000_000);
        }
    }

    // ---- the ends

    @Test
    void plainHttpIsToldSo() throws Exception {
        try (Server server = TlsPeers.start(Setup.DEFAULT, Apps.LINE, TlsPeers.tls(localhost, Engine.AUTO));
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.get("/").rest())
                    .startsWith("HTTP/1.1 400 Bad Request")
                    .contains("a port for HTTPS");
        }
    }

    @Test
    void otherBytesEndTheConnectionWithALine() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = TlsPeers.start(Setup.DEFAULT, Apps.LINE, TlsPeers.tls(localhost, Engine.AUTO));
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.send("\0\1\2\3").rest()).isEmpty();
            log.await("tls: the client's first bytes are no TLS");
        }
    }

    @Test
    void aHandshakeThatIsNotCompletedEndsInTime() throws Exception {
        Limits limits = Limits.builder().headerTimeout(Duration.ofMillis(200)).build();
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = TlsPeers.start(Setup.DEFAULT, Apps.LINE, TlsPeers.tls(localhost, Engine.AUTO), limits);
                HttpPeer silent = Peers.http(server);
                HttpPeer begun = Peers.http(server)) {
            begun.send("\26\3\1\2\0\1");
            assertThat(silent.rest()).isEmpty();
            assertThat(begun.rest()).isEmpty();
            Eventually.await(
                    "two lines",
                    () -> log.with("tls: no complete handshake within 200 ms (headerTimeout)")
                                    .size()
                            == 2);
        }
    }

    @Test
    void aStopEndsHandshakes() throws Exception {
        Server server = TlsPeers.start(Setup.DEFAULT, Apps.LINE, TlsPeers.tls(localhost, Engine.AUTO));
        try (HttpPeer silent = Peers.http(server)) {
            Eventually.await(
                    "a connection", () -> server.snapshot().loops().getFirst().connections() == 1);
            assertThat(server.stop(TlsPeers.LIMIT)).isTrue();
            assertThat(silent.rest()).isEmpty();
        } finally {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"OPENSSL", "JDK"})
    void aResponseThatIsCutOffDoesNotSeemComplete(Engine engine) throws Exception {
        Application application = Apps.of(() -> Body.stream(out -> {
            out.write("begun");
            throw new IOException("on purpose");
        }));
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = TlsPeers.start(Setup.DEFAULT, application, TlsPeers.tls(localhost, engine));
                SSLSocket socket = TlsPeers.socket(server, authority.client(), "localhost")) {
            // To HTTP/1.0 the length is told by the connection's end.
            TlsPeers.send(socket, "GET / HTTP/1.0\r\n\r\n");
            assertThatThrownBy(() -> socket.getInputStream().readAllBytes()).isInstanceOf(IOException.class);
            log.await("on purpose");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"OPENSSL", "JDK"})
    void aClientThatDisconnectsIsNoticed(Engine engine) throws Exception {
        CompletableFuture<Optional<Throwable>> noticed = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        Application application = Apps.of(() -> Body.stream(out -> {
            try {
                while (true) {
                    out.write("tick");
                    begun.countDown();
                    Loop.sleep(Duration.ofMillis(10));
                }
            } catch (IOException e) {
                noticed.complete(Optional.of(e));
                throw e;
            }
        }));
        try (Server server = TlsPeers.start(Setup.DEFAULT, application, TlsPeers.tls(localhost, engine))) {
            SSLSocket socket = TlsPeers.socket(server, authority.client(), "localhost");
            TlsPeers.send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            begun.await();
            socket.close();
            assertThat(noticed.get(TlsPeers.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1", "-tls1_1", "-tls1_2 -cipher AES128-SHA", "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA"})
    void weakVersionsAndCiphersAreRefused(String offer) throws Exception {
        for (Engine engine : List.of(Engine.OPENSSL, Engine.JDK)) {
            try (Server server = TlsPeers.start(Setup.DEFAULT, Apps.LINE, TlsPeers.tls(localhost, engine))) {
                List<String> command = new ArrayList<>(List.of(
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + TlsPeers.address(server).getPort(),
                        "-cipher",
                        "ALL:@SECLEVEL=0"));
                command.addAll(List.of(offer.split(" ")));
                assertThatThrownBy(() -> CertificateAuthority.openssl(directory, command))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("alert");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Engine.class,
            names = {"OPENSSL", "JDK"})
    void aClientCantBeginAnotherHandshake(Engine engine) throws Exception {
        try (Server server = TlsPeers.start(Setup.DEFAULT, Apps.LINE, TlsPeers.tls(localhost, engine));
                SSLSocket socket = TlsPeers.socket(server, authority.client(), "localhost")) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();

            // It only asks for one; the server's answer is read with the next bytes.
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
                        if (socket.getInputStream().read() < 0) {
                            throw new EOFException("the server has closed the connection");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aHandshakeThatFailsInTheMiddleLeavesNothing() throws Exception {
        try (Server server = TlsPeers.start(Setup.DEFAULT, Apps.LINE, TlsPeers.tls(localhost, Engine.AUTO))) {
            for (int i = 0; i < 50; i++) {
                // The client trusts nobody.
                assertThatThrownBy(() -> TlsPeers.answer(server, SSLContext.getDefault()))
                        .isInstanceOf(SSLException.class);
            }
            Eventually.await(
                    "no connection", () -> server.snapshot().loops().getFirst().connections() == 0);
        }
    }
}
