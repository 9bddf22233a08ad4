package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.CertificateAuthority;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.QuicChannel;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests by HTTP/3, over QUIC.
@Timeout(120)
final class Http3RequestsTest {
    private static final long MESSAGE_ERROR = 0x10e;
    private static CertificateAuthority authority;

    @BeforeAll
    static void makeCertificates(@TempDir Path directory) throws Exception {
        authority = CertificateAuthority.in(directory);
    }

    static List<Setup> setups() {
        return Setup.all();
    }

    private static Server server(Application application) throws Exception {
        return Http3Peers.start(Setup.DEFAULT, application, authority);
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aRequestIsAnswered(Setup setup) throws Exception {
        try (Server server = Http3Peers.start(setup, Apps.LINE, authority);
                Http3Client client = new Http3Client(server)) {
            QuicChannel connection = client.connect();

            for (int i = 0; i < 300; i++) {
                Http3Client.Exchanged answer = Http3Client.ask(connection, Http3Client.get("/a?n=" + i));

                assertThat(answer.status()).isEqualTo("200");
                assertThat(answer.text()).isEqualTo("GET /a?n=" + i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aBodyOfAnyLengthIsEchoed(Setup setup) throws Exception {
        try (Server server = Http3Peers.start(setup, Apps.ECHO, authority);
                Http3Client client = new Http3Client(server)) {
            QuicChannel connection = client.connect();
            for (int length : new int[] {0, 1, 1000, 40_000, 300_000}) {
                byte[] noise = Apps.noise(length);
                Http3Client.Exchanged exchanged = Http3Client.send(connection, Http3Client.request("POST", "/"), false);
                exchanged.send(noise);
                exchanged.endRequest();

                assertThat(exchanged.await().bytes()).isEqualTo(noise);
                assertThat(exchanged.head().getLong("content-length")).isEqualTo(length);
            }
        }
    }

    @Test
    void aResponseEndsThoughDatagramsAreLost() throws Exception {
        try (Server server = server(Apps.ECHO);
                LossyRelay network = new LossyRelay(TlsPeers.address(server), 5);
                Http3Client client = new Http3Client(network.address())) {
            QuicChannel connection = client.connect();
            for (int i = 0; i < 40; i++) {
                byte[] noise = Apps.noise(i * 100);
                Http3Client.Exchanged exchanged = Http3Client.send(connection, Http3Client.request("POST", "/"), false);
                exchanged.send(noise);
                exchanged.endRequest();

                assertThat(exchanged.await().bytes()).isEqualTo(noise);
            }
        }
    }

    @Test
    void theEnvironIsRightForTheProtocol() throws Exception {
        Application tells = (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            List<String> lines = new ArrayList<>();
            for (String key : List.of(
                    "SERVER_PROTOCOL",
                    "wsgi.url_scheme",
                    "HTTPS",
                    "SSL_PROTOCOL",
                    "SSL_CIPHER",
                    "REMOTE_ADDR",
                    "HTTP_HOST",
                    "SERVER_PORT")) {
                lines.add(key + "=" + environ.get(key));
            }
            return Body.text(String.join("\n", lines));
        };
        try (Server server = server(tells);
                Http3Client client = new Http3Client(server)) {
            assertThat(Http3Client.ask(client.connect(), Http3Client.get("/"))
                            .text()
                            .lines())
                    .contains(
                            "SERVER_PROTOCOL=HTTP/3",
                            "wsgi.url_scheme=https",
                            "HTTPS=on",
                            "SSL_PROTOCOL=TLSv1.3",
                            "REMOTE_ADDR=127.0.0.1",
                            "HTTP_HOST=localhost",
                            "SERVER_PORT=" + TlsPeers.address(server).getPort())
                    .noneMatch(line -> line.equals("SSL_CIPHER=null"));
        }
    }

    @Test
    void anUploadOfFiftyMegabytesWaitsForItsReader() throws Exception {
        int length = 50_000_000;
        CountDownLatch mayRead = new CountDownLatch(1);
        AtomicLong sent = new AtomicLong();
        Application counts = (environ, startResponse) -> {
            mayRead.await();
            long count = 0;
            InputStream input = environ.input();
            byte[] piece = new byte[8192];
            for (int read = input.read(piece); read >= 0; read = input.read(piece)) {
                count += read;
            }
            startResponse.start(Status.OK, new Headers());
            return Body.text(Long.toString(count));
        };
        try (Server server = server(counts);
                Http3Client client = new Http3Client(server)) {
            Http3Client.Exchanged exchanged =
                    Http3Client.send(client.connect(), Http3Client.request("POST", "/"), false);
            Thread sender = Thread.ofVirtual().start(() -> {
                byte[] piece = new byte[10_000];
                for (int at = 0; at < length; at += piece.length) {
                    try {
                        exchanged.send(piece);
                        sent.addAndGet(piece.length);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
            // While nobody reads, what is under way is bounded: by the stream's window, and what QUIC gathers to send.
            Eventually.await("something is sent", () -> sent.get() > 0);
            assertThat(sender.join(java.time.Duration.ofMillis(500))).isFalse();
            assertThat(sent.get()).isLessThan(2_000_000);

            mayRead.countDown();
            sender.join();
            exchanged.endRequest();

            assertThat(exchanged.await().text()).isEqualTo(Integer.toString(length));
        }
    }

    @Test
    void aDownloadOfAHundredMegabytes() throws Exception {
        byte[] piece = Apps.noise(100_000);
        Application streams = Apps.of(() -> Body.stream(out -> {
            for (int i = 0; i < 1000; i++) {
                out.write(piece);
            }
        }));
        try (Server server = server(streams);
                Http3Client client = new Http3Client(server)) {
            Http3Client.Exchanged exchanged = Http3Client.send(client.connect(), Http3Client.get("/"), true);
            exchanged.keeps = false;

            assertThat(exchanged.await().received.get()).isEqualTo(100_000_000);
        }
    }

    @Test
    void aClientThatReadsNothingHoldsTheWriterUp() throws Exception {
        AtomicLong written = new AtomicLong();
        byte[] piece = new byte[10_000];
        Application streams = Apps.of(() -> Body.stream(out -> {
            for (int i = 0; i < 10_000; i++) {
                out.write(piece);
                written.addAndGet(piece.length);
            }
        }));
        try (Server server = server(streams);
                Http3Client client = new Http3Client(server)) {
            Http3Client.Exchanged exchanged = Http3Client.send(client.connect(), Http3Client.get("/"), false);
            exchanged.stream().config().setAutoRead(false);
            exchanged.stream().shutdownOutput().sync();
            // The client's window for a stream is a megabyte, which it may double and more.
            AtomicLong before = new AtomicLong(-1);
            Eventually.await(
                    "the writer waits",
                    () -> written.get() > 500_000 && before.getAndSet(written.get()) == written.get());
            assertThat(written.get()).isLessThan(20_000_000);

            exchanged.keeps = false;
            exchanged.stream().config().setAutoRead(true);
            assertThat(exchanged.await().received.get()).isEqualTo(100_000_000);
        }
    }

    @Test
    void aResetEndsTheRequestAtOnce() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        Application reads = (environ, startResponse) -> {
            begun.countDown();
            try {
                environ.input().readAllBytes();
            } catch (java.io.IOException e) {
                gone.countDown();
            }
            startResponse.start(Status.OK, new Headers());
            return Body.empty();
        };
        try (Server server = server(reads);
                Http3Client client = new Http3Client(server)) {
            QuicChannel connection = client.connect();
            Http3Client.Exchanged exchanged = Http3Client.send(connection, Http3Client.request("POST", "/"), false);
            begun.await();
            exchanged.cancel();

            assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /// At once; where it comes while the network takes nothing more, QUIC may forget the stream before
    /// anybody is told, and the write timeout ends it (1 of 500 on a busy machine).
    @Test
    void stopSendingEndsAStreamedResponse() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        Application streams = Apps.of(() -> Body.stream(out -> {
            try {
                while (true) {
                    out.write(new byte[1000]);
                }
            } catch (ClientGone e) {
                gone.countDown();
                throw e;
            }
        }));
        Limits limits = Limits.builder().writeTimeout(Duration.ofSeconds(10)).build();
        try (Server server = Http3Peers.start(Setup.DEFAULT, streams, authority, options -> options.limits(limits));
                Http3Client client = new Http3Client(server)) {
            Http3Client.Exchanged exchanged = Http3Client.send(client.connect(), Http3Client.get("/"), true);
            exchanged.keeps = false;
            exchanged.head();
            exchanged.cancel();

            assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aClientThatDisconnectsEndsItsRequests() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        Application reads = (environ, startResponse) -> {
            begun.countDown();
            try {
                environ.input().readAllBytes();
            } catch (java.io.IOException e) {
                gone.countDown();
            }
            startResponse.start(Status.OK, new Headers());
            return Body.empty();
        };
        try (Server server = server(reads);
                Http3Client client = new Http3Client(server)) {
            QuicChannel connection = client.connect();
            Http3Client.send(connection, Http3Client.request("POST", "/"), false);
            begun.await();
            connection.close();

            assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void whatIsNoRequestIsReset() throws Exception {
        try (Server server = server(Apps.LINE);
                Http3Client client = new Http3Client(server)) {
            QuicChannel connection = client.connect();
            for (String[] field : new String[][] {
                {"connection", "close"},
                {"transfer-encoding", "chunked"},
                {"X-Upper", "a"},
                {"te", "gzip"},
                {"a", "b\n"}
            }) {
                Http3Headers head = Http3Client.get("/");
                head.add(field[0], field[1]);

                assertThat(Http3Client.send(connection, head, true).resetBy())
                        .as(field[0])
                        .isEqualTo(MESSAGE_ERROR);
            }
            assertThat(Http3Client.ask(connection, Http3Client.get("/")).status())
                    .isEqualTo("200");
        }
    }

    @Test
    void limitsAreHttps() throws Exception {
        Limits limits = Limits.builder()
                .maxHeaderBytes(4000)
                .maxBodyBytes(10_000)
                .maxUriLength(1000)
                .build();
        try (Server server = Http3Peers.start(Setup.DEFAULT, Apps.ECHO, authority, all -> all.limits(limits));
                Http3Client client = new Http3Client(server)) {
            QuicChannel connection = client.connect();
            Http3Headers large = Http3Client.get("/");
            large.add("a", "x".repeat(4500));
            assertThat(Http3Client.ask(connection, large).status()).isEqualTo("431");
            assertThat(Http3Client.ask(connection, Http3Client.get("/" + "x".repeat(1000)))
                            .status())
                    .isEqualTo("414");
            Http3Client.Exchanged body = Http3Client.send(connection, Http3Client.request("POST", "/"), false);
            body.send(new byte[20_000]);
            assertThat(body.status()).isEqualTo("413");

            assertThat(Http3Client.ask(connection, Http3Client.get("/")).status())
                    .isEqualTo("200");
        }
    }

    @Test
    void aStopAnswersWhatRunsAndTakesNoMore() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Application waits = (environ, startResponse) -> {
            begun.countDown();
            mayEnd.await();
            return Apps.LINE.call(environ, startResponse);
        };
        Server server = server(waits);
        try (Http3Client client = new Http3Client(server)) {
            QuicChannel connection = client.connect();
            Http3Client.Exchanged running = Http3Client.send(connection, Http3Client.get("/a"), true);
            begun.await();
            Thread stop = Thread.ofPlatform().start(() -> server.stop(java.time.Duration.ofSeconds(30)));
            Eventually.await("two GOAWAYs", () -> client.goAways.size() == 2);
            mayEnd.countDown();

            assertThat(running.await().text()).isEqualTo("GET /a");
            assertThat(client.goAways)
                    .containsExactly((1L << 62) - 4, running.stream().streamId() + 4);
            assertThat(connection.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
            stop.join();
        } finally {
            mayEnd.countDown();
            server.close();
        }
    }

    @Test
    void responsesOverTlsSayWhereHttp3Is() throws Exception {
        try (Server server = server(Apps.LINE)) {
            assertThat(TlsPeers.answer(server, authority.client()))
                    .contains("Alt-Svc: h3=\":" + TlsPeers.address(server).getPort() + "\"; ma=86400\r\n");
        }
        try (Server server =
                Http3Peers.start(Setup.DEFAULT, Apps.LINE, authority, all -> all.http3(Http3Options.defaults()))) {
            assertThat(TlsPeers.answer(server, authority.client())).doesNotContain("Alt-Svc");
        }
    }

    @Test
    void aClientMayHaveToProveItsAddress() throws Exception {
        Http3Options strict =
                Http3Options.builder().http3(true).maxHttp3Handshakes(0).build();
        try (Server server = Http3Peers.start(Setup.DEFAULT, Apps.LINE, authority, all -> all.http3(strict));
                Http3Client client = new Http3Client(server)) {
            assertThat(Http3Client.ask(client.connect(), Http3Client.get("/")).status())
                    .isEqualTo("200");
        }
    }

    @Test
    void aClientThatResetsTooMuchIsDisconnected() throws Exception {
        Http3Options few = Http3Options.builder().http3(true).maxHttp3Resets(10).build();
        try (Server server = Http3Peers.start(Setup.DEFAULT, Apps.ECHO, authority, all -> all.http3(few));
                Http3Client client = new Http3Client(server)) {
            QuicChannel connection = client.connect();
            for (int i = 0; i < 11; i++) {
                Http3Client.send(connection, Http3Client.request("POST", "/"), false)
                        .cancel();
            }

            assertThat(connection.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void manyRequestsAtOnce() throws Exception {
        byte[] noise = Apps.noise(20_000);
        try (Server server = server(Apps.of(() -> Body.bytes(noise)));
                Http3Client client = new Http3Client(server)) {
            QuicChannel connection = client.connect();
            List<Http3Client.Exchanged> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                all.add(Http3Client.send(connection, Http3Client.get("/"), true));
            }
            for (Http3Client.Exchanged each : all) {
                assertThat(Arrays.equals(each.await().bytes(), noise)).isTrue();
            }
        }
    }
}
