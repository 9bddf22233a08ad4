package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.PythonProgram;
import dev.loomgate.testkit.peers.Uwsgi;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules and static files as a real uWSGI has them: the same options, the same requests, the same answers.
@Timeout(600)
class RoutesDifferentialTest {
    private static final List<String> HEADERS = List.of(
            "Location",
            "WWW-Authenticate",
            "Content-Encoding",
            "Content-Type",
            "X-App",
            "X-A",
            "X-B",
            "X-C",
            "X-Always",
            "Last-Modified");

    private static final List<String> TARGETS = List.of(
            "/",
            "/a",
            "/a/",
            "/a/b/c",
            "/a?x=1&y=2",
            "/b",
            "/b/1",
            "/b/12?x=1",
            "/b/?x=",
            "/old/",
            "/old/x",
            "/old/x/y?z=1",
            "/older",
            "/u/7",
            "/u/7?a=b",
            "/u/x",
            "/u/7/more",
            "/%C3%A4",
            "/a%20b",
            "/a+b",
            "/error",
            "/error/2",
            "/secret",
            "/secret/x",
            "/skip",
            "/skip/on",
            "/static",
            "/static/",
            "/static/a.txt",
            "/static/a.txt?x=1",
            "/static/none.txt",
            "/static/b.css",
            "/static/c.php",
            "/static/sub/index.html",
            "/static/sub/",
            "/static/..%2fapp.py",
            "/static/%2e%2e/app.py",
            "/static/link.txt",
            "/static/noending",
            "/a.txt",
            "/one.txt",
            "/sub/index.html",
            "/app.py",
            "/x?next=/a",
            "/x?next=",
            "/x?a=1&next=2&next=3",
            "/$1",
            "/1",
            "/42",
            "/10",
            "/9");

    private static final List<Map<String, String>> REQUESTS = List.of(
            Map.of(),
            Map.of("Cookie", "c=v; d=w", "User-Agent", "old browser 1.0"),
            Map.of("Authorization", "Basic Ym9iOnNlY3JldA==", "Referer", "http://example.org/a"));

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void makeSite() throws Exception {
        Files.writeString(directory.resolve("app.py"), """
                def application(environ, start_response):
                    path = environ["PATH_INFO"]
                    status = "404 Not Found" if path.startswith("/error") else "200 OK"
                    start_response(status, [("Content-Type", "text/plain"), ("X-App", "yes"), ("X-C", "app")])
                    names = ["QUERY_STRING", "SCRIPT_NAME", "REMOTE_USER", "FOO", "REMOTE_ADDR", "wsgi.url_scheme"]
                    return [repr([path] + [environ.get(name) or "" for name in names]).encode()]
                """);
        Path files = Files.createDirectories(directory.resolve("public/sub"));
        Path root = files.getParent();
        Files.writeString(files.resolve("index.html"), "<h1>sub");
        Files.writeString(root.resolve("a.txt"), "0123456789");
        Files.writeString(root.resolve("b.css"), "b {}");
        Files.writeString(root.resolve("c.php"), "<?php");
        Files.writeString(root.resolve("noending"), "noending");
        Path safe = Files.createDirectories(directory.resolve("safe"));
        Files.writeString(safe.resolve("s.txt"), "safe");
        Files.createSymbolicLink(root.resolve("link.txt"), safe.resolve("s.txt"));
        Files.writeString(directory.resolve("page.html"), "<h1>page");
        Files.writeString(directory.resolve("users"), "bob:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n");
    }

    static Stream<List<String>> configurations() {
        return Stream.of(
                List.of(
                        "--route",
                        "^/old/(.*) redirect:/new/$1",
                        "--route",
                        "^/b/(\\d)(\\d*) redirect-permanent:/$2-$1$3"),
                List.of(
                        "--route",
                        "^/u/(\\d+)$ rewrite:/user?id=$1",
                        "--route",
                        "^(/user) addvar:FOO=$0",
                        "--route",
                        "^/a rewrite-last:/b%20c",
                        "--route",
                        "^/b addvar:FOO=never"),
                List.of(
                        "--route",
                        "^/skip goto:end",
                        "--route-run",
                        "addheader:X-A: ran",
                        "--route-label",
                        "end",
                        "--route-run",
                        "addheader:X-B: end",
                        "--route",
                        "^/skip/on last:",
                        "--route-run",
                        "addheader:X-C: ${QUERY_STRING}$1"),
                List.of(
                        "--route-if", "equal:${PATH_INFO};/a addvar:FOO=${qs[x]}",
                        "--route-if", "startswith:${PATH_INFO};/old addheader:X-A: ${REQUEST_METHOD}",
                        "--route-if", "endswith:${PATH_INFO};/ addheader:X-B: slash",
                        "--route-if", "contains:${QUERY_STRING};next addheader:X-A: ${qs[next]}",
                        "--route-if-not", "empty:${QUERY_STRING} addheader:X-C: $1query",
                        "--route-if", "regexp:${PATH_INFO};^/(\\d+)$ addheader:X-A: number $1",
                        "--route-if", "ishigher:${qs[x]};0 addheader:X-B: ${base64[QUERY_STRING]}",
                        "--route-if", "equal:${cookie[c]};v addheader:X-A: cookie ${cookie[d]}"),
                List.of(
                        "--route",
                        "^/secret basicauth:Keep out,bob:secret",
                        "--route",
                        "^/old return:403",
                        "--route",
                        "^/b break:410 Gone for good",
                        "--route",
                        "^/u return:404",
                        "--route-user-agent",
                        "^old addheader:X-A: old",
                        "--route-referer",
                        "example addheader:X-B: example",
                        "--route-qs",
                        "x=(\\d) addheader:X-A: x$1",
                        "--route-uri",
                        "^/a\\?x addheader:X-B: uri",
                        "--route-remote-addr",
                        "^127 addvar:FOO=local"),
                List.of(
                        "--route",
                        "^/secret basicauth:Keep out,DIRECTORY/users",
                        "--route",
                        "^/old setuser:ann:x",
                        "--route",
                        "^(/a) setpathinfo:/z$0",
                        "--route",
                        "^/b setscheme:https",
                        "--route",
                        "^/u setremoteaddr:10.0.0.1"),
                List.of(
                        "--route",
                        "^/old file:filename=DIRECTORY/page.html,status=201 Created",
                        "--route",
                        "^/b static:DIRECTORY/public/a.txt",
                        "--route",
                        "^/u file-next:filename=DIRECTORY/none",
                        "--route",
                        "^/u addheader:X-A: next",
                        "--add-header",
                        "X-Always: 1",
                        "--rem-header",
                        "X-C"),
                List.of(
                        "--error-route-status",
                        "404 redirect:/found",
                        "--response-route",
                        "^/b addheader:X-A: b",
                        "--response-route-if",
                        "equal:${uwsgi[status]};200 addheader:X-B: fine"),
                List.of(
                        "--static-map",
                        "/static=DIRECTORY/public",
                        "--static-map",
                        "/one.txt=DIRECTORY/public/a.txt",
                        "--static-map",
                        "/later=DIRECTORY/none",
                        "--static-skip-ext",
                        ".php",
                        "--route",
                        "^/static addheader:X-A: file",
                        "--route",
                        "^/static rewrite:/elsewhere"),
                List.of(
                        "--check-static",
                        "DIRECTORY/public",
                        "--static-map2",
                        "/static=DIRECTORY",
                        "--route-run",
                        "addheader:X-A: all"),
                List.of("--static-map", "/static=DIRECTORY/public", "--static-safe", "DIRECTORY/safe"));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void theAnswersAreUwsgis(List<String> withPlaces) throws Exception {
        Path real = directory.toRealPath();
        List<String> options = withPlaces.stream()
                .map(text -> text.replace("DIRECTORY", real.toString()))
                .toList();
        List<String> ours = new ArrayList<>(List.of("--http", "127.0.0.1:0", "-w", "app", "--python", Python.DEBIAN));
        ours.addAll(options);
        List<String> theirs = new ArrayList<>(
                List.of("--plugin", "python3,router_redirect,router_rewrite,router_static,router_basicauth"));
        theirs.addAll(options);
        try (Uwsgi uwsgi = Uwsgi.http(directory, PythonProgram.of(directory, "app"), theirs.toArray(String[]::new));
                LoomgateProcess loomgate = LoomgateProcess.start(directory, ours.toArray(String[]::new))) {
            URI base = URI.create("http://127.0.0.1:" + ((InetSocketAddress) uwsgi.address()).getPort());
            Map<String, String> differences = new LinkedHashMap<>();
            for (String target : TARGETS) {
                for (Map<String, String> headers : REQUESTS) {
                    String expected = answer(URI.create(base + target.replace("$", "%24")), headers);
                    String answer = answer(loomgate.uri(target.replace("$", "%24")), headers);
                    // The interface wants a type wherever there is a body; uWSGI often sends none.
                    if (!expected.contains("Content-Type=")) {
                        answer = answer.replaceFirst("Content-Type=[^,]*, ", "");
                    }
                    if (!answer.equals(expected)) {
                        differences.put(target + headers, "uWSGI " + expected + " but " + answer);
                    }
                }
            }
            assertThat(differences).as(options.toString()).isEmpty();
        }
    }

    /// As t/python/forcecl.py of uWSGI's has it, and where the application gives no length.
    @ParameterizedTest
    @ValueSource(strings = {"remheader:Content-Length forcecl:", "fixcl:"})
    void theLengthIsTheBodys(String actions) throws Exception {
        Files.writeString(directory.resolve("sized.py"), """
                def application(environ, start_response):
                    path, own = environ["PATH_INFO"], environ["QUERY_STRING"].split("+")
                    write = start_response("200 OK", [("Content-Type", "text/plain")] + [("Content-Length", n) for n in own if n])
                    if path == "/written":
                        write(b"written, ")
                    if path == "/generated":
                        return (b"a" * 1000 for _ in range(100))
                    return [] if path == "/nothing" else [b"xxx", b"yyy"]
                """);
        List<String> rules = Stream.of(actions.split(" "))
                .flatMap(action -> Stream.of("--route-run", action))
                .toList();
        List<String> targets = new ArrayList<>(List.of("/", "/written", "/generated", "/nothing"));
        if (actions.contains("forcecl")) {
            targets.addAll(List.of("/?1", "/?1+2", "/generated?100"));
        }
        List<String> ours = new ArrayList<>(List.of("--http", "127.0.0.1:0", "-w", "sized", "--python", Python.DEBIAN));
        ours.addAll(rules);
        List<String> theirs = new ArrayList<>(List.of("--plugin", "python3"));
        theirs.addAll(rules);
        try (Uwsgi uwsgi = Uwsgi.http(directory, PythonProgram.of(directory, "sized"), theirs.toArray(String[]::new));
                LoomgateProcess loomgate = LoomgateProcess.start(directory, ours.toArray(String[]::new))) {
            URI base = URI.create("http://127.0.0.1:" + ((InetSocketAddress) uwsgi.address()).getPort());
            for (String target : targets) {
                assertThat(sized(loomgate.uri(target))).as(target).isEqualTo(sized(base.resolve(target)));
            }
        }
    }

    private String sized(URI uri) throws Exception {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
        return response.statusCode() + " " + response.headers().allValues("Content-Length") + " " + response.body();
    }

    private String answer(URI uri, Map<String, String> headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60));
        headers.forEach(request::header);
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        List<String> told = new ArrayList<>(List.of(Integer.toString(response.statusCode())));
        for (String name : HEADERS) {
            List<String> values = response.headers().allValues(name);
            if (!values.isEmpty()) {
                told.add(name + "=" + String.join(",", values).replaceFirst(";? ?charset=.*", ""));
            }
        }
        told.add(response.body());
        return told.toString();
    }
}
