package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.loomgate.server.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The events of JDK Flight Recorder of what workers are sent.
@Timeout(120)
class FlightRecorderTest {
    private static final String EXCHANGE = "dev.loomgate.WorkerExchange";

    @TempDir
    private Path directory;

    private void serve(String... targets) throws Exception {
        PythonApplication program =
                PythonApplication.of(TestPrograms.source(directory, """
                import os, signal, time

                def application(environ, start_response):
                    if environ["PATH_INFO"] == "/slow":
                        time.sleep(0.2)
                    if environ["PATH_INFO"] == "/dies":
                        os.kill(os.getpid(), signal.SIGKILL)
                    start_response("200 OK", [("Content-Type", "text/plain")])
                    return [str(os.getpid()).encode()]
                """).build());
        try (Server server = Servers.start(program)) {
            for (String target : targets) {
                Servers.ask(server, target);
            }
            server.stop(Duration.ofSeconds(20));
        }
    }

    private List<RecordedEvent> recorded(Recording recording) throws Exception {
        recording.stop();
        Path file = directory.resolve("exchanges.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(EXCHANGE))
                .toList();
    }

    @Test
    void whatAWorkerHasHadIsRecordedOnceAskedFor() throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable(EXCHANGE);
            recording.start();
            serve("/slow?token=secret", "/dies");
            List<RecordedEvent> events = recorded(recording);
            assertThat(events)
                    .extracting(
                            event -> event.getInt("worker"),
                            event -> event.getString("method"),
                            event -> event.getString("path"))
                    .containsExactlyInAnyOrder(tuple(1, "GET", "/slow"), tuple(1, "GET", "/dies"));
            assertThat(events).allSatisfy(event -> {
                assertThat(event.getLong("pid")).isPositive();
                assertThat(event.toString()).doesNotContain("secret");
            });
            assertThat(events)
                    .filteredOn(event -> event.getString("path").equals("/slow"))
                    .allSatisfy(event -> assertThat(event.getDuration()).isGreaterThan(Duration.ofMillis(190)));
        }
    }

    @Test
    void nothingIsRecordedUnlessItIsAskedFor() throws Exception {
        try (Recording recording = new Recording()) {
            recording.start();
            serve("/slow");
            assertThat(recorded(recording)).isEmpty();
        }
    }
}
