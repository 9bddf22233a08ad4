package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.loop.Loop;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The events of JDK Flight Recorder, of real requests.
@Timeout(120)
class FlightRecorderTest {
    private static final String REQUEST = "dev.loomgate.Request";
    private static final String TURN = "dev.loomgate.LoopTurn";

    @TempDir
    private Path directory;

    private static final Application SITE = (environ, startResponse) -> {
        environ.routed("/<anything>");
        switch (environ.path()) {
            case "/fails" -> throw new IllegalStateException("on purpose");
            case "/holds" -> hold();
            case "/holds-loop-side" ->
                CompletableFuture.runAsync(
                                FlightRecorderTest::hold, Loop.current().side()::afterMicrothreads)
                        .join();
            default -> {}
        }
        return environ.path().equals("/streams")
                ? Apps.of(() -> Body.chunks(List.of(new byte[10], new byte[10])))
                        .call(environ, startResponse)
                : Apps.LINE.call(environ, startResponse);
    };

    // The OS thread, as a computation would.
    private static void hold() {
        long end = System.nanoTime() + Duration.ofMillis(60).toNanos();
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    private static void ask(String... targets) throws Exception {
        // No hand-over: the turn would end with it.
        ServerOptions options =
                Setup.DEFAULT.options().handOver(Duration.ofSeconds(20)).build();
        try (Server server = Server.builder(SITE)
                        .options(options)
                        .listen(ListenAddress.http("127.0.0.1:0"))
                        .start();
                HttpPeer peer = HttpPeer.to(server.addresses().getFirst().socketAddress())) {
            for (String target : targets) {
                peer.get(target).answer();
            }
            server.stop(Duration.ofSeconds(20)); // when it returns, requests have ended
        }
    }

    private List<RecordedEvent> recorded(Recording recording) throws Exception {
        recording.stop();
        Path file = directory.resolve("requests.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.loomgate."))
                .toList();
    }

    @Test
    void requestsAreRecordedOnceAskedFor() throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable(REQUEST);
            recording.start();
            ask("/one?token=secret", "/fails", "/streams");
            List<String> seen = new ArrayList<>();
            for (RecordedEvent event : recorded(recording)) {
                assertThat(event.getString("loop")).startsWith("loomgate-loop-");
                assertThat(event.getDuration()).isPositive();
                assertThat(event.getString("route")).isEqualTo("/<anything>");
                seen.add(event.getString("method") + " " + event.getString("path") + " " + event.getInt("status"));
                assertThat(event.toString()).doesNotContain("secret");
            }
            assertThat(seen).containsExactlyInAnyOrder("GET /one 200", "GET /fails 500", "GET /streams 200");
        }
    }

    @Test
    void aThresholdLeavesTheShortOnesOut() throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable(REQUEST).withThreshold(Duration.ofMillis(50));
            recording.start();
            ask("/holds");
            assertThat(recorded(recording))
                    .extracting(event -> event.getString("path"))
                    .containsExactly("/holds");
        }
    }

    /// Without `--add-opens` a microthread never has the loop's OS thread.
    @Test
    @Tag("once")
    void aTurnThatKeepsTheLoopFromItsSocketsIsRecorded() throws Exception {
        assertTurnIsRecorded("/holds");
    }

    @Test
    void aTurnThatIsLongOnTheLoopSideIsRecorded() throws Exception {
        assertTurnIsRecorded("/holds-loop-side");
    }

    private void assertTurnIsRecorded(String target) throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable(TURN).withThreshold(Duration.ofMillis(50));
            recording.start();
            ask(target);
            assertThat(recorded(recording)).anySatisfy(event -> {
                assertThat(event.getString("loop")).startsWith("loomgate-loop-");
                assertThat(event.getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
            });
        }
    }

    @Test
    void nothingIsRecordedUnlessItIsAskedFor() throws Exception {
        try (Recording recording = new Recording()) {
            recording.start();
            ask("/one", "/holds");
            assertThat(recorded(recording)).isEmpty();
        }
    }
}
