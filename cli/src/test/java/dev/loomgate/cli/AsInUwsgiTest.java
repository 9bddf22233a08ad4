package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Python;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Options that change what a Python program finds: it finds the same here and under the real uWSGI.
@Timeout(120)
class AsInUwsgiTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String PROGRAM = """
            import os
            import resource
            import stat
            import sys

            def documented():
                "It has words."

            ORDER = list(sys.modules["once"].ORDER)

            def application(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                found = (sys.argv[1:], sys.flags.optimize, documented.__doc__, __debug__, ORDER,
                         "wsgi.file_wrapper" in environ, "beside" in sys.modules,
                         os.path.basename(os.getcwd()), resource.getrlimit(resource.RLIMIT_AS)[0] >> 20,
                         stat.S_ISFIFO(os.fstat(0).st_mode))
                return [repr(found).encode()]
            """;

    private static final List<String> OPTIONS = List.of(
            "--master",
            "--pyargv",
            "one  two=2",
            "-O",
            "2",
            "--shared-import",
            "once",
            "--import",
            "then",
            "--pyimport",
            "beside.py",
            "--import",
            "no_such_module",
            "--wsgi-disable-file-wrapper",
            "--chdir2",
            "after",
            "--limit-as",
            "3000",
            "--honour-stdin",
            "--autoload",
            "--vhost",
            "--print",
            "printed at the start",
            "--need-app",
            "--py-call-osafterfork",
            "--procname-prefix",
            "site-",
            "--wsgi-file",
            "beside.py",
            "-w",
            "program");

    private static final String FOUND =
            "(['one', 'two=2'], 2, None, False, ['once', 'then'], False, True, 'after', 3000, True)";

    @TempDir
    private Path directory;

    private String get(URI uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(LIMIT).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    private void write() throws Exception {
        Files.writeString(directory.resolve("program.py"), PROGRAM);
        Files.writeString(directory.resolve("once.py"), "ORDER = ['once']\n");
        Files.writeString(directory.resolve("then.py"), "import once\nonce.ORDER.append('then')\n");
        Files.writeString(directory.resolve("beside.py"), "");
        Files.createDirectory(directory.resolve("after"));
    }

    @Test
    void aProgramFindsItHere() throws Exception {
        write();
        List<String> command = new ArrayList<>(List.of("--python", Python.DEBIAN, "--http", "127.0.0.1:0"));
        command.addAll(OPTIONS);
        try (LoomgateProcess loomgate = LoomgateProcess.start(directory, command.toArray(String[]::new))) {
            assertThat(get(loomgate.uri("/"))).isEqualTo(FOUND);
            assertThat(loomgate.err()).contains("printed at the start").contains("--import: 'no_such_module' can't");
        }
    }

    @Test
    void aProgramFindsItThere() throws Exception {
        write();
        try (UwsgiProcess uwsgi = UwsgiProcess.start(directory, OPTIONS.toArray(String[]::new))) {
            URI uri = URI.create("http://127.0.0.1:" + uwsgi.address().getPort() + "/");
            assertThat(get(uri)).isEqualTo(FOUND);
            assertThat(uwsgi.log()).contains("printed at the start");
        }
    }
}
