package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.Processes;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What workers write is in the server's log: all of it, line by line, and before what becomes of them.
@Timeout(120)
class WorkerLogTest {
    private static final String PROGRAM = """
            import os, signal, subprocess, sys

            def odd(environ):
                os.write(1, b"caf\\xe9 and caf\\xc3\\xa9 \\\\xe9\\n")

            def long(environ):
                os.write(2, "é".encode() * 1500 + b"\\nshort\\n")

            def unended(environ):
                os.write(1, b"progress")
                os.write(2, b"no line feed")

            def dies(environ):
                for number in range(5000):
                    print("line", number)
                os.write(1, b"last words")
                os.kill(os.getpid(), signal.SIGKILL)

            def leaves(environ):
                pipe, end = os.pipe()
                script = "import os; os.read(%d, 1); print('from the one behind')" % pipe
                child = subprocess.Popen([sys.executable, "-c", script], pass_fds=[pipe])
                open(os.environ["NOTES"], "w").write(str(child.pid))
                print("before the end")
                sys.stdout.flush()
                os.kill(os.getpid(), signal.SIGKILL)

            def application(environ, start_response):
                globals()[environ["PATH_INFO"][1:]](environ)
                start_response("200 OK", [])
                return [b"done"]
            """;

    @TempDir
    private Path directory;

    private PythonOptions.Builder program() throws Exception {
        return TestPrograms.source(directory, PROGRAM);
    }

    @Test
    void bytesThatAreNoTextAreEscapedAndLongLinesCut() throws Exception {
        PythonApplication site =
                PythonApplication.of(program().maxOutputLine(1024).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            assertThat(Servers.ask(server, "/odd").text()).isEqualTo("done");
            log.await("caf");
            assertThat(log.with("[worker 1]")).containsExactly("INFO [worker 1] caf\\xe9 and café \\x5cxe9");
            log.clear();
            Servers.ask(server, "/long");
            log.await("short");
            assertThat(log.with("[worker 1]"))
                    .containsExactly(
                            "INFO [worker 1] " + "é".repeat(512),
                            "INFO [worker 1] " + "é".repeat(512),
                            "INFO [worker 1] " + "é".repeat(476),
                            "INFO [worker 1] short");
        }
    }

    @Test
    void whatHasNoLineFeedIsALineOfItsStreamSoon() throws Exception {
        PythonApplication site = PythonApplication.of(program().build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            Servers.ask(server, "/unended");
            log.await("INFO [worker 1] progress");
            log.await("INFO [worker 1] no line feed");
        }
    }

    @Test
    void allThatAWorkerHasWrittenComesBeforeItsEnd() throws Exception {
        PythonApplication site = PythonApplication.of(program().build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            for (int round = 0; round < 3; round++) {
                log.clear();
                assertThat(Servers.ask(server, "/dies").status()).isEqualTo(502);
                log.await("was killed by signal 9; another one takes its place");
                List<String> lines = log.lines();
                List<String> written = lines.stream()
                        .takeWhile(line -> !line.contains("another one takes its place"))
                        .filter(line -> line.contains("[worker 1]"))
                        .toList();
                assertThat(written)
                        .hasSize(5001)
                        .startsWith(IntStream.range(0, 5000)
                                .mapToObj(number -> "INFO [worker 1] line " + number)
                                .toArray(String[]::new))
                        .endsWith("INFO [worker 1] last words");
            }
        }
    }

    @Test
    void aProcessThatIsLeftBehindHoldsNothingUpAndIsListenedTo() throws Exception {
        PythonApplication site = PythonApplication.of(program().build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            assertThat(Servers.ask(server, "/leaves").status()).isEqualTo(502);
            log.await("was killed by signal 9; another one takes its place");
            assertThat(log.with("before the end")).hasSize(1);
            log.await("INFO [worker 1] from the one behind"); // the worker had the other end of its pipe
            long pid = Long.parseLong(TestPrograms.notes(directory).getFirst());
            Eventually.await("its end", () -> !Processes.exists(pid));
        }
    }
}
