package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.JwsgiProgram;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private BesideUwsgi servers;

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
        servers = new BesideUwsgi(
                directory, SITE, "jvm_openjdk17,jwsgi_openjdk17", 8, 0, List.of("--locks", "2"), List.of());
    }

    @AfterAll
    void stop() {
        servers.close();
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
        Answer expected = Answer.of(servers.ask(servers.there(target), body));

        assertThat(Answer.of(servers.ask(servers.here(target), body))).isEqualTo(expected);
        assertThat(Answer.of(servers.ask(servers.behindNginx(target), body))).isEqualTo(expected);
    }

    /// uWSGI answers nothing at all, or an empty page.
    @ParameterizedTest
    @CsvSource({"/wrong-length", "/wrong-status", "/wrong-number", "/fails"})
    void whatIsNoResponseIsA500(String target) throws Exception {
        assertThat(servers.bytesFromThere(target)).isEmpty();
        assertThat(servers.ask(servers.here(target), "").statusCode()).isEqualTo(500);
    }

    /// In uWSGI's plugin this ends with an UnsatisfiedLinkError: nothing is behind the names.
    @Test
    void cachesWork() throws Exception {
        assertThat(servers.ask(servers.here("/cache"), "").body()).isEqualTo("first fourth another null");
    }

    @Test
    void theProgramSeesItsOptions() throws Exception {
        assertThat(servers.ask(servers.here("/opt"), "").body())
                .contains("jwsgi=JwsgiProgram:application")
                .contains("jvm-main-class=JwsgiProgram");
    }

    @Test
    void aPacketOfTheJvmPluginIsAnswered() throws Exception {
        assertThat(servers.answerToAPacket()).contains("200 OK").endsWith("Hello");
    }
}
