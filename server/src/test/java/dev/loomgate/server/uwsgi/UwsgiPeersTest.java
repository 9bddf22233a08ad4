package dev.loomgate.server.uwsgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who may speak uwsgi over TCP.
///
/// The stranger is this machine under the address of an interface other than `lo`.
final class UwsgiPeersTest {
    private final LogLines log = LogLines.of("dev.loomgate.server");
    private final AtomicInteger calls = new AtomicInteger();
    private final Application application = (environ, startResponse) -> {
        calls.incrementAndGet();
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text("hello");
    };

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void peerThatIsNotAllowedGets403AndALineOnce() throws Exception {
        InetAddress stranger = stranger();
        try (Server server = start(List.of("203.0.113.0/24"))) {
            assertThat(ask(server, stranger)).startsWith("HTTP/1.1 403 Forbidden\r\n");
            assertThat(ask(server, stranger)).startsWith("HTTP/1.1 403 Forbidden\r\n");
        }
        assertThat(calls).hasValue(0);
        assertThat(log.lines())
                .containsExactly("uwsgi: refused peer %s, which is neither local nor of an allowed network (allowFrom)"
                        .formatted(stranger.getHostAddress()));
    }

    @Test
    void peerThatIsAllowedIsServed() throws Exception {
        InetAddress stranger = stranger();
        try (Server server = start(List.of("203.0.113.0/24", stranger.getHostAddress()))) {
            assertThat(ask(server, stranger)).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void loopbackPeerIsAlwaysServed() throws Exception {
        try (Server server = start(List.of("203.0.113.0/24"))) {
            assertThat(ask(server, InetAddress.getLoopbackAddress())).startsWith("HTTP/1.1 200 OK\r\n");
        }
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void withAnEmptyAllowListOnlyLoopbackPeersAreServed() throws Exception {
        try (Server server = start(List.of())) {
            assertThat(ask(server, stranger())).startsWith("HTTP/1.1 403 Forbidden\r\n");
            assertThat(ask(server, InetAddress.getLoopbackAddress())).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void aWrongAllowListDoesNotStart() {
        assertThatThrownBy(() -> start(List.of("privat")).close())
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("allowFrom \"privat\"");
    }

    private Server start(List<String> allowFrom) throws ServerStartException {
        return Server.builder(application)
                .listen(ListenAddress.uwsgi("0.0.0.0:0"))
                .options(ServerOptions.builder()
                        .loops(1)
                        .allowFrom(allowFrom)
                        .accessLogTo(OutputStream.nullOutputStream())
                        .build())
                .start();
    }

    private static String ask(Server server, InetAddress address) throws Exception {
        int port = ((Place.Tcp) server.addresses().getFirst().place()).port();
        try (RawClient client = RawClient.connect(new InetSocketAddress(address, port))) {
            return client.send(UwsgiPacket.request("GET", "/").bytes()).receiveText();
        }
    }

    private static InetAddress stranger() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .orElseThrow(() -> new AssertionError("this test needs a network interface besides lo"));
    }
}
