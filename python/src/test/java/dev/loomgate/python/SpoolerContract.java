package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Spoolers as processes of a program, whatever kind of place their tasks are in: started, woken,
/// replaced, reloaded, stopped, and what becomes of tasks. A test class for each kind extends this
/// one.
@Timeout(300)
public abstract class SpoolerContract {
    /// Notes each task, with who does it. One that is to `wait` is over when there is the file `open`; one with
    /// `results` returns these, one after the other.
    public static final String PROGRAM = """
            import os, time
            from urllib.parse import unquote
            import uwsgi

            NOTES = os.environ["NOTES"]
            runs = {}

            def note(text):
                with open(NOTES, "a") as file:
                    file.write(text + "\\n")

            def spooler(task):
                name = task[b"name"].decode()
                note("%s by %d" % (name, os.getpid()))
                if task.get(b"do") == b"limit":
                    uwsgi.set_user_harakiri(1)
                if b"show" in task:
                    path = uwsgi.spooler_dir() + b"/" + task["spooler_task_name"]
                    same = uwsgi.spooler_get_task(path)["body"] == task["body"]
                    note(repr((uwsgi.i_am_the_spooler(), same, len(task["body"]), task[b"bin"], sorted(task, key=str))))
                if b"results" in task:
                    results = task[b"results"].decode().split()
                    result = results[min(runs.get(name, 0), len(results) - 1)]
                    runs[name] = runs.get(name, 0) + 1
                    if result == "raise":
                        raise ValueError("no such thing as " + name)
                    return getattr(uwsgi, result)
                while b"do" in task and not os.path.exists(NOTES + ".open"):
                    time.sleep(0.01)
                if b"do" in task:
                    note(name + " is over")
                return uwsgi.SPOOL_OK

            uwsgi.spooler = spooler

            def said(function, *arguments):
                try:
                    return function(*arguments)
                except Exception as e:
                    return "%s: %s" % (type(e).__name__, e)

            def application(environ, start_response):
                start_response("200 OK", [])
                return [str(eval(unquote(environ["QUERY_STRING"]))).encode()]
            """;

    @TempDir
    private Path directory;

    /// A place for tasks, where what has failed is tried again within a second.
    ///
    /// @param name of letters
    protected abstract SpoolPlace place(String name);

    /// What else the program needs.
    protected abstract void settle(PythonOptions.Builder program);

    /// How many tasks such a place has, also those that run.
    protected abstract long left(SpoolPlace place) throws Exception;

    /// What programs know a place by, which is there.
    protected abstract String shown(SpoolPlace place) throws Exception;

    /// Where the program is, and what it writes.
    protected final Path directory() {
        return directory;
    }

    static List<WorkerMode> modes() {
        return List.of(new WorkerMode.Sync(), new WorkerMode.Threads(4), new WorkerMode.Asyncio(16));
    }

    private SpoolPlace tasks() {
        return place("tasks");
    }

    protected final PythonOptions.Builder program(Consumer<SpoolerOptions.Builder> change) throws IOException {
        // So that what is done was told of.
        SpoolerOptions.Builder spooler =
                SpoolerOptions.builder().places(List.of(tasks())).frequency(Duration.ofHours(1));
        change.accept(spooler);
        PythonOptions.Builder program = TestPrograms.source(directory, PROGRAM);
        settle(program);
        return program.spooler(spooler.build());
    }

    protected static Server start(PythonOptions.Builder program) throws Exception {
        return Servers.start(PythonApplication.of(program.build()));
    }

    protected static String eval(Server server, String expression) throws IOException {
        String query = URLEncoder.encode(expression, StandardCharsets.UTF_8).replace("+", "%20");
        return Servers.ask(server, "/?" + query).text();
    }

    protected static void spool(Server server, String name, String more) throws IOException {
        assertThat(eval(server, "uwsgi.spool({b'name': b'%s'%s})".formatted(name, more)))
                .startsWith("b'");
    }

    protected final List<String> notes() {
        return TestPrograms.notes(directory);
    }

    protected final List<String> notes(int count) throws Exception {
        // What waits for them has a low priority.
        Eventually.await(Duration.ofSeconds(90), () -> count + " notes: " + notes(), () -> notes().size() >= count);
        return notes();
    }

    protected final List<String> names(int count) throws Exception {
        return notes(count).stream()
                .map(note -> note.replaceFirst(" by .*", ""))
                .toList();
    }

    protected final void open() throws IOException {
        Files.createFile(directory.resolve("notes.open"));
    }

    protected final void nothingIsLeft() throws Exception {
        Eventually.await("no task left", () -> left(tasks()) == 0);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void whatARequestSpoolsIsDoneAtOnceByAProcessOfItsOwn(WorkerMode mode) throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate");
                Server server = start(program(options -> {}).mode(mode))) {
            assertThat(log.await("is loaded")).contains("worker 1 (pid", "spooler 1 (pid");
            spool(server, "a", "");
            String pid = eval(server, "uwsgi.spooler_pid()");
            assertThat(notes(1)).containsExactly("a by " + pid).doesNotContain("a by 0");
            nothingIsLeft();
            assertThat(log.await("[worker 1] [spooler] written 13 bytes to ")).contains(shown(tasks()) + "/");
            log.await("[spooler 1] [spooler %s pid: %s] managing request ".formatted(shown(tasks()), pid));
            log.await("after 0 seconds");
        }
    }

    @Test
    void aTaskGetsWhatWasSpooled() throws Exception {
        try (Server server = start(program(options -> {}))) {
            spool(server, "a", ", b'show': b'', b'bin': bytes(range(128, 132)), b'body': b'B' * 700000");
            assertThat(notes(2).getLast())
                    .isEqualTo("(True, True, 700000, b'\\x80\\x81\\x82\\x83',"
                            + " [b'bin', b'name', b'show', 'body', 'spooler_task_name'])");
            nothingIsLeft();
        }
    }

    @Test
    void whatTheFunctionReturnsDecides() throws Exception {
        try (LogLines log = LogLines.of("dev.loomgate");
                Server server = start(program(options -> options.frequency(Duration.ofSeconds(1))))) {
            spool(server, "retry", ", b'results': b'SPOOL_RETRY SPOOL_OK'");
            spool(server, "ignore", ", b'results': b'SPOOL_IGNORE SPOOL_OK'");
            spool(server, "raise", ", b'results': b'raise raise SPOOL_OK'");
            assertThat(names(7))
                    .containsExactlyInAnyOrder("retry", "retry", "ignore", "ignore", "raise", "raise", "raise");
            nothingIsLeft();
            log.await("ValueError: no such thing as raise");
        }
    }

    @Test
    void aTaskWaitsForItsTimeAndThoseWithAPriorityGoFirst() throws Exception {
        try (Server server = start(program(options -> options.ordered(true)))) {
            spool(server, "first", ", b'do': b'wait'");
            notes(1); // the others wait for it
            spool(server, "last", "");
            spool(server, "second", ", b'priority': b'7'");
            spool(server, "urgent", ", b'priority': b'2'");
            spool(server, "tomorrow", ", b'at': str(time.time() + 86400)");
            long time = System.currentTimeMillis();
            spool(server, "soon", ", b'at': str(time.time() + 3), b'priority': b'0'");
            open();

            assertThat(names(6)).containsExactly("first", "first is over", "urgent", "second", "last", "soon");
            assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(time + 2900);
            Eventually.await("the one of tomorrow is left", () -> left(tasks()) == 1);
            assertThat(eval(
                            server,
                            "[uwsgi.spooler_get_task(path)[b'name'] for path in uwsgi.spooler_jobs()],"
                                    + " uwsgi.spooler_get_task(uwsgi.spoolers[0] + b'/none')"))
                    .isEqualTo("([b'tomorrow'], None)");
        }
    }

    @Test
    void eachPlaceHasSpoolersOfItsOwn() throws Exception {
        SpoolPlace other = place("other");
        SpoolPlace elsewhere = place("elsewhere");
        try (Server server = start(program(options -> options.places(List.of(tasks(), other))
                .externalPlaces(List.of(elsewhere))
                .processes(2)))) {
            assertThat(eval(server, "len(set(uwsgi.spooler_pids())), uwsgi.spooler_pids()[4:]"))
                    .isEqualTo("(5, [0])");
            assertThat(eval(server, "b' '.join(uwsgi.spoolers).decode()"))
                    .isEqualTo(shown(tasks()) + " " + shown(other) + " " + shown(elsewhere));
            spool(server, "a", ", b'do': b'wait', b'spooler': uwsgi.spoolers[1]");
            spool(server, "b", ", 'do': 'wait', 'spooler': uwsgi.spoolers[1].decode()");
            spool(server, "c", ", b'spooler': uwsgi.spoolers[2]");
            List<String> begun = notes(2);
            List<String> pids =
                    List.of(eval(server, "uwsgi.spooler_pids()[2]"), eval(server, "uwsgi.spooler_pids()[3]"));
            assertThat(begun).allMatch(line -> pids.contains(line.replaceFirst(".* by ", "")));
            open();
            assertThat(notes(4)).filteredOn(line -> line.endsWith("over")).hasSize(2);
            assertThat(left(elsewhere)).isEqualTo(1);
            assertThat(eval(server, "said(uwsgi.spool, {b'spooler': b'redis:no'})"))
                    .startsWith("ValueError: unable to spool job: no spooler has the directory 'redis:no' (spoolers)");
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
            assertThat(notes()).containsExactly("a by " + before);
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
                Server server = start(program(options -> {}))) {
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
                Server server = start(program(options -> options.taskLimit(Duration.ofMillis(500)))
                        .settingNames(name -> "<" + name + ">"))) {
            spool(server, "a", ", b'do': b'wait'");
            assertThat(log.await("is replaced: the task "))
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
                Server server = start(program(options -> {}))) {
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
                Server server = start(program(options -> options.maxTasks(2)))) {
            for (int i = 0; i < 5; i++) {
                spool(server, "task", "");
            }
            assertThat(notes(5).stream().distinct()).hasSize(3);
            log.await("is replaced: it has done 2 tasks (spoolerMaxTasks)");
            nothingIsLeft();
            assertThat(notes()).hasSize(5);
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
            spool(server, "a", "");
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
        assertThat(notes()).hasSize(2);
        assertThat(left(tasks())).isEqualTo(1);
        assertThat(WorkerProcesses.zygotes()).isEmpty();
    }

    @Test
    void whatIsToBeSeenOfIt() throws Exception {
        PythonApplication site = PythonApplication.of(program(options -> {}).build());
        try (Server server = Servers.start(site)) {
            spool(server, "a", ", b'do': b'wait'");
            notes(1);
            spool(server, "b", "");
            spool(server, "c", ", b'at': b'9999999999'");
            Eventually.await("its figures", () -> {
                var spool = site.snapshot()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .spools()
                        .getFirst();
                return spool.running() == 1 && spool.waiting() == 2;
            });
            open();
            notes(3);
            Eventually.await("what it has done", () -> {
                var spool = site.snapshot()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .spools()
                        .getFirst();
                return spool.processes().getFirst().done() == 2 && spool.waiting() == 1;
            });
        }
    }
}
