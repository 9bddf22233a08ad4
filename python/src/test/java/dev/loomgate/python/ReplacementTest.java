package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Workers that are replaced one by one, for what they have done or have become.
@Timeout(120)
@Tag("timing")
class ReplacementTest {
    @TempDir
    private Path directory;

    static List<WorkerMode> modes() {
        return PythonApplicationTest.modes();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aWorkerThatHasAnsweredEnoughIsReplaced(WorkerMode mode) throws Exception {
        PythonApplication site = PythonApplication.of(TestPrograms.program(directory)
                .mode(mode)
                .processes(2)
                .maxRequests(100)
                .build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            Set<Long> first = WorkerProcesses.workers();
            Load load = Load.start(server, "/", 4);
            Eventually.await(
                    "four replaced", () -> log.with("requests (maxRequests)").size() >= 4);
            load.stop();
            assertThat(load.outcomes().keySet()).containsExactly("200");
            Eventually.await(
                    () -> "two workers, but " + WorkerProcesses.workers() + log.lines(),
                    () -> WorkerProcesses.workers().size() == 2);
            assertThat(WorkerProcesses.workers()).doesNotContainAnyElementsOf(first);
            assertThat(log.with("ERROR")).isEmpty();
            assertThat(log.with("(maxRequests)"))
                    .allMatch(line ->
                            line.matches("INFO worker [12] \\(pid [0-9]+\\) is replaced: it has answered 1[0-9]{2}"
                                    + " requests \\(maxRequests\\)"));
        }
    }

    @Test
    void aDeltaSpreadsTheReplacements() throws Exception {
        PythonApplication site = PythonApplication.of(TestPrograms.program(directory)
                .mode(new WorkerMode.Threads(1))
                .maxRequests(1)
                .maxRequestsDelta(50)
                .build());
        Set<String> counts = new TreeSet<>();
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site);
                HttpPeer peer = Servers.peer(server)) {
            while (log.with("(maxRequests)").size() < 5) {
                assertThat(peer.get("/").answer().status()).isEqualTo(200);
            }
            for (String line : log.with("(maxRequests)")) {
                counts.add(line.replaceAll(".*answered ([0-9]+) requests.*", "$1"));
            }
        }
        assertThat(counts).hasSizeGreaterThan(1);
        assertThat(counts).allMatch(count -> Integer.parseInt(count) <= 51);
    }

    @Test
    void aWorkerThatHasGrownIsReplaced() throws Exception {
        PythonApplication site = PythonApplication.of(
                TestPrograms.program(directory).reloadOnRssBytes(150 << 20).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            String pid = Servers.ask(server, "/grow?mib=200").text();
            assertThat(log.await("(reloadOnRssBytes)"))
                    .matches("INFO worker 1 \\(pid " + pid
                            + "\\) is replaced: it has 2[0-9]{2} MiB of resident memory \\(reloadOnRssBytes\\)");
            Eventually.await("its end", () -> !Processes.exists(Long.parseLong(pid)));
            assertThat(Servers.ask(server, "/pid").text()).isNotEqualTo(pid);
            assertThat(log.with("ERROR")).isEmpty();
        }
    }

    @Test
    void aWorkerThatIsOldEnoughIsReplacedAndNothingIsLost() throws Exception {
        PythonApplication site = PythonApplication.of(TestPrograms.program(directory)
                .processes(2)
                .replacement(ReplacementOptions.builder()
                        .maxLifetime(Duration.ofSeconds(1))
                        .maxLifetimeDelta(Duration.ofHours(1))
                        .build())
                .build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            Load load = Load.start(server, "/", 4);
            Eventually.await(
                    "two replaced", () -> log.with("s old (maxWorkerLifetime)").size() >= 2);
            load.stop();
            assertThat(load.outcomes().keySet()).containsExactly("200");
            assertThat(log.with("(maxWorkerLifetime)"))
                    .allMatch(line -> line.matches(
                            "INFO worker 1 \\(pid [0-9]+\\) is replaced: it is [0-9]+ s old \\(maxWorkerLifetime\\)"));
            assertThat(log.with("ERROR")).isEmpty();
        }
    }

    @Test
    void aYoungWorkerIsNotReplacedForItsRequestsYet() throws Exception {
        long begun = System.nanoTime();
        PythonApplication site = PythonApplication.of(TestPrograms.program(directory)
                .maxRequests(1)
                .replacement(ReplacementOptions.builder()
                        .minLifetime(Duration.ofSeconds(2))
                        .build())
                .build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            String pid = Servers.ask(server, "/pid").text();
            assertThat(log.with("(maxRequests)")).isEmpty();
            log.await("(maxRequests)");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(2));
            Eventually.await("its end", () -> !Processes.exists(Long.parseLong(pid)));
        }
    }

    @Test
    void aWorkerWithTooMuchAddressSpaceIsReplaced() throws Exception {
        PythonApplication site = PythonApplication.of(TestPrograms.program(directory)
                .replacement(
                        ReplacementOptions.builder().reloadOnAsBytes(1 << 30).build())
                .build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            String pid = Servers.ask(server, "/grow?mib=1024").text();
            assertThat(log.await("(reloadOnAsBytes)"))
                    .matches("INFO worker 1 \\(pid " + pid
                            + "\\) is replaced: it has 1[0-9]{3} MiB of address space \\(reloadOnAsBytes\\)");
            Eventually.await("its end", () -> !Processes.exists(Long.parseLong(pid)));
            assertThat(log.with("ERROR")).isEmpty();
        }
    }

    @Test
    void anEvilLimitKillsAtOnce() throws Exception {
        PythonApplication site = PythonApplication.of(TestPrograms.program(directory)
                .replacement(ReplacementOptions.builder()
                        .evilReloadOnRssBytes(150 << 20)
                        .build())
                .build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            String pid = Servers.ask(server, "/grow?mib=200").text();
            assertThat(log.await("(evilReloadOnRssBytes)"))
                    .matches("ERROR worker 1 \\(pid " + pid
                            + "\\) is killed: it has 2[0-9]{2} MiB of resident memory \\(evilReloadOnRssBytes\\)");
            Eventually.await("its end", () -> !Processes.exists(Long.parseLong(pid)));
            assertThat(Servers.ask(server, "/pid").text()).isNotEqualTo(pid);
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aWorkerWhoseProgramHasRaisedAnExceptionIsReplaced(WorkerMode mode) throws Exception {
        PythonApplication site = PythonApplication.of(TestPrograms.program(directory)
                .mode(mode)
                .replacement(ReplacementOptions.builder()
                        .exceptionTypes(List.of("ValueError"))
                        .build())
                .build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            String pid = Servers.ask(server, "/pid").text();
            assertThat(Servers.ask(server, "/fail").status()).isEqualTo(500);
            assertThat(log.await("(exceptionTypes)"))
                    .contains("(pid " + pid + ") is replaced: its program has raised an exception");
            Eventually.await("its end", () -> !Processes.exists(Long.parseLong(pid)));
            assertThat(Servers.ask(server, "/pid").text()).isNotEqualTo(pid);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void workersAreReplacedWithoutAnotherImport(boolean oneByOne) throws Exception {
        PythonApplication site = PythonApplication.of(
                TestPrograms.program(directory).processes(3).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            Set<Long> zygotes =
                    WorkerProcesses.zygotes().stream().map(ProcessHandle::pid).collect(Collectors.toSet());
            Set<Long> first = WorkerProcesses.workers();
            Load load = Load.start(server, "/", 4);
            site.replaceWorkers(oneByOne, "as asked");
            Eventually.await(
                    () -> "others than " + first + ": " + WorkerProcesses.workers(),
                    () -> WorkerProcesses.workers().stream().noneMatch(first::contains)
                            && WorkerProcesses.workers().size() == 3);
            load.stop();
            assertThat(load.outcomes().keySet()).containsExactly("200");
            assertThat(log.with("is replaced: as asked")).hasSize(3);
            if (oneByOne) {
                assertThat(log.with("is replaced: as asked"))
                        .extracting(line -> line.replaceAll(".*(worker [0-9]).*", "$1"))
                        .containsExactly("worker 1", "worker 2", "worker 3");
            }
            assertThat(WorkerProcesses.zygotes().stream().map(ProcessHandle::pid))
                    .containsExactlyInAnyOrderElementsOf(zygotes);
        }
    }

    @Test
    void aReplacementThatCannotStartIsTriedAgainWhileTheOldOneServes() throws Exception {
        // Each worker imports the program itself; the first one does, those after it fail until a file is there.
        PythonApplication site =
                PythonApplication.of(TestPrograms.source(directory, """
                        import os
                        first, ready = %s, %s
                        if os.path.exists(first) and not os.path.exists(ready):
                            raise RuntimeError("not now")
                        open(first, "w").close()

                        def application(environ, start_response):
                            start_response("200 OK", [])
                            return [str(os.getpid()).encode()]
                        """.formatted(quoted("first"), quoted("ready")))
                        .lazyApps(true)
                        .maxRequests(3)
                        .build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            String pid = Servers.ask(server, "/").text();
            for (int i = 0; i < 5; i++) {
                assertThat(Servers.ask(server, "/").text()).isEqualTo(pid);
            }
            assertThat(log.await("can't load the program")).contains("RuntimeError: not now");
            assertThat(Servers.ask(server, "/").text()).isEqualTo(pid);
            java.nio.file.Files.createFile(directory.resolve("ready"));
            Eventually.await(
                    "another worker", () -> !Servers.ask(server, "/").text().equals(pid));
            Eventually.await(Duration.ofSeconds(20), () -> "its end", () -> !Processes.exists(Long.parseLong(pid)));
        }
    }

    private String quoted(String name) {
        return "'" + directory.resolve(name) + "'";
    }
}
