package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.server.FrameClient.Frame;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.Http2Frames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What clients of HTTP/2 could do to a server: each attack ends its own connection at its limit, with a line that
/// names the option, while another client's requests go on.
@Timeout(60)
final class Http2FloodsTest {
    private static final int MOST = 5000;

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger called = new AtomicInteger();
    private final Application application = (environ, startResponse) -> {
        called.incrementAndGet();
        running.incrementAndGet();
        try {
            if (environ.path().equals("/read")) {
                environ.input().readAllBytes();
            }
            startResponse.start(Status.OK, new Headers());
            return environ.path().equals("/long") ? Body.bytes(new byte[1 << 20]) : Body.text("hello");
        } finally {
            running.decrementAndGet();
        }
    };

    private LogLines log;
    private Server server;
    private FrameClient other;
    private int stream = 1;

    @BeforeEach
    void start() throws Exception {
        log = LogLines.of("dev.loomgate.server");
        server = Setup.DEFAULT.http(
                application, limits -> limits.maxHeaderBytes(8000).writeTimeout(Duration.ofMillis(500)));
        other = new FrameClient(server);
    }

    @AfterEach
    void stop() throws Exception {
        otherGoesOn();
        other.close();
        server.close();
        log.close();
    }

    private void otherGoesOn() throws IOException {
        other.get(stream, "/");
        assertThat(other.response(stream).text()).isEqualTo("hello");
        stream += 2;
    }

    /// Sends frames until the connection ends, and says how many there were.
    private int flood(FrameClient client, IntFunction<byte[]> frames) throws IOException {
        int count = 0;
        try {
            while (count < MOST) {
                client.send(frames.apply(count++));
                if (count % 500 == 0) {
                    otherGoesOn();
                }
            }
        } catch (SocketException e) {
            // the server has ended it
        }
        return count;
    }

    private static byte[] join(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    private static byte[] get(int count, String path) {
        return Http2Frames.frame(
                FrameClient.HEADERS,
                FrameClient.END_HEADERS | FrameClient.END_STREAM,
                2 * count + 1,
                Http2Frames.head("GET", path));
    }

    private static byte[] post(int count) {
        return Http2Frames.frame(
                FrameClient.HEADERS, FrameClient.END_HEADERS, 2 * count + 1, Http2Frames.head("POST", "/read"));
    }

    private static byte[] reset(int count) {
        return Http2Frames.frame(FrameClient.RST_STREAM, 0, 2 * count + 1, FrameClient.number(FrameClient.CANCEL));
    }

    private void endsCalmly(FrameClient client, String line) throws IOException {
        assertThat(client.goneAway()).isEqualTo(FrameClient.ENHANCE_YOUR_CALM);
        log.await(line);
    }

    @Test
    void rapidReset() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            flood(client, count -> join(post(count), reset(count)));

            endsCalmly(client, "over 200 reset streams from 127.0.0.1 within 10 s (maxResets)");
            Eventually.await("all calls have ended", () -> running.get() == 0);
            assertThat(called.get()).isLessThan(250);
        }
    }

    @Test
    void madeYouResetByEmptyWindowUpdates() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            flood(
                    client,
                    count -> join(
                            post(count),
                            Http2Frames.frame(FrameClient.WINDOW_UPDATE, 0, 2 * count + 1, FrameClient.number(0))));

            endsCalmly(client, "(maxResets)");
            Eventually.await("all calls have ended", () -> running.get() == 0);
        }
    }

    @Test
    void madeYouResetByDataAfterTheEnd() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            // A response that has no room, so that the stream is there.
            client.send(FrameClient.SETTINGS, 0, 0, FrameClient.setting(4, 0));
            flood(
                    client,
                    count -> join(
                            get(count, "/long"), Http2Frames.frame(FrameClient.DATA, 0, 2 * count + 1, new byte[1])));

            endsCalmly(client, "(maxResets)");
        }
    }

    @Test
    void madeYouResetByAWrongPriority() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            flood(
                    client,
                    count -> join(
                            post(count),
                            Http2Frames.frame(
                                    FrameClient.PRIORITY,
                                    0,
                                    2 * count + 1,
                                    join(FrameClient.number(2 * count + 1), new byte[1]))));

            endsCalmly(client, "(maxResets)");
        }
    }

    @Test
    void moreStreamsThanAllowedAreRefused() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            for (int i = 0; i < 101; i++) {
                client.send(post(i));
            }
            assertThat(client.await(FrameClient.RST_STREAM, 201).number()).isEqualTo(FrameClient.REFUSED_STREAM);
            log.await("over 100 streams at once (maxStreams): the stream is reset");
            client.data(1, true);
            assertThat(client.response(1).status()).isEqualTo("200");
        }
    }

    @Test
    void requestsThatAreResetBeforeTheirTurnLeaveNothing() throws Exception {
        ServerOptions options = Setup.DEFAULT
                .options()
                .limits(Limits.builder().maxMicrothreads(1).build())
                .http2(Http2Options.builder().maxStreams(2).build())
                .build();
        try (Server narrow = Server.builder(application)
                        .listen(ListenAddress.http("127.0.0.1:0"))
                        .options(options)
                        .start();
                FrameClient client = new FrameClient(narrow)) {
            client.post(1, "/read");
            for (int i = 1; i < 20; i++) {
                client.send(join(post(i), reset(i)));
            }
            client.data(1, true);
            assertThat(client.response(1).status()).isEqualTo("200");
            client.get(101, "/");
            assertThat(client.response(101).status()).isEqualTo("200");
        }
    }

    @Test
    void continuations() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            client.send(FrameClient.HEADERS, 0, 1, Http2Frames.head("GET", "/"));
            flood(client, count -> Http2Frames.frame(FrameClient.CONTINUATION, 0, 1));

            endsCalmly(client, "over 16 small CONTINUATION frames of one head from 127.0.0.1 (maxContinuations)");
        }
    }

    @Test
    void aHeadWithoutEnd() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            client.send(FrameClient.HEADERS, 0, 1, Http2Frames.head("GET", "/"));
            byte[] large = Http2Frames.block("x", "y".repeat(10_000));
            flood(client, count -> Http2Frames.frame(FrameClient.CONTINUATION, 0, 1, large));

            endsCalmly(client, "(maxHeaderBytes)");
        }
    }

    @Test
    void settings() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            flood(client, count -> Http2Frames.frame(FrameClient.SETTINGS, 0, 0, FrameClient.setting(4, count)));

            endsCalmly(client, "over 1000 frames without content from 127.0.0.1 within 10 s (maxControlFrames)");
        }
    }

    @Test
    void pings() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            flood(client, count -> Http2Frames.frame(FrameClient.PING, 0, 0, new byte[8]));

            endsCalmly(client, "(maxControlFrames)");
        }
    }

    @Test
    void priorities() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            flood(client, count -> Http2Frames.frame(FrameClient.PRIORITY, 0, 2 * count + 3, new byte[5]));

            endsCalmly(client, "(maxControlFrames)");
        }
        try (FrameClient client = new FrameClient(server)) {
            flood(
                    client,
                    count -> Http2Frames.frame(
                            FrameClient.PRIORITY_UPDATE, 0, 0, join(FrameClient.number(1), new byte[] {'u', '=', '1'
                            })));

            endsCalmly(client, "(maxControlFrames)");
        }
    }

    @Test
    void emptyData() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            client.send(post(0));
            flood(client, count -> Http2Frames.frame(FrameClient.DATA, 0, 1));

            endsCalmly(client, "(maxControlFrames)");
        }
    }

    @Test
    void windowUpdatesThatNoContentHasCaused() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            flood(client, count -> Http2Frames.frame(FrameClient.WINDOW_UPDATE, 0, 0, FrameClient.number(1)));

            endsCalmly(client, "(maxControlFrames)");
        }
    }

    @Test
    void tinyWindows() throws Exception {
        try (FrameClient client = new FrameClient(server, FrameClient.setting(4, 1))) {
            client.get(1, "/long");
            flood(client, count -> Http2Frames.frame(FrameClient.WINDOW_UPDATE, 0, 1, FrameClient.number(1)));

            endsCalmly(client, "(maxControlFrames)");
        }
    }

    @Test
    void aStreamWithoutWindowIsResetAfterTheWriteTimeout() throws Exception {
        try (FrameClient client = new FrameClient(server, FrameClient.setting(4, 0))) {
            client.get(1, "/long");

            assertThat(client.await(FrameClient.RST_STREAM, 1).number()).isEqualTo(FrameClient.CANCEL);
            log.await("the client read nothing of its response for 500 ms (writeTimeout): GET /long");
            client.roundTrip();
        }
    }

    @Test
    void aConnectionWithoutWindowIsClosedAfterTheWriteTimeout() throws Exception {
        try (FrameClient client = new FrameClient(server, FrameClient.setting(4, 1 << 20))) {
            client.get(1, "/long");
            Frame frame;
            int content = 0;
            while ((frame = client.read()) != null) {
                content += frame.type() == FrameClient.DATA ? frame.payload().length : 0;
            }

            assertThat(content).isEqualTo(65_535);
            log.await("(writeTimeout): GET /long");
        }
    }

    /// Sends a request with a long field for the table, and then so many times one byte that means it.
    private static void sendReferences(FrameClient client, int references) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes(Http2Frames.head("GET", "/"));
        byte[] field = Http2Frames.block("x-long", "b".repeat(3000));
        field[0] = 0x40;
        head.writeBytes(field);
        for (int i = 0; i < references; i++) {
            head.write(0x80 | 62);
        }
        client.send(FrameClient.HEADERS, FrameClient.END_HEADERS | FrameClient.END_STREAM, 1, head.toByteArray());
    }

    @Test
    void aBombOfHeaderFields() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            sendReferences(client, 8000);

            endsCalmly(client, "bytes of one head from 127.0.0.1 (maxHeaderBytes)");
        }
    }

    @Test
    void aHeadThatIsALittleTooLargeIsAnswered() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            sendReferences(client, 2);

            assertThat(client.response(1).text()).contains("the request's head is too large");
            client.get(3, "/");
            assertThat(client.response(3).text()).isEqualTo("hello");
        }
    }

    @Test
    void moreRequestsThanATurnTakes() throws Exception {
        try (FrameClient client = new FrameClient(server)) {
            ByteArrayOutputStream together = new ByteArrayOutputStream();
            for (int i = 0; i < 95; i++) {
                together.writeBytes(get(i, "/"));
            }
            client.send(together.toByteArray());

            for (int i = 0; i < 95; i++) {
                assertThat(client.response(2 * i + 1).text()).isEqualTo("hello");
            }
        }
    }
}
