package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.Python;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// W3C trace context reaches every application as it came: a program's own OpenTelemetry continues the trace.
@Timeout(180)
class TraceContextTest {
    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String TRACESTATE = "vendor=1,other=2";
    private static final String BOTH = TRACEPARENT + " " + TRACESTATE;

    private static final String WSGI = """
            def application(environ, start_response):
                start_response("200 OK", [("Content-Type", "text/plain")])
                return [(environ["HTTP_TRACEPARENT"] + " " + environ["HTTP_TRACESTATE"]).encode()]
            """;

    private static final String ASGI = """
            async def application(scope, receive, send):
                if scope["type"] != "http":
                    raise RuntimeError("no lifespan")
                fields = dict(scope["headers"])
                await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
                await send({"type": "http.response.body", "body": fields[b"traceparent"] + b" " + fields[b"tracestate"]})
            """;

    @TempDir
    private Path directory;

    private LoomgateProcess start(String source, String... more) throws Exception {
        Files.writeString(directory.resolve("traced_site.py"), source);
        List<String> arguments = new ArrayList<>(List.of("-w", "traced_site", "--python", Python.DEBIAN));
        arguments.addAll(List.of(more));
        return LoomgateProcess.start(directory, arguments.toArray(String[]::new));
    }

    private static String overHttp(LoomgateProcess site) throws Exception {
        try (HttpPeer peer = HttpPeer.to(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), site.uri("/").getPort()))) {
            return peer.send("GET / HTTP/1.1\r\nHost: a\r\ntraceparent: " + TRACEPARENT + "\r\ntracestate: "
                            + TRACESTATE + "\r\n\r\n")
                    .answer()
                    .text();
        }
    }

    @Test
    void javaFindsItInTheEnviron() throws Exception {
        Path source = Files.writeString(directory.resolve("Fields.java"), """
                import dev.loomgate.gateway.*;

                public class Fields implements Application {
                    public Body call(Environ environ, StartResponse startResponse) {
                        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
                        return Body.text(environ.text("HTTP_TRACEPARENT", "-") + " " + environ.text("HTTP_TRACESTATE", "-"));
                    }
                }
                """);
        try (LoomgateProcess site =
                LoomgateProcess.start(directory, "--http", "127.0.0.1:0", "--app", source.toString())) {
            assertThat(overHttp(site)).isEqualTo(BOTH);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {WSGI, ASGI})
    void pythonFindsItOverHttp(String source) throws Exception {
        try (LoomgateProcess site = start(source, "--http", "127.0.0.1:0")) {
            assertThat(overHttp(site)).isEqualTo(BOTH);
        }
    }

    @ParameterizedTest
    @CsvSource({"wsgi,on", "wsgi,off", "asgi,off"})
    void pythonFindsItOverUwsgi(String kind, String direct) throws Exception {
        Path socket = directory.resolve("s");
        try (LoomgateProcess site =
                start(kind.equals("wsgi") ? WSGI : ASGI, "-s", socket.toString(), "--direct", direct)) {
            assertThat(site.err().contains("workers take its connections")).isEqualTo(direct.equals("on"));
            try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(socket))) {
                client.send(UwsgiPacket.request("GET", "/")
                        .with("HTTP_TRACEPARENT", TRACEPARENT)
                        .with("HTTP_TRACESTATE", TRACESTATE)
                        .bytes());
                assertThat(client.receiveText()).endsWith("\r\n\r\n" + BOTH);
            }
        }
    }
}
