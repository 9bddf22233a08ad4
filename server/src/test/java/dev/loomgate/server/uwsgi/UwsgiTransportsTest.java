package dev.loomgate.server.uwsgi;

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
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Python;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// uwsgi over each kind of socket, with each transport that this machine has and each engine.
final class UwsgiTransportsTest {
    private static final byte[] PACKET =
            UwsgiPacket.request("POST", "/echo").body("hello").bytes();
    private static final Application ECHO = (environ, startResponse) -> {
        byte[] body = environ.input().readAllBytes();
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.bytes(body);
    };

    private final Path directory;

    UwsgiTransportsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    static Stream<Arguments> combinations() {
        return Arrays.stream(Transport.values())
                .filter(transport -> transport.unavailableReason().isEmpty())
                .flatMap(transport -> Arrays.stream(Engine.values()).map(engine -> Arguments.of(transport, engine)));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void requestIsAnsweredOverUnixAndTcp(Transport transport, Engine engine) throws Exception {
        Path socket = directory.resolve("app.sock");
        ServerOptions options = options(transport, engine, 0600);
        try (Server server = Server.builder(ECHO)
                .listen(ListenAddress.uwsgi(socket.toString()))
                .listen(ListenAddress.uwsgi("127.0.0.1:0"))
                .options(options)
                .start()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            int port = ((Place.Tcp) server.addresses().get(1).place()).port();
            for (int i = 0; i < 20; i++) {
                try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(socket))) {
                    assertThat(client.sendOneByOne(PACKET).receiveText()).endsWith("\r\n\r\nhello");
                }
                try (RawClient client =
                        RawClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                    assertThat(client.send(PACKET).receiveText()).endsWith("\r\n\r\nhello");
                }
            }
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void requestIsAnsweredOverAnAbstractSocket() throws Exception {
        String name = "loomgate-test-" + ProcessHandle.current().pid();
        name += "x".repeat(106 - name.length()); // the longest
        try (Server server = Server.builder(ECHO)
                .listen(ListenAddress.uwsgi("@" + name))
                .options(options(Transport.EPOLL, Engine.LOOP, 0660))
                .start()) {
            assertThat(server.addresses().getFirst().toString()).isEqualTo("@" + name);
            assertThat(askByPython(name)).endsWith("\r\n\r\nhello");
        }
    }

    @Test
    void nioSaysThatItHasNoAbstractSockets() {
        assertThatThrownBy(() -> Server.builder(ECHO)
                        .listen(ListenAddress.uwsgi("@loomgate-test"))
                        .options(options(Transport.NIO, Engine.LOOP, 0660))
                        .start()
                        .close())
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("@loomgate-test: the transport nio has no abstract sockets");
    }

    @Test
    void secondServerOnTheSameSocketDoesNotStart() throws Exception {
        ListenAddress address =
                ListenAddress.uwsgi(directory.resolve("app.sock").toString());
        ServerOptions options = options(Transport.preferred(), Engine.LOOP, 0660);
        try (Server first =
                Server.builder(ECHO).listen(address).options(options).start()) {
            assertThatThrownBy(() -> Server.builder(ECHO)
                            .listen(address)
                            .options(options)
                            .start()
                            .close())
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("app.sock: a server is listening there already");
            assertThat(first.addresses()).containsExactly(address);
            try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(directory.resolve("app.sock")))) {
                assertThat(client.send(PACKET).receiveText()).endsWith("\r\n\r\nhello");
            }
        }
    }

    private static ServerOptions options(Transport transport, Engine engine, int mode) {
        return ServerOptions.builder()
                .loops(1)
                .transport(transport)
                .engine(engine)
                .socketMode(mode)
                .accessLogTo(OutputStream.nullOutputStream())
                .build();
    }

    // The JDK has no abstract sockets.
    private String askByPython(String name) throws Exception {
        Path packet = Files.write(directory.resolve("packet.bin"), PACKET);
        String program = """
                import socket, sys
                s = socket.socket(socket.AF_UNIX)
                s.settimeout(20)
                s.connect('\\0' + sys.argv[1])
                s.sendall(open(sys.argv[2], 'rb').read())
                while data := s.recv(65536):
                    sys.stdout.buffer.write(data)
                """;
        Path answer = directory.resolve("answer.txt");
        Process python = new ProcessBuilder(List.of(Python.DEBIAN, "-c", program, name, packet.toString()))
                .redirectErrorStream(true)
                .redirectOutput(answer.toFile())
                .start();
        assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return Files.readString(answer, StandardCharsets.ISO_8859_1);
    }
}
