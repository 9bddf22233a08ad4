package dev.loomgate.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.server.FrameClient.Frame;
import dev.loomgate.server.FrameClient.Response;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.Http2Frames;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Requests and responses of HTTP/2, frame by frame (RFC 9113 section 8).
@Timeout(60)
final class Http2RequestsTest {
    private static final Application ENVIRON = new Lint().wrap((environ, startResponse) -> {
        Map<String, String> variables = new TreeMap<>();
        environ.forEachText(variables::put);
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text(variables.toString());
    });

    private static Server server(Application application) throws Exception {
        return Setup.DEFAULT.http(application);
    }

    @Test
    void aRequestHasTheVariablesOfHttp1() throws Exception {
        try (Server server = server(ENVIRON);
                FrameClient client = new FrameClient(server)) {
            client.get(
                    1,
                    "/a%20b?x=1",
                    "user-agent",
                    "test",
                    "cookie",
                    "a=1",
                    "cookie",
                    "b=2",
                    "x-two",
                    "1",
                    "x-two",
                    "2");

            String seen = client.response(1).text();

            assertThat(seen)
                    .contains("SERVER_PROTOCOL=HTTP/2", "HTTP_HOST=example.org", "SERVER_NAME=example.org")
                    .contains("PATH_INFO=/a b", "QUERY_STRING=x=1", "REQUEST_URI=/a%20b?x=1", "REQUEST_METHOD=GET")
                    .contains("HTTP_COOKIE=a=1; b=2", "HTTP_X_TWO=1, 2", "HTTP_USER_AGENT=test")
                    .contains("wsgi.url_scheme=http", "REMOTE_ADDR=127.0.0.1");
        }
    }

    @Test
    void aResponseHasTheFieldsOfHttp1WithoutTheConnections() throws Exception {
        Application application = (environ, startResponse) -> {
            startResponse.start(
                    Status.OK,
                    Headers.of("Content-Type", "text/plain")
                            .add("Set-Cookie", "a=1")
                            .add("Set-Cookie", "b=2")
                            .add("Connection", "close")
                            .add("Keep-Alive", "timeout=5"));
            return Body.text("hello");
        };
        try (Server server = server(application);
                FrameClient client = new FrameClient(server)) {
            for (int stream = 1; stream < 100; stream += 2) {
                client.get(stream, "/");

                Response response = client.response(stream);

                assertThat(response.status()).isEqualTo("200");
                assertThat(response.text()).isEqualTo("hello");
                assertThat(response.field("content-length")).isEqualTo("5");
                assertThat(response.field("server")).isEqualTo("loomgate");
                assertThat(response.field("date")).endsWith(" GMT");
                assertThat(response.headers().getAll("set-cookie")).hasSize(2);
                assertThat(response.headers().contains("connection")).isFalse();
                assertThat(response.headers().contains("keep-alive")).isFalse();
            }
        }
    }

    @Test
    void responsesWithoutContentEndWithTheirHeads() throws Exception {
        Application application = (environ, startResponse) -> {
            Status status = Status.of(Integer.parseInt(environ.path().substring(1)));
            startResponse.start(status, new Headers());
            return status.code() == 200 ? Body.text("not sent") : Body.empty();
        };
        try (Server server = server(application);
                FrameClient client = new FrameClient(server)) {
            client.send(
                    FrameClient.HEADERS,
                    FrameClient.END_HEADERS | FrameClient.END_STREAM,
                    1,
                    Http2Frames.head("HEAD", "/200"));
            Frame head = client.await(FrameClient.HEADERS, 1);
            client.get(3, "/204");
            Response none = client.response(3);
            client.get(5, "/304");
            Response same = client.response(5);

            assertThat(head.has(FrameClient.END_STREAM)).isTrue();
            assertThat(none.status() + none.field("content-length")).isEqualTo("204");
            assertThat(same.status() + same.field("content-length")).isEqualTo("304");
        }
    }

    @Test
    void aWaitingStreamHoldsNoOther() throws Exception {
        Semaphore release = new Semaphore(0);
        Application application = (environ, startResponse) -> {
            if (environ.path().equals("/wait")) {
                release.acquire();
            }
            startResponse.start(Status.OK, new Headers());
            return Body.text(environ.path());
        };
        try (Server server = server(application);
                FrameClient client = new FrameClient(server)) {
            client.get(1, "/wait");
            client.get(3, "/quick");

            assertThat(client.response(3).text()).isEqualTo("/quick");
            release.release();
            assertThat(client.response(1).text()).isEqualTo("/wait");
        }
    }

    @Test
    void aLongBodyComesAndGoesAsItsReaderReads() throws Exception {
        byte[] content = Apps.noise(300_000);
        try (Server server = server(Apps.ECHO);
                FrameClient client = new FrameClient(server)) {
            client.post(1, "/");
            int window = 65_535;
            int sent = 0;
            while (sent < content.length) {
                while (window < 10_000) {
                    window += client.await(FrameClient.WINDOW_UPDATE, 1).number();
                }
                int count = Math.min(10_000, content.length - sent);
                client.data(
                        1, sent + count == content.length, java.util.Arrays.copyOfRange(content, sent, sent + count));
                sent += count;
                window -= count;
            }

            assertThat(client.response(1).content()).isEqualTo(content);
        }
    }

    @Test
    void theWindowIsHeldBackWhileNobodyReads() throws Exception {
        Semaphore read = new Semaphore(0);
        Application application = (environ, startResponse) -> {
            read.acquire();
            return Apps.ECHO.call(environ, startResponse);
        };
        try (Server server = server(application);
                FrameClient client = new FrameClient(server)) {
            client.post(1, "/");
            client.data(1, false, new byte[16_000]);
            client.data(1, false, new byte[16_000]);
            client.data(1, false, new byte[16_000]);
            client.data(1, false, new byte[16_000]);
            client.roundTrip();
            client.data(1, false, new byte[16_000]); // past the window

            assertThat(client.await(FrameClient.RST_STREAM, 1).number()).isEqualTo(FrameClient.FLOW_CONTROL_ERROR);
            read.release();
        }
    }

    @Test
    void settingsAreAcknowledgedBeforeWhatTheyLetPass() throws Exception {
        try (Server server = server(Apps.of(() -> Body.text("content")));
                FrameClient client = new FrameClient(server, FrameClient.setting(4, 0))) {
            client.get(1, "/");
            client.await(FrameClient.HEADERS, 1);
            client.roundTrip();

            client.send(FrameClient.SETTINGS, 0, 0, FrameClient.setting(4, 100));

            FrameClient.Frame first = requireNonNull(client.read());
            assertThat(first.type()).isEqualTo(FrameClient.SETTINGS);
            assertThat(first.has(FrameClient.ACK)).isTrue();
            assertThat(client.await(FrameClient.DATA, 1).payload())
                    .asString(UTF_8)
                    .isEqualTo("content");
        }
    }

    @Test
    void aReaderThatWaitsForManyBytesGetsThem() throws Exception {
        Application application = (environ, startResponse) -> {
            int first = environ.input().readNBytes(20_000).length;
            int second = environ.input().readNBytes(32_000).length;
            int third = environ.input().readNBytes(32_000).length;
            startResponse.start(Status.OK, new Headers());
            return Body.text(first + " " + second + " " + third);
        };
        try (Server server = server(application);
                FrameClient client = new FrameClient(server)) {
            client.post(1, "/");
            int window = 65_535;
            for (int i = 0; i < 7; i++) {
                while (window < 12_000) {
                    window += client.await(FrameClient.WINDOW_UPDATE, 1).number();
                }
                client.data(1, i == 6, new byte[12_000]);
                window -= 12_000;
            }

            assertThat(client.response(1).text()).isEqualTo("20000 32000 32000");
        }
    }

    @Test
    void aFileIsSentAsTheWindowsAllow(@TempDir Path directory) throws Exception {
        byte[] content = Apps.noise(500_000);
        Path file = Files.write(directory.resolve("file"), content);
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        ServerOptions options =
                Setup.DEFAULT.options().accessLog(true).accessLogTo(log).build();
        try (Server server = Server.builder(Apps.of(() -> Body.file(file)))
                        .listen(ListenAddress.http("127.0.0.1:0"))
                        .options(options)
                        .start();
                FrameClient client = new FrameClient(server)) {
            client.get(1, "/f");

            Response response = client.response(1);

            assertThat(response.content()).isEqualTo(content);
            assertThat(response.field("content-length")).isEqualTo("500000");
        }
        assertThat(log.toString(UTF_8)).contains("\"GET /f HTTP/2\" 200 500000 ");
    }

    @Test
    void aStreamedResponseEndsWithItsLastPiece() throws Exception {
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            return Body.stream(out -> {
                for (int i = 0; i < 50; i++) {
                    out.write(java.nio.ByteBuffer.wrap(Apps.noise(10_000)));
                }
            });
        };
        try (Server server = server(application);
                FrameClient client = new FrameClient(server)) {
            client.get(1, "/");

            assertThat(client.response(1).content()).hasSize(500_000);
        }
    }

    @Test
    void aResponseThatBreaksOffIsReset() throws Exception {
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            return Body.stream(out -> {
                out.write(java.nio.ByteBuffer.wrap("begun".getBytes(UTF_8)));
                throw new IllegalStateException("on purpose");
            });
        };
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = server(application);
                FrameClient client = new FrameClient(server)) {
            client.get(1, "/");

            Response response = client.response(1);

            assertThat(response.reset()).isEqualTo(2);
            log.await("the response is broken off");
            client.get(3, "/");
            assertThat(client.response(3).status()).isEqualTo("200");
        }
    }

    @Test
    void trailersEndARequestAndAreDropped() throws Exception {
        try (Server server = server(Apps.ECHO);
                FrameClient client = new FrameClient(server)) {
            client.post(1, "/");
            client.data(1, false, "content".getBytes(UTF_8));
            client.send(
                    FrameClient.HEADERS,
                    FrameClient.END_HEADERS | FrameClient.END_STREAM,
                    1,
                    Http2Frames.block("x-checksum", "1"));

            assertThat(client.response(1).text()).isEqualTo("content");
        }
    }

    @Test
    void expectedContinueIsSentWhenTheBodyIsWanted() throws Exception {
        try (Server server = server(Apps.ECHO);
                FrameClient client = new FrameClient(server)) {
            client.post(1, "/", "expect", "100-continue");
            Frame first = client.await(FrameClient.HEADERS, 1);
            assertThat(first.has(FrameClient.END_STREAM)).isFalse();
            assertThat(new String(first.payload(), UTF_8)).contains("100");
            client.data(1, true, "content".getBytes(UTF_8));

            assertThat(client.response(1).text()).isEqualTo("content");
        }
    }

    @Test
    void aBodyThatNobodyReadsMayEndAfterTheResponse() throws Exception {
        try (Server server = server(Apps.LINE);
                FrameClient client = new FrameClient(server)) {
            client.post(1, "/");
            assertThat(client.response(1).text()).isEqualTo("POST /");
            client.data(1, true, new byte[1000]);
            client.post(3, "/long", "content-length", "10000000");
            Response response = client.response(3);

            assertThat(response.text()).isEqualTo("POST /long");
            assertThat(client.await(FrameClient.RST_STREAM, 3).number()).isEqualTo(FrameClient.NO_ERROR);
            client.get(5, "/");
            assertThat(client.response(5).status()).isEqualTo("200");
        }
    }

    @Test
    void refusalsAreThoseOfHttp1() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Setup.DEFAULT.http(Apps.ECHO, limits -> limits.maxHeaderBytes(2000)
                        .maxUriLength(500)
                        .maxHeaderCount(20)
                        .maxBodyBytes(100));
                FrameClient client = new FrameClient(server)) {
            client.get(1, "/", "x-long", "x".repeat(3000));
            client.get(3, "/" + "u".repeat(600));
            String[] many = new String[60];
            java.util.Arrays.fill(many, "a");
            client.get(5, "/", many);
            client.post(7, "/", "content-length", "101");
            client.post(9, "/");
            client.data(9, true, new byte[101]);
            client.get(11, "/a b");
            client.get(13, "/%zz");
            client.get(15, "/", "host", "example.com");
            client.get(17, "/", "content-type", "a", "content-type", "b");
            client.send(
                    FrameClient.HEADERS,
                    FrameClient.END_HEADERS | FrameClient.END_STREAM,
                    19,
                    Http2Frames.block(":method", "CONNECT", ":authority", "example.org:443"));

            assertThat(client.response(1).text()).contains("the request's head is too large");
            assertThat(client.response(3).status()).isEqualTo("414");
            assertThat(client.response(5).text()).contains("the request has too many header fields");
            assertThat(client.response(7).status()).isEqualTo("413");
            assertThat(client.response(9).status()).isEqualTo("413");
            assertThat(client.response(11).text()).contains("the request line is not valid");
            assertThat(client.response(13).text()).contains("the request target is not valid");
            assertThat(client.response(15).text()).contains("Host is not the authority");
            assertThat(client.response(17).text()).contains("Content-Type occurs twice");
            assertThat(client.response(19).text()).contains("this server is not a proxy");
            log.await("(maxHeaderBytes)");
            log.await("(maxBodyBytes)");
        }
    }

    @Test
    void whatIsNoRequestIsReset() throws Exception {
        String[][] heads = {
            {":method", "GET", ":scheme", "http", ":path", "/", "X-Upper", "1"},
            {":method", "GET", ":scheme", "http", ":path", ""},
            {":method", "GET", ":path", "/"},
            {":method", "GET", ":scheme", "http", ":path", "/", ":path", "/"},
            {":method", "GET", ":scheme", "http", ":path", "/", ":other", "1"},
            {":method", "GET", "a", "b", ":scheme", "http", ":path", "/"},
            {":method", "GET", ":scheme", "http", ":path", "/", "connection", "close"},
            {":method", "GET", ":scheme", "http", ":path", "/", "te", "gzip"},
            {":method", "GET", ":scheme", "http", ":path", "/", "transfer-encoding", "chunked"},
            {":method", "GET", ":scheme", "http", ":path", "/", "a", " b"},
            {":method", "GET", ":scheme", "http", ":path", "/", "a", "b\r\nc: d"},
            {":method", "GET", ":scheme", "http", ":path", "/", "a b", "c"},
            {":method", "GET", ":scheme", "http", ":path", "/", "", "c"},
        };
        try (Server server = server(Apps.LINE);
                FrameClient client = new FrameClient(server)) {
            for (int i = 0; i < heads.length; i++) {
                client.send(
                        FrameClient.HEADERS,
                        FrameClient.END_HEADERS | FrameClient.END_STREAM,
                        2 * i + 1,
                        Http2Frames.block(heads[i]));
                assertThat(client.response(2 * i + 1).reset())
                        .describedAs(String.join(" ", heads[i]))
                        .isEqualTo(FrameClient.PROTOCOL_ERROR);
            }
            client.get(101, "/");
            assertThat(client.response(101).status()).isEqualTo("200");
        }
    }

    @Test
    void aBodyOfAnotherLengthIsReset() throws Exception {
        try (Server server = server(Apps.ECHO);
                FrameClient client = new FrameClient(server)) {
            client.post(1, "/", "content-length", "5");
            client.data(1, true, new byte[4]);
            client.post(3, "/", "content-length", "5");
            client.data(3, false, new byte[6]);
            client.get(5, "/", "content-length", "5");

            assertThat(client.response(1).reset()).isEqualTo(FrameClient.PROTOCOL_ERROR);
            assertThat(client.response(3).reset()).isEqualTo(FrameClient.PROTOCOL_ERROR);
            assertThat(client.response(5).reset()).isEqualTo(FrameClient.PROTOCOL_ERROR);
        }
    }

    @Test
    void aHeadMayComeInPiecesAndByteByByte() throws Exception {
        byte[] head = Http2Frames.head("GET", "/pieces", "x-long", "y".repeat(300));
        try (Server server = server(Apps.LINE);
                FrameClient client = new FrameClient(server)) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            frames.writeBytes(Http2Frames.frame(
                    FrameClient.HEADERS, FrameClient.END_STREAM, 1, java.util.Arrays.copyOf(head, 100)));
            frames.writeBytes(
                    Http2Frames.frame(FrameClient.CONTINUATION, 0, 1, java.util.Arrays.copyOfRange(head, 100, 200)));
            frames.writeBytes(Http2Frames.frame(
                    FrameClient.CONTINUATION,
                    FrameClient.END_HEADERS,
                    1,
                    java.util.Arrays.copyOfRange(head, 200, head.length)));
            for (byte each : frames.toByteArray()) {
                client.send(new byte[] {each});
            }

            assertThat(client.response(1).text()).isEqualTo("GET /pieces");
        }
    }

    @Test
    void deadlinesAreThoseOfHttp1() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Setup.DEFAULT.http(Apps.ECHO, limits -> limits.headerTimeout(Duration.ofMillis(300))
                        .bodyTimeout(Duration.ofMillis(200))
                        .idleTimeout(Duration.ofMillis(400)))) {
            try (FrameClient idle = new FrameClient(server)) {
                idle.get(1, "/");
                assertThat(idle.response(1).status()).isEqualTo("200");
                assertThat(idle.goneAway()).isEqualTo(FrameClient.NO_ERROR);
            }
            try (FrameClient slow = new FrameClient(server)) {
                slow.send(FrameClient.HEADERS, 0, 1, Http2Frames.head("GET", "/"));
                assertThat(slow.goneAway()).isEqualTo(FrameClient.PROTOCOL_ERROR);
                log.await("request head not complete within 300 ms (headerTimeout)");
            }
            try (FrameClient slow = new FrameClient(server)) {
                slow.post(1, "/");
                assertThat(slow.response(1).status()).isEqualTo("408");
                log.await("no byte of the request body within 200 ms (bodyTimeout)");
            }
        }
    }

    @Test
    void aRequestThatTakesTooLongGetsA504() throws Exception {
        Application application = (environ, startResponse) -> {
            Thread.sleep(60_000);
            throw new AssertionError("not interrupted");
        };
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server =
                        Setup.DEFAULT.http(application, limits -> limits.requestTimeout(Duration.ofMillis(200)));
                FrameClient client = new FrameClient(server)) {
            client.get(1, "/slow");

            assertThat(client.response(1).status()).isEqualTo("504");
            log.await("no complete response within 200 ms (requestTimeout)");
        }
    }
}
