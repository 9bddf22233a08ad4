package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Heads of responses and requests that are larger than what travels to and from a worker otherwise.
@Timeout(300)
class LargeHeadsTest {
    private static final String PROGRAM = """
            import os


            def application(environ, start_response):
                path, size = environ["PATH_INFO"], int(environ["QUERY_STRING"] or 0)
                headers = [("Content-Type", "text/plain")]
                if path == "/pid":
                    start_response("200 OK", headers)
                    return [b"%d" % os.getpid()]
                if path == "/seen":
                    start_response("200 OK", headers)
                    return [b"%d" % len(environ["HTTP_X"])]
                if path == "/many":
                    headers += [("Set-Cookie", "c%06d=v" % n) for n in range(size)]
                elif path == "/log":
                    import uwsgi
                    uwsgi.set_logvar("large", "x" * size)
                elif path == "/fail":
                    raise RuntimeError("x" * size)
                else:
                    headers.append(("X-Large", "x" * size))
                start_response("200 OK", headers)
                return (part for part in (b"a" * 70000, b"b")) if path == "/generator" else [b"ok"]
            """;

    @TempDir
    private Path directory;

    static List<WorkerMode> modes() {
        return PythonApplicationTest.modes();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aHeadOverTheLimitIsA500ForItsRequestAlone(WorkerMode mode) throws Exception {
        try (Server server = server(mode, 900_000);
                HttpPeer peer = Servers.peer(server)) {
            String worker = peer.get("/pid").answer().text();
            for (String target : List.of("/one?899000", "/generator?899000", "/many?20000", "/log?2000000")) {
                assertThat(peer.get(target).answer().status()).as(target).isEqualTo(200);
            }
            for (String target :
                    List.of("/one?900000", "/one?1100000", "/generator?5000000", "/many?70000", "/fail?5000000")) {
                assertThat(peer.get(target).answer().status()).as(target).isEqualTo(500);
            }
            assertThat(peer.get("/pid").answer().text()).isEqualTo(worker);
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void theLogNamesSizeLimitAndOption(WorkerMode mode) throws Exception {
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = server(mode, 4096)) {
            assertThat(Servers.ask(server, "/one?4000").status()).isEqualTo(200);
            assertThat(Servers.ask(server, "/one?5000").status()).isEqualTo(500);
            log.await("has 5039 bytes, over 4096 (maxResponseHeadBytes)");
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aRequestMayBeAsLargeAsTheBufferSize(WorkerMode mode) throws Exception {
        try (Server server = server(mode, 4096);
                HttpPeer peer = Servers.peer(server)) {
            for (int size : new int[] {70_000, 1_048_000, 1_048_576, 9_000_000, 1}) {
                // Text that isn't ASCII takes twice as many bytes on its way.
                peer.send("GET /seen HTTP/1.1\r\nHost: a\r\nX: " + "\u00e9".repeat(size) + "\r\n\r\n");
                assertThat(peer.answer().text()).isEqualTo(String.valueOf(size));
            }
        }
    }

    private Server server(WorkerMode mode, int maxResponseHead) throws Exception {
        PythonOptions options = TestPrograms.source(directory, PROGRAM)
                .mode(mode)
                .maxResponseHeadBytes(maxResponseHead)
                .build();
        Limits limits = Limits.builder().maxHeaderBytes(10_000_000).build();
        return Servers.start(PythonApplication.of(options), server -> server.limits(limits));
    }
}
