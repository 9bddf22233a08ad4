package dev.loomgate.server.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A real server on a real unix socket: whatever a connection brings, it is answered or closed, the log says why,
/// and nothing behind the first packet ever runs.
final class UwsgiServerTest {
    private static final byte[] SECOND =
            UwsgiPacket.request("DELETE", "/second").bytes();

    private final Path directory;

    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private final LogLines log = LogLines.of("dev.loomgate.server");
    private final List<Server> servers = new ArrayList<>();

    UwsgiServerTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @AfterEach
    void close() {
        servers.forEach(Server::close);
        log.close();
    }

    static List<PacketFixture> refused() throws IOException {
        return fixtures("refusal");
    }

    static List<PacketFixture> requests() throws IOException {
        return fixtures("request");
    }

    static List<PacketFixture> cutOff() throws IOException {
        return fixtures("incomplete");
    }

    private static List<PacketFixture> fixtures(String expected) throws IOException {
        return PacketFixture.all().stream()
                .filter(fixture -> fixture.expected().startsWith(expected))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusalIsSpokenAndLoggedAndNothingRuns(PacketFixture fixture) throws Exception {
        start(fixture.limits());
        try (RawClient client = connect()) {
            String reply = client.send(fixture.bytes()).send(SECOND).endOutput().receiveText();
            assertThat(reply).startsWith(fixture.name().startsWith("tls") ? "\u0015\3\1" : replyOf(fixture));
        }
        assertThat(log.lines()).containsExactly(fixture.log());
        assertNothingElseRan();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusalIsTheSameByteByByte(PacketFixture fixture) throws Exception {
        start(fixture.limits());
        try (RawClient client = connect()) {
            String reply = client.sendOneByOne(fixture.bytes()).endOutput().receiveText();
            assertThat(reply).startsWith(fixture.name().startsWith("tls") ? "\u0015\3\1" : replyOf(fixture));
        }
        assertThat(log.lines()).containsExactly(fixture.log());
        assertNothingElseRan();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void requestRunsOnceAndASecondPacketNever(PacketFixture fixture) throws Exception {
        start(fixture.limits());
        byte[] both = Arrays.copyOf(fixture.bytes(), fixture.bytes().length + SECOND.length);
        System.arraycopy(SECOND, 0, both, fixture.bytes().length, SECOND.length);
        try (RawClient client = connect()) {
            assertThat(client.send(both).receiveText()).startsWith("HTTP/1.1 200 OK\r\n");
        } catch (IOException reset) {
            // Who sends more than a request may find the connection closed before all of it is sent.
        }
        assertThat(calls.poll(20, TimeUnit.SECONDS)).isNotNull();
        assertNothingElseRan();
    }

    @ParameterizedTest
    @MethodSource("cutOff")
    void packetThatIsCutOffIsRefused(PacketFixture fixture) throws Exception {
        start(fixture.limits());
        try (RawClient client = connect()) {
            assertThat(client.send(fixture.bytes()).endOutput().receiveText()).startsWith("HTTP/1.1 400 ");
        }
        assertThat(log.lines()).containsExactly(fixture.log());
        assertNothingElseRan();
    }

    @Test
    void connectionWithoutAByteIsNoError() throws Exception {
        start(PacketFixture.ANY_BODY);
        try (RawClient client = connect()) {
            assertThat(client.endOutput().receiveAll()).isEmpty();
        }
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void bodyIsReadUpToItsLengthAndWhatFollowsIsDropped() throws Exception {
        start(PacketFixture.ANY_BODY);
        try (RawClient client = connect()) {
            String reply = client.send(UwsgiPacket.request("POST", "/upload")
                            .with("CONTENT_LENGTH", "5")
                            .trailing("hello".getBytes(StandardCharsets.US_ASCII))
                            .trailing(SECOND)
                            .bytes())
                    .receiveText();
            assertThat(reply).endsWith("\r\n\r\nPOST /upload hello");
        }
        assertThat(calls.poll(20, TimeUnit.SECONDS)).isEqualTo("POST /upload hello");
        log.await("uwsgi: " + SECOND.length + " bytes after the end of the request are dropped");
        assertNothingElseRan();
    }

    @Test
    void secondPacketBehindAnAnsweredRequestIsNotRead() throws Exception {
        start(PacketFixture.ANY_BODY);
        try (RawClient client = connect()) {
            client.send(UwsgiPacket.request("GET", "/first").bytes());
            assertThat(client.receiveText()).endsWith("\r\n\r\nGET /first ");
            client.send(SECOND);
            assertThat(client.receiveAll()).isEmpty();
        } catch (IOException broken) {
            // The server has closed: the second packet could not even be sent.
        }
        assertThat(calls.poll(20, TimeUnit.SECONDS)).isEqualTo("GET /first ");
        assertNothingElseRan();
    }

    @Test
    void bodyShorterThanItsLengthEndsTheConnection() throws Exception {
        start(PacketFixture.ANY_BODY);
        try (RawClient client = connect()) {
            byte[] packet = UwsgiPacket.request("POST", "/upload")
                    .with("CONTENT_LENGTH", "10")
                    .trailing("hello".getBytes(StandardCharsets.US_ASCII))
                    .bytes();
            assertThat(client.send(packet).endOutput().receiveAll()).isEmpty();
        }
        log.await("uwsgi: connection ended 5 bytes before the end of the request body");
        assertNothingElseRan();
    }

    @Test
    void bodyThatIsNotReadDoesNotBecomeARequest() throws Exception {
        start(PacketFixture.ANY_BODY);
        byte[] body = new byte[1_000_000];
        for (int at = 0; at + SECOND.length <= body.length; at += SECOND.length) {
            System.arraycopy(SECOND, 0, body, at, SECOND.length);
        }
        try (RawClient client = connect()) {
            byte[] packet = UwsgiPacket.request("POST", "/ignores-its-body")
                    .with("CONTENT_LENGTH", Integer.toString(body.length))
                    .trailing(body)
                    .bytes();
            assertThat(client.send(packet).endOutput().receiveText()).endsWith("\r\n\r\nPOST /ignores-its-body ");
        }
        assertThat(calls.poll(20, TimeUnit.SECONDS)).isEqualTo("POST /ignores-its-body ");
        assertNothingElseRan();
    }

    @Test
    void pingIsAnsweredByPong() throws Exception {
        start(PacketFixture.ANY_BODY);
        try (RawClient client = connect()) {
            byte[] answer =
                    client.send(UwsgiPacket.empty().modifier1(100).bytes()).receiveAll();
            assertThat(answer).containsExactly(100, 0, 0, 1);
        }
        assertThat(log.lines()).isEmpty();
        assertNothingElseRan();
    }

    @Test
    void uwsgisOwnPingIsContent() throws Exception {
        start(PacketFixture.ANY_BODY);
        Process ping = new ProcessBuilder(
                        "/usr/bin/uwsgi",
                        "--plugin",
                        "ping",
                        "--ping",
                        directory.resolve("s").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("ping.txt").toFile())
                .start();
        assertThat(ping.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(ping.exitValue()).isZero();
    }

    @Test
    void packetThatDoesNotComeIsRefusedInTime() throws Exception {
        start(ServerOptions.builder()
                .limits(Limits.builder().headerTimeout(Duration.ofMillis(200)).build()));
        try (RawClient client = connect()) {
            client.send(new byte[] {0, 100, 0, 0, 14, 0});
            assertThat(client.receiveText()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
        }
        assertThat(log.lines())
                .containsExactly("uwsgi: 2 of 100 bytes of the request variables within 200 ms (headerTimeout)");
        assertNothingElseRan();
    }

    @Test
    void serverOutlivesPacketsThatNobodyWouldWrite() throws Exception {
        start(PacketFixture.ANY_BODY);
        FuzzedPackets packets = new FuzzedPackets();
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            try (RawClient client = connect()) {
                client.send(packets.next(random)).endOutput().receiveAll();
            } catch (SocketTimeoutException silent) {
                throw silent;
            } catch (IOException reset) {
                // Closed before everything was sent: that's an end, too.
            }
        }
        // A quick machine comes to the limit of such lines.
        assertThat(log.lines())
                .allMatch(
                        line -> line.matches("uwsgi: [ -~]+|[0-9]+ more lines about clients' faults are left out"),
                        "is a line about uwsgi");
        calls.clear();
        assertNothingElseRan();
    }

    private Body answer(Environ environ, StartResponse startResponse) throws Exception {
        String body = environ.path().equals("/ignores-its-body")
                ? ""
                : new String(environ.input().readAllBytes(), StandardCharsets.ISO_8859_1);
        String call = environ.method() + " " + environ.path() + " " + body;
        calls.add(call);
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text(call);
    }

    private void start(Limits limits) throws Exception {
        start(ServerOptions.builder().limits(limits));
    }

    private void start(ServerOptions.Builder options) throws Exception {
        servers.add(Server.builder(this::answer)
                .listen(ListenAddress.uwsgi(directory.resolve("s").toString()))
                .options(options.loops(1)
                        .accessLogTo(OutputStream.nullOutputStream())
                        .build())
                .start());
    }

    private RawClient connect() throws IOException {
        return RawClient.connect(UnixDomainSocketAddress.of(directory.resolve("s")));
    }

    // A request of its own, answered behind everything before it: what could still run would have.
    private void assertNothingElseRan() throws Exception {
        try (RawClient client = connect()) {
            client.send(UwsgiPacket.empty()
                    .with("REQUEST_METHOD", "GET")
                    .with("PATH_INFO", "/last")
                    .bytes());
            assertThat(client.receiveText()).endsWith("\r\n\r\nGET /last ");
        }
        assertThat(calls.poll(20, TimeUnit.SECONDS)).isEqualTo("GET /last ");
        assertThat(calls).isEmpty();
    }

    private static String replyOf(PacketFixture fixture) {
        return "HTTP/1.1 " + fixture.expected().replace("refusal ", "") + " ";
    }
}
