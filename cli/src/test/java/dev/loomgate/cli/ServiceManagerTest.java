package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.Python;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a service manager hears, on a socket such as systemd's. `Type=notify`, `WatchdogSec=`.
@Timeout(120)
class ServiceManagerTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String READY = "READY=1 | STATUS=serves http://127.0.0.1:";

    /// Its import lasts until there is a file `go`.
    private static final String PROGRAM = """
            import os, time
            open("begun", "w").close()
            while not os.path.exists("go"):
                time.sleep(0.01)
            def application(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [repr([os.environ.get(n) for n in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")]).encode()]
            """;

    @TempDir
    private Path directory;

    private static String get(URI uri) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).timeout(LIMIT).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    private LoomgateProcess start(NotifyReceiver manager, Map<String, String> more, String args) throws Exception {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("NOTIFY_SOCKET", manager.name());
        return LoomgateProcess.launchByShell(
                directory, environment, "exec \"$@\" --python " + Python.DEBIAN + " --http 127.0.0.1:0 " + args);
    }

    @Test
    void itHearsOfAServersLifeFromTheServerAlone() throws Exception {
        Files.writeString(directory.resolve("slow.py"), PROGRAM);
        try (NotifyReceiver manager =
                        NotifyReceiver.listen(directory, directory.resolve("n").toString());
                LoomgateProcess server = start(manager, Map.of("WATCHDOG_USEC", "400000"), "-w slow -p 2")) {
            Eventually.await("the import to begin", () -> Files.exists(directory.resolve("begun")));
            assertThat(manager.texts()).containsExactly("STATUS=starting");

            Files.createFile(directory.resolve("go"));
            String ready = manager.await(1, READY).text();
            assertThat(ready).endsWith(" with 2 Python workers");
            assertThat(get(server.uri("/"))).isEqualTo("[None, None, None]");
            manager.await(3, "WATCHDOG=1");

            server.signal("HUP");
            NotifyReceiver.Message reloading = manager.await(1, "RELOADING=1 | MONOTONIC_USEC=");
            long told = Long.parseLong(reloading.text().replaceFirst(".*_USEC=(\\d+) \\| STATUS=reloading", "$1"));
            assertThat(told).isBetween(reloading.micros() - LIMIT.toNanos() / 1000, reloading.micros());
            assertThat(manager.await(2, READY).text()).isEqualTo(ready);

            assertThat(server.signal("TERM").status()).isZero();
            manager.await(1, "STOPPING=1 | STATUS=stopping on SIGTERM");
            assertThat(manager.messages())
                    .extracting(NotifyReceiver.Message::pid)
                    .containsOnly(server.pid());
        }
    }

    @Test
    void itHearsWhyAStartFailsAndOfReloadsThatDo() throws Exception {
        try (NotifyReceiver manager = NotifyReceiver.listen(directory, "@loomgate-" + directory.getFileName())) {
            try (LoomgateProcess server = start(manager, Map.of(), "-w none --home /nowhere")) {
                assertThat(server.status()).isEqualTo(1);
                manager.await(1, "STATUS=can't start: there is no directory /nowhere (--home)");
            }
            Files.writeString(directory.resolve("quick.py"), "def application(e, s): s('200 OK', []); return []\n");
            try (LoomgateProcess server = start(manager, Map.of(), "-w quick")) {
                manager.await(1, READY);
                Files.writeString(directory.resolve("quick.py"), "raise ValueError\n");
                server.signal("HUP");
                assertThat(manager.await(1, "READY=1 | STATUS=the last reload failed; serves http://")
                                .text())
                        .endsWith(" with 1 Python worker");
            }
        }
    }

    /// So a unit file with `Type=notify` is for both.
    @Test
    void uwsgiSaysThatItIsReadyInTheSameWords() throws Exception {
        Files.writeString(directory.resolve("quick.py"), "def application(e, s): s('200 OK', []); return []\n");
        try (NotifyReceiver manager =
                NotifyReceiver.listen(directory, directory.resolve("n").toString())) {
            ProcessBuilder builder = new ProcessBuilder(List.of(
                            "/usr/bin/uwsgi",
                            "--plugin",
                            "python3",
                            "--master",
                            "--http-socket",
                            "127.0.0.1:0",
                            "-w",
                            "quick"))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("uwsgi.txt").toFile());
            builder.environment().put("NOTIFY_SOCKET", manager.name());
            Process uwsgi = builder.start();
            try {
                Eventually.await(
                        "uWSGI to be ready", () -> manager.texts().stream().anyMatch(text -> text.contains("READY=1")));
            } finally {
                uwsgi.destroyForcibly().waitFor();
            }
        }
    }
}
