package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.RawClient;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Lines after a pattern, and which requests have one. What uWSGI makes of the same pattern is compared in
/// the module cli.
@Timeout(60)
class AccessLogPatternTest {
    @TempDir
    private static Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private static final AtomicInteger CALLS = new AtomicInteger();

    private static final Application APPLICATION = (environ, startResponse) -> {
        Headers headers = new Headers();
        headers.add("X-A", "b");
        environ.logVariables().put("who", "a\"b\u00e4\n");
        if (environ.path().startsWith("/routed/")) {
            environ.routed("/routed/<id>");
        }
        startResponse.start(Status.of(environ.path().equals("/404") ? 404 : 200), headers);
        return switch (environ.path()) {
            case "/stream" -> Body.stream(writer -> writer.write("four"));
            case "/file" -> Body.file(Files.writeString(directory.resolve("f"), "1234567"));
            case "/empty" -> Body.empty();
            case "/fail" -> throw new IllegalStateException();
            case "/gone" -> {
                CALLS.incrementAndGet();
                yield Body.bytes(environ.input().readAllBytes());
            }
            default -> Body.text("hello");
        };
    };

    private Server start(AccessLogFormat format, boolean all, AccessLogRules rules) throws ServerStartException {
        return Server.builder(APPLICATION)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .options(Setup.DEFAULT
                        .options()
                        .accessLog(all)
                        .accessLogFormat(format)
                        .accessLogRules(rules)
                        .accessLogTo(out)
                        .build())
                .start();
    }

    private Server start(String pattern) throws ServerStartException {
        return start(AccessLogFormat.pattern(pattern), true, AccessLogRules.NONE);
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void whatWasSentIsCounted() throws Exception {
        try (Server server = start("%(uri) %(size) %(hsize) %(rsize) %(headers)")) {
            for (String path : List.of("/whole", "/stream", "/file", "/404")) {
                try (RawClient client =
                        RawClient.connect(server.addresses().getFirst().socketAddress())) {
                    String answer =
                            client.send("GET " + path + " HTTP/1.0\r\n\r\n").receiveText();
                    String head = answer.substring(0, answer.indexOf("\r\n\r\n") + 4);
                    String expected = "%s %d %d %d %d"
                            .formatted(
                                    path,
                                    answer.length(),
                                    head.length(),
                                    answer.length() - head.length(),
                                    head.lines()
                                            .filter(line -> line.contains(": "))
                                            .count());
                    Eventually.await(expected, () -> lines().contains(expected));
                }
            }
        }
    }

    @Test
    void textFromOutsideIsEscapedAndTheFormatsOwnIsNot() throws Exception {
        try (Server server =
                        start("{\"who\":\"%(who)\",\"agent\":\"%(uagent)\"} \u00e4 %(none)%% %(var.HTTP_USER_AGENT)");
                HttpPeer peer = Peers.http(server)) {
            peer.send("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: x\"\\\u00e4\r\n\r\n")
                    .answer();
        }
        assertThat(lines())
                .containsExactly(
                        "{\"who\":\"a\\\"b\\u00e4\\u000a\",\"agent\":\"x\\\"\\\\\\u00e4\"} \u00e4 -%% x\\\"\\\\\\u00e4");
    }

    @Test
    void aRouteIsTheTemplateThatTheApplicationTells() throws Exception {
        try (Server server = start("%(uri) %(route)");
                HttpPeer peer = Peers.http(server)) {
            peer.get("/routed/4711").answer();
            peer.get("/whole").answer();
        }
        assertThat(lines()).containsExactly("/routed/4711 /routed/<id>", "/whole -");
    }

    @Test
    void ofAnApplicationHereTheProcessIsThisOne() throws Exception {
        try (Server server = start("%(pid) %(wid) %(core) %(rssM)");
                HttpPeer peer = Peers.http(server)) {
            peer.get("/").answer();
        }
        assertThat(lines())
                .singleElement()
                .asString()
                .matches(ProcessHandle.current().pid() + " 0 - [1-9]\\d*");
    }

    @Test
    void anAddressMayBeWhatAProxySays() throws Exception {
        for (AccessLogFormat format : List.of(
                AccessLogFormat.TEXT.withMicros(),
                AccessLogFormat.JSON,
                AccessLogFormat.pattern("%(addr) %(micros)"))) {
            try (Server server = start(format.withForwardedFor(), true, AccessLogRules.NONE);
                    HttpPeer peer = Peers.http(server)) {
                peer.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1, 10.0.0.1\r\n\r\n")
                        .answer();
                peer.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For:\r\n\r\n")
                        .answer();
            }
        }
        assertThat(lines()).hasSize(6);
        assertThat(lines().get(0)).matches("192\\.0\\.2\\.1, 10\\.0\\.0\\.1 - - .* 200 5 \\d+ who=.*");
        assertThat(lines().get(1)).startsWith("127.0.0.1 - - ");
        assertThat(lines().get(2)).contains("\"remote\":\"192.0.2.1, 10.0.0.1\"");
        assertThat(lines().get(4)).matches("192\\.0\\.2\\.1, 10\\.0\\.0\\.1 \\d+");
        assertThat(lines().get(5)).startsWith("127.0.0.1 ");
    }

    @ParameterizedTest
    @CsvSource({
        "clientErrors, /404",
        "serverErrors, /fail",
        "slow, /whole /stream /file /empty /404 /fail",
        "bigBytes, /file /fail",
        "empty, /empty",
        "files, /file"
    })
    void onlySomeRequestsHaveALine(String rule, String expected) throws Exception {
        AccessLogRules rules = new AccessLogRules(
                rule.equals("clientErrors"),
                rule.equals("serverErrors"),
                rule.equals("slow") ? Duration.ofNanos(1) : Duration.ZERO,
                rule.equals("bigBytes") ? 6 : 0,
                rule.equals("empty"),
                rule.equals("files"),
                false);
        try (Server server = start(AccessLogFormat.pattern("%(uri)"), false, rules);
                HttpPeer peer = Peers.http(server)) {
            for (String path : List.of("/whole", "/stream", "/file", "/empty", "/404", "/fail")) {
                peer.get(path).answer();
            }
        }
        assertThat(String.join(" ", lines())).isEqualTo(expected);
    }

    @Test
    void whoDisconnectsBeforeTheEndIsTold() throws Exception {
        AccessLogRules rules = new AccessLogRules(false, false, Duration.ZERO, 0, false, false, true);
        try (Server server = start(AccessLogFormat.pattern("%(uri) %(status) %(ioerr)/%(werr)"), false, rules)) {
            try (HttpPeer peer = Peers.http(server)) {
                peer.get("/whole").answer();
            }
            try (RawClient client =
                    RawClient.connect(server.addresses().getFirst().socketAddress())) {
                client.send("POST /gone HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
                Eventually.await("the call", () -> CALLS.get() == 1);
                client.reset();
            }
            Eventually.await("a line", () -> lines().size() == 1);
        }
        assertThat(lines()).singleElement().asString().isEqualTo("/gone 499 1/1");
    }

    @Test
    void aPatternNeedsAVariable() {
        assertThatThrownBy(() -> AccessLogFormat.pattern("text"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("accessLogFormat is 'text': it has no variable, as in %(uri)");
        assertThatThrownBy(() -> AccessLogFormat.pattern("%(uri) %()")).hasMessageEndingWith("'%()' names no variable");
    }
}
