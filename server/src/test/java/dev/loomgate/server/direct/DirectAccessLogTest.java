package dev.loomgate.server.direct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.direct.SharedSocket.Takers;
import dev.loomgate.loop.Loop;
import dev.loomgate.server.AccessLogFormat;
import dev.loomgate.server.Limits;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import io.netty.channel.unix.FileDescriptor;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A request has the same line in the access log, with or without direct mode.
@Timeout(60)
class DirectAccessLogTest {
    private static final byte[] POST = UwsgiPacket.request("POST", "/a?b=\u00e4")
            .with("REMOTE_ADDR", "10.1.2.3")
            .with("HTTP_REFERER", "http://a/\"b\"")
            .with("HTTP_USER_AGENT", "agent\\1")
            .body("hello")
            .bytes();
    private static final Application TEAPOT = (environ, startResponse) -> {
        startResponse.start(Status.of(418), new Headers());
        return Body.text("short and stout");
    };

    private final Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    DirectAccessLogTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private DirectServer start(FakeProcesses processes, AccessLogFormat format) throws Exception {
        return DirectServer.of(processes, directory, Limits.builder(), options -> options.accessLog(true)
                .accessLogFormat(format)
                .accessLogTo(out));
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.US_ASCII).lines().toList();
    }

    static Stream<AccessLogFormat> theLineIsTheSame() {
        return Stream.of(
                AccessLogFormat.TEXT,
                AccessLogFormat.JSON,
                AccessLogFormat.pattern(
                        "%(addr) %(method) %(uri) %(status) %(rsize) %(vars) %(pktsize) %(cl) \"micros\":%(micros),"));
    }

    @ParameterizedTest
    @MethodSource
    void theLineIsTheSame(AccessLogFormat format) throws Exception {
        FakeProcesses processes = new FakeProcesses(TEAPOT, Takers.FREE);
        try (DirectServer server = start(processes, format)) {
            try (RawClient client = server.connect().send(POST)) {
                processes.takeAndHandOver(POST, null);
                client.receiveAll();
            }
            Eventually.await("a line", () -> lines().size() == 1);
            try (RawClient client = server.connect().send(POST)) {
                processes.takeAndHandOver(POST, new Begun(TEAPOT));
                client.receiveAll();
            }
            Eventually.await("a second line", () -> lines().size() == 2);
            processes.socket().answered(POST, 418, 15, 1_234_567, null);
            Eventually.await("a third line", () -> lines().size() == 3);
            processes.socket().answered(Arrays.copyOf(POST, POST.length - 5), 418, 15, 1_234_567, null);
            Eventually.await("a fourth line", () -> lines().size() == 4);
        }
        assertThat(lines().get(0)).contains("418", "15", "10.1.2.3", "POST", "/a?b=");
        assertThat(lines().stream().map(DirectAccessLogTest::withoutTimes).distinct())
                .hasSize(1);
        assertThat(lines().get(3)).containsPattern("1\\.234$|\"micros\":1234,");
    }

    private static String withoutTimes(String line) {
        return line.replaceAll(
                "\\[[^]]*]|\\d+\\.\\d{3}$|\"time\":\"[^\"]*\"|\"micros\":\\d+|,\"request_id\":\"[^\"]*\"", "");
    }

    @Test
    void theTimeOfWhatHasBegunCountsFromItsBegin() throws Exception {
        FakeProcesses processes = new FakeProcesses(TEAPOT, Takers.FREE);
        try (DirectServer server = start(processes, AccessLogFormat.TEXT);
                RawClient client = server.connect().send(POST)) {
            processes.takeAndHandOver(POST, new Begun(TEAPOT, Duration.ofSeconds(700)));
            client.receiveAll();
        }
        assertThat(lines()).singleElement().asString().matches(".* 418 15 70\\d{4}\\.\\d{3}");
    }

    @Test
    void aDisconnectedClientIsA499() throws Exception {
        FakeProcesses processes = new FakeProcesses(TEAPOT, Takers.FREE);
        try (DirectServer server = start(processes, AccessLogFormat.TEXT)) {
            CompletableFuture<String> gone = new CompletableFuture<>();
            try (RawClient client = server.connect()) {
                client.send(POST);
                Begun begun = new Begun((environ, startResponse) -> {
                    Loop.await(gone);
                    return TEAPOT.call(environ, startResponse);
                });
                processes.takeAndHandOver(POST, begun);
                Eventually.await("the call", () -> begun.calls.get() == 1);
            }
            Eventually.await("a line", () -> lines().size() == 1);
            gone.complete("");
        }
        assertThat(lines()).singleElement().asString().contains(" 499 0 ");
    }

    @Test
    void whatAProcessHasDiedInIsA502() throws Exception {
        FakeProcesses processes = new FakeProcesses(TEAPOT, Takers.FREE);
        try (DirectServer server = start(processes, AccessLogFormat.TEXT)) {
            processes.socket().lost(POST, 1_234_567);
            assertThat(server.server().stop()).isTrue();
        }
        assertThat(lines())
                .singleElement()
                .asString()
                .startsWith("10.1.2.3 - - [")
                .endsWith("] \"POST /a?b=\\u00c3\\u00a4 HTTP/1.1\" 502 0 1.234");
    }

    /// Only the beginning of a long packet is kept.
    @Test
    void thePacketThatAProcessHasDiedInMayBeCutAnywhere() throws Exception {
        FakeProcesses processes = new FakeProcesses(TEAPOT, Takers.FREE);
        try (LogLines log = LogLines.of("dev.loomgate.server");
                DirectServer server = start(processes, AccessLogFormat.TEXT)) {
            for (int length = 0; length < POST.length; length++) {
                processes.socket().lost(Arrays.copyOf(POST, length), 1);
            }
            assertThat(server.server().stop()).isTrue();
            assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR"));
        }
        assertThat(lines()).isNotEmpty().allMatch(line -> line.contains("\"POST ") && line.contains(" 502 0 "));
        assertThat(lines()).anyMatch(line -> line.startsWith("- - - ["));
    }

    @Test
    void whatIsToBeRefusedIsNoLineButAWarning() throws Exception {
        FakeProcesses processes = new FakeProcesses(TEAPOT, Takers.FREE);
        try (LogLines log = LogLines.of("dev.loomgate.server");
                DirectServer server = start(processes, AccessLogFormat.TEXT)) {
            processes.socket().answered(Arrays.copyOf(POST, 20), 200, 1, 1, null);
            log.await(server.socket() + ": a worker has answered a request that is to be refused");
        }
        assertThat(lines()).isEmpty();
    }

    @Test
    void nobodyIsToldWithoutAnAccessLog() throws Exception {
        FakeProcesses processes = new FakeProcesses(TEAPOT, Takers.FREE);
        try (LogLines log = LogLines.of("dev.loomgate.server");
                DirectServer server = DirectServer.of(processes, directory);
                RawClient client = server.connect()) {
            processes.socket().answered(new byte[0], 200, 1, 1, null);
            new FileDescriptor(processes.accept()).close();
            assertThat(client.receiveAll()).isEmpty();
            assertThat(log.lines()).isEmpty();
        }
    }
}
