package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import dev.loomgate.testkit.peers.JwsgiProgram;
import dev.loomgate.testkit.peers.Nginx;
import java.io.IOException;
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
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A JWSGI program through the launcher, beside Debian's uWSGI with its plugin: the same file of options runs both, and
/// the same class files.
@Tag("once")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JwsgiTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String SITE = """
            [uwsgi]
            jvm-classpath = /usr/share/java/uwsgi.jar
            jvm-classpath = classes
            jvm-class = JwsgiProgram
            jvm-main-class = JwsgiProgram
            jwsgi = JwsgiProgram:application
            """;

    @TempDir
    private static Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private LoomgateProcess loomgate;
    private UwsgiProcess uwsgi;
    private Nginx nginx;

    /// An answer as far as it is to be the same.
    private record Answer(int status, List<String> fields, String body) {
        static Answer of(HttpResponse<String> response) {
            List<String> fields = response.headers().map().entrySet().stream()
                    .filter(field -> field.getKey().matches("(?i)content-type|x-.*"))
                    .flatMap(field -> field.getValue().stream().map(value -> field.getKey() + ": " + value))
                    .map(field -> field.toLowerCase(Locale.ROOT))
                    .sorted()
                    .toList();
            return new Answer(response.statusCode(), fields, response.body());
        }
    }

    @BeforeAll
    void start() throws Exception {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        JwsgiProgram.compile(classes);
        Files.writeString(directory.resolve("site.ini"), SITE);
        Path socket = directory.resolve("s");
        uwsgi = UwsgiProcess.start(
                directory,
                "--plugin",
                "jvm_openjdk17,jwsgi_openjdk17",
                "--http-socket-modifier1",
                "8",
                "--locks",
                "2",
                "--ini",
                "site.ini");
        loomgate =
                LoomgateProcess.start(directory, "--http", "127.0.0.1:0", "-s", socket.toString(), "--ini", "site.ini");
        nginx = Nginx.start(directory, Nginx.uwsgiPass("/", "unix:" + socket, "uwsgi_modifier1 8;"));
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
                        .header("X-File", directory.resolve("site.ini").toString())
                        .build(),
                BodyHandlers.ofString());
    }

    private URI atUwsgi(String target) {
        InetSocketAddress address = uwsgi.address();
        return URI.create("http://127.0.0.1:" + address.getPort() + target);
    }

    /// What uWSGI answers, directly and behind nginx by the uwsgi protocol with the plugin's modifier1.
    @ParameterizedTest
    @CsvSource({
        "/, ''",
        "/variables?a=%20b&c=%C3%A4, ''",
        "/%C3%A4/b, ''",
        "/long, ''",
        "/array, ''",
        "/bytes, ''",
        "/list, ''",
        "/set, ''",
        "/file, ''",
        "/stream, ''",
        "/none, ''",
        "/headers, ''",
        "/read, one two",
        "/read-array, one",
        "/read-array, thirteen long",
        "/lines, 'a line'",
        "/rpc, ''",
        "/rpc-none, ''",
        "/rpc-failing, ''",
        "/lock, ''",
        "/started, ''",
        "/worker, ''"
    })
    void theAnswersAreThoseOfUwsgi(String target, String body) throws Exception {
        Answer expected = Answer.of(ask(atUwsgi(target), body));

        assertThat(Answer.of(ask(loomgate.uri(target), body))).isEqualTo(expected);
        assertThat(Answer.of(ask(nginx.uri(target), body))).isEqualTo(expected);
    }

    /// uWSGI answers nothing at all, or an empty page.
    @ParameterizedTest
    @CsvSource({"/wrong-length", "/wrong-status", "/wrong-number", "/fails"})
    void whatIsNoResponseIsA500(String target) throws Exception {
        try (RawClient client = RawClient.connect(uwsgi.address())) {
            client.send("GET " + target + " HTTP/1.0\r\nHost: a\r\n\r\n");
            assertThat(client.receiveText()).isEmpty();
        }
        assertThat(ask(loomgate.uri(target), "").statusCode()).isEqualTo(500);
    }

    /// In uWSGI's plugin this ends with an UnsatisfiedLinkError: nothing is behind the names.
    @Test
    void cachesWork() throws Exception {
        assertThat(ask(loomgate.uri("/cache"), "").body()).isEqualTo("first fourth another null");
    }

    @Test
    void theProgramSeesItsOptions() throws Exception {
        assertThat(ask(loomgate.uri("/opt"), "").body())
                .contains("jwsgi=JwsgiProgram:application")
                .contains("jvm-main-class=JwsgiProgram");
    }

    @Test
    void aPacketOfTheJvmPluginIsAnswered() throws Exception {
        try (RawClient client = RawClient.connect(UnixDomainSocketAddress.of(directory.resolve("s")))) {
            client.send(
                    UwsgiPacket.request("GET", "/").modifier1(8).modifier2(0).bytes());
            assertThat(client.receiveText()).contains("200 OK").endsWith("Hello");
        }
    }
}
