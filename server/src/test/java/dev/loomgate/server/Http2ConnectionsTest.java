package dev.loomgate.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.Loop;
import dev.loomgate.server.FrameClient.Frame;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.Http2Frames;
import dev.loomgate.testkit.client.RawClient;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How connections of HTTP/2 begin and end, whose requests go on, and in which order they send.
@Timeout(60)
@Tag("timing")
final class Http2ConnectionsTest {
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore goOn = new Semaphore(0);
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private final Application waiting = (environ, startResponse) -> {
        begun.release();
        goOn.acquire();
        startResponse.start(Status.OK, new Headers());
        return Body.text("answered");
    };

    @Test
    void aResetIsAClientThatHasGone() throws Exception {
        Application application = (environ, startResponse) -> {
            begun.release();
            Loop.await(environ.clientGone().orElseThrow());
            seen.add("gone");
            startResponse.start(Status.OK, new Headers());
            return Body.empty();
        };
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        ServerOptions options =
                Setup.DEFAULT.options().accessLog(true).accessLogTo(log).build();
        try (Server server = Server.builder(application)
                        .listen(ListenAddress.http("127.0.0.1:0"))
                        .options(options)
                        .start();
                FrameClient client = new FrameClient(server)) {
            client.get(1, "/reset");
            begun.acquire();
            client.send(FrameClient.RST_STREAM, 0, 1, FrameClient.number(FrameClient.CANCEL));
            assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("gone");

            client.get(3, "/closed");
            begun.acquire();
            client.disconnect();
            assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("gone");
        }
        assertThat(log.toString(US_ASCII))
                .contains("\"GET /reset HTTP/2\" 499 ")
                .contains("\"GET /closed HTTP/2\" 499 ");
    }

    @Test
    void aReaderAndAWriterGetToKnowOfAReset() throws Exception {
        Application application = (environ, startResponse) -> {
            begun.release();
            try {
                if (environ.method().equals("POST")) {
                    environ.input().readAllBytes();
                }
                startResponse.start(Status.OK, new Headers());
                return Body.stream(out -> {
                    try {
                        while (true) {
                            out.write(java.nio.ByteBuffer.wrap(new byte[10_000]));
                        }
                    } catch (java.io.IOException e) {
                        seen.add(e.getClass().getSimpleName());
                        throw e;
                    }
                });
            } catch (java.io.IOException e) {
                seen.add(e.getClass().getSimpleName());
                throw e;
            }
        };
        try (Server server = Setup.DEFAULT.http(application);
                FrameClient client = new FrameClient(server)) {
            client.post(1, "/");
            client.get(3, "/");
            begun.acquire(2);
            client.send(FrameClient.RST_STREAM, 0, 1, FrameClient.number(FrameClient.CANCEL));
            client.send(FrameClient.RST_STREAM, 0, 3, FrameClient.number(FrameClient.CANCEL));

            assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("ClientGone");
            assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("ClientGone");
        }
    }

    @Test
    void aStopSaysGoAwayTwiceAndAnswersWhatIsUnderWay() throws Exception {
        try (Server server = Setup.DEFAULT.http(waiting);
                FrameClient client = new FrameClient(server)) {
            client.get(1, "/");
            begun.acquire();
            CompletableFuture<Boolean> stopped =
                    CompletableFuture.supplyAsync(() -> server.stop(Duration.ofSeconds(20)));

            Frame first = client.await(FrameClient.GOAWAY, 0);
            assertThat(java.nio.ByteBuffer.wrap(first.payload()).getInt()).isEqualTo(Integer.MAX_VALUE);
            client.get(3, "/"); // sent before the client knew
            Frame ping = client.await(FrameClient.PING, 0);
            client.send(FrameClient.PING, FrameClient.ACK, 0, ping.payload());
            Frame second = client.await(FrameClient.GOAWAY, 0);
            assertThat(java.nio.ByteBuffer.wrap(second.payload()).getInt()).isEqualTo(3);
            client.get(5, "/"); // ignored
            goOn.release(2);

            assertThat(client.response(1).text()).isEqualTo("answered");
            assertThat(client.response(3).text()).isEqualTo("answered");
            assertThat(client.read()).isNull();
            client.disconnect();
            assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anIdleConnectionEndsSoonAtAStopWhateverTheClientSays() throws Exception {
        Server server = Setup.DEFAULT.http(waiting);
        try (FrameClient client = new FrameClient(server)) {
            client.roundTrip();
            CompletableFuture<Boolean> stopped =
                    CompletableFuture.supplyAsync(() -> server.stop(Duration.ofSeconds(20)));

            assertThat(client.goneAway()).isEqualTo(FrameClient.NO_ERROR);
            client.disconnect();
            assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theMoreUrgentResponseIsSentFirstAndIncrementalOnesTakeTurns() throws Exception {
        byte[] content = new byte[60_000];
        try (Server server = Setup.DEFAULT.http(Apps.of(() -> Body.bytes(content)));
                FrameClient client = new FrameClient(server, FrameClient.setting(4, 1 << 20))) {
            client.get(1, "/");
            client.window(0, 1); // of which the next is known to come later
            assertThat(client.response(1).content()).hasSize(60_000);
            // The connection's window is used up before all have begun.
            client.get(3, "/", "priority", "u=5");
            client.await(FrameClient.HEADERS, 3);
            client.get(5, "/", "priority", "u=6, i");
            client.get(7, "/", "priority", "u=6, i");
            client.get(9, "/", "priority", "u=0");
            for (int stream = 5; stream <= 9; stream += 2) {
                client.await(FrameClient.HEADERS, stream);
            }
            client.roundTrip();
            client.window(0, 1 << 20);

            List<Integer> order = new ArrayList<>();
            List<Integer> ended = new ArrayList<>();
            while (ended.size() < 3) {
                Frame frame = Objects.requireNonNull(client.read(), "the connection has ended");
                if (frame.type() == FrameClient.DATA) {
                    order.add(frame.stream());
                    if (frame.has(FrameClient.END_STREAM)) {
                        ended.add(frame.stream());
                    }
                }
            }
            assertThat(ended.subList(1, 3)).containsExactlyInAnyOrder(5, 7);
            assertThat(order.lastIndexOf(9)).isLessThan(order.indexOf(5));
            assertThat(order.indexOf(7)).isLessThan(order.lastIndexOf(5));
            assertThat(order.indexOf(5)).isLessThan(order.lastIndexOf(7));
        }
    }

    @Test
    void prioritiesAreReadAsTheyAreMeant() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE);
                FrameClient client = new FrameClient(server)) {
            client.get(1, "/", "priority", "u=9, i=maybe, x=1,,");
            assertThat(client.response(1).status()).isEqualTo("200");
            client.send(FrameClient.PRIORITY_UPDATE, 0, 0, new byte[] {0, 0, 0, 9, 'u', '=', '1'});
            client.roundTrip();
            client.send(FrameClient.PRIORITY_UPDATE, 0, 0, FrameClient.number(0));
            assertThat(client.goneAway()).isEqualTo(FrameClient.PROTOCOL_ERROR);
        }
    }

    static List<Setup> setups() {
        return Setup.all();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void javasClientUpgradesAndGoesOn(Setup setup) throws Exception {
        try (Server server = setup.http(Apps.ECHO);
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build()) {
            URI uri = URI.create("http://" + server.addresses().getFirst() + "/");
            byte[] content = Apps.noise(400_000);
            for (int i = 0; i < 5; i++) {
                var get = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
                var post = client.send(
                        HttpRequest.newBuilder(uri)
                                .POST(HttpRequest.BodyPublishers.ofByteArray(content))
                                .build(),
                        BodyHandlers.ofByteArray());

                assertThat(get.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(post.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(post.body()).isEqualTo(content);
            }
        }
    }

    @Test
    void anUpgradeWithABodyOrWithoutSettingsIsAnsweredByHttp1() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.ECHO);
                RawClient client =
                        RawClient.connect(server.addresses().getFirst().socketAddress())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABk\r\nContent-Length: 3\r\n\r\nabc"
                    + "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAM\r\n\r\n"
                    + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.receiveText())
                    .contains("abc")
                    .doesNotContain("HTTP/1.1 101")
                    .containsPattern("(?s)(200 OK.*){3}");
        }
    }

    @Test
    void thePrefaceMayComeByteByByte() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE);
                Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            socket.connect((InetSocketAddress) server.addresses().getFirst().socketAddress());
            for (byte each : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII)) {
                socket.getOutputStream().write(each);
            }
            socket.getOutputStream().write(Http2Frames.frame(FrameClient.SETTINGS, 0, 0));

            assertThat(socket.getInputStream().readNBytes(9)[3]).isEqualTo((byte) FrameClient.SETTINGS);
        }
    }

    @Test
    void whereItIsSwitchedOffThePrefaceIsAnotherVersion() throws Exception {
        ServerOptions options = Setup.DEFAULT
                .options()
                .http2(Http2Options.builder().enabled(false).build())
                .build();
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Server.builder(Apps.LINE)
                        .listen(ListenAddress.http("127.0.0.1:0"))
                        .options(options)
                        .start();
                RawClient client =
                        RawClient.connect(server.addresses().getFirst().socketAddress())) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

            assertThat(client.receiveText()).startsWith("HTTP/1.1 505 ");
            log.await("version");
        }
    }
}
