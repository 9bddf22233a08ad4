package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `/-/live` and `/-/ready` say, from the start of a server to its end.
@Timeout(120)
class HealthTest {
    private static final String PROGRAM = """
            import os
            import time

            def wait_for(name):
                while not os.path.exists(name):
                    time.sleep(0.01)

            if os.path.exists("slow"):
                wait_for("loaded")

            def application(environ, start_response):
                if environ["PATH_INFO"] == "/wait":
                    wait_for("go")
                start_response("200 OK", [])
                return [b"hello"]
            """;

    @TempDir
    private Path directory;

    private LoomgateProcess launch(String... more) throws Exception {
        Files.writeString(directory.resolve("program.py"), PROGRAM);
        List<String> arguments =
                new ArrayList<>(List.of("--python", Python.DEBIAN, "-s", "s", "-w", "program", "--metrics", "m"));
        arguments.addAll(List.of(more));
        return LoomgateProcess.launch(directory, arguments.toArray(String[]::new));
    }

    private SocketAddress unix(String name) {
        return UnixDomainSocketAddress.of(directory.resolve(name));
    }

    @Test
    void aServerIsReadyFromItsStartToItsStopAlsoWhileItReloads() throws Exception {
        Files.createFile(directory.resolve("slow"));
        MetricsPages pages = new MetricsPages(unix("m"));
        try (LoomgateProcess loomgate = launch()) {
            Eventually.await("it listens for operators", () -> Files.exists(directory.resolve("m")));
            assertThat(pages.health("/-/live")).isEqualTo("200");
            assertThat(pages.health("/-/ready")).isEqualTo("503 the server starts");
            Files.createFile(directory.resolve("loaded"));
            Eventually.await("it is ready", () -> pages.health("/-/ready").equals("200"));

            Files.delete(directory.resolve("loaded"));
            loomgate.signal("HUP").await(Pattern.compile("SIGHUP"));
            assertThat(pages.health("/-/ready")).isEqualTo("200");
            Files.createFile(directory.resolve("loaded"));
            Eventually.await(
                    "the new version", () -> MetricsPages.sum(pages.metrics(), "loomgate_app_generation") == 2);
            assertThat(pages.health("/-/ready")).isEqualTo("200");

            loomgate.signal("TSTP");
            Eventually.await("connections wait", () -> pages.health("/-/ready")
                    .equals("503 new connections wait (SIGTSTP, ctl pause)"));
            loomgate.signal("TSTP");
            Eventually.await(
                    "they are served again", () -> pages.health("/-/ready").equals("200"));

            try (RawClient waiting = RawClient.connect(unix("s"))
                    .send(UwsgiPacket.request("GET", "/wait").bytes())) {
                Eventually.await("it runs", () -> MetricsPages.sum(pages.metrics(), "loomgate_worker_busy_cores") == 1);
                loomgate.signal("TERM");
                Eventually.await("it stops", () -> pages.health("/-/ready").equals("503 the server stops"));
                assertThat(pages.health("/-/live")).isEqualTo("200");
                Files.createFile(directory.resolve("go"));
                assertThat(waiting.receiveText()).endsWith("hello");
            }
            assertThat(loomgate.status()).isZero();
        }
    }

    @Test
    void aProgramThatCannotBeLoadedIsNotReady() throws Exception {
        try (LoomgateProcess loomgate = launch("-w", "nowhere")) {
            MetricsPages pages = new MetricsPages(unix("m"));
            Eventually.await(
                    "it says why",
                    () -> Files.exists(directory.resolve("m"))
                            && pages.health("/-/ready").equals("503 no worker of nowhere serves"));
            assertThat(pages.health("/-/live")).isEqualTo("200");
            assertThat(MetricsPages.sum(pages.metrics(), "loomgate_ready")).isZero();
            assertThat(loomgate.isAlive()).isTrue();
        }
    }

    @Test
    void aProgramThatNeedsNoWorkerYetIsReady() throws Exception {
        try (LoomgateProcess loomgate = launch("--processes", "2", "--cheap")) {
            MetricsPages pages = new MetricsPages(unix("m"));
            Eventually.await(
                    "it is ready",
                    () -> Files.exists(directory.resolve("m"))
                            && pages.health("/-/ready").equals("200"));
            assertThat(MetricsPages.sum(pages.metrics(), "loomgate_worker_state", "state=\"cheap\""))
                    .isEqualTo(2);
            assertThat(loomgate.isAlive()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void workersThatTakeConnectionsHandThoseRequestsOver(String direct) throws Exception {
        try (LoomgateProcess loomgate = launch("--health", "--direct", direct)) {
            loomgate.await(Pattern.compile(
                    direct.equals("on") ? "workers take its connections" : "the JVM takes its connections"));
            Eventually.await("it is ready", () -> ask("/-/ready").endsWith("ok\n"));
            assertThat(ask("/-/live")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nok\n");
            assertThat(ask("/-/other")).endsWith("hello");
            assertThat(ask("/")).endsWith("hello");
            // What it doesn't answer itself has a body: all that was read goes along.
            assertThat(answer(UwsgiPacket.request("POST", "/-/ready").body("abc")))
                    .endsWith("hello");
        }
    }

    private String ask(String path) throws IOException {
        return answer(UwsgiPacket.request("GET", path));
    }

    private String answer(UwsgiPacket packet) throws IOException {
        try (RawClient client = RawClient.connect(unix("s"))) {
            return client.send(packet.bytes()).receiveText();
        }
    }

    @Test
    void publicAddressesAnswerWhereThatIsAskedFor() throws Exception {
        try (LoomgateProcess loomgate = launch("--http", "127.0.0.1:0", "--health")) {
            Eventually.await("it listens", () -> loomgate.err().contains("http://"));
            String base = loomgate.uri("").toString().replace("http://", "");
            SocketAddress server = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), Integer.parseInt(base.substring(base.indexOf(':') + 1)));
            MetricsPages pages = new MetricsPages(server);
            Eventually.await("it is ready", () -> pages.health("/-/ready").equals("200"));
            assertThat(pages.health("/-/live")).isEqualTo("200");
            assertThat(pages.get("/-/other", "*/*")).endsWith("hello");
            assertThat(loomgate.isAlive()).isTrue();
        }
    }
}
