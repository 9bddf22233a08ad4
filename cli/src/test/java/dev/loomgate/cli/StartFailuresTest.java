package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.cli.log.ServerLog;
import dev.loomgate.testkit.peers.Python;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What can't start: one line with file and line, and the exit status that real uWSGI has for the same file.
@Timeout(120)
class StartFailuresTest {
    private static final ServerLog LOG = ServerLog.install();

    @TempDir
    private Path directory;

    /// @param text `%1$s` is a port that is in use, `%2$s` the directory
    /// @param line expected, after `loomgate: `
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "uid = no-such-user; module = shop | 1 | site.ini:3: there is no user 'no-such-user' (uid)",
                "home = /nowhere; module = shop | 1 | there is no directory /nowhere (home in site.ini:3)",
                "chdir = /nowhere; module = shop | 1 | site.ini:3: there is no directory /nowhere (chdir)",
                "chmod-socket = rw; module = shop | 1 | site.ini:3: chmod-socket: 'rw' is not a mode: say three octal"
                        + " digits, as in 660",
                "strict = true; modul = shop | 1 | site.ini:4: modul is no option",
                "socket = 127.0.0.1:%1$s; module = shop | 1 | site.ini:3: can't listen on 127.0.0.1:%1$s: the"
                        + " address is in use, something listens there already (socket)",
                "need-app = true; module = none | 22 | there is no module 'none' (module in site.ini:4)",
                "need-app = true; module = shop:none | 22 | the module 'shop' (module in site.ini:4) has no 'none'"
                        + " (--callable, or MODULE:CALLABLE)",
                "need-app = true; mount = /x=%2$s/shop.py; callable = none | 22 | site.ini:4: the file"
                        + " '%2$s/shop.py' (mount) has no 'none' (callable in site.ini:5)",
                "need-app = true; module = broken | 22 | the module 'broken' can't be imported: ValueError: on purpose",
            })
    void theStatusIsUwsgis(String text, int status, String line) throws Exception {
        Files.writeString(directory.resolve("shop.py"), "def application(e, s): s('200 OK', []); return []\n");
        Files.writeString(directory.resolve("broken.py"), "raise ValueError('on purpose')\n");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Files.writeString(
                    directory.resolve("site.ini"),
                    "[uwsgi]\nsocket = " + directory.resolve("s.sock") + "\n"
                            + text.formatted(port, directory).replace("; ", "\n") + "\n");

            Ended ours = run("site.ini");

            assertThat(ours.err().lines().findFirst().orElse(""))
                    .startsWith("loomgate: "
                            + line.formatted(port, directory).replace("site.ini", directory + "/site.ini"));
            assertThat(ours.status()).isEqualTo(status);
            assertThat(UwsgiProcess.status(directory, "--master", "site.ini")).isEqualTo(status);
        }
    }

    @Test
    void aFileThatIsMissing() throws Exception {
        Ended ours = run("none.ini");

        assertThat(ours.err().lines()).hasSize(1).first().asString().contains("none.ini");
        assertThat(ours.status()).isEqualTo(1);
        assertThat(UwsgiProcess.status(directory, "--master", "none.ini")).isEqualTo(1);
    }

    private record Ended(int status, String err) {}

    private Ended run(String file) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            int status = Main.run(
                    LOG,
                    directory.resolve(file).toString(),
                    "--python",
                    Python.DEBIAN,
                    "--pythonpath",
                    directory.toString());
            return new Ended(status, said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }
}
