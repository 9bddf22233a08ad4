package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A program in a release directory to which a link leads, `current -> releases/1`, and which is deployed by pointing
/// the link elsewhere.
@Timeout(180)
class ReleaseLinkTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final FileTime ONE_TIME = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    private static final String COMMON = "exec \"$@\" --http 127.0.0.1:0 --python /usr/bin/python3 ";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path directory;

    @BeforeEach
    void twoReleasesOfTheSameTime() throws IOException {
        directory = directory.toRealPath();
        Files.createDirectories(directory.resolve("shared/pack"));
        write("shared/pack/__init__.py", "TEXT = 'pack'\n");
        for (String number : new String[] {"1", "2"}) {
            Files.createDirectories(directory.resolve("releases/" + number + "/lib"));
            write("releases/" + number + "/app.py", """
                    import os, sys
                    os.chdir("/")  # later imports must not mind
                    import setting, pack

                    def application(environ, start_response):
                        start_response("200 OK", [])
                        if environ["PATH_INFO"] == "/late":
                            import late
                            return [("late " + late.TEXT).encode()]
                        if environ["PATH_INFO"] == "/file":
                            return [__file__.encode()]
                        return [(setting.TEXT + " " + pack.TEXT).encode()]
                    """);
            write("releases/" + number + "/late.py", "TEXT = '" + number + "'\n");
            write("releases/" + number + "/lib/setting.py", "TEXT = 'release " + number + "'\n");
            Files.createSymbolicLink(directory.resolve("releases/" + number + "/pack"), Path.of("../../shared/pack"));
        }
        Files.createSymbolicLink(directory.resolve("current"), Path.of("releases/1"));
    }

    private void write(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setLastModifiedTime(file, ONE_TIME);
    }

    private void deploy(String release) throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("next"), Path.of("releases/" + release));
        Files.move(link, directory.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
    }

    private LoomgateProcess start(String script) throws IOException, InterruptedException {
        return LoomgateProcess.startByShell(directory, Map.of("PYTHONDONTWRITEBYTECODE", "1"), script);
    }

    private String get(URI uri) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri).timeout(LIMIT).build(), BodyHandlers.ofString())
                .body();
    }

    private void await(URI uri, String expected) throws Exception {
        Instant end = Instant.now().plus(LIMIT);
        String body = get(uri);
        while (!body.equals(expected)) {
            assertThat(Instant.now()).as(body).isBefore(end);
            Thread.sleep(20);
            body = get(uri);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cd current && " + COMMON + "-w app --pythonpath lib",
                "cd current && " + COMMON + "--wsgi-file app.py --pythonpath lib",
                COMMON + "--chdir current -w app --pythonpath lib",
                COMMON + "--chdir current --wsgi-file app.py --pythonpath \"$PWD/current/lib\"",
                "cd current/lib && " + COMMON + "--chdir .. -w app --pythonpath lib",
            })
    void aReloadFollowsTheLink(String script) throws Exception {
        try (LoomgateProcess loomgate = start(script)) {
            assertThat(get(loomgate.uri("/"))).isEqualTo("release 1 pack");
            assertThat(get(loomgate.uri("/file"))).isEqualTo(directory + "/releases/1/app.py");
            deploy("2");
            // The old version stays whole: what it imports now is of the same release.
            assertThat(get(loomgate.uri("/late"))).isEqualTo("late 1");
            loomgate.signal("HUP");
            await(loomgate.uri("/"), "release 2 pack");
            assertThat(get(loomgate.uri("/file"))).isEqualTo(directory + "/releases/2/app.py");
        }
    }

    @Test
    void aReleaseThatIsRemovedDoesNotKeepTheNextOneFromLoading() throws Exception {
        try (LoomgateProcess loomgate = start("cd current && " + COMMON + "-w app --pythonpath lib")) {
            assertThat(get(loomgate.uri("/"))).isEqualTo("release 1 pack");
            deploy("2");
            try (var files = Files.walk(directory.resolve("releases/1"))) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            loomgate.signal("HUP");
            await(loomgate.uri("/"), "release 2 pack");
        }
    }

    @Test
    void theReloaderSeesALinkThatIsPointedElsewhereAndFilesBelowLinks() throws Exception {
        Files.createSymbolicLink(directory.resolve("releases/2/loop"), Path.of(".."));
        try (LoomgateProcess loomgate = start(COMMON + "--chdir current -w app --pythonpath lib --py-autoreload 0.2")) {
            assertThat(get(loomgate.uri("/"))).isEqualTo("release 1 pack");
            deploy("2");
            await(loomgate.uri("/"), "release 2 pack");
            write("shared/pack/__init__.py", "TEXT = 'another'\n");
            await(loomgate.uri("/"), "release 2 another");
        }
    }

    @Test
    void aTouchedFileMayBeALinkAndIsRelativeToTheProgramsDirectory() throws Exception {
        try (LoomgateProcess loomgate =
                start(COMMON + "--chdir current -w app --pythonpath lib --touch-reload late.py")) {
            assertThat(get(loomgate.uri("/"))).isEqualTo("release 1 pack");
            deploy("2");
            await(loomgate.uri("/"), "release 2 pack");
        }
    }

    @Test
    void staticFilesAndTheEnvironmentAreRelativeToTheProgramsDirectory() throws Exception {
        Files.createDirectories(directory.resolve("releases/1/files"));
        Files.createDirectories(directory.resolve("releases/1/venv/bin"));
        write("releases/1/files/a.txt", "static");
        Files.createSymbolicLink(directory.resolve("releases/1/venv/bin/python3"), Path.of("/usr/bin/python3"));
        try (LoomgateProcess loomgate = start(
                "exec \"$@\" --http 127.0.0.1:0 --chdir current -w app --pythonpath lib --static-map /s=files --home venv")) {
            assertThat(get(loomgate.uri("/s/a.txt"))).isEqualTo("static");
            assertThat(get(loomgate.uri("/"))).isEqualTo("release 1 pack");
        }
    }
}
