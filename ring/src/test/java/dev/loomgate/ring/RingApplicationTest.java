package dev.loomgate.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.LocalServer;
import dev.loomgate.gateway.kind.Program;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.toolkit.middleware.Mounts;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Sections 1 of Ring's specification, clause by clause, on a server of ours, with a Clojure that only the program's
/// class loader has.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RingApplicationTest {
    @TempDir
    private static Path directory;

    private ClojurePrograms programs;
    private LocalServer server;
    private Client client;

    @BeforeAll
    void start() throws Exception {
        programs = new ClojurePrograms();
        server = LocalServer.serve(new Lint()
                .wrap(Mounts.of(RingApplication.of(programs.named("shop.core/handler")))
                        .withMount("/shop", RingApplication.of(programs.named("shop.core:handler")))));
        client = Client.overHttp(server.address());
    }

    @AfterAll
    void stop() throws IOException {
        client.close();
        server.close();
        programs.close();
    }

    private String text(String target) {
        TestResponse response = client.get(target).send();
        assertThat(response.code()).as(target + " " + response.text()).isEqualTo(200);
        return response.text();
    }

    private HttpPeer.Answer raw(String request) throws IOException {
        try (HttpPeer peer = HttpPeer.to(server.address())) {
            return peer.send(request).answer();
        }
    }

    @Test
    void theRequestMapHasTheKeysOfTheSpecification() throws IOException {
        HttpPeer.Answer answer = raw("POST /request?a=%20b HTTP/1.1\r\nHost: shop.example\r\n"
                + "X-One: 1\r\nx-two: a\r\nX-TWO: b\r\nCookie: c=1\r\nCookie: d=2\r\n"
                + "Content-Type: text/plain; charset=UTF-8\r\nContent-Length: 2\r\n\r\nhi");

        assertThat(answer.text())
                .matches("\\{:body \\S+, :character-encoding \"UTF-8\", :content-length 2,"
                        + " :content-type \"text/plain; charset=UTF-8\","
                        + " :headers \\{\"x-one\" \"1\", \"x-two\" \"a,b\", \"cookie\" \"c=1; d=2\","
                        + " \"content-type\" \"text/plain; charset=UTF-8\", \"content-length\" \"2\"\\},"
                        + " :protocol \"HTTP/1.1\", :query-string \"a=%20b\", :remote-addr \"127.0.0.1\","
                        + " :request-method :post, :scheme :http, :server-name \"[^\"]+\", :uri \"/request\"\\}");
    }

    @Test
    void keysThatTheRequestHasNothingForAreLeftOut() throws IOException {
        assertThat(raw("GET /request HTTP/1.1\r\nHost: shop.example\r\n\r\n").text())
                .matches("\\{:body \\S+, :headers \\{\\}, :protocol \"HTTP/1.1\", :remote-addr \"127.0.0.1\","
                        + " :request-method :get, :scheme :http, :server-name \"[^\"]+\", :uri \"/request\"\\}");
    }

    @Test
    void theTypesAreThoseOfTheSpecification() {
        assertThat(text("/types")).isEqualTo("[java.lang.Integer clojure.lang.PersistentArrayMap true true]");
    }

    @Test
    void theUriIsThePathAsItCame() throws IOException {
        assertThat(client.get("/a%20b/%C3%A9?x").send().text()).isEqualTo("no /a%20b/%C3%A9");
        assertThat(raw("GET http://shop.example/absolute?x HTTP/1.1\r\nHost: shop.example\r\n\r\n")
                        .text())
                .isEqualTo("no /absolute");
    }

    @Test
    void theBodyIsAStream() {
        String body = "some text é".repeat(20_000);

        assertThat(client.post("/echo")
                        .body(body.getBytes(StandardCharsets.UTF_8), "text/plain")
                        .send()
                        .text())
                .isEqualTo(body);
        assertThat(client.post("/echo")
                        .body("in chunks".getBytes(StandardCharsets.UTF_8), "text/plain")
                        .chunked()
                        .send()
                        .text())
                .isEqualTo("in chunks");
    }

    @Test
    void aMountedHandlerFindsItsContextAndThePathBelow() {
        assertThat(text("/shop/below?x"))
                .isEqualTo("{:uri \"/shop/below\", :context \"/shop\", :path-info \"/below\"}");
        assertThat(text("/below")).isEqualTo("{:uri \"/below\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "/, Hello get",
        "/text, é€",
        "/bytes, some bytes",
        "/seq, '0 1 2 '",
        "/numbers, 123",
        "/stream, a stream"
    })
    void eachKindOfBody(String target, String expected) {
        assertThat(text(target)).isEqualTo(expected);
    }

    @Test
    void textIsInTheCharsetOfTheContentType() {
        assertThat(client.get("/latin").send().body()).containsExactly(0xe9);
        assertThat(client.get("/text").send().body()).hasSize(5);
    }

    @Test
    void aFileIsSentWithItsLength() throws IOException {
        Path file = Files.writeString(directory.resolve("file.txt"), "in a file");

        TestResponse response =
                client.get("/file").header("X-File", file.toString()).send();

        assertThat(response.text()).isEqualTo("in a file");
        assertThat(response.header("Content-Length")).isEqualTo("9");
    }

    @Test
    void nilIsNoBody() {
        assertThat(client.get("/nil").send().code()).isEqualTo(204);
        assertThat(client.get("/no-headers").send().code()).isEqualTo(204);
        assertThat(client.get("/no-body").send().code()).isEqualTo(201);
        assertThat(client.get("/no-body").send().body()).isEmpty();
    }

    @Test
    void aStreamIsClosedAlsoWhereNobodyWantsIt() throws Exception {
        assertThat(text("/closed")).isEqualTo("0");

        assertThat(client.head("/counted").send().body()).isEmpty();

        Eventually.await("it is closed", () -> text("/closed").equals("1"));
    }

    @Test
    void aHeaderMayHaveSeveralValues() {
        TestResponse response = client.get("/several").send();

        assertThat(response.headers().all("X-Many")).containsExactly("a", "b");
        assertThat(response.headers().all("X-One")).containsExactly("1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/fails|on purpose",
                "/wrong-nil|Ring: the handler has answered nil, not a map",
                "/wrong-text|Ring: the handler has answered java.lang.String, not a map",
                "/wrong-status|Ring: :status has to be an integer, 200 to 599, not java.lang.String",
                "/wrong-number|Ring: :status has to be an integer, 200 to 599, not 600",
                "/wrong-headers|Ring: :headers has to be a map, not clojure.lang.PersistentVector",
                "/wrong-name|Ring: a header's name has to be a string, not clojure.lang.Keyword",
                "/wrong-value|Ring: a value of the header X-Number has to be a string, not java.lang.Long",
                "/wrong-body|Ring: :body has to satisfy StreamableResponseBody, which shop.core.Unknown doesn't",
                "/no-file|Ring: the body is a file that isn't there: such"
            })
    void whatIsNoResponseIsA500WithItsReasonInTheLog(String target, String reason) {
        try (LogLines log = LogLines.of("dev.loomgate.server")) {
            assertThat(client.get(target).send().code()).isEqualTo(500);
            log.await(reason);
        }
    }

    @Test
    void aNamespaceIsLoadedOnceForAllOfItsHandlers() {
        assertThat(text("/loads")).isEqualTo("1");
    }

    @Test
    void aHandlerRunsInItsRequestsMicrothread() {
        assertThat(text("/thread")).contains("VirtualThread");
    }

    @Test
    void aScriptIsRunBefore() throws Exception {
        try (Client scripted = Client.overHttp(
                RingApplication.of(programs.named("shop.scripted/handler", "src/test/clojure/shop/script.clj")))) {
            assertThat(scripted.get("/").send().text()).isEqualTo("of a script");
        }
        assertThat(RingApplication.of(programs.named("shop.scripted/handler", "shop/script.clj")))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "handler||it has to name a namespace and a handler, as in shop.core/handler",
                "no.such/handler||the namespace no.such can't be loaded: Could not locate no/such__init.class, no/such.clj or no/such.cljc on classpath.",
                "shop.core/no-such||the namespace shop.core has no handler no-such",
                "shop.core/not-a-function||the namespace shop.core has no handler not-a-function",
                "shop.core/never-bound||the namespace shop.core has no handler never-bound",
                "shop.broken/handler||the namespace shop.broken can't be loaded: Unable to resolve symbol: no-such-function in this context",
                "shop.core/handler|shop/broken.clj|the script shop/broken.clj fails: Unable to resolve symbol: no-such-function in this context"
            })
    void whatIsNoProgramIsSaid(String name, String script, String message) {
        String[] scripts = script == null ? new String[0] : new String[] {script};

        assertThatThrownBy(() -> RingApplication.of(programs.named(name, scripts)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void withoutClojureThereIsNothingToRunItIn() {
        ClassLoader none = new ClojurePrograms.WithoutClojure(getClass().getClassLoader());

        assertThatThrownBy(() -> RingApplication.of(new Program("shop.core/handler", none)))
                .hasMessage("there is no Clojure on the class path: it needs the JAR files of clojure, spec.alpha and"
                        + " core.specs.alpha");
    }

    /// A type of the program's, and one for which it has replaced what Ring does.
    @Test
    void theProgramMayExtendTheProtocolOfBodies() throws Exception {
        try (ClojurePrograms own = new ClojurePrograms();
                Client extended = Client.overHttp(RingApplication.of(own.named("shop.extended/handler")))) {
            assertThat(extended.get("/page").send().text()).isEqualTo("a page with 200");
            assertThat(extended.get("/").send().text()).isEqualTo("extended text");
        }
    }

    @ParameterizedTest
    @CsvSource({"/usr/share/java/ring-core.jar, added in 1.6", "/usr/share/java, added in none"})
    void theProtocolIsRingCoresWhereThatIsThere(Path more, String added) throws Exception {
        try (ClojurePrograms own = new ClojurePrograms(more);
                Client client = Client.overHttp(RingApplication.of(own.named("shop.extended/handler")))) {
            assertThat(client.get("/added").send().text()).isEqualTo(added);
            assertThat(client.get("/page").send().text()).isEqualTo("a page with 200");
        }
    }

    /// Each reflective call would cost a request some microseconds.
    @Test
    void theAdapterCallsNothingByReflection() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream warnings = new ByteArrayOutputStream();
        System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
        try (ClojurePrograms another = new ClojurePrograms()) {
            RingApplication.of(another.named("shop.core/handler"));
        } finally {
            System.setErr(before);
        }

        assertThat(warnings.toString(StandardCharsets.UTF_8)).doesNotContain("Reflection warning, dev/loomgate");
    }

    @Test
    void anEnvironWithoutATargetHasThePathAsItsUri() throws Exception {
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", "GET");
        environ.put("SERVER_NAME", "shop.example");
        environ.put("SERVER_PORT", "80");
        environ.put("SERVER_PROTOCOL", "HTTP/1.1");
        environ.put("wsgi.url_scheme", "http");
        environ.put("SCRIPT_NAME", "");
        environ.put("PATH_INFO", "/below");
        environ.put("QUERY_STRING", "");
        environ.put("wsgi.input", InputStream.nullInputStream());

        Body answer = RingApplication.of(programs.named("shop.core/handler")).call(environ, (_, _, _) -> {});

        assertThat(((Body.Bytes) answer).content())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{:uri \"/below\"}");
    }
}
