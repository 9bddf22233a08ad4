package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.server.Server;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Spoolers as processes of a program: started, woken, replaced, reloaded, stopped.
@Tag("once")
@Timeout(300)
@Tag("timing")
class SpoolerTest {
    /// Notes each task, with who does it. One that is to `wait` is over when there is the file `open`.
    static final String PROGRAM = """
            import os, time
            from urllib.parse import unquote
            import uwsgi

            NOTES = os.environ["NOTES"]

            def note(text):
                with open(NOTES, "a") as file:
                    file.write(text + "\\n")

            def spooler(task):
                name = task[b"name"].decode()
                note("%s by %d" % (name, os.getpid()))
                if task.get(b"do") == b"limit":
                    uwsgi.set_user_harakiri(1)
                while b"do" in task and not os.path.exists(NOTES + ".open"):
                    time.sleep(0.01)
                if b"do" in task:
                    note(name + " is over")
                return uwsgi.SPOOL_OK

            uwsgi.spooler = spooler

            def application(environ, start_response):
                start_response("200 OK", [])
                return [str(eval(unquote(environ["QUERY_STRING"]))).encode()]
            """;

    @TempDir
    private Path directory;

    static List<WorkerMode> modes() {
        return PythonApplicationTest.modes();
    }

    private Path tasks() {
        return directory.resolve("tasks");
    }

    private PythonOptions.Builder program(Consumer<SpoolerOptions.Builder> change) throws IOException {
        // So that what is done was told of.
        SpoolerOptions.Builder spooler =
                SpoolerOptions.builder().directories(List.of(tasks())).frequency(Duration.ofHours(1));
        change.accept(spooler);
        return TestPrograms.source(directory, PROGRAM).spooler(spooler.build());
    }

    private static String eval(Server server, String expression) throws IOException {
        String query = URLEncoder.encode(expression, StandardCharsets.UTF_8).replace("+", "%20");
        return Servers.ask(server, "/?" + query).text();
    }

    private static void spool(Server server, String name, String more) throws IOException {
        assertThat(eval(server, "uwsgi.spool({b'name': b'%s'%s})".formatted(name, more)))
                .startsWith("b'/");
    }

    private List<String> notes(int count) throws Exception {
        // What waits for them has a low priority.
        Eventually.await(
                Duration.ofSeconds(90),
                () -> count + " notes: " + TestPrograms.notes(directory),
                () -> TestPrograms.notes(directory).size() >= count);
        return TestPrograms.notes(directory);
    }

    private void open() throws IOException {
        Files.createFile(directory.resolve("notes.open"));
    }

    private void nothingIsLeft() throws Exception {
        Eventually.await("no task left", () -> {
            try (Stream<Path> files = Files.list(tasks())) {
                return files.findAny().isEmpty();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("modes")
    void whatARequestSpoolsIsDoneAtOnceByAProcessOfItsOwn(WorkerMode mode) throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate");
                Server server = Servers.start(
                        PythonApplication.of(program(options -> {}).mode(mode).build()))) {
            assertThat(log.await("is loaded")).contains("worker 1 (pid", "spooler 1 (pid");
            spool(server, "a", "");
            String pid = eval(server, "uwsgi.spooler_pid()");
            assertThat(notes(1)).containsExactly("a by " + pid).doesNotContain("a by 0");
            nothingIsLeft();
            assertThat(log.await("[worker 1] [spooler] written 13 bytes to file "))
                    .contains(tasks().toString());
            log.await("[spooler 1] [spooler %s pid: %s] managing request uwsgi_spoolfile_on_"
                    .formatted(tasks().toRealPath(), pid));
            log.await("after 0 seconds");
        }
    }

    @Test
    void eachDirectoryHasSpoolersOfItsOwn() throws Exception {
        Path other = directory.resolve("other");
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        try (Server server =
                Servers.start(PythonApplication.of(program(options -> options.directories(List.of(tasks(), other))
                                .externals(List.of(elsewhere))
                                .processes(2))
                        .build()))) {
            assertThat(eval(server, "len(set(uwsgi.spooler_pids())), uwsgi.spooler_pids()[4:]"))
                    .isEqualTo("(5, [0])");
            assertThat(eval(
                            server,
                            "uwsgi.spoolers == tuple(os.path.realpath(each).encode() for each in ('%s', '%s', '%s'))"
                                    .formatted(tasks(), other, elsewhere)))
                    .isEqualTo("True");
            spool(server, "a", ", b'do': b'wait', b'spooler': uwsgi.spoolers[1]");
            spool(server, "b", ", b'do': b'wait', b'spooler': uwsgi.spoolers[1]");
            spool(server, "c", ", b'spooler': uwsgi.spoolers[2]");
            List<String> begun = notes(2);
            List<String> pids =
                    List.of(eval(server, "uwsgi.spooler_pids()[2]"), eval(server, "uwsgi.spooler_pids()[3]"));
            assertThat(begun).allMatch(line -> pids.contains(line.replaceFirst(".* by ", "")));
            open();
            assertThat(notes(4)).filteredOn(line -> line.endsWith("over")).hasSize(2);
            assertThat(elsewhere).isDirectoryContaining("glob:**/uwsgi_spoolfile_on_*");
            assertThat(Files.getPosixFilePermissions(other)).hasSize(5);
        }
    }

    @Test
    void aNewSpoolerBeginsWhenTheOneBeforeHasEnded() throws Exception {
        PythonApplication site = PythonApplication.of(program(options -> {}).build());
        try (Server server = Servers.start(site)) {
            String before = eval(server, "uwsgi.spooler_pid()");
            spool(server, "a", ", b'do': b'wait'");
            notes(1);

            site.reload().toCompletableFuture().get(60, TimeUnit.SECONDS);

            assertThat(eval(server, "uwsgi.is_a_reload, uwsgi.spooler_pid()"))
                    .isEqualTo("(True, %s)".formatted(before));
            spool(server, "b", "");
            assertThat(TestPrograms.notes(directory)).containsExactly("a by " + before);
            open();
            List<String> notes = notes(3);
            String after = eval(server, "uwsgi.spooler_pid()");
            assertThat(notes).containsExactly("a by " + before, "a is over", "b by " + after);
            assertThat(after).isNotEqualTo(before).isNotEqualTo("0");
            nothingIsLeft();
        }
    }

    @Test
    void aSpoolerThatIsKilledIsReplacedAndItsTaskIsDone() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate");
                Server server = Servers.start(
                        PythonApplication.of(program(options -> {}).build()))) {
            long before = Long.parseLong(eval(server, "uwsgi.spooler_pid()"));
            spool(server, "a", ", b'do': b'wait'");
            notes(1);
            ProcessHandle.of(before).orElseThrow().destroyForcibly();
            log.await("spooler 1 (pid %d) was killed by signal 9; another one takes its place".formatted(before));
            assertThat(notes(2)).element(1).asString().startsWith("a by ").isNotEqualTo("a by " + before);
            open();
            nothingIsLeft();
        }
    }

    @Test
    void aTaskThatTakesTooLongIsKilledAndTriedAgain() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate");
                Server server =
                        Servers.start(PythonApplication.of(program(options -> options.taskLimit(Duration.ofMillis(500)))
                                .settingNames(name -> "<" + name + ">")
                                .build()))) {
            spool(server, "a", ", b'do': b'wait'");
            assertThat(log.await("is replaced: the task uwsgi_spoolfile_on_"))
                    .startsWith("spooler 1 (pid ")
                    .endsWith(" takes longer than 500 ms (<spoolerTaskLimit>); its stack follows");
            log.await("in spooler");
            notes(2);
            open();
            nothingIsLeft();
        }
    }

    @Test
    void aTasksOwnLimitIsHeeded() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate");
                Server server = Servers.start(
                        PythonApplication.of(program(options -> {}).build()))) {
            spool(server, "a", ", b'do': b'limit'");
            assertThat(log.await("is replaced: the task "))
                    .contains(" takes longer than 1000 ms (uwsgi.set_user_harakiri)");
            open();
            nothingIsLeft();
        }
    }

    @Test
    void aSpoolerIsReplacedWhenItHasDoneEnough() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate");
                Server server = Servers.start(PythonApplication.of(
                        program(options -> options.maxTasks(2)).build()))) {
            for (int i = 0; i < 5; i++) {
                spool(server, "task", "");
            }
            assertThat(notes(5).stream().distinct()).hasSize(3);
            log.await("is replaced: it has done 2 tasks (spoolerMaxTasks)");
            nothingIsLeft();
            assertThat(log.with("another one takes its place")).isEmpty();
        }
    }

    @Test
    void spoolersAreReplacedWhenThatIsAskedFor() throws Exception {
        PythonApplication site = PythonApplication.of(program(options -> {}).build());
        try (LogLines log = LogLines.of("dev.loomgate");
                Server server = Servers.start(site)) {
            String worker = eval(server, "os.getpid()");
            String before = eval(server, "uwsgi.spooler_pid()");
            site.replaceWorkers(false, "for a test");
            log.await("worker 1 (pid %s) is replaced: for a test".formatted(worker));
            site.replaceProcesses("spooler", "for another");
            log.await("spooler 1 (pid %s) is replaced: for another".formatted(before));
            Eventually.await("another one", () -> !List.of(before, "0").contains(eval(server, "uwsgi.spooler_pid()")));
            assertThat(log.with("spooler 1 (pid %s) is replaced: for a test".formatted(before)))
                    .isEmpty();
        }
    }

    @Test
    void theFrequencyIsKeptByTheSpoolersThatFollow() throws Exception {
        try (Server server =
                Servers.start(PythonApplication.of(program(options -> {}).build()))) {
            assertThat(eval(server, "uwsgi.set_spooler_frequency(1)")).isEqualTo("True");
            long before = Long.parseLong(eval(server, "uwsgi.spooler_pid()"));
            ProcessHandle.of(before).orElseThrow().destroyForcibly();
            Eventually.await("another one", () -> {
                String pid = eval(server, "uwsgi.spooler_pid()");
                return !pid.equals("0") && !pid.equals(Long.toString(before));
            });
            Path written = Path.of(eval(server, "uwsgi.spool({b'name': b'later', b'at': b'9999999999'}).decode()"));
            // Nobody is told of that.
            Files.setLastModifiedTime(written, java.nio.file.attribute.FileTime.fromMillis(0));
            nothingIsLeft();
        }
    }

    @Test
    void aStopWaitsForTheTaskAndKeepsTheOthers() throws Exception {
        PythonApplication site = PythonApplication.of(program(options -> {}).build());
        Server server = Servers.start(site);
        try {
            spool(server, "a", ", b'do': b'wait'");
            notes(1); // else either may be the first
            spool(server, "b", "");
        } finally {
            Thread opens = Thread.ofPlatform().start(() -> {
                try {
                    Eventually.await(
                            "the worker's end", () -> WorkerProcesses.workers().size() == 1);
                    open();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            server.stop(Duration.ofSeconds(60));
            opens.join();
        }
        assertThat(notes(2)).element(1).isEqualTo("a is over");
        assertThat(TestPrograms.notes(directory)).hasSize(2);
        assertThat(tasks()).isDirectoryContaining("glob:**/uwsgi_spoolfile_on_*");
        assertThat(WorkerProcesses.zygotes()).isEmpty();
    }

    @Test
    void aDirectoryThatCannotBeUsedEndsTheStart() throws Exception {
        Files.createFile(tasks());
        assertThatThrownBy(() -> Servers.start(PythonApplication.of(program(options -> {})
                        .settingNames(name -> "<" + name + ">")
                        .build())))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining(
                        "the directory of tasks %s can't be used (<spoolers>): it is no directory", tasks());
        assertThatThrownBy(() -> program(options -> options.directories(List.of(directory.resolve("no/where"))))
                        .build()
                        .withSpooler(SpoolerOptions.builder().processes(0).build()))
                .hasMessageContaining("spoolerProcesses");
        assertThatThrownBy(() -> Servers.start(PythonApplication.of(
                        program(options -> options.directories(List.of(directory.resolve("no/where"))))
                                .build())))
                .hasMessageContaining("no/where can't be used (spoolers): it can't be made");
        assertThat(WorkerProcesses.zygotes()).isEmpty();
    }
}
