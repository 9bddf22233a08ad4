package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.python.PythonApplication;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.PythonProgram;
import dev.loomgate.testkit.peers.Uwsgi;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mules by the options of uWSGI's, beside a real uWSGI.
@Timeout(300)
class MulesTest {
    /// Mule 3 is one as `@mulemsg` has it, and 4 and 5 are the farm `pair`.
    private static final String SITE = """
            import os, urllib.parse
            import uwsgi

            def note(*what):
                with open(os.environ["TRACE"], "a") as file:
                    file.write(" ".join(map(str, what)) + "\\n")

            def hook(message):
                note("hook", message[:20], len(message), uwsgi.in_farm("pair"), uwsgi.worker_id())

            def run():
                note("run", uwsgi.mule_id(), uwsgi.in_farm())
                while True:
                    note("got", uwsgi.mule_get_msg(farms=False, buffer_size=5))

            def forked():
                if uwsgi.mule_id() == 3:
                    while True:
                        note("loop", uwsgi.mule_get_msg())

            uwsgi.mule_msg_hook = hook
            uwsgi.post_fork_hook = forked

            def application(environ, start_response):
                try:
                    answer = repr(eval(urllib.parse.unquote(environ["QUERY_STRING"])))
                except Exception as e:
                    answer = type(e).__name__
                start_response("200 OK", [("Content-Length", str(len(answer)))])
                return [answer.encode()]
            """;

    private static final String WORKER = """
            import uwsgi
            from mulesite import note

            note("file", __name__, uwsgi.mule_id(), uwsgi.mule_get_msg(timeout=0))
            while True:
                note("file got", uwsgi.mule_get_msg())
            """;

    private static final String DECORATED = """
            import os, time
            import uwsgi
            import uwsgidecorators
            from uwsgidecorators import *

            def note(*what):
                with open(os.environ["TRACE"], "a") as file:
                    file.write(" ".join(map(str, what)) + "\\n")

            @mule(1)
            def alone():
                note("mule", uwsgi.mule_id(), uwsgi.mule_get_msg())
                time.sleep(1000)

            @muleloop(2)
            def again():
                note("muleloop", uwsgi.mule_id(), uwsgi.mule_get_msg())

            @mulemsg(3)
            def message(text):
                note("mulemsg", uwsgi.mule_id(), text)

            @farm("pair")
            def mail(text):
                note("farm", uwsgi.in_farm("pair"), text)

            @mulefunc(6)
            def there(a, b=None):
                note("mulefunc", uwsgi.mule_id(), a, b)

            @timer(1, target="mule7")
            def tick(number):
                note("timer", uwsgi.mule_id())

            @signal(30, target="mule3")
            def of_one_that_asks(number):
                note("signal", number, uwsgi.mule_id())

            @signal(31, target="mule6")
            def of_one_that_does_not(number):
                note("signal", number, uwsgi.mule_id())

            def application(environ, start_response):
                start_response("200 OK", [])
                for mule, text in (1, b"first"), (2, b"one"), (2, b"two"), (3, b"three"):
                    uwsgi.mule_msg(text, mule)
                uwsgi.farm_msg("pair", b"mail")
                there("x", b=1)
                uwsgi.signal(30)
                uwsgi.signal(31)
                return [uwsgidecorators.__file__.encode()]
            """;

    private static final Set<String> DECORATED_TRACE = Set.of(
            "mule 1 b'first'",
            "muleloop 2 b'one'",
            "muleloop 2 b'two'",
            "mulemsg 3 b'three'",
            "farm True b'mail'",
            "mulefunc 6 x 1",
            "timer 7",
            "signal 31 6");

    /// uWSGI runs no handler in a mule that asks for messages, by a fault: there, `signals=True` is taken for false.
    private static final String SIGNAL_OF_ONE_THAT_ASKS = "signal 30 3";

    private static final List<String> ASKED = List.of(
            "uwsgi.mule_id()",
            "uwsgi.in_farm()",
            "uwsgi.in_farm('pair')",
            "uwsgi.mule_get_msg()",
            "uwsgi.farm_get_msg()",
            "uwsgi.mule_msg(b'one', 1)",
            "uwsgi.mule_msg('two and more', 2)",
            "uwsgi.mule_msg(b'three', 3)",
            "uwsgi.mule_msg(b'four', 4)",
            "uwsgi.mule_msg(b'', 5)",
            "uwsgi.mule_msg(b'f', b'pair')",
            "uwsgi.mule_msg(b'f', b'none')",
            "uwsgi.mule_msg(b'f', 1.5)",
            "uwsgi.farm_msg('pair', b'g')",
            "uwsgi.farm_msg('none', b'g')",
            "uwsgi.mule_msg(b'x' * 100000, 4)",
            "uwsgi.mule_msg(b'x' * 1000000, 4)",
            "uwsgi.mule_msg()",
            "uwsgi.mule_msg(None)");

    private static final List<String> OPTIONS =
            List.of("--mule=worker.py", "--mule=mulesite:run", "--mules", "3", "--farm", "pair:4,5");

    private static final String OF_DEBIAN = "/usr/lib/python3/dist-packages/uwsgidecorators.py";

    @TempDir
    private Path directory;

    private void writeThePrograms() throws IOException {
        Files.writeString(directory.resolve("mulesite.py"), SITE);
        Files.writeString(directory.resolve("worker.py"), WORKER);
    }

    private static List<String> answers(SocketAddress server) throws IOException {
        List<String> answers = new ArrayList<>();
        for (String asked : ASKED) {
            try (HttpPeer peer = HttpPeer.to(server)) {
                String query = URLEncoder.encode(asked, StandardCharsets.UTF_8).replace("+", "%20");
                answers.add(asked + ": " + peer.get("/?" + query).answer().text());
            }
        }
        return answers;
    }

    private List<String> trace(String name, int lines) throws Exception {
        Path file = directory.resolve(name);
        Eventually.await(
                () -> "%d lines in %s".formatted(lines, file),
                () -> Files.exists(file) && Files.readAllLines(file).size() >= lines);
        return Files.readAllLines(file).stream().sorted().toList();
    }

    @Test
    void answersAndMessagesAreAsInUwsgi() throws Exception {
        writeThePrograms();
        Path touched = Files.writeString(directory.resolve("touched"), "");
        List<String> args = new ArrayList<>(OPTIONS);
        args.addAll(List.of("--http", "127.0.0.1:0", "-w", "mulesite", "--python", Python.DEBIAN));
        args.addAll(List.of("--env", "TRACE=" + directory.resolve("ours")));
        args.addAll(List.of("--touch-mules-reload", touched.toString()));
        List<String> uwsgis = new ArrayList<>(List.of("--plugin", "python3", "--master"));
        uwsgis.addAll(OPTIONS);
        uwsgis.addAll(List.of("--chdir", directory.toString()));
        try (Uwsgi uwsgi = Uwsgi.http(
                        directory,
                        PythonProgram.of(directory, "mulesite")
                                .with("TRACE", directory.resolve("uwsgis").toString()),
                        uwsgis.toArray(String[]::new));
                LoomgateProcess server = LoomgateProcess.start(directory, args.toArray(String[]::new))) {
            URI uri = server.uri("/");
            // Both have begun.
            trace("ours", 2);
            trace("uwsgis", 2);

            assertThat(answers(new InetSocketAddress(uri.getHost(), uri.getPort())))
                    .isEqualTo(answers(uwsgi.address()));
            assertThat(trace("ours", 10))
                    .isEqualTo(trace("uwsgis", 10))
                    .contains(
                            "file __main__ 1 b''",
                            "file got b'one'",
                            "got b'two a'",
                            "hook b'' 0 True 0",
                            "hook b'four' 4 True 0",
                            "hook b'g' 1 True 0",
                            "loop b'three'",
                            "run 2 None");

            server.await(Pattern.compile("the queue of messages to mule 4 can't take one of 1000000 bytes: .*"
                    + " it has \\d+ bytes \\(--mule-msg-size\\)"));
            Files.setLastModifiedTime(touched, FileTime.from(Instant.now().plusSeconds(60)));
            server.await(Pattern.compile("mule 2 \\(pid \\d+\\) is replaced: --touch-mules-reload"));
            trace("ours", 12);
            server.signal("TERM");
            assertThat(server.status()).isZero();
            assertThat(server.err()).doesNotContain("killed", "Traceback", "ERROR");
        }
    }

    /// With uWSGI's own `uwsgidecorators`, and with ours.
    @Test
    void decoratorsAndSignalsAreAsInUwsgi() throws Exception {
        Files.writeString(directory.resolve("decorated.py"), DECORATED);
        List<String> options = List.of("--mules", "7", "--farm", "pair:4,5");
        List<String> uwsgis = new ArrayList<>(List.of("--plugin", "python3", "--master"));
        uwsgis.addAll(options);
        try (Uwsgi uwsgi = Uwsgi.http(
                directory,
                PythonProgram.of(directory, "decorated")
                        .with("TRACE", directory.resolve("uwsgis").toString()),
                uwsgis.toArray(String[]::new))) {
            assertThat(decorators(uwsgi.address())).isEqualTo(OF_DEBIAN);
            awaitTrace("uwsgis", DECORATED_TRACE);
        }
        decorated("with Debian's", options, OF_DEBIAN);
        Path own = directory.resolve("uwsgidecorators.py");
        try (InputStream source =
                Objects.requireNonNull(PythonApplication.class.getResourceAsStream("/uwsgidecorators.py"))) {
            Files.copy(source, own);
        }
        decorated("with ours", options, own.toString());
    }

    private void decorated(String trace, List<String> options, String module) throws Exception {
        List<String> args = new ArrayList<>(options);
        args.addAll(List.of("--http", "127.0.0.1:0", "-w", "decorated", "--python", Python.DEBIAN));
        args.addAll(List.of("--env", "TRACE=" + directory.resolve(trace)));
        try (LoomgateProcess server = LoomgateProcess.start(directory, args.toArray(String[]::new))) {
            URI uri = server.uri("/");
            assertThat(decorators(new InetSocketAddress(uri.getHost(), uri.getPort())))
                    .isEqualTo(module);
            Set<String> expected = new HashSet<>(DECORATED_TRACE);
            expected.add(SIGNAL_OF_ONE_THAT_ASKS);
            awaitTrace(trace, expected);
        }
    }

    private static String decorators(SocketAddress server) throws IOException {
        try (HttpPeer peer = HttpPeer.to(server)) {
            return peer.get("/").answer().text();
        }
    }

    private void awaitTrace(String name, Set<String> expected) throws Exception {
        Path file = directory.resolve(name);
        Eventually.await(() -> "all of %s in %s".formatted(expected, linesOf(file)), () -> linesOf(file)
                .equals(expected));
    }

    private static Set<String> linesOf(Path file) {
        try {
            return Files.exists(file) ? new HashSet<>(Files.readAllLines(file)) : Set.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--farm | pair:2 | --farm has mule 2 in 'pair', and there are 1 mules",
                "--farm | pair | --farm: 'pair' is not NAME:NUMBER,..., as in pair:1,2",
                "--mules | 5000 | --mules is 5000, it must be in 0 to 1024"
            })
    void whatIsWrongIsAUsageError(String option, String value, String message) throws Exception {
        try (LoomgateProcess server =
                LoomgateProcess.launch(directory, "--http", "127.0.0.1:0", "-w", "none", "--mule", option, value)) {
            assertThat(server.status()).isEqualTo(2);
            assertThat(server.err()).contains("loomgate: " + message);
        }
    }
}
