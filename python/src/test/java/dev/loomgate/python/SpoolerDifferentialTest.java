package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.PythonProgram;
import dev.loomgate.testkit.peers.Uwsgi;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tasks that real uWSGI has written are done here, and the reverse, and both may share a directory.
@Tag("once")
@Timeout(300)
@Tag("timing")
class SpoolerDifferentialTest {
    /// Notes all that a task's function gets.
    private static final String SHOWING = SpoolerContract.PROGRAM + """

            import re

            def show(task):
                name = task.pop("spooler_task_name")
                told = (re.sub(rb"(?<=_on_).*", b"", name), uwsgi.i_am_the_spooler(), uwsgi.worker_id())
                here = os.path.relpath(os.getcwd(), uwsgi.spoolers[0].decode())
                note(repr((told, here, [(key, value[:99], len(value)) for key, value in task.items()])))
                return uwsgi.SPOOL_OK

            uwsgi.spooler = show
            """;

    private static final List<String> TASKS = List.of(
            "uwsgi.spool({b'name': b'a'})",
            "uwsgi.spool({b'name': b'b', b'body': b'B' * 100000})",
            "uwsgi.spool({b'name': b'c', b'priority': b'30'})",
            "uwsgi.spool({b'name': b'd', b'priority': b'4', b'body': b'text'})",
            "uwsgi.send_to_spooler({b'name': b'e', b'at': b'1500000000.25'})",
            "uwsgi.spool({b'name': bytes(range(256)), b'spooler': uwsgi.spoolers[0], b'body': b''})",
            "uwsgi.spool({b'name': b'f' * 60000})");

    /// What both answer in the same way: to a worker, before any task is done.
    private static final List<String> QUESTIONS = List.of(
            "uwsgi.spoolers == (os.path.realpath('%s').encode(),)",
            "len(uwsgi.spooler_jobs()), type(uwsgi.spooler_jobs()[0])",
            "sorted(uwsgi.spooler_get_task(uwsgi.spooler_jobs()[0].decode()), key=str)[-1]",
            "uwsgi.spooler_get_task('/no/such/task')",
            "uwsgi.spooler_pid(), uwsgi.spooler_pids(), uwsgi.i_am_the_spooler()",
            "uwsgi.SPOOL_OK, uwsgi.SPOOL_RETRY, uwsgi.SPOOL_IGNORE",
            "hasattr(uwsgi, 'set_spooler_frequency')",
            "error(uwsgi.spool, 1)",
            "error(uwsgi.spool)",
            "error(uwsgi.spool, {b'a': None}).partition(' (')[0].partition(', not')[0]",
            "error(uwsgi.spool, {b'spooler': b'/no/such'}).partition(':')[0]",
            "error(uwsgi.spool, {b'a': b'x' * 65531})[:0]");

    private static final String ASKED = """

            def error(function, *arguments):
                try:
                    function(*arguments)
                except ValueError as e:
                    return str(e)
            """;

    private static final String DECORATED = """
            import os
            from urllib.parse import unquote
            import uwsgi
            from uwsgidecorators import spool, spoolforever, spoolraw

            def note(text):
                with open(os.environ["NOTES"], "a") as file:
                    file.write(text + "\\n")

            @spool
            def mail(task):
                note("mail %r" % sorted(item for item in task.items() if item[0] != "spooler_task_name"))

            @spool(pass_arguments=True)
            def add(a, b=0):
                note("add %r" % (a + b))

            @spoolraw
            def raw(task):
                note("raw " + task["name"])
                return uwsgi.SPOOL_OK

            @spoolforever
            def forever(task):
                note("forever")

            def application(environ, start_response):
                start_response("200 OK", [])
                return [str(eval(unquote(environ["QUERY_STRING"]))).encode()]
            """;

    private static final List<String> DECORATED_CALLS = List.of(
            "mail.spool(to='ann', n='1')",
            "mail({'to': 'bob'}, body=b'text')",
            "add(1, b=2)",
            "add('a', b='b', priority='5')",
            "raw(name='one')",
            "forever()");

    @TempDir
    private Path directory;

    private Path tasks() throws IOException {
        return Files.createDirectories(directory.resolve("tasks"));
    }

    private Server ours(String source, Consumer<SpoolerOptions.Builder> change) throws Exception {
        SpoolerOptions.Builder spooler = SpoolerOptions.builder().frequency(Duration.ofHours(1));
        change.accept(spooler);
        return Servers.start(PythonApplication.of(
                TestPrograms.source(directory, source).spooler(spooler.build()).build()));
    }

    private Uwsgi theirs(String source, String... options) throws IOException {
        TestPrograms.source(directory, source);
        List<String> all = new ArrayList<>(List.of("--plugin", "python3"));
        all.addAll(List.of(options));
        return Uwsgi.http(
                directory,
                PythonProgram.of(directory, "written")
                        .with("NOTES", directory.resolve("notes").toString()),
                all.toArray(String[]::new));
    }

    private static List<String> answers(SocketAddress server, List<String> expressions) throws IOException {
        List<String> answers = new ArrayList<>();
        for (String expression : expressions) {
            try (HttpPeer peer = HttpPeer.to(server)) {
                String query =
                        URLEncoder.encode(expression, StandardCharsets.UTF_8).replace("+", "%20");
                answers.add(peer.get("/?" + query).answer().text());
            }
        }
        return answers;
    }

    private static SocketAddress address(Server server) {
        return server.addresses().getFirst().socketAddress();
    }

    private List<String> notes(int count) throws Exception {
        // What waits for them has a low priority.
        Eventually.await(
                Duration.ofSeconds(90),
                () -> count + " notes: " + TestPrograms.notes(directory),
                () -> TestPrograms.notes(directory).size() >= count);
        return TestPrograms.notes(directory);
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.walk(tasks())) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void eachDoesWhatTheOtherHasWritten() throws Exception {
        String place = tasks().toString();
        try (Uwsgi server = theirs(SHOWING + ASKED, "--spooler-external", place)) {
            answers(server.address(), TASKS);
        }
        assertThat(files()).isEqualTo(TASKS.size());
        List<String> here;
        try (Server _ = ours(SHOWING, spooler -> spooler.directories(List.of(directory.resolve("tasks")))
                .ordered(true))) {
            here = notes(TASKS.size());
            Eventually.await("all done", () -> files() == 0);
        }
        Files.delete(directory.resolve("notes"));

        try (Server server = ours(SHOWING, spooler -> spooler.externals(List.of(directory.resolve("tasks"))))) {
            answers(address(server), TASKS);
        }
        assertThat(files()).isEqualTo(TASKS.size());
        List<String> there;
        try (Uwsgi _ = theirs(SHOWING, "--spooler", place, "--spooler-ordered")) {
            there = notes(TASKS.size());
            Eventually.await("all done", () -> files() == 0);
        }

        assertThat(here).containsExactlyElementsOf(there).hasSize(TASKS.size());
        assertThat(here).first().asString().contains("b'd'").contains("'4'");
    }

    /// Debian's own file, unchanged.
    @Test
    void theDecoratorsDoTheSame() throws Exception {
        String place = tasks().toString();
        List<String> there;
        try (Uwsgi server = theirs(DECORATED, "--spooler-ordered", "--spooler-frequency", "1", "--spooler", place)) {
            answers(server.address(), DECORATED_CALLS);
            there = notes(DECORATED_CALLS.size());
        }
        Files.delete(directory.resolve("notes"));
        deleteTasks();
        PythonApplication site = PythonApplication.of(TestPrograms.source(directory, DECORATED)
                .shown(java.util.Map.of("spooler", place))
                .spooler(SpoolerOptions.builder()
                        .directories(List.of(tasks()))
                        .ordered(true)
                        .build())
                .build());
        try (Server server = Servers.start(site)) {
            answers(address(server), DECORATED_CALLS);
            assertThat(notes(DECORATED_CALLS.size()).stream().distinct())
                    .containsExactlyInAnyOrderElementsOf(
                            there.stream().distinct().toList());
            Eventually.await("all done but the one that is never", () -> files() == 1);
        }
    }

    private void deleteTasks() throws IOException {
        try (Stream<Path> all = Files.walk(tasks())) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                Files.delete(each);
            }
        }
    }

    @Test
    void bothAnswerAlike() throws Exception {
        String place = tasks().toString();
        List<String> questions =
                QUESTIONS.stream().map(text -> text.formatted(place)).toList();
        List<String> theirs;
        try (Uwsgi server = theirs(SHOWING + ASKED, "--spooler-external", place)) {
            answers(server.address(), TASKS.subList(0, 1));
            theirs = answers(server.address(), questions);
        }
        try (Server server = ours(SHOWING + ASKED, spooler -> spooler.externals(List.of(directory.resolve("tasks"))))) {
            assertThat(answers(address(server), questions)).containsExactlyElementsOf(theirs);
        }
    }

    @Test
    void bothShareADirectoryAndDoEachTaskOnce() throws Exception {
        int count = 40;
        String place = tasks().toString();
        try (Server server =
                ours(SpoolerContract.PROGRAM, spooler -> spooler.externals(List.of(directory.resolve("tasks"))))) {
            answers(
                    address(server),
                    List.of("[uwsgi.spool({'name': i, 'do': 'wait'}) for i in range(%d)][0]".formatted(count)));
        }
        try (Uwsgi _ = theirs(SpoolerContract.PROGRAM, "--spooler", place, "--spooler-frequency", "1")) {
            notes(1);
            try (Server _ =
                    ours(SpoolerContract.PROGRAM, spooler -> spooler.directories(List.of(directory.resolve("tasks")))
                            .frequency(Duration.ofSeconds(1)))) {
                // Each has one, and waits.
                assertThat(notes(2))
                        .hasSize(2)
                        .extracting(note -> note.replaceFirst(" by.*", ""))
                        .doesNotHaveDuplicates();
                Files.createFile(directory.resolve("notes.open"));
                List<String> over = notes(2 * count).stream()
                        .filter(note -> note.endsWith("over"))
                        .toList();
                assertThat(over).hasSize(count).doesNotHaveDuplicates();
                Eventually.await("all done", () -> files() == 0);
                assertThat(TestPrograms.notes(directory)).hasSize(2 * count);
            }
        }
    }
}
