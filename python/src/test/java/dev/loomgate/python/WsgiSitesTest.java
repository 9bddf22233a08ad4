package dev.loomgate.python;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Nginx;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.PythonProgram;
import dev.loomgate.testkit.peers.Uwsgi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A site of each WSGI framework, deployed as its documents do: `wsgi_sites/`. In each mode, over HTTP and behind
/// nginx, all answers are those of the same program under uWSGI behind nginx.
@Timeout(120)
final class WsgiSitesTest {
    private static final int CLIENTS = 4;
    /// What belongs to the connection, the server or the moment.
    private static final Set<String> LEFT_OUT =
            Set.of("date", "server", "connection", "keep-alive", "transfer-encoding", "content-length");
    private static final List<WorkerMode> MODES = List.of(
            new WorkerMode.Sync(),
            new WorkerMode.Threads(CLIENTS),
            new WorkerMode.Asyncio(CLIENTS),
            new WorkerMode.Gevent(CLIENTS, WorkerMode.Gevent.Patch.BEFORE_LOAD));

    /// These have the current request in a `threading.local`, which the greenlets of an asyncio loop share.
    private static final Set<String> THREAD_LOCAL = Set.of("cherrypy", "bottle", "webpy");

    @TempDir
    private Path directory;

    /// @param fields of the head, each with its line's end
    private record Ask(String method, String target, String fields, String body) {
        static Ask get(String target, String... fields) {
            return new Ask("GET", target, lines(fields), "");
        }

        static Ask post(String target, String type, String body) {
            return new Ask("POST", target, lines("Content-Type: " + type), body);
        }

        HttpPeer.Answer of(HttpPeer peer, String cookie) throws IOException {
            byte[] content = body.getBytes(UTF_8);
            String length = method.equals("POST") ? lines("Content-Length: " + content.length) : "";
            String user = target.equals("/me") && !cookie.isEmpty() ? lines("Cookie: " + cookie) : "";
            peer.send("%s %s HTTP/1.1\r\nHost: shop.example\r\n%s%s%s\r\n"
                    .formatted(method, target, fields, length, user));
            peer.send(content);
            return method.equals("HEAD") ? peer.headOnly() : peer.answer();
        }

        private static String lines(String... fields) {
            StringBuilder lines = new StringBuilder();
            for (String field : fields) {
                lines.append(field).append("\r\n");
            }
            return lines.toString();
        }
    }

    private static final List<Ask> ASKED = List.of(
            Ask.get("/hello/B%C3%B6b?twice=true", "X-User: me"),
            new Ask("PUT", "/hello/Bob", "Content-Length: 0\r\n", ""),
            Ask.get("/hello/"),
            Ask.get("/hello/Bob%2Fby?twice=no&twice=true"),
            Ask.post("/json", "application/json", "{\"name\": \"cup\", \"price\": 2.5}"),
            Ask.post("/json", "application/json", "{\"name\": "),
            Ask.post("/form", UploadForm.CONTENT_TYPE, UploadForm.of("x".repeat(200_000))),
            Ask.get("/me"),
            Ask.post("/login", "application/x-www-form-urlencoded", "user=ann"),
            Ask.get("/me"),
            Ask.get("/link"),
            Ask.get("/link", "Host-Is-By-Tls: on"),
            Ask.get("/file"),
            new Ask("HEAD", "/file", "", ""),
            Ask.get("/file", "Range: bytes=70000-270000"),
            Ask.get("/file", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"),
            Ask.get("/stream"),
            new Ask("HEAD", "/stream", "", ""),
            Ask.get("/missing"),
            Ask.get("/broken"));

    @ParameterizedTest
    @ValueSource(strings = {"cherrypy", "pyramid", "bottle", "falcon", "webpy"})
    void itAnswersAsUnderUwsgiInEachMode(String framework) throws Exception {
        Map<String, String> expected = expected(framework);
        for (WorkerMode mode : MODES) {
            int clients = mode instanceof WorkerMode.Asyncio && THREAD_LOCAL.contains(framework) ? 1 : CLIENTS;
            PythonOptions options = options(framework, mode).build();
            answersAsExpected(mode.toString(), options, clients, expected);
        }
    }

    static Stream<Arguments> onOtherPythons() {
        // The others need what these versions, or Debian's packages for them, don't have.
        return Python.others().stream()
                .filter(python -> python.endsWith("python3.8"))
                .flatMap(python -> Stream.of("pyramid", "bottle", "falcon", "webpy")
                        .map(framework -> Arguments.of(framework, python.toString())));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("onOtherPythons")
    void itAnswersAsUnderUwsgiOnOtherPythons(String framework, String python) throws Exception {
        Map<String, String> expected = expected(framework);
        for (WorkerMode mode : List.of(new WorkerMode.Sync(), new WorkerMode.Threads(CLIENTS))) {
            PythonOptions options = options(framework, mode)
                    .interpreter(python)
                    .pythonPath(List.of(directory, Python.DEBIAN_PACKAGES))
                    .build();
            answersAsExpected(mode + " on " + python, options, CLIENTS, expected);
        }
    }

    private Map<String, String> expected(String framework) throws Exception {
        String module = framework + "_site";
        TestPrograms.copy("wsgi_sites/" + module + ".py", directory);
        byte[] file = new byte[300_000];
        new Random(framework.length()).nextBytes(file);
        Files.write(directory.resolve("big.bin"), file);
        Map<String, String> expected = ofUwsgi(module);
        check(expected, file);
        return expected;
    }

    private PythonOptions.Builder options(String framework, WorkerMode mode) {
        return TestPrograms.options(directory, framework + "_site")
                .environment(TestPrograms.environment(directory))
                .mode(mode)
                .processes(mode instanceof WorkerMode.Sync ? 2 : 1);
    }

    private void answersAsExpected(String how, PythonOptions options, int clients, Map<String, String> expected)
            throws Exception {
        Path socket = directory.resolve(options.mode().getClass().getSimpleName() + ".sock");
        Server server = Servers.start(
                PythonApplication.of(options),
                List.of(ListenAddress.http("127.0.0.1:0"), ListenAddress.uwsgi(socket.toString())),
                change -> {});
        try (Nginx nginx = nginx(socket)) {
            SocketAddress direct = server.addresses().getFirst().socketAddress();
            for (Map<String, String> answers : atOnce(clients, address(nginx))) {
                same(how + ", behind nginx", answers, expected);
            }
            for (Map<String, String> answers : atOnce(clients, direct)) {
                same(how + ", over HTTP", answers, overHttp(expected));
            }
        } finally {
            server.stop(Duration.ofSeconds(20));
        }
    }

    private Map<String, String> ofUwsgi(String module) throws Exception {
        PythonProgram program = PythonProgram.of(directory, module);
        try (Uwsgi uwsgi = Uwsgi.unix(directory, program, "--plugin", "python3", "--enable-threads");
                Nginx nginx = nginx(uwsgi.socket())) {
            return answers(address(nginx));
        }
    }

    // As nginx says it to a site that it serves by TLS.
    private Nginx nginx(Path socket) throws IOException {
        return Nginx.start(
                directory,
                Nginx.uwsgiPass("/", "unix:" + socket, "uwsgi_param HTTPS $http_host_is_by_tls if_not_empty;"));
    }

    private static SocketAddress address(Nginx nginx) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), nginx.port());
    }

    // There is no TLS in between.
    private static Map<String, String> overHttp(Map<String, String> expected) {
        Map<String, String> plain = new LinkedHashMap<>(expected);
        plain.replaceAll((ask, answer) -> answer.replace("https://", "http://"));
        return plain;
    }

    private static List<Map<String, String>> atOnce(int clients, SocketAddress address) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Map<String, String>>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                running.add(threads.submit(() -> answers(address)));
            }
            List<Map<String, String>> all = new ArrayList<>();
            for (Future<Map<String, String>> each : running) {
                all.add(each.get());
            }
            return all;
        }
    }

    private static Map<String, String> answers(SocketAddress address) throws IOException {
        Map<String, String> answers = new LinkedHashMap<>();
        String cookie = "";
        try (HttpPeer peer = HttpPeer.to(address)) {
            for (Ask ask : ASKED) {
                HttpPeer.Answer answer = ask.of(peer, cookie);
                if (ask.target().equals("/login")) {
                    cookie = answer.field("set-cookie").split(";", 2)[0];
                }
                answers.put(answers.size() + " " + ask.method() + " " + ask.target(), described(answer));
            }
        }
        return answers;
    }

    private static void same(String where, Map<String, String> answers, Map<String, String> expected) {
        Map<String, String> others = new LinkedHashMap<>(answers);
        others.entrySet().removeAll(expected.entrySet());
        Map<String, String> instead = new LinkedHashMap<>(expected);
        instead.entrySet().removeAll(answers.entrySet());
        assertThat(others).as(where).isEqualTo(instead);
    }

    private static String described(HttpPeer.Answer answer) {
        Map<String, String> fields = new TreeMap<>(answer.fields());
        fields.keySet().removeAll(LEFT_OUT);
        fields.computeIfPresent("set-cookie", (name, value) -> value.replaceAll("(?i)(^[^=]+=|expires=)[^;]*", "$1"));
        byte[] content = answer.content();
        String shown = content.length < 2000
                ? new String(content, ISO_8859_1)
                : content.length + " bytes, " + Arrays.hashCode(content);
        return "%d %s %s".formatted(answer.status(), fields, shown);
    }

    // What is to be seen in any framework; the rest is its own.
    private static void check(Map<String, String> answers, byte[] file) {
        String whole = "%d bytes, %d".formatted(file.length, Arrays.hashCode(file));
        List<String> all = List.copyOf(answers.values());

        assertThat(all.get(0)).contains("200 ", "hello B\u00c3\u00b6b hello B\u00c3\u00b6b, me");
        assertThat(all.get(4)).contains("200 ", "{\"name\": \"cup\", \"price\": 2.5}");
        assertThat(all.get(6)).contains("200 ", "cup: a.txt with 200000 bytes");
        assertThat(all.get(7)).startsWith("403 ");
        assertThat(all.get(8)).startsWith("303 ").contains("location=http://shop.example/me", "set-cookie=");
        assertThat(all.get(9)).startsWith("200 ").endsWith("ann");
        assertThat(all.get(10)).endsWith("http://shop.example/hello/Ann?twice=true");
        assertThat(all.get(11)).endsWith("https://shop.example/hello/Ann?twice=true");
        assertThat(all.get(12)).startsWith("200 ").endsWith(whole);
        assertThat(all.get(16)).startsWith("200 ").contains("\n98\n99\n");
        assertThat(all.get(18)).startsWith("404 ").contains("Nothing here");
        assertThat(all.get(19)).startsWith("500 ");
    }
}
