package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Programs;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.PythonProgram;
import dev.loomgate.testkit.peers.Uwsgi;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Statistics of a running server, beside the real uWSGI's.
@Timeout(120)
class StatisticsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String PROGRAM = """
            import os
            import time

            def application(environ, start_response):
                path = environ["PATH_INFO"]
                if path == "/fail":
                    raise ValueError("as it was asked to")
                while path == "/wait" and not os.path.exists(environ["DOCUMENT_ROOT"] + "/go"):
                    time.sleep(0.01)
                while path == "/endless":
                    time.sleep(0.01)
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [b"hello"]
            """;

    @TempDir
    private Path directory;

    private UwsgiPacket packet(String path) {
        return UwsgiPacket.request("GET", path)
                .with("DOCUMENT_ROOT", directory.toString())
                .with("HTTP_HOST", "shop.example")
                .with("HTTP_COOKIE", "session=SECRET1")
                .with("HTTP_AUTHORIZATION", "Basic SECRET2")
                .with("HTTP_X_API_KEY", "SECRET3");
    }

    private String ask(SocketAddress server, String path) throws IOException {
        try (RawClient client = RawClient.connect(server)) {
            return client.send(packet(path).bytes()).receiveText();
        }
    }

    private RawClient begin(SocketAddress server, String path) throws IOException {
        return RawClient.connect(server).send(packet(path).bytes());
    }

    private static JsonNode statistics(SocketAddress from) throws IOException {
        try (RawClient client = RawClient.connect(from)) {
            return JSON.readTree(client.receiveAll());
        }
    }

    private static List<JsonNode> all(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).toList();
    }

    private static long sum(JsonNode statistics, String figure) {
        return all(statistics.get("workers")).stream()
                .mapToLong(worker -> worker.get(figure).asLong())
                .sum();
    }

    private static List<JsonNode> running(JsonNode statistics) {
        return all(statistics.get("workers")).stream()
                .flatMap(worker -> all(worker.get("cores")).stream())
                .filter(core -> core.get("in_request").asInt() == 1)
                .toList();
    }

    private static List<String> statuses(JsonNode statistics) {
        return all(statistics.get("workers")).stream()
                .map(worker -> worker.get("status").asString())
                .sorted()
                .toList();
    }

    /// Keys in their order and types of values, all elements of a list together.
    private static String shape(JsonNode node) {
        if (node.isObject()) {
            List<String> members = new ArrayList<>();
            node.properties().forEach(member -> members.add(member.getKey() + ":" + shape(member.getValue())));
            return members.toString();
        }
        if (node.isArray()) {
            return all(node).stream()
                            .map(StatisticsTest::shape)
                            .distinct()
                            .sorted()
                            .toList() + "*";
        }
        return node.isIntegralNumber()
                ? "number"
                : node.isString() ? "text" : node.getNodeType().toString();
    }

    private JsonNode afterRequests(SocketAddress server, Path stats) throws Exception {
        for (String path : List.of("/", "/fail", "/a?b=c", "/")) {
            ask(server, path);
        }
        try (RawClient waiting = begin(server, "/wait")) {
            SocketAddress from = UnixDomainSocketAddress.of(stats);
            Eventually.await(
                    "a request runs, and four are counted",
                    () -> running(statistics(from)).size() == 1 && sum(statistics(from), "requests") == 4);
            JsonNode found = statistics(from);
            Files.createFile(directory.resolve("go"));
            assertThat(waiting.receiveText()).endsWith("hello");
            Files.delete(directory.resolve("go"));
            return found;
        }
    }

    @Test
    void theyHaveTheKeysAndTypesAndFiguresOfTheRealOnes() throws Exception {
        Files.writeString(directory.resolve("program.py"), PROGRAM);
        Path realStats = directory.resolve("real.stats");
        Path stats = directory.resolve("our.stats");
        JsonNode real;
        try (Uwsgi uwsgi = Uwsgi.unix(
                directory,
                PythonProgram.of(directory, "program"),
                "--plugin",
                "python3",
                "--master",
                "--processes",
                "2",
                "--threads",
                "2",
                "--memory-report",
                "--stats",
                realStats.toString())) {
            real = afterRequests(uwsgi.address(), realStats);
        }
        Path socket = directory.resolve("s");
        JsonNode ours;
        try (LoomgateProcess loomgate = LoomgateProcess.start(
                directory,
                "--python",
                Python.DEBIAN,
                "-s",
                socket.toString(),
                "--processes",
                "2",
                "--threads",
                "2",
                "-w",
                "program",
                "--stats",
                stats.toString())) {
            ours = afterRequests(UnixDomainSocketAddress.of(socket), stats);
            assertThat(ours.get("pid").asLong()).isEqualTo(loomgate.pid());
        }
        assertThat(shape(ours).replaceAll("user [0-9]+", "LOCK"))
                .isEqualTo(shape(real).replaceAll("locks:\\[.*?\\]\\*,", "locks:[[LOCK:number]]*,"));
        for (String figure : List.of("requests", "exceptions", "harakiri_count", "signals")) {
            assertThat(sum(ours, figure)).as(figure).isEqualTo(sum(real, figure));
        }
        assertThat(statuses(ours)).isEqualTo(statuses(real)).containsExactly("busy", "idle");
        for (JsonNode each : List.of(real, ours)) {
            assertThat(all(running(each).getFirst().get("vars")).stream().map(JsonNode::asString))
                    .contains("REQUEST_METHOD=GET", "REQUEST_URI=/wait", "HTTP_HOST=shop.example")
                    .endsWith("");
            assertThat(all(each.get("workers")))
                    .allMatch(worker -> worker.get("respawn_count").asInt() == 1
                            && worker.get("cores").size() == 2)
                    .anyMatch(worker -> worker.get("rss").asLong() > 1L << 20
                            && worker.get("vsz").asLong() > worker.get("rss").asLong());
        }
        assertThat(real.toString()).contains("SECRET1", "SECRET2", "SECRET3");
        assertThat(ours.toString()).doesNotContain("SECRET");
    }

    @Test
    void countersGoOnThroughAReloadAndTheEndOfAWorker() throws Exception {
        Files.writeString(directory.resolve("program.py"), PROGRAM);
        Path socket = directory.resolve("s");
        SocketAddress server = UnixDomainSocketAddress.of(socket);
        SocketAddress stats = UnixDomainSocketAddress.of(directory.resolve("stats"));
        try (LoomgateProcess loomgate = LoomgateProcess.start(
                directory,
                "--python",
                Python.DEBIAN,
                "-s",
                socket.toString(),
                "--processes",
                "2",
                "--harakiri",
                "1",
                "-w",
                "program",
                "--stats",
                "stats",
                "--stats-min")) {
            JsonNode idle = statistics(stats);
            assertThat(statuses(idle)).containsExactly("idle", "idle");
            assertThat(sum(idle, "accepting")).isEqualTo(2);
            assertThat(sum(idle, "requests")).isZero();
            assertThat(idle.get("sockets").get(0).get("name").asString()).isEqualTo(socket.toString());
            for (int i = 0; i < 3; i++) {
                assertThat(ask(server, "/")).endsWith("hello");
            }
            Eventually.await("three requests", () -> sum(statistics(stats), "requests") == 3);
            JsonNode three = statistics(stats);
            assertThat(sum(three, "tx")).isBetween(3L * 20, 3L * 200);
            assertThat(sum(three, "running_time")).isPositive();

            loomgate.signal("HUP");
            Eventually.await("other processes", () -> {
                JsonNode now = statistics(stats);
                assertThat(sum(now, "requests")).isEqualTo(3);
                return sum(now, "respawn_count") == 4 && sum(now, "accepting") == 2;
            });
            assertThat(sum(statistics(stats), "delta_requests")).isZero();

            try (RawClient endless = begin(server, "/endless")) {
                Eventually.await("it is over its time", () -> sum(statistics(stats), "harakiri_count") == 1);
                assertThat(endless.receiveText()).doesNotContain("hello");
            }
        }
    }

    @Test
    void greenletsAreCores() throws Exception {
        Programs.copy("article.py", directory.resolve("article.py"));
        Path socket = directory.resolve("s");
        SocketAddress server = UnixDomainSocketAddress.of(socket);
        SocketAddress stats = UnixDomainSocketAddress.of(directory.resolve("stats"));
        try (LoomgateProcess loomgate = LoomgateProcess.start(
                directory,
                "--python",
                Python.DEBIAN,
                "-s",
                socket.toString(),
                "--asyncio",
                "8",
                "--greenlet",
                "-w",
                "article",
                "--stats",
                "stats")) {
            // Each takes a second.
            Eventually.await("three at once", () -> {
                try (RawClient one = begin(server, "/");
                        RawClient two = begin(server, "/");
                        RawClient three = begin(server, "/")) {
                    boolean seen = false;
                    for (int i = 0; i < 10 && !seen; i++) {
                        seen = running(statistics(stats)).size() == 3;
                    }
                    for (RawClient each : List.of(one, two, three)) {
                        each.receiveAll();
                    }
                    return seen;
                }
            });
            assertThat(loomgate.isAlive()).isTrue();
            JsonNode worker = statistics(stats).get("workers").get(0);
            assertThat(worker.get("cores").size()).isEqualTo(8);
        }
    }

    @Test
    void loopsAreTheWorkersOfAJavaSite() throws Exception {
        Path pushed = directory.resolve("pushed");
        try (DatagramSocket statsd = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                LoomgateProcess loomgate = LoomgateProcess.start(
                        directory,
                        "demo",
                        "--http",
                        "127.0.0.1:0",
                        "--loops",
                        "2",
                        "--stats",
                        "127.0.0.1:0",
                        "--stats-http",
                        "--stats-push",
                        "file:path=" + pushed + ",freq=1,separator=---",
                        "--stats-push",
                        "statsd:127.0.0.1:" + statsd.getLocalPort() + ",shop",
                        "--stats-pusher-default-freq",
                        "200ms")) {
            URI stats = URI.create(loomgate.await(Pattern.compile("statistics: (http://[0-9.:]+) \\(--stats\\)"))
                            .group(1)
                    + "/");
            for (int i = 0; i < 5; i++) {
                assertThat(get(loomgate.uri("/user?name=Bob"))).isEqualTo("Hello Bob!");
            }
            Eventually.await("five requests", () -> sum(JSON.readTree(get(stats)), "requests") == 5);
            JsonNode found = JSON.readTree(get(stats));
            assertThat(statuses(found)).containsExactly("idle", "idle");
            assertThat(sum(found, "tx")).isEqualTo(5L * "Hello Bob!".length());
            assertThat(sum(found, "rss")).isGreaterThan(10L << 20);
            assertThat(found.get("workers").get(0).get("pid").asLong()).isEqualTo(loomgate.pid());

            // It takes a second.
            URI slow = loomgate.uri("/");
            Thread asking = Thread.startVirtualThread(() -> {
                try {
                    get(slow);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            Eventually.await(
                    "it is seen to run",
                    () -> running(JSON.readTree(get(stats))).toString().contains("REQUEST_URI=/\""));
            asking.join();

            byte[] buffer = new byte[512];
            statsd.setSoTimeout(20_000);
            Eventually.await("a metric", () -> {
                DatagramPacket datagram = new DatagramPacket(buffer, buffer.length);
                statsd.receive(datagram);
                String metric = new String(buffer, 0, datagram.getLength(), StandardCharsets.UTF_8);
                assertThat(metric).matches("shop\\.[a-z0-9_.]+:[0-9]+\\|[gc]");
                return metric.matches("shop\\.worker\\.0\\.requests:[5-9]\\|c");
            });
            Eventually.await(
                    "a document",
                    () -> Files.exists(pushed) && Files.readString(pushed).contains("---"));
            assertThat(JSON.readTree(Files.readString(pushed).split("---", -1)[0])
                            .get("pid")
                            .asLong())
                    .isEqualTo(loomgate.pid());
        }
    }

    private static String get(URI uri) throws Exception {
        try (InputStream in = uri.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
