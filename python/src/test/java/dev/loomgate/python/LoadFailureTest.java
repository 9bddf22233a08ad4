package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.server.Server;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Python;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Programs that can't be loaded, and interpreters that can't load any: one clear message each.
@Timeout(120)
class LoadFailureTest {
    @TempDir
    private Path directory;

    @AfterEach
    void nothingIsLeft() throws Exception {
        Eventually.await("no zygote", () -> WorkerProcesses.zygotes().isEmpty());
        Eventually.await(
                "no directory", () -> WorkerProcesses.directories(directory).isEmpty());
    }

    private static String failure(PythonOptions.Builder options) {
        PythonApplication site = PythonApplication.of(options.needApp(true).build());
        try {
            site.start();
        } catch (PythonStartException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("it has started");
    }

    private String failureOf(String source) throws Exception {
        return failure(TestPrograms.source(directory, source));
    }

    @Test
    void anImportErrorComesWithItsTraceback() throws Exception {
        assertThat(failureOf("def f():\n    return 1 / 0\n\nf()\n"))
                .isEqualTo("""
                        the module 'written' can't be imported: ZeroDivisionError: division by zero
                        Traceback (most recent call last):
                          File "%1$s", line 4, in <module>
                            f()
                          File "%1$s", line 2, in f
                            return 1 / 0
                                   ~~^~~
                        ZeroDivisionError: division by zero""".formatted(directory.resolve("written.py")));
    }

    @Test
    void aSyntaxErrorComesWithItsPlace() throws Exception {
        assertThat(failureOf("def f(:\n"))
                .startsWith("the module 'written' can't be imported: SyntaxError: invalid syntax")
                .contains("written.py\", line 1\n    def f(:\n          ^");
    }

    @Test
    void anImportThatExitsIsAFailureToo() throws Exception {
        assertThat(failureOf("import sys\nsys.exit('enough')\n"))
                .startsWith("the module 'written' can't be imported: SystemExit: enough");
        assertThat(failureOf("import os, sys\nprint('last words', file=sys.stderr, flush=True)\nos._exit(3)\n"))
                .isEqualTo("the Python interpreter ended with status 3 before it had loaded the program:\nlast words");
    }

    @Test
    void aMissingModuleIsSaidWithThePath() {
        assertThat(failure(TestPrograms.options(directory, "nowhere")))
                .startsWith("there is no module 'nowhere' (module); looked in: " + directory)
                .doesNotContain("\n")
                .doesNotContain(".zip")
                .doesNotContain(".jar")
                .doesNotContain("lib-dynload");
    }

    @Test
    void aModuleThatMissesAnotherOneIsAnImportError() throws Exception {
        assertThat(failureOf("import nowhere\n"))
                .startsWith("the module 'written' can't be imported: ModuleNotFoundError: No module named 'nowhere'\n")
                .contains("written.py\", line 1");
    }

    @Test
    void aMissingFileIsSaidWithItsPath() {
        Path file = directory.resolve("nowhere.py");
        assertThat(failure(PythonOptions.file(file).interpreter(Python.DEBIAN)))
                .startsWith("there is no file '" + file + "' (file)");
    }

    @Test
    void aMissingCallableIsSaidWithThoseThatAreThere() throws Exception {
        assertThat(failureOf("def app(environ, start_response):\n    pass\n"))
                .isEqualTo("the module 'written' (module) has no 'application' (callable, or MODULE:CALLABLE);"
                        + " callable there: app; try written:app");
    }

    @Test
    void aFilesCallableThatIsProbablyMeantIsSaid() throws Exception {
        Path file = Files.writeString(directory.resolve("site.py"), """
                class Flask:
                    wsgi_app = None

                    def __call__(self, environ, start_response):
                        pass

                class Proxy(Flask):
                    def __getattr__(self, name):
                        raise RuntimeError("outside of a request")
                    wsgi_app = property(lambda self: self.nothing)

                request = Proxy()
                shop = Flask()
                """);
        assertThat(failure(PythonOptions.file(file).interpreter(Python.DEBIAN)))
                .isEqualTo("the file '%s' (file) has no 'application' (callable);".formatted(file)
                        + " callable there: Flask, Proxy, request, shop; try callable shop");
        Files.writeString(file, "also = Flask()\napp = also\n", StandardOpenOption.APPEND);
        assertThat(failure(PythonOptions.file(file).interpreter(Python.DEBIAN)))
                .endsWith("callable there: Flask, Proxy, also, app, request, shop");
    }

    @Test
    void whatCannotBeCalledIsSaidWithItsType() throws Exception {
        assertThat(failureOf("application = 7\n"))
                .isEqualTo("'application' of the module 'written' (module) is a int, which can't be called");
    }

    @Test
    void aMissingInterpreterIsSaid() throws Exception {
        assertThat(failure(TestPrograms.program(directory).interpreter("/no/such/python")))
                .startsWith("the Python interpreter can't be started (interpreter): ")
                .contains("/no/such/python");
        assertThat(failure(TestPrograms.program(directory).home(directory.resolve("no-venv"))))
                .isEqualTo("there is no directory " + directory.resolve("no-venv") + " (home)");
    }

    @Test
    void anInterpreterThatIsNoPythonIsSaid() throws Exception {
        assertThat(failure(TestPrograms.program(directory).interpreter("/bin/true")))
                .isEqualTo("the Python interpreter ended with status 0 before it had loaded the program");
        Path shell = script("echo 'I am no Python' >&2; exit 5");
        assertThat(failure(TestPrograms.program(directory).interpreter(shell.toString())))
                .isEqualTo(
                        "the Python interpreter ended with status 5 before it had loaded the program:\nI am no Python");
    }

    private Path script(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("interpreter"), "#!/bin/sh\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    @Test
    void anInterpreterThatIsTooOldIsSaid() throws Exception {
        // What an old one does with the first statement, by an interpreter of today that claims to be old.
        Path old = script("shift; boot=\"$1\"; shift; exec " + Python.DEBIAN
                + " -c \"import sys; sys.version_info = (2, 7, 18); $boot\" \"$@\"");
        assertThat(failure(TestPrograms.program(directory).interpreter(old.toString())))
                .isEqualTo(Python.DEBIAN + " (interpreter, home) is Python 2.7.18; Loomgate needs 3.8 or later");
    }

    @Test
    void aMissingGreenletIsSaidWithItsPackage() throws Exception {
        Files.createDirectories(directory.resolve("hide"));
        Files.writeString(
                directory.resolve("hide/greenlet.py"),
                "raise ModuleNotFoundError(\"No module named 'greenlet'\", name='greenlet')\n");
        Map<String, String> environment = new HashMap<>(TestPrograms.environment(directory));
        environment.put("PYTHONPATH", directory.resolve("hide").toString());
        assertThat(failure(TestPrograms.program(directory)
                        .mode(new WorkerMode.Asyncio(4))
                        .environment(environment)))
                .isEqualTo("WorkerMode.Asyncio needs the package greenlet, which " + Python.DEBIAN
                        + " doesn't have: pip install greenlet, or Debian's python3-greenlet");
    }

    @Test
    void aMissingWorkingDirectoryIsSaid() throws Exception {
        assertThat(failure(TestPrograms.program(directory).directory(directory.resolve("nowhere"))))
                .startsWith("the working directory (directory) can't be entered: ")
                .contains("nowhere");
    }

    @Test
    void whatIsNotLoadedInTimeIsSaid() throws Exception {
        assertThat(failure(TestPrograms.source(directory, "import time\ntime.sleep(60)\n")
                        .startTimeout(Duration.ofMillis(700))))
                .isEqualTo("the Python program is not loaded after 700ms (startTimeout)");
    }

    @Test
    void aWorkerThatImportsByItselfFailsInTheSameWords() throws Exception {
        assertThat(failure(TestPrograms.source(directory, "import nowhere\n").lazyApps(true)))
                .startsWith("the module 'written' can't be imported: ModuleNotFoundError: No module named 'nowhere'\n");
    }

    @Test
    void workersThatDieAtOnceAreNotStartedForEver() throws Exception {
        assertThat(failure(TestPrograms.source(directory, "import os\nos._exit(9)\n")
                        .lazyApps(true)))
                .matches("worker 1 \\(pid [0-9]+\\) exited with status 9 before it was ready, as 2 before it did");
    }

    @Test
    void theServerDoesNotStartWhereTheProgramIsNeeded() throws Exception {
        PythonApplication site = PythonApplication.of(
                TestPrograms.options(directory, "nowhere").needApp(true).build());
        assertThatThrownBy(() -> Servers.start(site))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("there is no module 'nowhere'");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void otherwiseRequestsAreAnsweredWithTheReasonInDevelopmentOnly(boolean development) throws Exception {
        PythonApplication site =
                PythonApplication.of(TestPrograms.source(directory, "1 / 0\n").build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site, options -> options.development(development))) {
            assertThat(log.with("can't be loaded")).singleElement().satisfies(line -> assertThat(line)
                    .startsWith("ERROR written can't be loaded; until a reload, requests are answered 500"
                            + " (needApp to end instead): the module 'written' can't be imported: Zero")
                    .contains("line 1, in <module>"));
            HttpPeer.Answer answer = Servers.ask(server, "/");
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.text().contains("ZeroDivisionError")).isEqualTo(development);

            TestPrograms.source(
                    directory,
                    "def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b'now']\n");
            site.reload().toCompletableFuture().get();
            assertThat(Servers.ask(server, "/").text()).isEqualTo("now");
        }
    }

    @Test
    void anExceptionIsShownInDevelopmentOnly() throws Exception {
        for (boolean development : List.of(true, false)) {
            PythonApplication site =
                    PythonApplication.of(TestPrograms.program(directory).build());
            try (LogLines log = LogLines.withLevels("dev.loomgate");
                    Server server = Servers.start(site, options -> options.development(development))) {
                HttpPeer.Answer answer = Servers.ask(server, "/fail");
                assertThat(answer.status()).isEqualTo(500);
                assertThat(answer.text().contains("ValueError: as it was asked to"))
                        .isEqualTo(development);
                assertThat(log.await("ValueError: as it was asked to"))
                        .contains("GET /fail")
                        .contains("in do_fail");
            }
        }
    }
}
