package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A program that is reloaded while it serves.
@Timeout(600)
@Tag("timing")
class ReloadTest {
    private static final int ROUNDS = Integer.getInteger("loomgate.test.reloads", 10);

    @TempDir
    private Path directory;

    static List<WorkerMode> modes() {
        return PythonApplicationTest.modes();
    }

    private PythonOptions.Builder version(String version) throws Exception {
        return TestPrograms.source(directory, """
                import time

                def application(environ, start_response):
                    if environ["PATH_INFO"] == "/slow":
                        open("%s", "a").write("began\\n")
                        time.sleep(1)
                    start_response("200 OK", [("Content-Type", "text/plain")])
                    return [b"version %s"]
                """.formatted(directory.resolve("notes"), version));
    }

    private static void reload(PythonApplication site) throws Exception {
        site.reload().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void reloadsUnderLoadFailNoRequest(WorkerMode mode) throws Exception {
        PythonApplication site =
                PythonApplication.of(version("1").mode(mode).processes(2).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            reload(site);
            Load load = Load.start(server, "/", 4, Duration.ofMillis(1));
            Eventually.await("old ones gone", () -> WorkerProcesses.zygotes().size() == 1);
            int descriptors = Processes.descriptors();
            long memory = usedMemory();
            for (int round = 0; round < ROUNDS; round++) {
                reload(site);
            }
            Eventually.await("old ones gone", () -> WorkerProcesses.zygotes().size() == 1);
            load.stop();
            assertThat(load.outcomes().keySet()).containsExactly("200");
            Eventually.await(
                    () -> descriptors + " descriptors, not " + Processes.descriptors(),
                    () -> Processes.descriptors() <= descriptors);
            long grown = usedMemory() - memory;
            System.out.printf("%s: %d reloads, %s, heap %+d KiB%n", mode, ROUNDS, load.outcomes(), grown >> 10);
            assertThat(grown).isLessThan(8 << 20);
            assertThat(log.with("ERROR")).isEmpty();
            // The loop may say that it was held up on a busy machine, or that it runs on the fallback.
            assertThat(log.with("WARNING"))
                    .allMatch(line -> line.contains("has been held for") || line.contains("java --add-opens"));
        }
        assertThat(WorkerProcesses.zygotes()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aReplacementUnderWayDoesNotOutliveItsVersion(WorkerMode mode) throws Exception {
        PythonApplication site = PythonApplication.of(version("0")
                .mode(mode)
                .processes(2)
                .maxRequests(3)
                .maxRequestsDelta(0)
                .build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            Load load = Load.start(server, "/", 4);
            for (int round = 1; round <= 5; round++) {
                version("" + round);
                reload(site);
                for (int i = 0; i < 10; i++) {
                    assertThat(Servers.ask(server, "/").text()).isEqualTo("version " + round);
                }
            }
            load.stop();
            assertThat(load.outcomes().keySet()).containsExactly("200");
            Eventually.await("old ones gone", () -> WorkerProcesses.zygotes().size() == 1);
            assertThat(log.with("ERROR")).isEmpty();
        }
        assertThat(WorkerProcesses.zygotes()).isEmpty();
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aRequestThatRunsIsAnsweredByTheOldVersion(WorkerMode mode) throws Exception {
        PythonApplication site = PythonApplication.of(version("1").mode(mode).build());
        try (Server server = Servers.start(site);
                HttpPeer slow = Servers.peer(server).get("/slow")) {
            Eventually.await("begun", () -> !TestPrograms.notes(directory).isEmpty());
            version("2");
            reload(site);
            assertThat(Servers.ask(server, "/").text()).isEqualTo("version 2");
            assertThat(slow.answer().text()).isEqualTo("version 1");
            Eventually.await(
                    "the old one's end", () -> WorkerProcesses.zygotes().size() == 1);
        }
    }

    @Test
    void aVersionThatCannotBeLoadedLeavesTheOldOneServing() throws Exception {
        PythonApplication site = PythonApplication.of(version("1").build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            Files.writeString(directory.resolve("written.py"), "import no_such_module\n");
            assertThatThrownBy(() -> reload(site))
                    .hasRootCauseInstanceOf(PythonStartException.class)
                    .hasMessageContaining("No module named 'no_such_module'")
                    .hasMessageContaining("written.py\", line 1");
            assertThat(log.await("reload failed"))
                    .startsWith("ERROR written: reload failed, the previous version keeps serving: ")
                    .contains("No module named 'no_such_module'");
            assertThat(Servers.ask(server, "/").text()).isEqualTo("version 1");
            Eventually.await("its end", () -> WorkerProcesses.zygotes().size() == 1);

            version("3");
            reload(site);
            assertThat(Servers.ask(server, "/").text()).isEqualTo("version 3");
        }
    }

    @Test
    void whoAsksDuringAReloadGetsWhatWasThereThen() throws Exception {
        PythonApplication site = PythonApplication.of(version("1").build());
        try (Server server = Servers.start(site)) {
            CompletableFuture<Void> first = site.reload().toCompletableFuture();
            version("2");
            CompletableFuture<Void> second = site.reload().toCompletableFuture();
            CompletableFuture<Void> third = site.reload().toCompletableFuture();
            first.get(60, TimeUnit.SECONDS);
            second.get(60, TimeUnit.SECONDS);
            assertThat(Servers.ask(server, "/").text()).isEqualTo("version 2");
            third.get(60, TimeUnit.SECONDS);
        }
        assertThat(WorkerProcesses.zygotes()).isEmpty();
    }

    @Test
    void aStopDuringAReloadLeavesNothing() throws Exception {
        PythonApplication site = PythonApplication.of(version("1").build());
        try (Server server = Servers.start(site)) {
            assertThat(Servers.ask(server, "/").text()).isEqualTo("version 1");
            site.reload();
        }
        assertThat(WorkerProcesses.zygotes()).isEmpty();
    }

    @Test
    void whoOutlastsTheMercyIsKilled() throws Exception {
        PythonApplication site = PythonApplication.of(TestPrograms.program(directory)
                .reloadMercy(Duration.ofMillis(200))
                .build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site);
                HttpPeer slow = Servers.peer(server).get("/sleep?name=slow")) {
            Eventually.await("begun", () -> TestPrograms.notes(directory).contains("began slow"));
            reload(site);
            assertThat(slow.answer().status()).isEqualTo(502);
            assertThat(log.await("reloadMercy")).contains("is killed: it still runs 1 requests");
        }
    }
}
