package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.python.WorkerMode;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.toolkit.files.StaticFiles;
import dev.loomgate.toolkit.middleware.Gzip;
import dev.loomgate.toolkit.sessions.SessionStore;
import dev.loomgate.toolkit.sessions.Sessions;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The toolkit's middleware before a Python program: it wraps any application.
@Timeout(120)
class PythonBehindMiddlewareTest {
    private static final String COUNTER = """
        import json

        def application(environ, start_response):
            session = json.loads(environ["LOOMGATE_SESSION"])
            headers = [("Content-Type", "text/plain; charset=utf-8")]
            if environ["PATH_INFO"] == "/forget":
                session = {}
            elif environ["PATH_INFO"] == "/count":
                session["count"] = session.get("count", 0) + 1
                session["name"] = "Zoë"
            headers.append(("Loomgate-Session", json.dumps(session)))
            start_response("200 OK", headers)
            return [("%s %s" % (session.get("name"), session.get("count"))).encode() * 1000]
        """;

    @TempDir
    private Path directory;

    static Stream<Arguments> combinations() {
        return Stream.of(new WorkerMode.Sync(), new WorkerMode.Threads(2), new WorkerMode.Asyncio(16))
                .flatMap(mode -> Stream.of(
                        Arguments.of(mode, Sessions.signed("a secret of sixteen bytes")),
                        Arguments.of(mode, Sessions.stored(SessionStore.inMemory()))));
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void aPythonProgramHasSessionsFilesAndCompression(WorkerMode mode, Sessions sessions) throws Exception {
        Files.writeString(directory.resolve("counter.py"), COUNTER);
        Path files = Files.createDirectory(directory.resolve("public"));
        Files.writeString(files.resolve("a.txt"), "a file");
        PythonApplication python = PythonApplication.of(PythonOptions.module("counter")
                .interpreter(Python.DEBIAN)
                .pythonPath(List.of(directory))
                .mode(mode)
                .processes(2)
                .build());
        Application site = StaticFiles.of("/static", files)
                .wrap(Gzip.of().wrap(sessions.asShared().wrap(python)));

        try (Client client = Client.overHttp(site)) {
            assertThat(client.get("/").send().text()).startsWith("None None");
            TestResponse first = client.get("/count").send();
            assertThat(first.text()).startsWith("Zoë 1");
            assertThat(first.header("Set-Cookie")).startsWith("session=").contains("HttpOnly");
            assertThat(first.headers().contains("Loomgate-Session")).isFalse();
            assertThat(client.get("/count").send().text()).startsWith("Zoë 2");
            assertThat(client.get("/").send().text()).startsWith("Zoë 2");
            assertThat(client.get("/").header("Accept-Encoding", "gzip").send().header("Content-Encoding"))
                    .isEqualTo("gzip");

            TestResponse file = client.get("/static/a.txt").send();
            assertThat(file.text()).isEqualTo("a file");
            assertThat(client.get("/static/a.txt")
                            .header("If-None-Match", file.header("ETag"))
                            .send()
                            .code())
                    .isEqualTo(304);
            assertThat(client.get("/static/b.txt").send().text()).startsWith("Zoë 2");

            client.get("/forget").send();
            assertThat(client.get("/").send().text()).startsWith("None None");
        }
        try (Client stranger = Client.overHttp(site)) {
            assertThat(stranger.get("/")
                            .header("Cookie", "session=forged")
                            .send()
                            .text())
                    .startsWith("None None");
        }
    }
}
