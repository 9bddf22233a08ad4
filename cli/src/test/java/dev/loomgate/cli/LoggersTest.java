package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Loggers of a real server: what goes where, and that nothing is lost on the way.
@Timeout(120)
class LoggersTest {
    private static final int REQUESTS = 1_500;

    @TempDir
    private Path directory;

    private String read(String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private List<String> linesOf(String prefix) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (String.valueOf(file.getFileName()).startsWith(prefix)) {
                    lines.addAll(Files.readAllLines(file));
                }
            }
        }
        return lines;
    }

    private static HttpPeer connect(URI server) throws IOException {
        return HttpPeer.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
    }

    private boolean hasRenamed(String name) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> String.valueOf(file.getFileName()).startsWith(name + "."));
        }
    }

    @Test
    void whatRotatesNoFileSaysWhichOptionIsMissing() throws Exception {
        try (LoomgateProcess server = LoomgateProcess.start(
                directory, "demo", "--http", "127.0.0.1:0", "--log-maxsize", "5k", "--log-rotate-every", "1d")) {
            server.await(Pattern.compile("--log-maxsize: there is no log file to be rotated \\(--logto FILE\\)"));
            server.await(Pattern.compile("--log-rotate-every: there is no log file"));
        }
    }

    /// One file is renamed and opened again by SIGUSR2, again and again; one rotates by its size, one by the clock;
    /// requests go on.
    @Test
    void rotationAndReopeningLoseNoLine() throws Exception {
        AtomicInteger asked = new AtomicInteger(REQUESTS);
        try (LoomgateProcess server = LoomgateProcess.startByShell(
                directory,
                Map.of("_JAVA_SR_SIGNUM", "60"),
                "exec \"$@\" demo --http 127.0.0.1:0 --log-format '%(uri)' --req-logger file:access.log"
                        + " --req-logger file:logfile=sized.log,maxsize=5000"
                        + " --req-logger file:logfile=timed.log,every=1s")) {
            URI uri = server.uri("/");
            Thread load = Thread.ofVirtual().start(() -> {
                try (HttpPeer peer = connect(uri)) {
                    for (int i = 0; i < REQUESTS; i++) {
                        peer.get("/user?name=" + i).answer();
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            for (int i = 1; i <= 5; i++) {
                int count = i;
                Eventually.await("a line", () -> !read("access.log").isEmpty() || !load.isAlive());
                Files.move(directory.resolve("access.log"), directory.resolve("access.log." + i));
                server.signal("USR2");
                Eventually.await(
                        "the file is open again",
                        () -> Pattern.compile("SIGUSR2: the log is open again: \\S*access.log")
                                        .matcher(server.err())
                                        .results()
                                        .count()
                                == count);
            }
            load.join();
            try (HttpPeer peer = connect(uri)) {
                Eventually.await("a file of an earlier second", () -> {
                    peer.get("/user?name=" + asked.getAndIncrement()).answer();
                    return hasRenamed("timed.log");
                });
            }
            assertThat(server.signal("TERM").status()).isZero();
        }
        List<String> expected =
                IntStream.range(0, asked.get()).mapToObj(i -> "/user?name=" + i).toList();
        assertThat(linesOf("access.log")).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(linesOf("sized.log")).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(linesOf("timed.log")).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(hasRenamed("sized.log")).isTrue();
    }

    /// What a program prints can't be obeyed by a terminal that shows the log, and a long line is one line.
    @Test
    void longLinesAndTerminalEscapesAreContained() throws Exception {
        Files.writeString(directory.resolve("app.py"), """
                import sys
                print("\\x1b[31mRED\\x1b[0m \\x9b2J over\\rwritten\\tby\\x07")
                print("L" * 1000000 + "END")
                print("next")
                def application(environ, start_response):
                    sys.stderr.write("at work\\n")
                    start_response("200 OK", [])
                    return [b"ok"]
                """);
        try (LoomgateProcess server = LoomgateProcess.start(
                directory,
                "--http",
                "127.0.0.1:0",
                "-w",
                "app",
                "--python",
                Python.DEBIAN,
                "--logger",
                "stdio",
                "--logger",
                "file:all.log",
                "--log-format",
                "REQ %(uri) by %(wid)",
                "--log-date=%Y",
                "--logger",
                "descriptor fd:1",
                "--log-route",
                "descriptor at work")) {
            try (HttpPeer peer = connect(server.uri("/"))) {
                assertThat(peer.get("/a").answer().text()).isEqualTo("ok");
            }
            Eventually.await(
                    "all lines",
                    () -> read("all.log").contains("REQ /a by 1\n")
                            && server.out().contains("at work"));
            List<String> lines = read("all.log").lines().toList();
            assertThat(lines)
                    .filteredOn(line -> line.contains("RED"))
                    .singleElement()
                    .asString()
                    .matches("\\d{4} - INFO \\[python] .*")
                    .endsWith("\\x1b[31mRED\\x1b[0m \\x9b2J over\\x0dwritten\tby\\x07");
            assertThat(lines)
                    .filteredOn(line -> line.endsWith("LEND"))
                    .singleElement()
                    .satisfies(line -> assertThat(line).hasSizeGreaterThan(1_000_000));
            assertThat(lines).anyMatch(line -> line.endsWith("[python] next"));
            assertThat(lines).noneMatch(line -> line.contains("at work"));
            assertThat(server.err()).contains("[python] next", "engine ").doesNotContain("REQ");
            // Requests go where the log goes; stdio is each one's own output.
            assertThat(server.out()).contains("REQ /a by 1\n", "[worker 1] at work\n");
        }
    }

    /// To a datagram socket in the file system, as /dev/log is one.
    @Test
    void packetsReachAUnixSocket() throws Exception {
        Path socket = directory.resolve("log.sock");
        Path receiver = Files.writeString(directory.resolve("receive.py"), """
                import socket, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                s.bind("log.sock")
                out = open("received.txt", "wb", 0)
                while True:
                    out.write(s.recv(65536) + b"|\\n")
                """);
        Process python = new ProcessBuilder(Python.DEBIAN, receiver.toString())
                .directory(directory.toFile())
                .inheritIO()
                .start();
        try {
            Eventually.await("the socket", () -> Files.exists(socket));
            try (LoomgateProcess server = LoomgateProcess.launch(
                    directory,
                    "demo",
                    "--http",
                    "127.0.0.1:0",
                    "--logger",
                    "rsyslog:" + socket + ",me",
                    "--req-logger",
                    "socket:log.sock,>",
                    "--log-format",
                    "%(status)")) {
                Eventually.await("the start", () -> read("received.txt").contains("engine "));
                URI uri = URI.create(read("received.txt").replaceAll("(?s).*(http://[^,]+),.*", "$1/"));
                try (HttpPeer peer = connect(uri)) {
                    peer.get("/user").answer();
                }
                Eventually.await("a request", () -> read("received.txt").contains(">200\n|"));
                assertThat(read("received.txt"))
                        .containsPattern("<29>[A-Z][a-z]{2} [ 1-3]\\d [0-9:]{8} me: \\S+ INFO .*\\|\n");
                python.destroy();
                python.waitFor();
                try (HttpPeer peer = connect(uri)) {
                    peer.get("/user").answer();
                }
                Eventually.await("a complaint", () -> server.err()
                        .contains(
                                "loomgate: the log can't be written to socket:log.sock,>: sendto: Connection refused; lost"
                                        + " so far: 1 (--logger)"));
            }
        } finally {
            python.destroyForcibly();
        }
    }

    @Test
    void whatCannotBeOpenedIsOneLine() throws Exception {
        try (LoomgateProcess server =
                LoomgateProcess.launch(directory, "demo", "--http", "127.0.0.1:0", "--logger", "file:none/a.log")) {
            assertThat(server.status()).isEqualTo(1);
            assertThat(server.err())
                    .matches("loomgate: can't write the log to 'file:none/a.log' \\(--logger\\): \\S+/none/a\\.log:"
                            + " no such file or directory\n");
        }
    }

    @Test
    void onlySomeRequestsAreLogged() throws Exception {
        try (LoomgateProcess server = LoomgateProcess.start(
                directory,
                "demo",
                "--http",
                "127.0.0.1:0",
                "--disable-logging",
                "--log-4xx",
                "--log-slow",
                "900",
                "--log-format",
                "%(status) %(uri)")) {
            try (HttpPeer peer = connect(server.uri("/"))) {
                peer.get("/user").answer();
                peer.get("/none").answer();
                peer.get("/").answer(); // takes a second
            }
            Eventually.await("two lines", () -> server.out().lines().count() == 2);
            assertThat(server.out()).isEqualTo("404 /none\n200 /\n");
        }
    }
}
