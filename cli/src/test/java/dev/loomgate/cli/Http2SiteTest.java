package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A Python site over HTTP/2, asked by clients that aren't ours: curl and nghttp2's.
@Timeout(180)
class Http2SiteTest {
    @TempDir
    private Path directory;

    private LoomgateProcess start(String... more) throws Exception {
        Files.writeString(directory.resolve("site2.py"), """
                def application(environ, start_response):
                    body = environ["wsgi.input"].read()
                    text = " ".join([environ["SERVER_PROTOCOL"], environ["REQUEST_METHOD"], environ["HTTP_HOST"].split(":")[0],
                                     environ["wsgi.url_scheme"], environ.get("HTTP_COOKIE", "-"), str(len(body))]) + "\\n"
                    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Site", "two")])
                    return [text.encode()]
                """);
        return LoomgateProcess.start(
                directory,
                Stream.concat(
                                Stream.of("--http", "127.0.0.1:0", "-w", "site2", "--python", Python.DEBIAN),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    @Test
    void curlAndNghttpAreAnsweredByAPythonProgram() throws Exception {
        Path upload = Files.write(directory.resolve("upload"), new byte[500_000]);
        try (LoomgateProcess site = start("-p", "2")) {
            String uri = site.uri("/").toString();

            String known = run("curl", "-sS", "-i", "--http2-prior-knowledge", "-b", "a=1; b=2", uri);
            String upgraded = run("curl", "-sS", "-i", "--http2", uri);
            String posted = run("curl", "-sS", "--http2-prior-knowledge", "--data-binary", "@" + upload, uri);
            String several = run("nghttp", uri, uri + "a", uri + "b");
            String loaded = run("h2load", "-n", "500", "-c", "5", "-m", "20", uri);

            assertThat(known)
                    .startsWith("HTTP/2 200")
                    .contains("x-site: two", "server: loomgate", "HTTP/2 GET 127.0.0.1 http a=1; b=2 0");
            assertThat(upgraded).startsWith("HTTP/1.1 101 ").contains("HTTP/2 200", "HTTP/1.1 GET 127.0.0.1 http - 0");
            assertThat(posted).isEqualTo("HTTP/2 POST 127.0.0.1 http - 500000\n");
            assertThat(several.lines()).hasSize(3).allMatch("HTTP/2 GET 127.0.0.1 http - 0"::equals);
            assertThat(loaded).contains("500 succeeded, 0 failed, 0 errored, 0 timeout");
            Eventually.await("the access log has them", () -> site.out().contains("\"POST / HTTP/2\" 200 "));
            assertThat(site.err()).doesNotContain("LEAK", "Exception");
        }
    }

    @Test
    void itCanBeSwitchedOff() throws Exception {
        try (LoomgateProcess site = start("--http2", "off")) {
            assertThat(run("curl", "-sS", "-i", "--http2", site.uri("/").toString()))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aFloodIsLoggedWithTheOptionsName() throws Exception {
        try (LoomgateProcess site = start("--http2-max-resets", "3")) {
            List<String> command = new ArrayList<>(List.of(Python.DEBIAN, "-c", """
                    import socket, struct, sys
                    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
                    def frame(kind, flags, stream, payload=b""):
                        return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload
                    head = b"\\x83\\x86\\x84\\x41\\x01a" # POST, http, /, :authority: a
                    s.sendall(b"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n" + frame(4, 0, 0))
                    for stream in range(1, 9, 2):
                        s.sendall(frame(1, 4, stream, head) + frame(3, 0, stream, struct.pack(">I", 8)))
                    while s.recv(65536):
                        pass
                    """));
            command.add(Integer.toString(site.uri("/").getPort()));

            run(command.toArray(String[]::new));

            Eventually.await("a line with the option", () -> site.err()
                    .contains("http2: over 3 reset streams from 127.0.0.1 within 10 s (--http2-max-resets)"));
        }
    }

    @Test
    void aWrongValueIsOneLine() throws Exception {
        try (LoomgateProcess site =
                LoomgateProcess.launch(directory, "--http", "127.0.0.1:0", "-w", "site2", "--http2-max-streams", "0")) {
            assertThat(site.status()).isEqualTo(2);
            assertThat(site.err()).contains("--http2-max-streams").hasLineCount(1);
        }
    }
}
