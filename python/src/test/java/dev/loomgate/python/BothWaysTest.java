package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Direct;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same bytes to a server whose workers take connections, and to one that takes them itself: the same answers.
/// Packets are right ones, wrong ones, and mixed-up ones, written in pieces; 1,500 of them in each mode, or
/// `loomgate.test.packets`.
@Timeout(1800)
@Tag("timing")
class BothWaysTest {
    private static final int PACKETS = Integer.getInteger("loomgate.test.packets", 1_500);
    private static final long SEED = Long.getLong("loomgate.test.seed", 20261127);
    private static final int CLIENTS = 6;
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static final String PROGRAM = """
            import sys

            def application(environ, start_response):
                path = environ["PATH_INFO"]
                said = repr(sorted((k, v) for k, v in environ.items() if isinstance(v, str))).encode()
                length = len(environ["wsgi.input"].read())
                said += b" body %d" % length
                if path.startswith("/stream"):
                    start_response("200 OK", [("Content-Type", "text/plain")])
                    return (said[i:i + 100] for i in range(0, len(said), 100))
                if path.startswith("/fail"):
                    raise RuntimeError("deliberately")
                if path.startswith("/large"):
                    start_response("200 OK", [("Content-Length", str(len(said) * 300))])
                    return [said * 300]
                if path.startswith("/none"):
                    start_response("204 No Content", [])
                    return []
                if path.startswith("/old"):
                    start_response("304 Not Modified", [("ETag", '"a"'), ("Content-Length", "7")])
                    return []
                if path.startswith("/wrong"):
                    start_response("200 OK", [("Content-Length", "3")])
                    return [b"1234567"]
                if path.startswith("/short"):
                    start_response("200 OK", [("Content-Length", "30")])
                    return [b"1234567"]
                if path.startswith("/names"):
                    start_response("200 OK", [("X Y", "a")])
                    return [b""]
                if path.startswith("/hop"):
                    start_response("202 \\xe9", [("Connection", "close"), ("X-A", "\\xe4"), ("Keep-Alive", "1")])
                    return [b"a", b"b"]
                if path.startswith("/write"):
                    start_response("200 OK", [("X", "y")])(b"first ")
                    return [b"second"]
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [said]
            """;

    private static final List<String> PATHS = List.of(
            "/", "/a?b=c", "/stream", "/fail", "/large", "/none", "/old", "/wrong", "/short", "/names", "/hop",
            "/write");

    @TempDir
    private Path directory;

    private final LogLines log = LogLines.withLevels("dev.loomgate");
    private final List<Server> servers = new ArrayList<>();

    @AfterEach
    void end() {
        servers.forEach(Server::close);
        log.close();
    }

    private PythonApplication program(WorkerMode mode) throws IOException {
        return PythonApplication.of(
                TestPrograms.source(directory, PROGRAM).mode(mode).processes(2).build());
    }

    private SocketAddress start(Direct direct, PythonApplication program) throws Exception {
        Path socket = directory.resolve(direct.name());
        Limits limits = Limits.builder()
                .headerTimeout(SHORT)
                .bodyTimeout(SHORT)
                .maxHeaderBytes(9000)
                .maxHeaderCount(60)
                .maxBodyBytes(50_000)
                .build();
        Server server = Servers.start(
                program, List.of(ListenAddress.uwsgi(socket.toString())), options -> options.direct(direct)
                        .limits(limits));
        servers.add(server);
        return UnixDomainSocketAddress.of(socket);
    }

    static List<WorkerMode> modes() {
        return List.of(new WorkerMode.Sync(), new WorkerMode.Threads(3), new WorkerMode.Asyncio(20));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void theSameAnswers(WorkerMode mode) throws Exception {
        PythonApplication taken = program(mode);
        SocketAddress direct = start(Direct.ON, taken);
        SocketAddress usual = start(Direct.OFF, program(mode));
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Callable<List<String>>> all = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(SEED + i);
                all.add(() -> differences(random, direct, usual));
            }
            List<String> different = new ArrayList<>();
            for (Future<List<String>> each : clients.invokeAll(all)) {
                different.addAll(each.get());
            }
            assertThat(different).as("seed %d", SEED).isEmpty();
            assertThat(taken.directAccepted()).isGreaterThan(PACKETS / 10);
        }
    }

    private static List<String> differences(Random random, SocketAddress direct, SocketAddress usual)
            throws IOException, InterruptedException {
        List<String> different = new ArrayList<>();
        for (int i = 0; i < PACKETS / CLIENTS && different.size() < 3; i++) {
            byte[] bytes = packet(random);
            int[] cuts = random.ints(Math.max(0, random.nextInt(6) - 2), 0, bytes.length + 1)
                    .sorted()
                    .toArray();
            String one = answer(direct, bytes, cuts);
            String other = answer(usual, bytes, cuts);
            if (!one.equals(other)) {
                different.add("""
                        %s
                        in pieces %s
                        directly: %s
                        usually:  %s
                        """.formatted(shown(bytes), Arrays.toString(cuts), one, other));
            }
        }
        return different;
    }

    private static String shown(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .chars()
                .mapToObj(c -> c < ' ' || c > '~' ? "\\x%02x".formatted(c) : Character.toString(c))
                .reduce("", String::concat);
    }

    /// What the server says, up to the connection's end.
    private static String answer(SocketAddress server, byte[] bytes, int[] cuts)
            throws IOException, InterruptedException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try (SocketChannel client = SocketChannel.open(server)) {
            try {
                int from = 0;
                for (int cut : cuts) {
                    write(client, bytes, from, cut);
                    from = cut;
                    Thread.yield();
                }
                write(client, bytes, from, bytes.length);
                client.shutdownOutput();
            } catch (IOException e) {
                // It has answered, and doesn't want the rest.
            }
            ByteBuffer in = ByteBuffer.allocate(64 * 1024);
            try {
                while (client.read(in) >= 0) {
                    received.write(in.array(), 0, in.position());
                    in.clear();
                }
            } catch (IOException e) {
                // The end, as well.
            }
        }
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    private static void write(SocketChannel client, byte[] bytes, int from, int to) throws IOException {
        ByteBuffer piece = ByteBuffer.wrap(bytes, from, to - from);
        while (piece.hasRemaining()) {
            client.write(piece);
        }
    }

    // ---- packets

    private static byte[] packet(Random random) {
        if (random.nextInt(40) == 0) {
            return "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        }
        byte[] bytes = mostlyRight(random);
        // Half of them stay as they are.
        for (int times = Math.max(0, random.nextInt(8) - 4); times > 0; times--) {
            bytes = changed(random, bytes);
        }
        return bytes;
    }

    private static byte[] mostlyRight(Random random) {
        String path = PATHS.get(random.nextInt(PATHS.size()));
        boolean hasBody = random.nextInt(3) == 0;
        UwsgiPacket packet = UwsgiPacket.request(
                        hasBody ? "POST" : oneOf(random, "GET", "GET", "HEAD", "PUT", "get"), path)
                .with("REMOTE_ADDR", "127.0.0.1")
                .with("HTTP_HOST", "localhost")
                .with("CONTENT_TYPE", hasBody ? "text/plain" : "");
        for (int more = Math.max(0, random.nextInt(6) - 3); more > 0; more--) {
            packet.with(
                    oneOf(
                            random,
                            "HTTP_COOKIE",
                            "HTTP_X_" + random.nextInt(9),
                            "HTTPS",
                            "REQUEST_SCHEME",
                            "SCRIPT_NAME",
                            "HTTP_CONTENT_LENGTH",
                            "DOCUMENT_ROOT",
                            "uwsgi_x",
                            "wsgi.input",
                            "HTTP_ACCEPT",
                            "PATH_INFO",
                            "HTTP_TRANSFER_ENCODING",
                            "REMOTE_PORT",
                            "HTTP_X_LONG"),
                    oneOf(
                            random,
                            "",
                            "a",
                            "on",
                            "https",
                            "/",
                            "/s",
                            "\t",
                            "\u00e9",
                            "a\u0001b",
                            "8",
                            "x".repeat(random.nextInt(9000))));
        }
        if (hasBody) {
            packet.body("b".repeat(oneOf(random, 1, 100, 3000, 40_000, 50_000, 50_001)));
        }
        if (random.nextInt(20) == 0) {
            packet.trailing(new byte[] {1, 2, 3});
        }
        if (random.nextInt(20) == 0) {
            packet.modifier1(oneOf(random, 30, 100, 5, 8));
        }
        return packet.bytes();
    }

    private static byte[] changed(Random random, byte[] bytes) {
        if (bytes.length == 0) {
            return bytes;
        }
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> {
                byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
                System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
                yield longer;
            }
            default -> {
                byte[] other = bytes.clone();
                other[at] =
                        (byte) (int) oneOf(random, 0, 1, 9, 13, 32, 127, 200, 255, other[at] ^ 1, random.nextInt(256));
                yield other;
            }
        };
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static <T> T oneOf(Random random, T... all) {
        return all[random.nextInt(all.length)];
    }
}
