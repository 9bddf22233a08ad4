package dev.loomgate.jwsgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.kind.Program;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.peers.JwsgiProgram;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each clause of the interface, by a program that was compiled against uWSGI's `uwsgi.jar`, on a server of ours.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JwsgiApplicationTest {
    @TempDir
    private static Path directory;

    private URLClassLoader loader;
    private Client client;

    @BeforeAll
    void start() throws Exception {
        JwsgiProgram.compile(directory);
        loader = new URLClassLoader(
                // uWSGI's own class is on the class path, too, and isn't the one that is found.
                new URL[] {
                    directory.toUri().toURL(), JwsgiProgram.UWSGI_JAR.toUri().toURL()
                },
                new UwsgiClassLoader(JwsgiApplication.class.getClassLoader()));
        loader.loadClass(JwsgiProgram.CLASS).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        client = Client.overHttp(new Lint().wrap(load(JwsgiProgram.CLASS)));
    }

    @AfterAll
    void stop() throws IOException {
        client.close();
        loader.close();
    }

    private Application load(String name) {
        return JwsgiApplication.of(new Program(
                name, loader, List.of(), Map.of("master", true, "env", List.of("A=1", "B=2"), "http", ":8000")));
    }

    private String text(String target) {
        TestResponse response = client.get(target).send();
        assertThat(response.code()).as(target + " " + response.text()).isEqualTo(200);
        return response.text();
    }

    private String posted(String target, String body) {
        return client.post(target)
                .body(body.getBytes(StandardCharsets.UTF_8), "text/plain")
                .send()
                .text();
    }

    @Test
    void theMapHasTheVariablesThatAreText() {
        TestResponse response = client.get("/variables?a=%20b")
                .header("X-Twice", "1")
                .header("X-Accent", "x")
                .send();

        assertThat(response.text())
                .isEqualTo(
                        "{CONTENT_LENGTH=0, HTTP_X_ACCENT=x, HTTP_X_TWICE=1, PATH_INFO=/variables, QUERY_STRING=a=%20b,"
                                + " REQUEST_METHOD=GET, REQUEST_URI=/variables?a=%20b}");
    }

    @ParameterizedTest
    @CsvSource({
        "/, Hello",
        "/array, of strings é€",
        "/bytes, bytes é",
        "/list, a b 3/ x",
        "/set, alone",
        "/worker, 1",
        "/started, [main with 0]",
        "/lock, locked",
        "/rpc, dc ba null",
        "/rpc-none, 'null'",
        "/rpc-failing, 'null'",
        "/cache, first fourth another null",
        "'/opt', '{env=[A=1, B=2], http=:8000, master=true}'"
    })
    void whatAProgramAnswers(String target, String expected) {
        assertThat(text(target)).isEqualTo(expected);
    }

    @Test
    void aStatusMayBeALong() {
        assertThat(client.get("/long").send().code()).isEqualTo(404);
    }

    @Test
    void aFileIsSent() throws IOException {
        Path file = Files.writeString(directory.resolve("file.txt"), "in a file");

        TestResponse response =
                client.get("/file").header("X-File", file.toString()).send();

        assertThat(response.text()).isEqualTo("in a file");
        assertThat(response.header("Content-Length")).isEqualTo("9");
    }

    @Test
    void aStreamIsSent() {
        assertThat(text("/stream")).hasSize(100_000);
    }

    @Test
    void noBodyIsAnEmptyOne() {
        TestResponse response = client.get("/none").send();

        assertThat(response.code()).isEqualTo(201);
        assertThat(response.text()).isEmpty();
    }

    @Test
    void aHeaderMayHaveSeveralValues() {
        TestResponse response = client.get("/headers").send();

        assertThat(response.headers().all("X-One")).containsExactly("1");
        assertThat(response.headers().all("X-Two")).containsExactly("a", "b");
        assertThat(response.headers().all("X-Three")).containsExactly("c", "d", "e");
    }

    @ParameterizedTest
    @CsvSource({
        "/read, one two, '7 111 6 ne two'",
        "/read, '', '0 -1 0 '",
        "/read-array, one, '3 one -1 -1'",
        "/read-array, thirteen long, '10 thirteen l 3 -1'",
        "/read-array, '', '-1  -1 -1'",
        "/seek, again, 'again ain 0'"
    })
    void theBodyIsRead(String target, String body, String expected) {
        assertThat(posted(target, body)).isEqualTo(expected);
    }

    @Test
    void aLineEndsWithALineFeedOrTheArray() {
        assertThat(posted("/lines", "one\n\ntwelve and\nend")).isEqualTo("4[one\n]1[\n]6[twelve]5[ and\n]3[end]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/fails|on purpose",
                "/wrong-null|JWSGI: the program has returned null, not an Object[3]",
                "/wrong-length|JWSGI: the program has returned an array of 2, not of 3",
                "/wrong-status|JWSGI: the status has to be an Integer or a Long, not java.lang.String",
                "/wrong-number|JWSGI: the status has to be 200 to 599, not 20",
                "/wrong-headers|JWSGI: the headers have to be a Map, not java.lang.String",
                "/wrong-value|JWSGI: the header X-Number has to be a String, a String[] or an Iterable, not java.lang.Integer",
                "/wrong-values|JWSGI: a value of the header X-Numbers has to be a String, not java.lang.Integer",
                "/wrong-body|JWSGI: the body has to be a String, String[], byte[], Iterable, File or InputStream, not java.lang.Object",
                "/wrong-file|JWSGI: the body is a File that can't be read",
                "/signal|uwsgi.register_signal: only Python programs have signals here",
                "/alarm|uwsgi.alarm: no alarms are offered",
                "/remote|uwsgi.rpc: functions of this program are called, not those of another server"
            })
    void whatCannotBeDoneIsA500WithItsReasonInTheLog(String target, String reason) {
        try (LogLines log = LogLines.of("dev.loomgate.server")) {
            assertThat(client.get(target).send().code()).isEqualTo(500);
            log.await(reason);
        }
    }

    @Test
    void aMethodOfAnInstanceIsTakenWhereNoStaticOneIs() throws Exception {
        try (Client instance = Client.overHttp(load(JwsgiProgram.CLASS + ":ofInstance"))) {
            assertThat(instance.get("/").send().text()).isEqualTo("an instance");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NoSuch:application|no class NoSuch on the class path",
                "com/example/NoSuch|no class com.example.NoSuch on the class path",
                "JwsgiProgram:other|class JwsgiProgram has no method Object[] other(HashMap)",
                "java.util.HashMap:get|class java.util.HashMap has no method Object[] get(HashMap)"
            })
    void whatIsNoProgramIsSaid(String name, String message) {
        assertThatThrownBy(() -> load(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void theClassUwsgiIsOursAndEachLoadersOwn() throws Exception {
        Class<?> ours = loader.loadClass("uwsgi");
        ClassLoader another = new UwsgiClassLoader(JwsgiApplication.class.getClassLoader());

        assertThat(ours.getClassLoader()).isInstanceOf(UwsgiClassLoader.class);
        assertThat(ours.getPackageName()).isEmpty();
        assertThat(another.loadClass("uwsgi")).isNotSameAs(ours);
        assertThat(UwsgiClassLoader.names())
                .containsExactlyInAnyOrder("uwsgi", "uwsgi$RequestBody", "uwsgi$SignalHandler", "uwsgi$RpcFunction");
    }

    /// All that uWSGI's jar has, is there, with the same types.
    @Test
    void theClassHasAllThatUwsgisHas() throws Exception {
        try (URLClassLoader real =
                new URLClassLoader(new URL[] {JwsgiProgram.UWSGI_JAR.toUri().toURL()}, null)) {
            for (String name : UwsgiClassLoader.names()) {
                Class<?> theirs = real.loadClass(name);
                assertThat(signatures(loader.loadClass(name))).as(name).containsAll(signatures(theirs));
            }
        }
    }

    private static List<String> signatures(Class<?> type) {
        return List.of(type.getDeclaredMethods()).stream()
                .map(method -> method.getReturnType().getTypeName() + " " + method.getName()
                        + List.of(method.getParameterTypes()))
                .toList();
    }

    @Test
    void outsideARequestThereIsNoBody() throws Exception {
        Class<?> body = loader.loadClass("uwsgi$RequestBody");

        assertThatThrownBy(() -> body.getConstructor().newInstance())
                .hasRootCauseMessage("uwsgi.RequestBody: this thread answers no JWSGI request");
    }
}
