package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.FastRouter;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Behind uWSGI's own fastrouter, which finds the server by what that sends.
@Timeout(120)
class SubscribeTest {
    private static final String KEY = "www.example";

    @TempDir
    private Path directory;

    private LoomgateProcess demo(String... more) throws Exception {
        return LoomgateProcess.start(
                directory,
                Stream.concat(Stream.of("demo", "-L", "-s", "127.0.0.1:0"), Arrays.stream(more))
                        .toArray(String[]::new));
    }

    private static boolean answers(FastRouter router) throws IOException {
        try (RawClient client = RawClient.connect(router.address())) {
            return client.send(UwsgiPacket.request("GET", "/user")
                            .with("HTTP_HOST", KEY)
                            .bytes())
                    .receiveText()
                    .contains(" 200 OK");
        }
    }

    @Test
    void theRouterFindsTheServerAndLosesItBeforeItStops() throws Exception {
        try (FastRouter router = FastRouter.start(directory);
                LoomgateProcess server = demo(
                        "--subscribe-to",
                        router.subscriptionServer() + ":" + KEY,
                        "--drain-delay",
                        "2s",
                        "--master-fifo",
                        "f")) {
            Eventually.await("it is found", () -> answers(router));

            Files.writeString(directory.resolve("f"), "S");
            Eventually.await("it is lost", () -> !answers(router));
            Files.writeString(directory.resolve("f"), "S");
            Eventually.await("it is found again", () -> answers(router));

            server.signal("TERM");
            Eventually.await("it is lost for good", () -> !answers(router));
            assertThat(server.isAlive()).isTrue(); // within the delay
            assertThat(server.status()).isZero();
        }
    }

    @Test
    void theRouterHasAUnixSocketAndSeveralServers() throws Exception {
        Path names = Files.writeString(directory.resolve("names"), "# one\n" + KEY + "\n");
        try (FastRouter router = FastRouter.startOnUnixSocket(directory)) {
            String to = router.subscriptionServer();
            try (LoomgateProcess first = demo("--subscribe-to", to + ":@" + names);
                    LoomgateProcess second =
                            demo("--subscribe2", "server=" + to + ",key=" + KEY + ",weight=2", "--control", "c")) {
                Eventually.await("both are found", () -> nodes(router) == 2);
                assertThat(first.signal("TERM").status()).isZero();
                for (int i = 0; i < 10; i++) {
                    assertThat(answers(router)).as(router.log()).isTrue();
                }
                assertThat(second.isAlive()).isTrue();
            }
        }
    }

    private static long nodes(FastRouter router) throws IOException {
        return router.log()
                .lines()
                .filter(line -> line.contains(" => new node: "))
                .count();
    }

    /// The same keys in the same order, and the same header.
    @Test
    void thePacketsAreThoseOfUwsgi() throws Exception {
        Files.writeString(directory.resolve("quick.py"), "def application(e, s): s('200 OK', []); return []\n");
        try (DatagramSocket theirRouter = router();
                DatagramSocket router = router()) {
            Map<String, String> theirs;
            try (UwsgiProcess _ =
                    UwsgiProcess.start(directory, "--master", "-w", "quick", "--subscribe-to", to(theirRouter))) {
                theirs = read(theirRouter, 0);
            }
            try (LoomgateProcess server = demo("--subscribe-to", to(router))) {
                Map<String, String> ours = read(router, 0);
                assertThat(List.copyOf(ours.keySet())).isEqualTo(List.copyOf(theirs.keySet()));
                for (String same : List.of("key", "address", "modifier1", "modifier2", "load")) {
                    assertThat(ours.get(same)).as(same).isEqualTo(theirs.get(same));
                }
                assertThat(server.signal("TERM").status()).isZero();
                assertThat(read(router, 1)).containsEntry("key", KEY);
            }
        }
    }

    private static DatagramSocket router() throws IOException {
        DatagramSocket router = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        router.setSoTimeout(30_000);
        return router;
    }

    private static String to(DatagramSocket router) {
        return "/run/app=127.0.0.1:" + router.getLocalPort() + ":" + KEY + ",3";
    }

    private static byte[] read(DatagramSocket router) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        router.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private static Map<String, String> read(DatagramSocket router, int modifier2) throws IOException {
        byte[] bytes = read(router);
        ByteBuffer packet = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(packet.get()).isEqualTo((byte) 224);
        assertThat(packet.getShort()).isEqualTo((short) (bytes.length - 4));
        assertThat(packet.get()).isEqualTo((byte) modifier2);
        Map<String, String> values = new LinkedHashMap<>();
        while (packet.hasRemaining()) {
            values.put(text(packet), text(packet));
        }
        return values;
    }

    private static String text(ByteBuffer packet) {
        byte[] bytes = new byte[packet.getShort()];
        packet.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void aServerThatARouterCannotReachDoesNotStart() throws Exception {
        try (LoomgateProcess server = LoomgateProcess.launch(
                directory, "demo", "--http", "127.0.0.1:0", "--subscribe-to", "127.0.0.1:9:" + KEY)) {
            assertThat(server.status()).isEqualTo(1);
            assertThat(server.err())
                    .contains("there is no socket for the uwsgi protocol that the router could connect to (--socket)");
        }
    }
}
