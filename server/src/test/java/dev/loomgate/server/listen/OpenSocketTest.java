package dev.loomgate.server.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.direct.SharedSocket.Takers;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.ActivatedSockets;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.server.ListenAddress.Protocol;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.server.direct.FakeProcesses;
import dev.loomgate.server.direct.Fcntl;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sockets that somebody else has opened. The test has a descriptor of its own of each, as systemd would.
final class OpenSocketTest {
    private static final byte[] PACKET = UwsgiPacket.request("GET", "/").bytes();
    private static final Application HELLO = (environ, startResponse) -> {
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text("hello");
    };

    private final Path path;
    private Socket theirs = Socket.newSocketStream(); // neither bound nor listening

    OpenSocketTest(@TempDir Path directory) {
        path = directory.resolve("app.sock");
    }

    @BeforeAll
    static void loadEpoll() {
        Epoll.ensureAvailability();
    }

    @AfterEach
    void close() throws IOException {
        theirs.close();
    }

    private ListenAddress opened(Socket socket, SocketAddress address) throws IOException {
        theirs.close();
        theirs = socket;
        socket.bind(address);
        socket.listen(8);
        Fcntl.makeBlocking(socket.intValue());
        return ListenAddress.uwsgi("fd://" + Fcntl.duplicate(socket.intValue()));
    }

    private ListenAddress openedTcp() throws IOException {
        return opened(Socket.newSocketStream(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private ListenAddress openedUnix() throws IOException {
        return opened(Socket.newSocketDomain(), new DomainSocketAddress(path.toFile()));
    }

    private static Server start(Application application, ListenAddress address) throws ServerStartException {
        return Server.builder(application)
                .listen(address)
                .options(ServerOptions.builder()
                        .loops(1)
                        .transport(Transport.EPOLL)
                        .accessLog(false)
                        .build())
                .start();
    }

    private static String ask(SocketAddress address) throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            return client.send(PACKET).receiveText();
        }
    }

    @Test
    void tcpSocketIsServedAndGoesOnAfterTheServer() throws Exception {
        ListenAddress first = openedTcp();
        ListenAddress second = ListenAddress.uwsgi("fd://" + Fcntl.duplicate(theirs.intValue()));
        InetSocketAddress address = theirs.localAddress();
        try (Server server = start(HELLO, first)) {
            assertThat(server.addresses()).containsExactly(ListenAddress.uwsgi("127.0.0.1:" + address.getPort()));
            assertThat(ask(address)).endsWith("hello");
        }
        try (RawClient between = RawClient.connect(address)) {
            between.send(PACKET);
            try (Server server = start(HELLO, second)) {
                assertThat(server.addresses()).hasSize(1);
                assertThat(between.receiveText()).endsWith("hello");
                assertThat(ask(address)).endsWith("hello");
            }
        }
    }

    @Test
    void unixSocketIsServedAndGoesOnAfterTheServer() throws Exception {
        ListenAddress first = openedUnix();
        ListenAddress second = ListenAddress.uwsgi("fd://" + Fcntl.duplicate(theirs.intValue()));
        SocketAddress address = UnixDomainSocketAddress.of(path);
        try (Server server = start(HELLO, first)) {
            assertThat(server.addresses()).containsExactly(ListenAddress.uwsgi(path.toString()));
            assertThat(ask(address)).endsWith("hello");
        }
        assertThat(path).exists();
        try (RawClient between = RawClient.connect(address)) {
            between.send(PACKET);
            try (Server server = start(HELLO, second)) {
                assertThat(server.addresses()).hasSize(1);
                assertThat(between.receiveText()).endsWith("hello");
            }
        }
    }

    /// The processes take its connections as those of any unix socket.
    @Test
    void unixSocketIsThereForDirectMode() throws Exception {
        FakeProcesses processes = new FakeProcesses(HELLO, Takers.NONE);
        ListenAddress first = openedUnix();
        ListenAddress second = ListenAddress.uwsgi("fd://" + Fcntl.duplicate(theirs.intValue()));
        try (Server server = start(processes, first)) {
            assertThat(server.whyNotDirect(server.addresses().getFirst())).isEmpty();
            assertThat(processes.sockets()).hasSize(1);
            assertThat(ask(UnixDomainSocketAddress.of(path))).endsWith("hello");
        }
        try (Server server = start(HELLO, second)) {
            assertThat(server.addresses()).hasSize(1);
            assertThat(ask(UnixDomainSocketAddress.of(path))).endsWith("hello");
        }
    }

    @Test
    void abstractSocketHasItsName() throws Exception {
        String name = "loomgate-open-" + System.nanoTime();
        ListenAddress address = opened(Socket.newSocketDomain(), new DomainSocketAddress("\0" + name));
        try (Server server = start(HELLO, address)) {
            assertThat(server.addresses()).containsExactly(ListenAddress.uwsgi("@" + name));
        }
    }

    @Test
    void whatIsNoListeningSocketIsTold() throws Exception {
        int idle = Fcntl.duplicate(theirs.intValue());
        Socket datagrams = Socket.newSocketDgram();
        assertThatThrownBy(() -> start(HELLO, ListenAddress.http("fd://" + idle)))
                .isInstanceOf(ServerStartException.class)
                .hasMessage("can't listen on fd://%d: the socket doesn't listen", idle);
        assertThatThrownBy(() -> start(HELLO, ListenAddress.http("fd://" + datagrams.intValue())))
                .hasMessage("can't listen on fd://%d: it is no TCP and no unix stream socket", datagrams.intValue());
        assertThatThrownBy(() -> start(HELLO, ListenAddress.http("fd://99999")))
                .hasMessage("can't listen on fd://99999: no socket was given with that number");
        datagrams.close();
    }

    @Test
    void otherTransportsSayThatTheyCannot() throws Exception {
        ListenAddress address = openedTcp();
        assertThatThrownBy(() -> Server.builder(HELLO)
                        .listen(address)
                        .options(ServerOptions.builder()
                                .loops(1)
                                .transport(Transport.NIO)
                                .build())
                        .start())
                .hasMessage(
                        "can't listen on %s: the transport nio can't take a socket that is open already, epoll can",
                        address);
    }

    @Test
    void whatIsForAnotherProcessIsLeftAlone() {
        List<ListenAddress> wanted = List.of(ListenAddress.http(":8000"));
        assertThat(ActivatedSockets.joinedWith(wanted, Protocol.UWSGI, Map.of()))
                .isEqualTo(wanted);
        assertThat(ActivatedSockets.joinedWith(wanted, Protocol.UWSGI, Map.of("LISTEN_PID", "1", "LISTEN_FDS", "1")))
                .isEqualTo(wanted);
    }

    @Test
    void whatIsGivenAndNotNamedIsOneMore() {
        String pid = Long.toString(ProcessHandle.current().pid());
        Map<String, String> environment = Map.of("LISTEN_PID", pid, "LISTEN_FDS", "2");
        assertThat(ActivatedSockets.joinedWith(List.of(ListenAddress.http("fd://4")), Protocol.UWSGI, environment))
                .containsExactly(
                        ListenAddress.http("fd://4"), new ListenAddress(Protocol.UWSGI, new Place.Inherited(3)));
    }
}
