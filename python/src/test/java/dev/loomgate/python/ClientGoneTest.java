package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Clients that go in the middle: the program gets to know, and nothing stays behind.
@Timeout(120)
@Tag("timing")
class ClientGoneTest {
    @TempDir
    private Path directory;

    static List<WorkerMode> modes() {
        return PythonApplicationTest.modes();
    }

    private PythonOptions.Builder options(WorkerMode mode) throws Exception {
        return TestPrograms.program(directory).mode(mode);
    }

    private void noted(String note) throws Exception {
        Eventually.await(
                () -> note + " in " + TestPrograms.notes(directory),
                () -> TestPrograms.notes(directory).stream().anyMatch(line -> line.matches(note)));
    }

    /// Nothing of a request is left in the way: the workers stop when they are replaced.
    private static void assertNothingIsLeft(PythonApplication site, Server server, LogLines log) throws Exception {
        assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
        site.reload().toCompletableFuture().get();
        Eventually.await("the old workers' end", () -> WorkerProcesses.zygotes().size() == 1);
        // Not what the loop says of itself: that it was held up on a busy machine, that it runs on the fallback.
        assertThat(log.lines().stream()
                        .filter(line -> !line.contains("has been held for") && !line.contains("java --add-opens")))
                .noneMatch(line -> line.startsWith("ERROR") || line.startsWith("WARNING"));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void theIterableIsClosedWhenTheClientGoesDuringTheResponse(WorkerMode mode) throws Exception {
        PythonApplication site = PythonApplication.of(options(mode).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            try (HttpPeer peer = Servers.peer(server).get("/stream?count=100000&size=1000&pause=0.001")) {
                peer.take(20_000);
            }
            noted("closed with [0-9]+ left");
            assertNothingIsLeft(site, server, log);
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aReadOfTheBodyEndsWhenTheClientGoesDuringTheUpload(WorkerMode mode) throws Exception {
        PythonApplication site = PythonApplication.of(options(mode).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            try (HttpPeer peer = Servers.peer(server).post("/count?name=upload", 10_000_000)) {
                peer.send(new byte[200_000]);
                noted("began upload");
            }
            noted("(OSError|RequestCancelled) in upload");
            assertNothingIsLeft(site, server, log);
        }
    }

    @Test
    void aGreenletThatWaitsIsEndedWhenItsClientGoes() throws Exception {
        PythonApplication site =
                PythonApplication.of(options(new WorkerMode.Asyncio(16)).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            HttpPeer peer = Servers.peer(server).get("/wait?name=left");
            noted("began left");
            peer.reset();
            noted("RequestCancelled in left");
            assertNothingIsLeft(site, server, log);
        }
    }

    @Test
    void aRequestThatHasNotBegunNeverDoesWhenItsClientGoes() throws Exception {
        PythonApplication site =
                PythonApplication.of(options(new WorkerMode.Sync()).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site);
                HttpPeer first = Servers.peer(server).get("/sleep?seconds=1&name=first")) {
            noted("began first");
            HttpPeer gone = Servers.peer(server).get("/sleep?seconds=0&name=gone");
            HttpPeer last = Servers.peer(server).get("/sleep?seconds=0&name=last");
            gone.reset();
            assertThat(first.answer().text()).isEqualTo("slept");
            assertThat(last.answer().text()).isEqualTo("slept");
            last.close();
            assertThat(TestPrograms.notes(directory)).noneMatch(line -> line.contains("gone"));
            assertNothingIsLeft(site, server, log);
        }
    }

    @Test
    void aFileIsGivenBackWhenTheClientGoes() throws Exception {
        Path file = java.nio.file.Files.write(directory.resolve("large"), new byte[50_000_000]);
        PythonApplication site =
                PythonApplication.of(options(new WorkerMode.Sync()).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            try (HttpPeer peer = Servers.peer(server).get("/file?path=" + file)) {
                peer.take(100_000);
            }
            noted("file closed");
            assertNothingIsLeft(site, server, log);
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void manyWhoGoAtAnyMomentLeaveNothing(WorkerMode mode) throws Exception {
        Path file = java.nio.file.Files.write(directory.resolve("large"), new byte[300_000]);
        PythonApplication site = PythonApplication.of(options(mode).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            List<String> targets =
                    List.of("/", "/file?path=" + file, "/stream?count=20&size=30000", "/large?size=400000");
            for (int i = 0; i < 200; i++) {
                HttpPeer peer = Servers.peer(server).get(targets.get(i % targets.size()));
                Thread.sleep(0, 20_000 * (i % 50));
                peer.close();
            }
            assertNothingIsLeft(site, server, log);
        }
    }
}
