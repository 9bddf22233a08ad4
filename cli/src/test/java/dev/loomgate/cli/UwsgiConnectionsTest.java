package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections that a program makes by the `uwsgi` module: `connect`, `async_connect`, `send`, `recv` and their like
/// give what real uWSGI's give.
@Timeout(180)
class UwsgiConnectionsTest {
    private static final String BLOCKING = """
            import uwsgi

            def application(environ, start_response):
                port = environ["QUERY_STRING"]
                said = []
                fd = uwsgi.connect("127.0.0.1:" + port)
                said += [fd >= 0, uwsgi.is_connected(fd), uwsgi.send(fd, b"hello"), uwsgi.recv(fd, 5)]
                said += [uwsgi.send(fd, b"a" * 5000), len(uwsgi.recv(fd, 100000)) <= 4096, uwsgi.close(fd)]
                said += [uwsgi.recv(fd), uwsgi.send(fd, b"x"), uwsgi.is_connected(fd)]
                fd = uwsgi.connect(":" + port, 2)
                said += [fd >= 0, uwsgi.send(fd, b"."), uwsgi.recv(fd), uwsgi.recv(fd), uwsgi.close(fd)]
                said += [uwsgi.connect(name) for name in ("127.0.0.1:1", "nowhere.invalid:80", "/nothing/there", "@nothing")]
                said += [uwsgi.async_connect(name) for name in ("/nothing/there", "@nothing")]
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [repr(said).encode()]
            """;

    private static final String YIELDING = """
            import uwsgi

            def application(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                timeout = lambda: environ["x-wsgiorg.fdevent.timeout"]
                said = []
                fd = uwsgi.async_connect("127.0.0.1:" + environ["QUERY_STRING"])
                said += [fd >= 0]
                yield uwsgi.wait_fd_write(fd, 5)
                said += [timeout(), uwsgi.is_connected(fd), uwsgi.recv(fd), uwsgi.send(fd, b"hello")]
                yield uwsgi.wait_fd_read(fd, 5)
                said += [timeout(), uwsgi.recv(fd)]
                yield uwsgi.wait_fd_read(fd, 1)
                said += [timeout(), uwsgi.recv(fd), uwsgi.close(fd)]
                fd = uwsgi.async_connect("127.0.0.1:1")
                yield uwsgi.wait_fd_write(fd, 5)
                said += [uwsgi.is_connected(fd), uwsgi.close(fd)]
                yield repr(said).encode()
            """;

    /// Sends everything back, and closes after a full stop.
    private static final class Echo implements AutoCloseable {
        private final ServerSocket listening;

        Echo() throws IOException {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> {
                while (true) {
                    try {
                        Socket socket = listening.accept();
                        Thread.ofVirtual().start(() -> echo(socket));
                    } catch (IOException e) {
                        return;
                    }
                }
            });
        }

        private static void echo(Socket socket) {
            try (socket) {
                byte[] buffer = new byte[8192];
                int length = socket.getInputStream().read(buffer);
                while (length > 0) {
                    socket.getOutputStream().write(buffer, 0, length);
                    length = buffer[length - 1] == '.'
                            ? -1
                            : socket.getInputStream().read(buffer);
                }
            } catch (IOException e) {
                // The program has closed it.
            }
        }

        int port() {
            return listening.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--master",
                "--threads 2",
                "--plugin asyncio_python3 --plugin greenlet_python3 --asyncio 8 --greenlet",
            })
    void connectWaits(String options) throws Exception {
        assertThat(sameAnswer(BLOCKING, options)).contains("True, True, True, b'hello'", "-1, -1, -1, -1, -1, -1");
    }

    /// uWSGI has such waits in no other mode, nor with its asyncio.
    @ParameterizedTest
    @ValueSource(strings = {"--async 8", "--plugin greenlet_python3 --async 8 --greenlet"})
    void asyncConnectIsWaitedFor(String options) throws Exception {
        assertThat(sameAnswer(YIELDING, options))
                .contains("[True, None, True, None, True, None, b'hello', True, None, None, False, None]");
    }

    @Test
    void theClientsConnectionIsTheServers() throws Exception {
        Files.writeString(directory.resolve("program.py"), """
                import uwsgi
                def application(environ, start_response):
                    start_response("200 OK", [("Content-Type", "text/plain")])
                    try:
                        uwsgi.send(b"HTTP/1.0 200 OK")
                    except NotImplementedError as e:
                        return [str(e).encode()]
                """);
        try (Echo echo = new Echo();
                LoomgateProcess loomgate = LoomgateProcess.start(directory, here("--master"))) {
            assertThat(answer(loomgate.address(), echo)).contains("use write(), or send(fd, data)");
        }
    }

    private String sameAnswer(String program, String options) throws Exception {
        Files.writeString(directory.resolve("program.py"), program);
        try (Echo echo = new Echo()) {
            String there;
            List<String> command = new ArrayList<>(List.of(options.split(" ")));
            command.addAll(List.of("--wsgi-file", "program.py"));
            try (UwsgiProcess uwsgi = UwsgiProcess.start(directory, command.toArray(String[]::new))) {
                there = answer(uwsgi.address(), echo);
            }
            try (LoomgateProcess loomgate = LoomgateProcess.start(directory, here(options))) {
                assertThat(answer(loomgate.address(), echo)).isEqualTo(there);
            }
            return there;
        }
    }

    private static String[] here(String options) {
        return Stream.of(
                        Stream.of("--python", Python.DEBIAN, "--http", "127.0.0.1:0", "--wsgi-file", "program.py"),
                        Stream.of(options.split(" ")))
                .flatMap(words -> words)
                .toArray(String[]::new);
    }

    private static String answer(InetSocketAddress server, Echo echo) throws IOException {
        try (HttpPeer peer = HttpPeer.to(server)) {
            String answer = peer.send("GET /?%d HTTP/1.0\r\n\r\n".formatted(echo.port()))
                    .rest();
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }
}
