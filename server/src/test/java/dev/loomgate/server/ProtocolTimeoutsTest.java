package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Clients of one protocol may have other timeouts than those of the other.
@Tag("timing")
final class ProtocolTimeoutsTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final byte[] HALF_A_PACKET =
            UwsgiPacket.request("POST", "/").with("CONTENT_LENGTH", "10").bytes();
    private static final String HALF_A_REQUEST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n";
    private static final Application READS = (environ, startResponse) -> {
        byte[] body = environ.input().readAllBytes();
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text(body.length + " bytes");
    };

    private final LogLines log = LogLines.of("dev.loomgate.server");

    @AfterEach
    void close() {
        log.close();
    }

    private static Server start(UnaryOperator<ServerOptions.Builder> change) throws ServerStartException {
        return Server.builder(READS)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .listen(ListenAddress.uwsgi("127.0.0.1:0"))
                .options(change.apply(Setup.DEFAULT
                                .options()
                                .limits(Limits.builder().bodyTimeout(LONG).build()))
                        .build())
                .start();
    }

    private static RawClient connect(Server server, int address) throws Exception {
        int port = ((ListenAddress.Place.Tcp) server.addresses().get(address).place()).port();
        return RawClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @Test
    void uwsgiClientsHaveTheirTimeoutAndHttpClientsTheLimits() throws Exception {
        try (Server server = start(options -> options.uwsgiTimeout(SHORT));
                RawClient http = connect(server, 0);
                RawClient uwsgi = connect(server, 1)) {
            http.send(HALF_A_REQUEST);
            assertThat(uwsgi.send(HALF_A_PACKET).receiveText()).startsWith("HTTP/1.1 408 ");
            http.send("0123456789");
            assertThat(new String(http.receive(12), StandardCharsets.ISO_8859_1))
                    .isEqualTo("HTTP/1.1 200");
        }
        assertThat(log.lines())
                .anySatisfy(line -> assertThat(line).contains("within 200 ms").contains("(uwsgiTimeout)"));
    }

    @Test
    void httpClientsHaveTheirTimeoutAndUwsgiClientsTheLimits() throws Exception {
        try (Server server = start(options -> options.httpTimeout(SHORT));
                RawClient http = connect(server, 0);
                RawClient uwsgi = connect(server, 1)) {
            uwsgi.send(HALF_A_PACKET);
            assertThat(new String(http.send(HALF_A_REQUEST).receive(12), StandardCharsets.ISO_8859_1))
                    .isEqualTo("HTTP/1.1 408");
            assertThat(uwsgi.send("0123456789").receiveText()).contains("10 bytes");
        }
        assertThat(log.lines())
                .anySatisfy(line -> assertThat(line).contains("within 200 ms").contains("(httpTimeout)"));
    }
}
