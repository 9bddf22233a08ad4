package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs that are killed while they are loaded, and what is logged where there is no program.
@Timeout(180)
@Tag("timing")
class CrashAtLoadTest {
    private static final String PROGRAM = """
            def application(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [b"loaded"]
            """;

    /// Ends by a signal, as long as there is no file `calm`.
    private static final String CRASHING = """
            import os, signal
            if not os.path.exists(os.environ["NOTES"] + ".calm"):
                os.kill(os.getpid(), signal.SIGNAL)
            """;

    @TempDir
    private Path directory;

    private void calm() throws Exception {
        Files.createFile(directory.resolve("notes.calm"));
    }

    private PythonOptions.Builder crashing(String signal) throws Exception {
        return TestPrograms.source(directory, CRASHING.replace("SIGNAL", signal) + PROGRAM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SIGKILL", "SIGSEGV"})
    void oneThatIsKilledAtTheStartIsTriedAgainMoreAndMoreSlowly(String signal) throws Exception {
        PythonApplication site = PythonApplication.of(crashing(signal).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            assertThat(Servers.ask(server, "/").status()).isEqualTo(500);
            log.await("again in 400 ms");
            assertThat(log.with("can't be loaded, requests are answered 500; again in"))
                    .allMatch(line -> line.contains("was killed by signal "))
                    .extracting(line -> line.replaceFirst(".*again in ([0-9]+) ms.*", "$1"))
                    .startsWith("0", "100", "200", "400");
            calm();
            Eventually.await("service", () -> Servers.ask(server, "/").text().equals("loaded"));
        }
        assertThat(WorkerProcesses.zygotes()).isEmpty();
    }

    @Test
    void soIsOneThatEachWorkerImports() throws Exception {
        PythonApplication site =
                PythonApplication.of(crashing("SIGKILL").lazyApps(true).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            log.await("was killed by signal 9 before it was ready");
            calm();
            Eventually.await("service", () -> Servers.ask(server, "/").text().equals("loaded"));
        }
    }

    /// The server's time is over, and a process doesn't hear that it is to end.
    @Test
    void aStopThatIsInterruptedLeavesNoProcessAndNoDirectory() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        PythonApplication site = PythonApplication.of(TestPrograms.source(directory, PROGRAM)
                .environment(Map.of("TMPDIR", temporary.toString()))
                .build());
        site.start();
        List<ProcessHandle> all = WorkerProcesses.zygotes();
        Set<Long> workers = WorkerProcesses.workers();
        assertThat(all).hasSize(1);
        assertThat(workers).isNotEmpty();
        Processes.signal(all.getFirst().pid(), "STOP");
        for (long worker : workers) {
            Processes.signal(worker, "STOP");
        }

        Thread.currentThread().interrupt();
        site.stop();

        Eventually.await(
                "the end of all processes",
                () -> !all.getFirst().isAlive() && workers.stream().noneMatch(Processes::exists));
        Eventually.await("the end of the directory", () -> WorkerProcesses.directories(temporary)
                .isEmpty());
    }

    @Test
    void oneThatIsNeededEndsTheStart() throws Exception {
        PythonApplication site =
                PythonApplication.of(crashing("SIGKILL").needApp(true).build());
        assertThatThrownBy(site::start)
                .isInstanceOf(PythonStartException.class)
                .hasMessage("the Python interpreter was killed by signal 9 before it had loaded the program");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import no_such_module",
                "import os; os._exit(3)",
                "import os; os.kill(os.getpid(), 9)",
                "import os; os.kill(os.getpid(), 11)"
            })
    void aReloadThatFailsLeavesTheOldVersionServing(String source) throws Exception {
        for (boolean lazy : List.of(false, true)) {
            PythonApplication site = PythonApplication.of(
                    TestPrograms.source(directory, PROGRAM).lazyApps(lazy).build());
            try (LogLines log = LogLines.withLevels("dev.loomgate");
                    Server server = Servers.start(site)) {
                Files.writeString(directory.resolve("written.py"), source + "\n");
                Load load = Load.start(server, "/", 2, Duration.ofMillis(1));
                for (int i = 0; i < 3; i++) {
                    assertThatThrownBy(() -> site.reload().toCompletableFuture().get(60, TimeUnit.SECONDS))
                            .hasCauseInstanceOf(PythonStartException.class);
                }
                load.stop();
                assertThat(load.outcomes().keySet()).containsExactly("200");
                assertThat(log.with("reload failed, the previous version keeps serving"))
                        .hasSize(3);
            }
        }
    }

    @Test
    void whereThereIsNoProgramTheLogSaysSoOnce() throws Exception {
        PythonApplication site =
                PythonApplication.of(TestPrograms.source(directory, "1 / 0\n").build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            for (int i = 0; i < 20; i++) {
                assertThat(Servers.ask(server, "/").status()).isEqualTo(500);
            }
            assertThat(log.with("ERROR")).hasSize(1);
        }
    }

    @Test
    void aProcessOfTheImportHoldsNoStopUp() throws Exception {
        PythonApplication site = PythonApplication.of(TestPrograms.source(
                        directory,
                        """
                        import multiprocessing, os, subprocess
                        manager = multiprocessing.get_context("fork").Manager()
                        started = subprocess.Popen(["sleep", "100"])
                        if os.fork() == 0:
                            os.setsid()
                            if os.fork() == 0:
                                os.execvp("sleep", ["sleep", "7"])
                            os._exit(0)
                        os.wait()
                        """ + PROGRAM.replace("b\"loaded\"", "b'%d %d' % (manager._process.pid, started.pid)"))
                .build());
        List<Long> pids;
        long start;
        try (Server server = Servers.start(site)) {
            pids = List.of(Servers.ask(server, "/").text().split(" ", -1)).stream()
                    .map(Long::valueOf)
                    .toList();
            assertThat(pids).hasSize(2).allMatch(Processes::exists);
            start = System.nanoTime();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        assertThat(pids).noneMatch(Processes::exists);
    }
}
