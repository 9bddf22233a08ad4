package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Spoolers from a configuration file, as another user, and what is left when everything is killed. As root.
@Timeout(120)
class SpoolerCommandTest {
    private static final String PROGRAM = """
            import os, time
            import uwsgi

            def spooler(task):
                with open("notes", "a") as file:
                    file.write("%s %d %s\\n" % (task[b"name"].decode(), os.getuid(), open("/proc/self/cmdline").read().strip(chr(0))))
                while not os.path.exists("open"):
                    time.sleep(0.01)
                return uwsgi.SPOOL_OK

            uwsgi.spooler = spooler

            def application(environ, start_response):
                start_response("200 OK", [])
                if environ["PATH_INFO"] == "/spool":
                    uwsgi.spool(name=environ["SCRIPT_NAME"] + "!")
                return [repr((uwsgi.spooler_pids(), sorted(k for k in uwsgi.opt if k.startswith("spooler")))).encode()]
            """;

    private static final String FILE = """
            [uwsgi]
            http-socket = 127.0.0.1:0
            module = small
            mount = /second=small
            spooler = tasks
            spooler-chdir = %dnotes
            spooler-quiet = true
            auto-procname = true
            uid = www-data
            """;

    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    private LoomgateProcess start(Installation installation) throws Exception {
        return LoomgateProcess.launch(
                installation,
                List.of(),
                directory,
                "--ini",
                directory.resolve("site.ini").toString(),
                "--pythonpath",
                directory.toString(),
                "--python",
                Python.DEBIAN,
                "--env",
                "PYTHONDONTWRITEBYTECODE=1");
    }

    private static String get(LoomgateProcess server, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(server.uri(path)).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    private Path noted() {
        return directory.resolve("notes/notes");
    }

    private boolean hasNoted(int count) throws IOException {
        return Files.exists(noted()) && Files.readAllLines(noted()).size() >= count;
    }

    @Test
    void killedWithEverythingItLosesNoTask() throws Exception {
        Installation installation = Installation.in(shared);
        Installation.openTo(directory);
        Installation.openTo(Files.writeString(directory.resolve("small.py"), PROGRAM));
        Files.writeString(directory.resolve("site.ini"), FILE);
        for (String name : List.of("notes", "tasks")) {
            Path made = Files.createDirectory(directory.resolve(name));
            Files.setOwner(
                    made, made.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("www-data"));
        }
        List<ProcessHandle> processes;
        try (LoomgateProcess server = start(installation)) {
            // Of two applications, the first one's spooler does the tasks of both.
            assertThat(get(server, "/second")).startsWith("([0], ['");
            assertThat(get(server, "/spool"))
                    .matches("\\(\\[[1-9]\\d*], \\['spooler', 'spooler-chdir', 'spooler-quiet']\\)");
            Eventually.await("the task's begin", () -> hasNoted(1));
            get(server, "/second/spool");
            processes =
                    ProcessHandle.of(server.pid()).orElseThrow().descendants().toList();
            server.signal("KILL");
            server.status();
        }
        Eventually.await(() -> processes + " to end", () -> processes.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(directory.resolve("tasks")).isDirectoryContaining("glob:**/uwsgi_spoolfile_on_*");
        Files.createFile(directory.resolve("notes/open"));

        try (LoomgateProcess server = start(installation)) {
            Eventually.await("both tasks", () -> hasNoted(3));
            Eventually.await("no task left", () -> {
                try (var left = Files.list(directory.resolve("tasks"))) {
                    return left.findAny().isEmpty();
                }
            });
            server.signal("TERM");
            assertThat(server.status()).isZero();
        }
        assertThat(Files.readAllLines(noted()))
                .containsExactlyInAnyOrder(
                        "! 33 loomgate spooler 1", "! 33 loomgate spooler 1", "/second! 33 loomgate spooler 1");
    }

    @Test
    void aDirectoryThatCannotBeMadeEndsTheStartWithTheOption() throws Exception {
        Files.writeString(directory.resolve("small.py"), PROGRAM);
        try (LoomgateProcess server = LoomgateProcess.launch(
                directory,
                "-w",
                "small",
                "--http",
                "127.0.0.1:0",
                "--spooler",
                "no/where",
                "--python",
                Python.DEBIAN)) {
            assertThat(server.status()).isEqualTo(1);
            assertThat(server.err()).contains("no/where can't be used (--spooler): it can't be made: ");
        }
    }
}
