package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.Nginx;
import dev.loomgate.testkit.peers.Programs;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Python applications by the command line, as an operator starts them.
@Timeout(180)
class PythonCommandTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path directory;

    private void program(String name, String answer) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".py"), """
                def application(environ, start_response):
                    start_response("200 OK", [("Content-Type", "text/plain")])
                    return [("%s " + environ["SCRIPT_NAME"] + "|" + environ["PATH_INFO"]).encode("latin-1")]
                """.formatted(answer));
        // Python compares a source file with what it has compiled by its time in whole seconds, and its length.
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(answer.length())));
    }

    private List<String> arguments(String... more) {
        List<String> all = new ArrayList<>(List.of("--python", Python.DEBIAN));
        all.addAll(Arrays.asList(more));
        return all;
    }

    private LoomgateProcess start(String... more) throws IOException, InterruptedException {
        return LoomgateProcess.start(directory, arguments(more).toArray(String[]::new));
    }

    private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri).timeout(LIMIT).build(), BodyHandlers.ofString());
    }

    private void awaitAnswer(URI uri, Predicate<String> expected) throws Exception {
        Instant end = Instant.now().plus(LIMIT);
        String body = get(uri).body();
        while (!expected.test(body)) {
            assertThat(Instant.now()).as(body).isBefore(end);
            Thread.sleep(20);
            body = get(uri).body();
        }
    }

    /// The article's last command line, on the article's own file, behind nginx.
    @Test
    void theArticlesCommandRunsTheArticlesFile() throws Exception {
        Path programs = Files.createDirectory(directory.resolve("your_package"));
        Programs.copy("article.py", programs.resolve("uwsgi.py"));
        Files.writeString(programs.resolve("__init__.py"), "");
        Path socket = directory.resolve("uwsgi.sock");
        try (LoomgateProcess loomgate = start(
                        "--asyncio",
                        "512",
                        "-s",
                        socket.toString(),
                        "--greenlet",
                        "-w",
                        "your_package.uwsgi",
                        "--chmod-socket=666");
                Nginx nginx = Nginx.start(directory, Nginx.uwsgiPass("/", "unix:" + socket))) {
            assertThat(get(nginx.uri("/")).body()).isEqualTo("Hello world!");
            assertThat(get(nginx.uri("/user?name=Bob")).body()).isEqualTo("Hello Bob!");
            assertThat(get(nginx.uri("/nope")).statusCode()).isEqualTo(404);
            assertThat(loomgate.signal("TERM").status()).isZero();
        }
    }

    @Test
    void javaAndPythonShareAUrlSpace() throws Exception {
        program("wiki", "wiki");
        program("blog", "blog");
        try (LoomgateProcess loomgate = start(
                "--http",
                "127.0.0.1:0",
                "-p",
                "2",
                "--mount",
                "/wiki=wiki",
                "--mount",
                "/blog=blog.py",
                "--mount",
                "/article=java:dev.loomgate.examples.ArticleApplication",
                "--no-default-app")) {
            assertThat(get(loomgate.uri("/wiki/a/b")).body()).isEqualTo("wiki /wiki|/a/b");
            assertThat(get(loomgate.uri("/blog")).body()).isEqualTo("blog /blog|");
            assertThat(get(loomgate.uri("/article/user?name=Bob")).body()).isEqualTo("Hello Bob!");
            assertThat(get(loomgate.uri("/")).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void itEndsWhenNoApplicationHasAnythingToDo() throws Exception {
        program("wiki", "wiki");
        program("blog", "blog");
        try (LoomgateProcess loomgate = start(
                "--http",
                "127.0.0.1:0",
                "--mount",
                "/wiki=wiki",
                "--mount",
                "/blog=blog",
                "--idle",
                "1",
                "--die-on-idle")) {
            assertThat(loomgate.status()).isZero();
            assertThat(loomgate.err()).containsSubsequence("blog: no request for 1 s", "stopping on --die-on-idle");
            assertThat(loomgate.err()).contains("wiki: no request for 1 s");
        }
    }

    @Test
    void sighupLoadsAnew() throws Exception {
        program("shop", "old");
        try (LoomgateProcess loomgate = start("--http", "127.0.0.1:0", "-w", "shop")) {
            assertThat(get(loomgate.uri("/")).body()).isEqualTo("old |/");
            program("shop", "new one");
            loomgate.signal("HUP");
            awaitAnswer(loomgate.uri("/"), body -> body.equals("new one |/"));
            Files.writeString(directory.resolve("shop.py"), "import nothing_of_that_name\n");
            loomgate.signal("HUP");
            loomgate.await(Pattern.compile("the previous version keeps serving.*nothing_of_that_name"));
            assertThat(get(loomgate.uri("/")).body()).isEqualTo("new one |/");
        }
    }

    @Test
    void sighupDuringTheFirstLoadLoadsOnceMore() throws Exception {
        Files.writeString(directory.resolve("value"), "old");
        Files.writeString(directory.resolve("shop.py"), """
                import os
                import time

                value = open("value").read()
                print("has read", value, flush=True)
                while not os.path.exists("go"):
                    time.sleep(0.01)

                def application(environ, start_response):
                    start_response("200 OK", [])
                    return [value.encode()]
                """);
        try (LoomgateProcess loomgate = LoomgateProcess.launch(
                directory, arguments("--http", "127.0.0.1:0", "-w", "shop").toArray(String[]::new))) {
            loomgate.await(Pattern.compile("has read old"));
            Files.writeString(directory.resolve("value"), "new");
            loomgate.signal("HUP");
            loomgate.await(Pattern.compile("SIGHUP: the program is being loaded for the first time"));
            Files.writeString(directory.resolve("go"), "");
            loomgate.await(Pattern.compile("engine [a-z]+, transport"));
            awaitAnswer(loomgate.uri("/"), "new"::equals);
        }
    }

    @Test
    void aViewMayReloadByASignalToItsParent() throws Exception {
        Files.writeString(directory.resolve("shop.py"), """
                import os
                import signal

                def application(environ, start_response):
                    if environ["PATH_INFO"] == "/reload":
                        os.kill(os.getppid(), signal.SIGHUP)
                    start_response("200 OK", [])
                    return [str(os.getppid()).encode()]
                """);
        try (LoomgateProcess loomgate = start("--http", "127.0.0.1:0", "-w", "shop")) {
            HttpResponse<String> first = get(loomgate.uri("/reload"));
            assertThat(first.statusCode()).isEqualTo(200);
            awaitAnswer(loomgate.uri("/"), body -> !body.equals(first.body()));
            assertThat(loomgate.err()).contains("SIGHUP has come to the process that forks the workers of shop");
            assertThat(loomgate.err().split("shop is reloaded: ", -1)).hasSize(2);
            assertThat(loomgate.err()).doesNotContain("ERROR");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1023", "16777217", "4g", "4294968320"})
    void aLineOfOutputHasALeastAndAMostLength(String bytes) throws Exception {
        program("shop", "never");
        try (LoomgateProcess loomgate = LoomgateProcess.launch(
                directory,
                arguments("--http", "127.0.0.1:0", "-w", "shop", "--max-output-line", bytes)
                        .toArray(String[]::new))) {
            assertThat(loomgate.status()).isNotZero();
            assertThat(loomgate.err()).contains("--max-output-line", "1k to 16m");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ALRM", "VTALRM", "PROF", "IO", "PWR"})
    void aSignalWithoutAMeaningDoesNothing(String signal) throws Exception {
        program("shop", "served");
        try (LoomgateProcess loomgate = start("--http", "127.0.0.1:0", "-w", "shop")) {
            loomgate.signal(signal);
            // Answered after it: signals are handled in another thread.
            loomgate.signal("HUP");
            loomgate.await(Pattern.compile("is being reloaded"));
            assertThat(get(loomgate.uri("/")).body()).isEqualTo("served |/");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--touch-reload", "--py-autoreload", "--fs-reload", "--touch-workers-reload --lazy-apps"})
    void aFileThatChangesLoadsAnew(String option) throws Exception {
        program("shop", "old");
        Path touched = Files.writeString(directory.resolve("touched"), "");
        Path inside = Files.writeString(
                Files.createDirectory(directory.resolve("watched")).resolve("entry"), "");
        List<String> args = new ArrayList<>(List.of("--http", "127.0.0.1:0", "-w", "shop"));
        args.addAll(List.of(option.split(" ")));
        args.add(
                5,
                switch (args.get(4)) {
                    case "--py-autoreload" -> "0.2";
                    case "--fs-reload" -> "watched";
                    default -> touched.toString();
                });
        try (LoomgateProcess loomgate = start(args.toArray(String[]::new))) {
            assertThat(get(loomgate.uri("/")).body()).isEqualTo("old |/");
            program("shop", "new one");
            Files.setLastModifiedTime(touched, FileTime.from(Instant.now().plusSeconds(5)));
            Files.setLastModifiedTime(inside, FileTime.from(Instant.now().plusSeconds(5)));
            awaitAnswer(loomgate.uri("/"), body -> body.equals("new one |/"));
        }
    }

    @Test
    void aTouchedFileThatIsNotThereIsWarnedOf() throws Exception {
        program("shop", "old");
        try (LoomgateProcess loomgate = start("--http", "127.0.0.1:0", "-w", "shop", "--touch-reload", "./touched")) {
            assertThat(get(loomgate.uri("/")).body()).isEqualTo("old |/");
            assertThat(loomgate.err())
                    .contains("WARNING")
                    .contains("there is no file " + directory.toRealPath().resolve("touched") + " (--touch-reload)");
            program("shop", "new one");
            Files.writeString(directory.resolve("touched"), "");
            awaitAnswer(loomgate.uri("/"), body -> body.equals("new one |/"));
        }
    }

    @Test
    void theLogNamesAnOptionAsItWasTyped() throws Exception {
        try (LoomgateProcess loomgate =
                LoomgateProcess.launch(directory, "--http", "127.0.0.1:0", "-w", "shop", "--venv", "./nope")) {
            assertThat(loomgate.status()).isEqualTo(1);
            assertThat(loomgate.err())
                    .contains("there is no directory " + directory.toRealPath().resolve("nope") + " (--venv)");
        }
    }

    @Test
    void aMountedModuleThatIsMissingMayBeAJavaClass() throws Exception {
        try (LoomgateProcess loomgate = start(
                "--http", "127.0.0.1:0", "--mount", "/shop=Shop", "--mount", "/wiki=wiki", "--mount", "/a=a.py")) {
            assertThat(loomgate.err())
                    .contains("there is no module 'Shop' (--mount, where a Java class is java:Shop); looked in: ")
                    .contains("there is no module 'wiki' (--mount); looked in: ")
                    .contains("there is no file 'a.py' (--mount); ");
        }
    }

    @Test
    void theStartUpLineSaysWhoTakesConnections() throws Exception {
        program("wiki", "wiki");
        try (LoomgateProcess loomgate = start("-s", "uwsgi.sock", "-w", "wiki", "--transport", "nio")) {
            loomgate.await(
                    Pattern.compile("transport nio; the JVM takes its connections: transport is nio \\(--direct\\)"));
        }
    }

    @Test
    void directModeThatCannotBeEndsWithOneMessage() throws Exception {
        program("wiki", "wiki");
        try (LoomgateProcess loomgate = LoomgateProcess.launch(
                directory,
                arguments("-s", "uwsgi.sock", "-w", "wiki", "--transport", "nio", "--direct", "on")
                        .toArray(String[]::new))) {
            assertThat(loomgate.status()).isEqualTo(1);
            assertThat(loomgate.err())
                    .isEqualTo("loomgate: workers can't take the connections of uwsgi.sock (--direct is on):"
                            + " transport is nio\n");
        }
    }

    @Test
    void needAppEndsWithOneMessage() throws Exception {
        try (LoomgateProcess loomgate = LoomgateProcess.launch(
                directory,
                arguments("--http", "127.0.0.1:0", "-w", "missing_site", "--need-app")
                        .toArray(String[]::new))) {
            assertThat(loomgate.status()).isEqualTo(22);
            // Besides that, the loops may say that they run on the fallback.
            assertThat(loomgate.err().lines().filter(line -> !line.contains("java --add-opens")))
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .startsWith("loomgate: there is no module 'missing_site' (-w); looked in: " + directory)
                    .doesNotContain(".jar")
                    .doesNotContain(".zip");
        }
    }

    @Test
    void whatUwsgisCommandLinesHaveIsAccepted() throws Exception {
        program("shop", "shop");
        try (LoomgateProcess loomgate = start(
                "--http",
                "127.0.0.1:0",
                "--master",
                "--vacuum",
                "--die-on-term",
                "--enable-threads",
                "--plugin",
                "python3",
                "--module",
                "shop:application",
                "--threads",
                "2",
                "--env",
                "A=B",
                "--harakiri",
                "30",
                "--max-requests",
                "5000")) {
            assertThat(get(loomgate.uri("/x")).body()).isEqualTo("shop |/x");
            assertThat(loomgate.signal("TERM").status()).isZero();
        }
    }

    @Test
    void filesOfADirectoryGoBeforeAPythonSite() throws Exception {
        program("shop", "shop");
        Path files = Files.createDirectories(directory.resolve("public/css"));
        Files.writeString(files.resolve("a.css"), "a {}");
        Files.writeString(files.resolve("a.css.gz"), "packed");
        Files.writeString(directory.resolve("public/.env"), "secret");
        try (LoomgateProcess loomgate = start(
                "--http", "127.0.0.1:0", "-w", "shop", "--static-map", "/static=" + directory.resolve("public"))) {
            HttpResponse<String> plain = get(loomgate.uri("/static/css/a.css"));
            assertThat(plain.body()).isEqualTo("a {}");
            assertThat(plain.headers().firstValue("Content-Type").orElse("")).startsWith("text/css");
            HttpRequest packed = HttpRequest.newBuilder(loomgate.uri("/static/css/a.css"))
                    .header("Accept-Encoding", "gzip")
                    .header("Range", "bytes=0-2")
                    .build();
            assertThat(http.send(packed, BodyHandlers.ofString()).body()).isEqualTo("pac");
            assertThat(get(loomgate.uri("/static/none.css")).body()).isEqualTo("shop |/static/none.css");
            assertThat(get(loomgate.uri("/static/.env")).body()).isEqualTo("shop |/static/.env");
            assertThat(get(loomgate.uri("/static/%2e%2e/shop.py")).body()).startsWith("shop |");
        }
    }

    @Test
    void aDirectoryThatIsNotThereIsToldAtTheStartAndFoundLater() throws Exception {
        program("shop", "shop");
        Path later = directory.resolve("later");
        try (LoomgateProcess loomgate =
                start("--http", "127.0.0.1:0", "-w", "shop", "--static-map", "/static=" + later)) {
            assertThat(loomgate.err()).contains("there is no " + later + " yet");
            assertThat(get(loomgate.uri("/static/a.txt")).body()).isEqualTo("shop |/static/a.txt");
            Files.createDirectories(later);
            Files.writeString(later.resolve("a.txt"), "now");
            assertThat(get(loomgate.uri("/static/a.txt")).body()).isEqualTo("now");
        }
    }

    @Test
    void withoutARootTheFirstMountedHasWhatIsNotMounted() throws Exception {
        Files.writeString(directory.resolve("one.wsgi"), """
                def application(environ, start_response):
                    start_response("200 OK", [])
                    return [("one " + environ["PATH_INFO"]).encode()]
                """);
        program("two", "two");
        try (LoomgateProcess loomgate =
                start("--http", "127.0.0.1:0", "--mount", "/one=one.wsgi", "--mount", "/two=two")) {
            assertThat(get(loomgate.uri("/one/a")).body()).isEqualTo("one /a");
            assertThat(get(loomgate.uri("/two/a")).body()).isEqualTo("two /two|/a");
            assertThat(get(loomgate.uri("/other")).body()).isEqualTo("one /other");
        }
    }

    @Test
    void withRulesTheServerTakesConnectionsAndSaysSo() throws Exception {
        program("shop", "shop");
        try (LoomgateProcess loomgate = start("-s", "uwsgi.sock", "-w", "shop", "--route", "^/old redirect:/new")) {
            assertThat(loomgate.err()).contains("the JVM takes its connections", "(rules, middleware,");
        }
    }

    @Test
    void rulesChangeTheHeadersOfAFailure() throws Exception {
        Files.writeString(directory.resolve("broken.py"), """
                def application(environ, start_response):
                    raise ValueError(environ["PATH_INFO"])
                """);
        try (LoomgateProcess loomgate = start(
                "--http",
                "127.0.0.1:0",
                "-w",
                "broken",
                "--error-route-status",
                "500 addheader:X-Failed: yes",
                "--error-route-run",
                "redirect:/elsewhere")) {
            HttpResponse<String> response = get(loomgate.uri("/"));
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).contains("the application failed");
            assertThat(response.headers().firstValue("X-Failed")).hasValue("yes");
        }
    }

    @Test
    void aRuleCanKeepARequestOutOfTheLog() throws Exception {
        program("shop", "shop");
        try (LoomgateProcess loomgate = start("--http", "127.0.0.1:0", "-w", "shop", "--route", "^/quiet donotlog:")) {
            get(loomgate.uri("/quiet"));
            get(loomgate.uri("/loud"));
            loomgate.signal("TERM").status();
            assertThat(loomgate.err() + loomgate.out()).contains("/loud").doesNotContain("/quiet");
        }
    }

    @Test
    void inDevelopmentABrowserOnThisMachineGetsThePageOfAFailure() throws Exception {
        Files.writeString(directory.resolve("broken.py"), """
                def application(environ, start_response):
                    raise ValueError("<no> " + environ["PATH_INFO"])
                """);
        try (LoomgateProcess loomgate = start("--http", "127.0.0.1:0", "-w", "broken", "--development")) {
            HttpRequest request = HttpRequest.newBuilder(loomgate.uri("/here"))
                    .header("Accept", "text/html")
                    .build();
            HttpResponse<String> page = http.send(request, BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(500);
            assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
            assertThat(page.body()).contains("ValueError: &lt;no&gt; /here", "raise ValueError");
            assertThat(get(loomgate.uri("/here")).body()).contains("ValueError: <no> /here", "raise ValueError");
        }
        try (LoomgateProcess loomgate = start("--http", "127.0.0.1:0", "-w", "broken")) {
            assertThat(get(loomgate.uri("/here")).body()).doesNotContain("ValueError");
        }
    }

    @Test
    void usr1HasWorkersLogWhatRunsInThem() throws Exception {
        Path begun = directory.resolve("begun");
        Files.writeString(directory.resolve("slow.py"), """
                import time

                def application(environ, start_response):
                    open("begun", "w").close()
                    time.sleep(60)
                """);
        try (LoomgateProcess server = start(
                "--http", "127.0.0.1:0", "-w", "slow", "--processes", "2", "--mule", "--worker-reload-mercy", "1")) {
            var _ = http.sendAsync(
                    HttpRequest.newBuilder(server.uri("/somewhere")).build(), BodyHandlers.ofString());
            Eventually.await("begun", () -> Files.exists(begun));

            server.signal("USR1").await(Pattern.compile("GET /somewhere, thread .*, [0-9.]+ s:"));

            server.await(Pattern.compile("\\[worker [12]\\].* in application"));
            server.await(Pattern.compile("\\[worker [12]\\] nothing"));
            // A process that answers no requests writes the stacks of its threads.
            server.await(Pattern.compile("\\[mule 1\\].*most recent call first"));
            assertThat(server.isAlive()).isTrue();
        }
    }
}
