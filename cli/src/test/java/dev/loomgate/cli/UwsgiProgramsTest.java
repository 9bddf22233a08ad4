package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// uWSGI's own test programs, as they are, by uWSGI and here: the same answers, and the same that is printed.
/// Those that run on Python 3, from the source package that `verify` has downloaded.
///
/// Not run: what needs something that isn't offered (gevent, WebSockets, Stackless, ugreen, `--web3`, `--pump`,
/// `--snmp`), a client of uWSGI's own (`uwsgi.send_message`), or a server on the Internet; and what is Python 2,
/// which uWSGI can't load either.
@Timeout(180)
class UwsgiProgramsTest {
    private static final Path SOURCES = Path.of("target/uwsgi-source");
    private static final Pattern RESULT =
            Pattern.compile("(?m)(?:^|\\] )(OK|FAILED.*|FAIL: .*|ERROR: .*|Ran \\d+ tests?)(?: in .*)?$");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /// A program and what it is asked.
    ///
    /// @param bodies whether its bodies are compared; what is no bytes in them is lost in uWSGI
    /// @param printed what both are to print
    /// @param waiting how many workers have said that they wait for a signal before it is asked
    record Program(
            String name,
            List<String> options,
            List<String> requests,
            boolean bodies,
            List<String> printed,
            int waiting) {
        static Program of(String name, String options, String... requests) {
            return new Program(name, List.of(options.split(" ")), List.of(requests), true, List.of(), 0);
        }

        Program prints(String... texts) {
            return new Program(name, options, requests, bodies, List.of(texts), waiting);
        }

        Program whenSoManyWait(int workers) {
            return new Program(name, options, requests, bodies, printed, workers);
        }

        Program withoutBodies() {
            return new Program(name, options, requests, false, printed, waiting);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @TempDir
    private Path directory;

    static Stream<Program> programs() {
        return Stream.of(
                Program.of(
                        "fileserve_async",
                        "--wsgi-file tests/fileserve_async.py --pyargv DIRECTORY/tests",
                        "/static/test.txt",
                        "/badthread.py"),
                Program.of(
                        "staticfile", "--wsgi-file tests/staticfile.py --pyargv DIRECTORY/tests/static/test2.txt", "/"),
                Program.of(
                        "queue",
                        "--master --queue 10 --queue-store test.queue -w tests.queue:app",
                        "/",
                        "/push body=one",
                        "/push body=two",
                        "/",
                        "/pop ",
                        "/pull ",
                        "/set pos=5&body=five",
                        "/"),
                Program.of(
                        "testfilewrapper",
                        "-w tests.testfilewrapper",
                        "/",
                        "/1",
                        "/2",
                        "/4",
                        "/stream2",
                        "/stream3",
                        "/stream4"),
                Program.of("testrpc", "--wsgi-file tests/testrpc.py", "/"),
                Program.of("testyieldnone", "--wsgi-file tests/testyieldnone.py", "/"),
                Program.of("testworkers", "--master --processes 2 --wsgi-file tests/testworkers.py", "/", "/", "/")
                        .withoutBodies(),
                Program.of("logger", "--wsgi-file tests/logger.py", "/", "/logme")
                        .withoutBodies()
                        .prints("I am uWSGI", "'PATH_INFO': '/logme'"),
                Program.of("sigwait", "--master --processes 3 --wsgi-file tests/sigwait.py", "/30", "/")
                        .withoutBodies()
                        .whenSoManyWait(2)
                        .prints("I AM THE WORKER 1", "I AM THE WORKER 2", "I AM THE WORKER 3", "signal 17 received"),
                Program.of("cpubound_async", "--async 8 --wsgi-file tests/cpubound_async.py", "/")
                        .withoutBodies(),
                Program.of("threads", "--enable-threads --wsgi-file tests/threads.py", "/")
                        .withoutBodies()
                        .prints("^^^ spawning magic threads ^^^", "i am the monitor 1"),
                Program.of(
                        "deadlocks",
                        "--ini tests/deadlocks/master-nothreads.ini --wsgi-file tests/deadlocks/main.py",
                        "/"),
                Program.of(
                        "deadlocks without a master",
                        "--ini tests/deadlocks/nomaster-threads-10workers.ini --wsgi-file tests/deadlocks/main.py",
                        "/"),
                Program.of("testba", "--wsgi-accept-buffer --wsgi-file t/python/testba.py", "/"),
                Program.of(
                                "spooler/read",
                                "--master --spooler-external t/spooler/spooldir --mule --mule --wsgi-file t/spooler/read.py")
                        .prints("Counter("),
                Program.of("flaskpost", "-w examples.flaskpost:app", "/", "/upload pippo=abc", "/upload"),
                Program.of("bootstrap", "--import examples/bootstrap.py --wsgi-file tests/deadlocks/main.py", "/")
                        .prints("i am the bootstrap"),
                Program.of("welcome", "--master --wsgi-file examples/welcome.py", "/xsendfile", "/config")
                        .withoutBodies()
                        .prints("request finished"),
                Program.of("welcome3", "--master --wsgi-file examples/welcome3.py", "/logo", "/xsendfile"));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void aProgramDoesTheSame(Program program) throws Exception {
        Path place = unpacked();
        List<String> there;
        try (UwsgiProcess uwsgi = UwsgiProcess.start(place, options(program, place))) {
            awaitWaiting(program, uwsgi::log);
            there = answers(uwsgi.address(), program);
            awaitPrinted(program, uwsgi::log);
        }
        Files.deleteIfExists(place.resolve("test.queue"));
        try (LoomgateProcess loomgate = LoomgateProcess.start(place, here(options(program, place)))) {
            awaitWaiting(program, loomgate::err);
            URI uri = loomgate.uri("/");
            assertThat(answers(new InetSocketAddress(uri.getHost(), uri.getPort()), program))
                    .containsExactlyElementsOf(there);
            awaitPrinted(program, loomgate::err);
        }
    }

    /// A module without an application stays loaded, and its threads go on.
    @ParameterizedTest
    @ValueSource(strings = {"--master", "--master --lazy-apps"})
    void threadsOfAModuleWithoutAnApplicationGoOn(String options) throws Exception {
        Files.writeString(directory.resolve("threads_only.py"), """
                import threading
                import time

                def tick():
                    for second in range(1000):
                        print("tick", second, flush=True)
                        time.sleep(0.5)

                threading.Thread(target=tick, daemon=True).start()
                """);
        Program program = Program.of("threads", "--enable-threads --wsgi-file threads_only.py " + options, "/")
                .prints("tick 8");
        List<String> there;
        try (UwsgiProcess uwsgi = UwsgiProcess.start(directory, options(program, directory))) {
            there = answers(uwsgi.address(), program);
            awaitPrinted(program, uwsgi::log);
        }
        assertThat(there).first().asString().contains(" 500 ");
        try (LoomgateProcess loomgate = LoomgateProcess.start(directory, here(options(program, directory)))) {
            URI uri = loomgate.uri("/");
            assertThat(answers(new InetSocketAddress(uri.getHost(), uri.getPort()), program))
                    .containsExactlyElementsOf(there);
            awaitPrinted(program, loomgate::err);
        }
    }

    /// As t/runner of a later release has it; but SCRIPT_NAME is without the slash at a mount's end, as CGI has it.
    @Test
    void mountpoints() throws Exception {
        Path place = directory;
        Files.writeString(place.resolve("useless_app.py"), """
                def application(environ, start_response):
                    start_response("200 OK", [("Content-Type", "text/html")])
                    return [environ["SCRIPT_NAME"].encode()]
                """);
        List<String> requests = List.of(
                "/foo",
                "/foo/",
                "/foo/resource",
                "/foobis/",
                "/foobis",
                "/foobis/resource",
                "/footris/",
                "/fooanything",
                "/foobisis/",
                "/foofighters");
        Program program = new Program(
                "mountpoints",
                List.of(
                        "--manage-script-name",
                        "--wsgi-file",
                        "useless_app.py",
                        "--mount",
                        "/foo=useless_app.py",
                        "--mount",
                        "/foobis/=useless_app.py",
                        "--mount",
                        "/footris/=useless_app.py"),
                requests,
                true,
                List.of(),
                0);
        List<String> there;
        try (UwsgiProcess uwsgi = UwsgiProcess.start(place, options(program, place))) {
            there = answers(uwsgi.address(), program);
        }
        assertThat(there).anyMatch(answer -> answer.endsWith("/foobis/"));
        try (LoomgateProcess loomgate = LoomgateProcess.start(place, here(options(program, place)))) {
            URI uri = loomgate.uri("/");
            assertThat(answers(new InetSocketAddress(uri.getHost(), uri.getPort()), program))
                    .containsExactlyElementsOf(there.stream()
                            .map(answer -> answer.replaceFirst("/$", ""))
                            .toList());
        }
    }

    /// t/mules/signal_management.py: a mule without an application ends the server, which ends with status 0.
    @ParameterizedTest
    @MethodSource("endings")
    void aMuleEndsTheServer(String options) throws Exception {
        Path place = unpacked();
        List<String> command = new ArrayList<>(
                List.of("--master", "--mule=t/mules/mulebrain.py", "--py-call-osafterfork", "--socket=127.0.0.1:0"));
        command.addAll(List.of(options.split(" ")));
        assertThat(UwsgiProcess.status(place, command.toArray(String[]::new))).isZero();
        command.addAll(List.of("--python", Python.DEBIAN));
        try (LoomgateProcess loomgate = LoomgateProcess.launch(place, command.toArray(String[]::new))) {
            assertThat(loomgate.status()).as(loomgate.err()).isZero();
        }
    }

    static Stream<String> endings() {
        return Stream.of(
                "--mule-reload-mercy=1",
                "--set=test_mule_timeout=3",
                "--set=test_signal=1 --set=test_mule_timeout=3 --exit-on-reload");
    }

    /// Those that are run by `pyrun`, by their own files: the same status, and the same that their tests say at
    /// the end.
    @ParameterizedTest
    @MethodSource("scripts")
    void aScriptDoesTheSame(String ini) throws Exception {
        Path place = unpacked();
        // A socket and a spooler of this test's own.
        Path file = place.resolve(ini);
        Files.writeString(
                file, Files.readString(file).replace("/tmp/", place + "/").replace("$(SPOOLER_DIR)", "spool"));
        int status = UwsgiProcess.status(place, "--ini", ini);
        List<String> there = results(Files.readString(place.resolve("uwsgi.txt")));
        assertThat(there).anyMatch(line -> line.startsWith("Ran "));
        try (LoomgateProcess loomgate = LoomgateProcess.launch(place, "--python", Python.DEBIAN, "--ini", ini)) {
            assertThat(loomgate.status()).as(loomgate.err()).isEqualTo(status);
            assertThat(results(loomgate.err())).containsExactlyElementsOf(there);
        }
    }

    static Stream<String> scripts() {
        return Stream.of(
                "t/cachebitmap.ini",
                "t/sharedarea/sharedarea_incdec.ini",
                "t/python/spooler_decorators/spooler_decorator_test.ini");
    }

    /// Without the time that it took.
    private static List<String> results(String log) {
        return RESULT.matcher(log).results().map(found -> found.group(1)).toList();
    }

    private Path unpacked() throws Exception {
        Path archive;
        try (Stream<Path> files = Files.list(SOURCES)) {
            archive = files.filter(file -> file.getFileName().toString().contains(".orig.tar."))
                    .findFirst()
                    .orElseThrow();
        }
        Process tar = new ProcessBuilder("tar", "-xf", archive.toAbsolutePath().toString(), "--strip-components=1")
                .directory(directory.toFile())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        Files.createDirectories(directory.resolve("t/spooler/spooldir"));
        Files.createDirectories(directory.resolve("spool"));
        return directory;
    }

    private static String[] options(Program program, Path place) {
        return program.options().stream()
                .map(word -> word.replace("DIRECTORY", place.toString()))
                .toArray(String[]::new);
    }

    private static String[] here(String... options) {
        return Stream.concat(Stream.of("--python", Python.DEBIAN, "--http", "127.0.0.1:0"), Arrays.stream(options))
                .toArray(String[]::new);
    }

    /// The text of a log, as long as its process runs.
    interface Log {
        String text() throws IOException;
    }

    // In uWSGI a signal that comes before is lost.
    private static void awaitWaiting(Program program, Log log) throws Exception {
        String text = "waiting for a signal...";
        Eventually.await(
                LIMIT,
                () -> program.waiting() + " times " + text,
                () -> log.text().split(Pattern.quote(text), -1).length > program.waiting());
    }

    private static void awaitPrinted(Program program, Log log) throws Exception {
        for (String text : program.printed()) {
            Eventually.await(LIMIT, () -> text, () -> log.text().contains(text));
        }
    }

    private static List<String> answers(InetSocketAddress server, Program program) throws IOException {
        List<String> answers = new ArrayList<>();
        for (String request : program.requests()) {
            try (HttpPeer peer = HttpPeer.to(server)) {
                String answer = peer.send(text(request)).rest();
                answers.add(request + ": " + comparable(answer, program.bodies()));
            }
        }
        return answers;
    }

    private static String text(String request) {
        String[] parts = request.split(" ", 2);
        String head = (parts.length == 1 ? "GET " : "POST ") + parts[0] + " HTTP/1.0\r\nHost: localhost\r\n";
        return parts.length == 1
                ? head + "\r\n"
                : head + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                        + parts[1].getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + parts[1];
    }

    /// The status, the fields in their alphabet's order, and the body; without what a server may say of its own.
    private static String comparable(String answer, boolean body) {
        int end = answer.indexOf("\r\n\r\n");
        assertThat(end).as(answer).isPositive();
        List<String> head = answer.substring(0, end).lines().toList();
        Predicate<String> own = field -> Stream.of("connection:", "content-length:", "date:", "server:", "set-cookie:")
                .anyMatch(field.toLowerCase(Locale.ROOT)::startsWith);
        return head.getFirst().replaceFirst("^HTTP/1.[01]", "HTTP")
                + new TreeSet<>(head.stream().skip(1).filter(own.negate()).toList())
                + (body ? answer.substring(end + 4) : "");
    }
}
