package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.server.ListenAddress.Place;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.RawClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TextServerTest {
    @TempDir
    private Path directory;

    private static SocketAddress address(TextServer server) {
        return switch (server.place()) {
            case Place.Tcp tcp -> new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.port());
            case Place.UnixPath unix -> UnixDomainSocketAddress.of(unix.path());
            case Place.UnixAbstract name -> throw new AssertionError(name);
            case Place.Inherited open -> throw new AssertionError(open);
        };
    }

    private static String read(TextServer server) throws Exception {
        try (RawClient client = RawClient.connect(address(server))) {
            return client.receiveText();
        }
    }

    @Test
    void eachClientGetsTheTextOfItsMoment() throws Exception {
        Path socket = directory.resolve("stats");
        AtomicInteger count = new AtomicInteger();
        try (TextServer server = TextServer.bind(new Place.UnixPath(socket), 0600)) {
            RawClient early = RawClient.connect(address(server));
            server.serve(() -> ("text " + count.incrementAndGet()).getBytes(StandardCharsets.UTF_8), false);
            assertThat(early.receiveText()).isEqualTo("text 1");
            early.close();
            assertThat(read(server)).isEqualTo("text 2");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void aLongTextComesWhole() throws Exception {
        String text = "x".repeat(3_000_000);
        try (TextServer server = TextServer.bind(new Place.Tcp("127.0.0.1", 0), 0600)) {
            server.serve(() -> text.getBytes(StandardCharsets.UTF_8), true);
            try (RawClient client = RawClient.connect(address(server))) {
                client.send("GET / HTTP/1.0\r\n\r\n").endOutput();
                assertThat(client.receiveText()).isEqualTo(text);
            }
        }
    }

    @Test
    void oneThatWaitsForItsTextKeepsNobodyElseWaiting() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger count = new AtomicInteger();
        try (TextServer server = TextServer.bind(new Place.Tcp("127.0.0.1", 0), 0600)) {
            server.serve(
                    () -> {
                        if (count.incrementAndGet() == 1) {
                            go.await();
                        }
                        return new byte[] {'a'};
                    },
                    false);
            try (RawClient slow = RawClient.connect(address(server))) {
                while (count.get() == 0) {
                    Thread.onSpinWait();
                }
                assertThat(read(server)).isEqualTo("a");
                go.countDown();
                assertThat(slow.receiveText()).isEqualTo("a");
            }
        }
    }

    @Test
    void whereThereIsNoTextThatIsLogged() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate.server");
                TextServer server = TextServer.bind(new Place.Tcp("127.0.0.1", 0), 0600)) {
            server.serve(
                    () -> {
                        throw new IllegalStateException("the loop is held");
                    },
                    false);
            assertThat(read(server)).isEmpty();
            log.await("there is no answer for a client: the loop is held");
        }
    }

    @Test
    void aPlaceThatIsTakenIsSaidInOneLine() throws Exception {
        try (TextServer server = TextServer.bind(new Place.Tcp("127.0.0.1", 0), 0600)) {
            assertThatThrownBy(() -> TextServer.bind(server.place(), 0600))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("the address is in use");
        }
    }

    @Test
    void abstractNamesArePlacesToo() throws Exception {
        String name = "loomgate-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        try (TextServer server = TextServer.bind(new Place.UnixAbstract(name), 0600)) {
            server.serve(() -> "here".getBytes(StandardCharsets.UTF_8), false);
            Process client = new ProcessBuilder(
                            "/usr/bin/python3",
                            "-c",
                            "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect('\\0' + sys.argv[1]);"
                                    + " print(s.makefile().read(), end='')",
                            name)
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("here");
        }
    }
}
