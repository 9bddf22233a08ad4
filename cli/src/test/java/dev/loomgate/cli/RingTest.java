package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.WebSocketPeer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private BesideUwsgi servers;

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
        servers = new BesideUwsgi(
                directory,
                SITE,
                "jvm_openjdk17,ring_openjdk17",
                8,
                1,
                List.of(),
                List.of(
                        "--mount",
                        "/live=ring-async:shop.live/handler",
                        "--mount",
                        "/sync=ring:shop.live/handler",
                        "--autoreload",
                        "0.1"));
    }

    @AfterAll
    void stop() {
        servers.close();
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
        Answer expected = Answer.of(servers.ask(servers.there(target), body));

        assertThat(Answer.of(servers.ask(servers.here(target), body))).isEqualTo(expected);
        assertThat(Answer.of(servers.ask(servers.behindNginx(target), body))).isEqualTo(expected);
    }

    /// uWSGI answers nothing at all.
    @ParameterizedTest
    @CsvSource({"/wrong", "/fails"})
    void whatIsNoResponseIsA500(String target) throws Exception {
        assertThat(servers.bytesFromThere(target)).isEmpty();
        assertThat(servers.ask(servers.here(target), "").statusCode()).isEqualTo(500);
    }

    @Test
    void aPacketOfTheRingPluginIsAnswered() throws Exception {
        assertThat(servers.answerToAPacket()).contains("200 OK").endsWith("Hello");
    }

    @Test
    void handlersAreMountedAndTheNameSaysWhichArityIsCalled() throws Exception {
        assertThat(servers.ask(servers.here("/live/x"), "").body()).isEqualTo("below /live");
        assertThat(servers.ask(servers.here("/sync/x"), "").body()).isEqualTo("one argument");
    }

    @Test
    void aHandlerAnswersWithAWebSocket() throws Exception {
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), servers.here("/").getPort());
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
                () -> servers.ask(servers.here("/sync/x"), "").body().equals("the next version"));
    }
}
