package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.client.WebSocketPeer;
import dev.loomgate.testkit.peers.Nginx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Ring handlers through the launcher, with Debian's Clojure; what uWSGI's plugin can do beside that, from one file of
/// options.
@Tag("once")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RingTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String SITE = """
            [uwsgi]
            jvm-classpath = /usr/share/java/uwsgi.jar
            jvm-classpath = /usr/share/java/clojure-1.11.jar
            jvm-classpath = /usr/share/java/spec.alpha.jar
            jvm-classpath = /usr/share/java/core.specs.alpha.jar
            ring-load = shop/basic.clj
            ring-app = shop.basic:handler
            """;

    @TempDir
    private static Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private LoomgateProcess loomgate;
    private UwsgiProcess uwsgi;
    private Nginx nginx;

    private record Answer(int status, List<String> types, List<String> many, String body) {
        static Answer of(HttpResponse<String> response) {
            return new Answer(
                    response.statusCode(),
                    response.headers().allValues("Content-Type"),
                    response.headers().allValues("X-Many"),
                    response.body());
        }
    }

    @BeforeAll
    void start() throws Exception {
        Files.createDirectory(directory.resolve("shop"));
        for (String name : List.of("shop/basic.clj", "shop/live.clj")) {
            try (InputStream source = RingTest.class.getResourceAsStream("ring/" + name)) {
                Files.write(
                        directory.resolve(name), Objects.requireNonNull(source).readAllBytes());
            }
        }
        Files.writeString(directory.resolve("site.ini"), SITE);
        Path socket = directory.resolve("s");
        uwsgi = UwsgiProcess.start(
                directory,
                "--plugin",
                "jvm_openjdk17,ring_openjdk17",
                "--http-socket-modifier1",
                "8",
                "--http-socket-modifier2",
                "1",
                "--ini",
                "site.ini");
        loomgate = LoomgateProcess.start(
                directory,
                "--http",
                "127.0.0.1:0",
                "-s",
                socket.toString(),
                "--ini",
                "site.ini",
                "--mount",
                "/live=ring-async:shop.live/handler",
                "--mount",
                "/sync=ring:shop.live/handler",
                "--autoreload",
                "0.1");
        nginx = Nginx.start(
                directory, Nginx.uwsgiPass("/", "unix:" + socket, "uwsgi_modifier1 8;", "uwsgi_modifier2 1;"));
    }

    @AfterAll
    void stop() {
        nginx.close();
        loomgate.close();
        uwsgi.close();
    }

    private HttpResponse<String> ask(URI uri, String body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri)
                        .method(
                                body.isEmpty() ? "GET" : "POST",
                                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .timeout(LIMIT)
                        .header("X-One", "1")
                        .header("X-File", directory.resolve("site.ini").toString())
                        .build(),
                BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({
        "/, ''",
        "/request?a=%20b, ''",
        "/request, a body",
        "/echo, a body",
        "/seq, ''",
        "/file, ''",
        "/stream, ''",
        "/bytes, ''",
        "/nil, ''",
        "/many, ''",
        "/none, ''"
    })
    void theAnswersAreThoseOfUwsgi(String target, String body) throws Exception {
        InetSocketAddress address = uwsgi.address();
        Answer expected = Answer.of(ask(URI.create("http://127.0.0.1:" + address.getPort() + target), body));

        assertThat(Answer.of(ask(loomgate.uri(target), body))).isEqualTo(expected);
        assertThat(Answer.of(ask(nginx.uri(target), body))).isEqualTo(expected);
    }

    /// uWSGI answers nothing at all.
    @ParameterizedTest
    @CsvSource({"/wrong", "/fails"})
    void whatIsNoResponseIsA500(String target) throws Exception {
        try (RawClient client = RawClient.connect(uwsgi.address())) {
            client.send("GET " + target + " HTTP/1.0\r\nHost: a\r\n\r\n");
            assertThat(client.receiveText()).isEmpty();
        }
        assertThat(ask(loomgate.uri(target), "").statusCode()).isEqualTo(500);
    }

    @Test
    void aPacketOfTheRingPluginIsAnswered() throws Exception {
        try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(directory.resolve("s")))) {
            client.send(
                    UwsgiPacket.request("GET", "/").modifier1(8).modifier2(1).bytes());
            assertThat(client.receiveText()).contains("200 OK").endsWith("Hello");
        }
    }

    @Test
    void handlersAreMountedAndTheNameSaysWhichArityIsCalled() throws Exception {
        assertThat(ask(loomgate.uri("/live/x"), "").body()).isEqualTo("below /live");
        assertThat(ask(loomgate.uri("/sync/x"), "").body()).isEqualTo("one argument");
    }

    @Test
    void aHandlerAnswersWithAWebSocket() throws Exception {
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), loomgate.uri("/").getPort());
        try (WebSocketPeer peer = WebSocketPeer.to(address, "/live/socket")) {
            assertThat(peer.next().text()).isEqualTo("welcome");
            assertThat(peer.text("hello").next().text()).isEqualTo("echo hello");
        }
    }

    @Test
    void aChangedNamespaceIsLoadedByTheNextVersion() throws Exception {
        Path live = directory.resolve("shop/live.clj");
        Files.writeString(live, Files.readString(live).replace("one argument", "the next version"));

        Eventually.await(
                "the next version",
                () -> ask(loomgate.uri("/sync/x"), "").body().equals("the next version"));
    }
}
