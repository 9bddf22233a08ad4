package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.Loop;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Server start(Application application, AccessLogFormat format) throws ServerStartException {
        return Server.builder(application)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .options(Setup.DEFAULT
                        .options()
                        .accessLog(true)
                        .accessLogFormat(format)
                        .accessLogTo(out)
                        .limits(Limits.builder()
                                .requestTimeout(Duration.ofMillis(200))
                                .build())
                        .build())
                .start();
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.US_ASCII).lines().toList();
    }

    @Test
    void aLineForEachRequest(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("f"), "1234567");
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.of(environ.path().equals("/404") ? 404 : 200), new Headers());
            return switch (environ.path()) {
                case "/stream" -> Body.stream(out -> out.write("four"));
                case "/file" -> Body.file(file);
                case "/never" -> {
                    Loop.sleep(Duration.ofSeconds(30));
                    yield Body.empty();
                }
                default -> Body.text("hello");
            };
        };
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = start(application, AccessLogFormat.TEXT);
                HttpPeer peer = Peers.http(server)) {
            peer.get("/?a=b").answer();
            peer.send("HEAD /404 HTTP/1.1\r\nHost: a\r\n\r\n").headOnly();
            peer.get("/stream").answer();
            peer.get("/file").answer();
            peer.get("/never").answer();
            log.await("requestTimeout");
        }
        String before = "127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}] ";
        String after = " \\d+\\.\\d{3}";
        List<String> lines = lines();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).matches(before + "\"GET /\\?a=b HTTP/1\\.1\" 200 5" + after);
        assertThat(lines.get(1)).matches(before + "\"HEAD /404 HTTP/1\\.1\" 404 0" + after);
        assertThat(lines.get(2)).matches(before + "\"GET /stream HTTP/1\\.1\" 200 4" + after);
        assertThat(lines.get(3)).matches(before + "\"GET /file HTTP/1\\.1\" 200 7" + after);
        assertThat(lines.get(4)).matches(before + "\"GET /never HTTP/1\\.1\" 504 52" + after);
    }

    @Test
    void afterAFullDiskItGoesOnAndSaysWhatIsMissing() throws Exception {
        AtomicBoolean full = new AtomicBoolean(true);
        OutputStream disk = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b});
            }

            @Override
            public void write(byte[] bytes) throws IOException {
                if (full.get()) {
                    throw new IOException("no space left on device");
                }
                out.write(bytes);
            }
        };
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = Server.builder(Apps.LINE)
                        .listen(ListenAddress.http("127.0.0.1:0"))
                        .options(Setup.DEFAULT
                                .options()
                                .accessLog(true)
                                .accessLogTo(disk)
                                .build())
                        .start();
                HttpPeer peer = Peers.http(server)) {
            peer.get("/lost").answer();
            log.await("the access log can't be written");
            full.set(false);
            peer.get("/kept").answer();
        }
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(0)).contains("GET /kept");
        assertThat(lines().get(1)).startsWith("# 1 lines are missing here");
    }

    @Test
    void theApplicationsOwnVariablesAreShown() throws Exception {
        Application application = (environ, startResponse) -> {
            environ.logVariables().put("user", "Bob \"the\" builder");
            environ.logVariables().put("rows", "3");
            return Apps.LINE.call(environ, startResponse);
        };
        for (AccessLogFormat format : List.of(AccessLogFormat.TEXT, AccessLogFormat.JSON)) {
            try (Server server = start(application, format);
                    HttpPeer peer = Peers.http(server)) {
                peer.get("/").answer();
            }
        }
        assertThat(lines().get(0)).endsWith(" rows=\"3\" user=\"Bob \\\"the\\\" builder\"");
        assertThat(lines().get(1)).endsWith(",\"variables\":{\"rows\":\"3\",\"user\":\"Bob \\\"the\\\" builder\"}}");
    }

    @Test
    void aRefusedHeadIsALineWithItsStatusAndItsClient() throws Exception {
        for (AccessLogFormat format : List.of(AccessLogFormat.TEXT, AccessLogFormat.JSON)) {
            try (Server server = start(Apps.LINE, format);
                    HttpPeer peer = Peers.http(server)) {
                peer.get("/").answer();
                assertThat(peer.send("GET / HTTP/1.1\r\nno field\r\n\r\n")
                                .answer()
                                .status())
                        .isEqualTo(400);
            }
        }
        assertThat(lines()).hasSize(4);
        assertThat(lines().get(1)).matches("127\\.0\\.0\\.1 - - \\[[^]]+] \"- - -\" 400 [1-9]\\d* 0\\.000");
        assertThat(lines().get(3))
                .matches("\\{\"time\":\"[^\"]+Z\",\"remote\":\"127\\.0\\.0\\.1\","
                        + "\"status\":400,\"bytes\":[1-9]\\d*,\"micros\":0}");
    }

    @Test
    void jsonLinesAreEscaped() throws Exception {
        try (Server server = start(Apps.LINE, AccessLogFormat.JSON);
                HttpPeer peer = Peers.http(server)) {
            peer.send("GET /\"\\ HTTP/1.1\r\nHost: a\r\nUser-Agent: a\"b\\c\t\u00e4\r\n\r\n")
                    .answer();
        }
        assertThat(lines())
                .singleElement()
                .asString()
                .matches(
                        "\\{\"time\":\"[^\"]+Z\",\"remote\":\"127\\.0\\.0\\.1\","
                                + "\"method\":\"GET\",\"uri\":\"/\\\\\"\\\\\\\\\",\"protocol\":\"HTTP/1\\.1\",\"status\":200,\"bytes\":7,"
                                + "\"micros\":\\d+,\"user_agent\":\"a\\\\\"b\\\\\\\\c\\\\u0009\\\\u00e4\",\"request_id\":\"[0-9a-v]{8}-[0-9a-v]+\"}");
    }

    @Test
    void manyLinesAllArrive() throws Exception {
        try (Server server = start(Apps.LINE, AccessLogFormat.TEXT);
                HttpPeer peer = Peers.http(server)) {
            for (int i = 0; i < 3_000; i++) {
                peer.get("/" + i).answer();
            }
        }
        List<String> lines = lines();
        assertThat(lines).hasSize(3_000);
        for (int i = 0; i < 3_000; i++) {
            assertThat(lines.get(i)).contains("\"GET /" + i + " HTTP/1.1\" 200 ");
        }
    }
}
