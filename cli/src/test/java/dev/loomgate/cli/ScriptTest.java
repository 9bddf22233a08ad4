package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A script instead of requests (`--pyrun`), as real uWSGI runs it.
@Timeout(180)
class ScriptTest {
    private static final Pattern SAID = Pattern.compile("SAID (.*)");

    @TempDir
    private Path directory;

    @BeforeEach
    void scripts() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("scripts"));
        Files.writeString(folder.resolve("beside.py"), "");
        Files.writeString(directory.resolve("application.py"), """
                print("SAID imported")
                def application(environ, start_response):
                    start_response("200 OK", [])
                    return []
                """);
        Files.writeString(folder.resolve("shown.py"), """
                import sys
                import beside
                import uwsgi
                print("SAID", sys.argv, __name__, __file__, uwsgi.worker_id(), uwsgi.numproc, uwsgi.mule_id())
                """);
        Files.writeString(folder.resolve("exits.py"), """
                import sys
                code = sys.argv[1]
                sys.exit(int(code) if code.isdigit() else code)
                """);
        Files.writeString(folder.resolve("asks.py"), "import sys\nprint('SAID', sys.stdin.read())\n");
        Files.writeString(folder.resolve("fails.py"), "raise ValueError('no more')\n");
        Files.writeString(folder.resolve("waits.py"), """
                import time
                print("SAID waits", flush=True)
                try:
                    time.sleep(1000)
                finally:
                    print("SAID ends", flush=True)
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--pyrun scripts/shown.py",
                "--py scripts/shown.py --pyargv two\twords",
                "--master --processes 3 --pyrun scripts/shown.py --pyargv a --wsgi-file application.py --socket 127.0.0.1:0"
            })
    void itFindsWhatItFindsInUwsgi(String options) throws Exception {
        String[] command = options.split(" ");
        assertThat(UwsgiProcess.status(directory, command)).isZero();
        List<String> there = said(Files.readString(directory.resolve("uwsgi.txt")));
        assertThat(there).isNotEmpty();
        try (LoomgateProcess loomgate = launch(command)) {
            assertThat(loomgate.status()).as(loomgate.err()).isZero();
            assertThat(said(loomgate.err())).containsExactlyElementsOf(there);
            assertThat(loomgate.err()).doesNotContain(": http://", ": uwsgi://");
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "3", "nothing"})
    void theServerEndsWithItsStatus(String code) throws Exception {
        String[] command = {"--pyrun", "scripts/exits.py", "--pyargv", code};
        int there = UwsgiProcess.status(directory, command);
        try (LoomgateProcess loomgate = launch(command)) {
            assertThat(loomgate.status()).as(loomgate.err()).isEqualTo(there);
        }
    }

    /// Unlike in uWSGI, whose status is 0: what runs it would take that for success.
    @Test
    void anExceptionIsStatus1() throws Exception {
        try (LoomgateProcess loomgate = launch("--pyrun", "scripts/fails.py")) {
            assertThat(loomgate.status()).isEqualTo(1);
            assertThat(loomgate.err())
                    .contains("File \"scripts/fails.py\", line 1", "ValueError: no more")
                    .doesNotContain("running.py");
        }
    }

    @Test
    void standardInputIsTheServers() throws Exception {
        try (LoomgateProcess loomgate = LoomgateProcess.launchByShell(
                directory,
                Map.of(),
                "echo good morning | \"$@\" --python %s --pyrun scripts/asks.py".formatted(Python.DEBIAN))) {
            assertThat(loomgate.status()).as(loomgate.err()).isZero();
            assertThat(said(loomgate.err())).contains("good morning");
        }
    }

    @Test
    void aStopEndsIt() throws Exception {
        try (LoomgateProcess loomgate = launch("--pyrun", "scripts/waits.py")) {
            loomgate.await(Pattern.compile("SAID waits"));
            assertThat(loomgate.signal("TERM").status()).as(loomgate.err()).isZero();
            assertThat(said(loomgate.err())).containsExactly("waits", "ends");
        }
    }

    private LoomgateProcess launch(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("--python", Python.DEBIAN));
        command.addAll(List.of(options));
        return LoomgateProcess.launch(directory, command.toArray(String[]::new));
    }

    private static List<String> said(String log) {
        return SAID.matcher(log).results().map(found -> found.group(1)).toList();
    }
}
