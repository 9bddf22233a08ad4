package dev.loomgate.server.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.server.SocketOptions;
import dev.loomgate.testkit.client.HttpPeer;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What sockets are made with, as the kernel has it then.
final class SocketOptionsTest {
    private static final int SOL_SOCKET = 1;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int SO_KEEPALIVE = 9;
    private static final int BYTES = 20_000;

    private static final Application HELLO = (environ, startResponse) -> {
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text("hello");
    };

    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values())
                .filter(transport -> transport.unavailableReason().isEmpty());
    }

    private static Server start(Transport transport, String address, SocketOptions sockets)
            throws ServerStartException {
        return Server.builder(HELLO)
                .listen(ListenAddress.http(address))
                .options(ServerOptions.builder()
                        .loops(1)
                        .engine(Engine.LOOP)
                        .transport(transport)
                        .accessLog(false)
                        .sockets(sockets)
                        .build())
                .start();
    }

    private static int port(Server server) {
        return ((Place.Tcp) server.addresses().getFirst().place()).port();
    }

    /// Options of the connection that the server has accepted: it is among this process's descriptors.
    private static List<Integer> ofAccepted(Server server, int level, int... options) throws IOException {
        Epoll.ensureAvailability();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port(server));
        try (SocketChannel client = SocketChannel.open(address)) {
            int clientPort = ((InetSocketAddress) client.getLocalAddress()).getPort();
            HttpPeer peer = HttpPeer.to(address);
            peer.get("/").answer(); // the other one is surely accepted then
            peer.close();
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                for (Path descriptor :
                        descriptors.filter(SocketOptionsTest::isSocket).toList()) {
                    Socket socket =
                            new Socket(Integer.parseInt(descriptor.getFileName().toString()));
                    if (isOf(socket, clientPort)) {
                        return Arrays.stream(options)
                                .mapToObj(option -> option(socket, level, option))
                                .toList();
                    }
                }
            }
            throw new AssertionError("no connection from port " + clientPort);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    private static boolean isOf(Socket socket, int clientPort) {
        InetSocketAddress remote = socket.remoteAddress();
        return remote != null && remote.getPort() == clientPort;
    }

    private static int option(Socket socket, int level, int option) {
        try {
            return socket.getIntOpt(level, option);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void withoutOptionsTheKernelChoosesAndNothingIsDelayed(Transport transport) throws Exception {
        try (Server server = start(transport, "127.0.0.1:0", SocketOptions.defaults())) {
            assertThat(ofAccepted(server, SOL_SOCKET, SO_KEEPALIVE)).containsExactly(0);
            assertThat(ofAccepted(server, IPPROTO_TCP, TCP_NODELAY)).containsExactly(1);
            assertThat(ofAccepted(server, SOL_SOCKET, SO_SNDBUF, SO_RCVBUF))
                    .allSatisfy(bytes -> assertThat(bytes).isGreaterThan(2 * BYTES));
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void connectionsHaveWhatIsAskedFor(Transport transport) throws Exception {
        SocketOptions options = SocketOptions.builder()
                .keepAlive(true)
                .sendBufferBytes(BYTES)
                .receiveBufferBytes(BYTES)
                .build();
        try (Server server = start(transport, "127.0.0.1:0", options)) {
            assertThat(ofAccepted(server, SOL_SOCKET, SO_KEEPALIVE)).containsExactly(1);
            // The kernel doubles what is set, for its own bookkeeping: socket(7).
            assertThat(ofAccepted(server, SOL_SOCKET, SO_SNDBUF, SO_RCVBUF)).containsExactly(2 * BYTES, 2 * BYTES);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void aPortIsSharedOnlyIfBothServersSaySo(Transport transport) throws Exception {
        SocketOptions shared = SocketOptions.builder().reusePort(true).build();
        try (Server first = start(transport, "127.0.0.1:0", shared)) {
            String address = "127.0.0.1:" + port(first);
            try (Server second = start(transport, address, shared)) {
                assertThat(port(second)).isEqualTo(port(first));
            }
            assertThatThrownBy(() -> start(transport, address, SocketOptions.defaults()))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("the address is in use");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void anAddressThatIsNotThereIsBoundIfAskedFor(Transport transport) throws Exception {
        SocketOptions free = SocketOptions.builder().freeBind(true).build();
        if (transport == Transport.NIO) {
            assertThatThrownBy(() -> start(transport, "192.0.2.77:0", free))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("the transport nio can't bind addresses that aren't there, epoll can");
            return;
        }
        assertThatThrownBy(() -> start(transport, "192.0.2.77:0", SocketOptions.defaults()))
                .hasMessageContaining("no interface of this machine has that address");
        try (Server server = start(transport, "192.0.2.77:0", free)) {
            assertThat(port(server)).isPositive();
        }
    }

    @Test
    void negativeSizesAreRefused() {
        assertThatThrownBy(() -> SocketOptions.builder().sendBufferBytes(-1).build())
                .hasMessageContaining("sendBufferBytes");
        assertThatThrownBy(() -> SocketOptions.builder().receiveBufferBytes(-1).build())
                .hasMessageContaining("receiveBufferBytes");
    }
}
