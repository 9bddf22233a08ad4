package dev.loomgate.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.gateway.Status;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.FastCgiAnswers;
import dev.loomgate.testkit.client.FastCgiRecords;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.ScgiMessage;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.HaProxy;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Listeners of every protocol behind the PROXY protocol, with exact bytes and behind a real HAProxy.
@Timeout(120)
final class ProxyProtocolTest {
    private static final String LINE = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n";
    private static final String GET = "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

    private final LogLines log = LogLines.of("dev.loomgate.server");

    @AfterEach
    void close() {
        log.close();
    }

    private static Body answer(Environ environ, StartResponse start) {
        start.start(Status.OK, new Headers());
        return Body.text(environ.text("REMOTE_ADDR", "-") + ":" + environ.text("REMOTE_PORT", "-") + " "
                + environ.text("SERVER_NAME", "-") + ":" + environ.text("SERVER_PORT", "-"));
    }

    private static Server start(List<String> from, ListenAddress... addresses) throws ServerStartException {
        Server.Builder builder = Server.builder(ProxyProtocolTest::answer);
        for (ListenAddress address : addresses) {
            builder.listen(address);
        }
        return builder.options(ServerOptions.builder()
                        .loops(1)
                        .proxyProtocolFrom(from)
                        .limits(Limits.builder()
                                .headerTimeout(Duration.ofMillis(500))
                                .build())
                        .accessLogTo(OutputStream.nullOutputStream())
                        .build())
                .start();
    }

    private static Server http(String... from) throws ServerStartException {
        return start(List.of(from), ListenAddress.http("127.0.0.1:0"));
    }

    private static RawClient connect(Server server) throws Exception {
        return RawClient.connect(server.addresses().getFirst().socketAddress());
    }

    @Test
    void addressesComeFromTheHeader() throws Exception {
        try (Server server = http("127.0.0.0/8");
                RawClient client = connect(server)) {
            client.send(LINE + GET);
            assertThat(client.receiveText()).endsWith("\r\n\r\n192.0.2.7:56324 h:443");
        }
    }

    @Test
    void headerAndRequestMayComeByteByByte() throws Exception {
        try (Server server = http("127.0.0.1");
                RawClient client = connect(server)) {
            client.sendOneByOne((LINE + GET).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(client.receiveText()).endsWith("\r\n\r\n192.0.2.7:56324 h:443");
        }
    }

    @Test
    void itHoldsForEveryRequestOfTheConnection() throws Exception {
        try (Server server = http("any");
                RawClient client = connect(server)) {
            client.send(LINE + "GET /a HTTP/1.1\r\nHost: h\r\n\r\n" + GET);
            assertThat(client.receiveText().split("192\\.0\\.2\\.7:56324", -1)).hasSize(3);
        }
    }

    @Test
    void peerThatIsNotInTheListSendsNone() throws Exception {
        try (Server server = http("192.0.2.0/24")) {
            try (RawClient client = connect(server)) {
                client.send(GET);
                assertThat(client.receiveText()).contains("\r\n\r\n127.0.0.1:");
            }
            try (RawClient client = connect(server)) {
                client.send(LINE + GET);
                assertThat(client.receiveText()).startsWith("HTTP/1.1 400 ").doesNotContain("192.0.2.7");
            }
        }
    }

    @Test
    void peerInTheListThatSendsNoneIsClosed() throws Exception {
        try (Server server = http("127.0.0.1");
                RawClient client = connect(server)) {
            client.send(GET);
            assertThat(received(client)).isEmpty();
            assertThat(log.await("proxy: the connection begins with \"G\"")).contains("(proxyProtocolFrom), from ");
        }
    }

    // The kernel may reset a connection that is closed before all of its bytes are read.
    private static String received(RawClient client) throws Exception {
        try {
            return client.receiveText();
        } catch (java.net.SocketException e) {
            return "";
        }
    }

    @Test
    void headerThatDoesNotComeInTimeEndsTheConnection() throws Exception {
        try (Server server = http("127.0.0.1");
                RawClient client = connect(server)) {
            client.send("PROXY TCP4 1");
            assertThat(client.receiveAll()).isEmpty();
            log.await("proxy: no complete handshake within 500 ms (headerTimeout)");
        }
    }

    @Test
    void stopDoesNotWaitForAHeader() throws Exception {
        Server server = http("127.0.0.1");
        try (RawClient client = connect(server)) {
            client.send("PROXY TCP4 1");
            long before = System.nanoTime();
            server.close();
            assertThat(received(client)).isEmpty();
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - before))
                    .isLessThan(20);
        }
    }

    @Test
    void placesOfRefusedConnectionsAreGivenBack() throws Exception {
        try (Server server = start(List.of("any"), ListenAddress.http("127.0.0.1:0"))) {
            for (int i = 0; i < 50; i++) {
                try (RawClient client = connect(server)) {
                    client.send(i % 2 == 0 ? "nonsense" : LINE + GET);
                    received(client);
                }
            }
            dev.loomgate.testkit.Eventually.await("no connections", () -> server.snapshot().loops().stream()
                    .allMatch(loop -> loop.connections() == 0));
        }
    }

    @Test
    void everyListenerTakesIt(@TempDir Path directory) throws Exception {
        Path unix = directory.resolve("s");
        try (Server server = start(
                List.of("127.0.0.1", "unix"),
                ListenAddress.uwsgi("127.0.0.1:0"),
                ListenAddress.scgi("127.0.0.1:0"),
                ListenAddress.fastcgi("127.0.0.1:0"),
                ListenAddress.http(unix.toString()))) {
            List<ListenAddress> at = server.addresses();
            try (RawClient client = RawClient.connect(at.get(0).socketAddress())) {
                client.send(LINE)
                        .send(UwsgiPacket.request("GET", "/")
                                .with("REMOTE_ADDR", "9.9.9.9")
                                .bytes());
                assertThat(client.receiveText()).endsWith("9.9.9.9:- localhost:80");
            }
            try (RawClient client = RawClient.connect(at.get(1).socketAddress())) {
                client.send(LINE)
                        .send(ScgiMessage.request("GET", "/", "")
                                .with("REMOTE_ADDR", "9.9.9.9")
                                .bytes());
                assertThat(client.receiveText()).endsWith("9.9.9.9:- localhost:80");
            }
            try (RawClient client = RawClient.connect(at.get(2).socketAddress())) {
                client.send(LINE).send(FastCgiRecords.of().get(1, "/").bytes());
                assertThat(new FastCgiAnswers(client).end().content()).isEqualTo("-:- localhost:80");
            }
            try (RawClient client = RawClient.connect(at.get(3).socketAddress())) {
                client.send(LINE + GET);
                assertThat(client.receiveText()).endsWith("192.0.2.7:56324 h:443");
            }
        }
    }

    @Test
    void wrongNetworksDoNotStart() {
        assertThatThrownBy(() -> http("privat").close())
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("proxyProtocolFrom \"privat\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options crc32c,unique-id"})
    void behindARealHaProxy(String how, @TempDir Path directory) throws Exception {
        try (Server server = http("127.0.0.1");
                HaProxy haproxy = HaProxy.start(
                        directory, "mode http", "server s " + server.addresses().getFirst() + " " + how);
                HttpClient http = HttpClient.newHttpClient()) {
            String body = http.send(HttpRequest.newBuilder(haproxy.uri("/")).build(), BodyHandlers.ofString())
                    .body();
            assertThat(body)
                    .matches("127\\.0\\.0\\.1:[0-9]+ 127\\.0\\.0\\.1:"
                            + haproxy.uri("/").getPort());
        }
    }
}
