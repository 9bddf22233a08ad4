package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Flight recordings of a server, as `docs/observe.md` tells to make them.
@Timeout(180)
class FlightRecordingsTest {
    private static final String[] ARTICLE = {
        "--http", "127.0.0.1:0", "--app", "dev.loomgate.examples.ArticleApplication"
    };

    @TempDir
    private Path directory;

    private static void ask(LoomgateProcess site, String target) throws Exception {
        try (HttpPeer peer = HttpPeer.to(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), site.uri("/").getPort()))) {
            assertThat(peer.get(target).answer().status()).isEqualTo(200);
        }
    }

    private static void jcmd(LoomgateProcess site, String... arguments) throws IOException, InterruptedException {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        ProcessBuilder command = new ProcessBuilder(program, Long.toString(site.pid())).redirectErrorStream(true);
        command.command().addAll(List.of(arguments));
        Process jcmd = command.start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(jcmd.exitValue()).as(output).isZero();
    }

    private static List<RecordedEvent> requests(Path file) throws IOException {
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("dev.loomgate.Request"))
                .toList();
    }

    /// An event's class would take the recorder along: 600 classes, at the first request.
    @Test
    void nothingOfTheRecorderIsLoadedUnlessSomebodyRecords() throws Exception {
        Path loaded = directory.resolve("loaded");
        try (LoomgateProcess site =
                LoomgateProcess.startWith(List.of("-Xmx256m", "-Xlog:class+load:file=" + loaded), directory, ARTICLE)) {
            ask(site, "/user?name=Bob");
            assertThat(site.signal("TERM").status()).isZero();
        }
        assertThat(Files.readString(loaded))
                .contains("dev.loomgate.server.call.ApplicationCall")
                .doesNotContain("jdk.jfr.internal.MetadataRepository", "RequestEvent", "LoopTurnEvent");
    }

    @Test
    void aRecordingIsBegunWhileTheServerRuns() throws Exception {
        Path file = directory.resolve("site.jfr");
        try (LoomgateProcess site = LoomgateProcess.start(directory, ARTICLE)) {
            ask(site, "/user?name=Ann");
            jcmd(site, "JFR.start", "name=site", "+dev.loomgate.Request#enabled=true");
            ask(site, "/user?name=Bob");
            Eventually.await("the request is recorded", () -> {
                jcmd(site, "JFR.dump", "name=site", "filename=" + file);
                return !requests(file).isEmpty();
            });
        }
        assertThat(requests(file)).hasSize(1).allSatisfy(event -> {
            assertThat(event.getString("method")).isEqualTo("GET");
            assertThat(event.getString("path")).isEqualTo("/user");
            assertThat(event.getInt("status")).isEqualTo(200);
        });
    }

    @Test
    void aRecordingFromTheStartTakesAFileOfSettings() throws Exception {
        Path settings = Files.writeString(directory.resolve("loomgate.jfc"), """
                <configuration version="2.0">
                  <event name="dev.loomgate.Request">
                    <setting name="enabled">true</setting>
                    <setting name="threshold">0 ms</setting>
                  </event>
                </configuration>
                """);
        Path file = directory.resolve("start.jfr");
        String flag = "-XX:StartFlightRecording:settings=" + settings + ",dumponexit=true,filename=" + file;
        try (LoomgateProcess site = LoomgateProcess.startWith(List.of("-Xmx256m", flag), directory, ARTICLE)) {
            ask(site, "/user?name=Bob");
            assertThat(site.signal("TERM").status()).isZero();
        }
        assertThat(requests(file)).hasSize(1);
    }
}
