package dev.loomgate.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.python.PythonApplication;
import dev.loomgate.python.PythonOptions;
import dev.loomgate.testkit.peers.Python;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A Python program's spans continue the server's: what it finds in its environ, or scope, names the request's span.
@Timeout(120)
class PythonTracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @TempDir
    private Path directory;

    private Traced serve(String source) throws Exception {
        Files.writeString(directory.resolve("site_of_test.py"), source);
        return new Traced(PythonApplication.of(PythonOptions.module("site_of_test")
                .interpreter(Python.DEBIAN)
                .pythonPath(List.of(directory))
                .environment(Map.of("TMPDIR", directory.toString(), "PYTHONDONTWRITEBYTECODE", "1"))
                .build()));
    }

    private static void expectOwnSpan(Traced site) throws Exception {
        String fields = "traceparent: 00-" + TRACE + "-b7ad6b7169203331-01\r\ntracestate: vendor=1\r\n";
        String seen = site.get("/", fields).text();
        assertThat(seen).isEqualTo("00-" + TRACE + "-" + site.span().getSpanId() + "-01 vendor=1");
    }

    @Test
    void aProgramOfWsgiFindsTheSpanInItsEnviron() throws Exception {
        try (Traced site = serve("""
                def application(environ, start_response):
                    start_response("200 OK", [("Content-Type", "text/plain")])
                    fields = environ["HTTP_TRACEPARENT"], environ["HTTP_TRACESTATE"]
                    return [" ".join(fields).encode()]
                """)) {
            expectOwnSpan(site);
        }
    }

    @Test
    void aProgramOfAsgiFindsItAmongItsFields() throws Exception {
        try (Traced site = serve("""
                async def application(scope, receive, send):
                    if scope["type"] != "http":
                        raise RuntimeError("no lifespan")
                    found = [value for name, value in scope["headers"] if name in (b"traceparent", b"tracestate")]
                    text = [(b"content-type", b"text/plain")]
                    await send({"type": "http.response.start", "status": 200, "headers": text})
                    await send({"type": "http.response.body", "body": b" ".join(sorted(found))})
                """)) {
            expectOwnSpan(site);
        }
    }
}
