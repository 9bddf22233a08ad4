package dev.loomgate.toolkit.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.headers.CacheControl;
import dev.loomgate.toolkit.middleware.Mounts;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticFilesTest {
    private static final Instant TIME = Instant.parse("2026-11-20T12:00:00Z");
    private static final Application OTHER = (environ, startResponse) ->
            new Response("application " + environ.method() + " " + environ.path()).call(environ, startResponse);

    @TempDir
    private Path directory;

    private Path root;

    @BeforeEach
    void makeFiles() throws IOException {
        root = Files.createDirectories(directory.resolve("public"));
        write("public/a.txt", "0123456789");
        write("public/app.js", "let a = 1;");
        write("public/ä ö.html", "<p>ä");
        write("public/noext", "?");
        write("public/sub/index.html", "<h1>sub");
        write("public/sub/b.css", "p {}");
        write("public/..c", "dots");
        write("public/.env", "SECRET=1");
        write("public/.well-known/security.txt", "Contact: us");
        write("public-secret/a.txt", "secret");
        write("secret.txt", "secret");
        Files.createSymbolicLink(root.resolve("link-out"), directory.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("dir-out"), directory.resolve("public-secret"));
        Files.createSymbolicLink(root.resolve("link-in"), root.resolve("a.txt"));
    }

    private void write(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(TIME));
    }

    private static Client client(StaticFiles files) {
        return Client.of(new Lint().wrap(files.wrap(new Lint().wrap(OTHER))));
    }

    private Client client() {
        return client(StaticFiles.of("/static", root));
    }

    @ParameterizedTest
    @CsvSource({
        "a.txt,                        text/plain; charset=utf-8, 0123456789",
        "app.js,                       text/javascript; charset=utf-8, let a = 1;",
        "%C3%A4%20%C3%B6.html,         text/html; charset=utf-8, <p>ä",
        "noext,                        application/octet-stream, ?",
        "sub/b.css,                    text/css; charset=utf-8, p {}",
        "link-in,                      application/octet-stream, 0123456789",
        ".well-known/security.txt,     text/plain; charset=utf-8, Contact: us"
    })
    void aFileIsSentWithItsHeaders(String name, String type, String content) {
        TestResponse response = client().get("/static/" + name).send();

        assertThat(response.text()).isEqualTo(content);
        assertThat(response.header("Content-Type")).isEqualTo(type);
        assertThat(response.header("Content-Length")).isEqualTo("" + response.body().length);
        assertThat(response.header("Last-Modified")).isEqualTo("Fri, 20 Nov 2026 12:00:00 GMT");
        assertThat(response.header("ETag")).matches("\"[0-9a-f]+-[0-9a-f]+\"");
        assertThat(response.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(response.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a.txt",
                "/statica.txt",
                "/static",
                "/static/",
                "/static/x",
                "/static/a.txt/",
                "/static/a.txt/x",
                "/static/sub",
                "/static/sub/",
                "/static-secret/a.txt",
                "/static/../secret.txt",
                "/static/sub/../a.txt",
                "/static/%2e%2e/secret.txt",
                "/static/..%2fsecret.txt",
                "/static/%252e%252e/secret.txt",
                "/static/..%5csecret.txt",
                "/static/..\\secret.txt",
                "/static/sub%5cb.css",
                "/static/./a.txt",
                "/static//a.txt",
                "/static///etc/passwd",
                "/static//etc/passwd",
                "/static/%2Fetc/passwd",
                "/static/a.txt%00",
                "/static/%00",
                "/static/a.txt%0a",
                "/static/..c",
                "/static/.env",
                "/static/%2eenv",
                "/static/link-out",
                "/static/dir-out/a.txt",
                "/static/..%c0%afsecret.txt",
                "/static/~root",
                "/static/A.TXT"
            })
    void whatIsNotThereIsTheApplications(String target) {
        for (StaticFiles files :
                new StaticFiles[] {StaticFiles.of("/static", root), StaticFiles.of("/static/", root)}) {
            assertThat(client(files).get(target).send().text())
                    .as(target)
                    .startsWith("application GET /")
                    .doesNotContain("secret\n");
        }
    }

    @Test
    void aNameThatIsTooLongIsNotThere() {
        assertThat(client().get("/static/" + "x".repeat(5000)).send().text()).startsWith("application");
        assertThat(client().get("/static/" + "x/".repeat(3000) + "x").send().text())
                .startsWith("application");
    }

    @Test
    void otherMethodsAreTheApplications() {
        assertThat(client().post("/static/a.txt").send().text()).isEqualTo("application POST /static/a.txt");
        TestResponse head = client().head("/static/a.txt").send();
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo("10");
    }

    @Test
    void linksLeadOutOnlyWhereTheyAreToldTo() {
        Client client = client(StaticFiles.of("/static", root).withFollowedLinks());

        assertThat(client.get("/static/link-out").send().text()).isEqualTo("secret");
        assertThat(client.get("/static/dir-out/a.txt").send().text()).isEqualTo("secret");
        assertThat(client.get("/static/../secret.txt").send().text()).startsWith("application");
        for (String target : List.of("/static/link-out", "/static/dir-out/a.txt")) {
            assertThat(client().get(target).send().text()).isEqualTo("application GET " + target);
        }
    }

    @Test
    void conditionsAndRangesAreKept() {
        Client client = client();
        String etag = client.get("/static/a.txt").send().header("ETag");

        TestResponse same =
                client.get("/static/a.txt").header("If-None-Match", etag).send();
        TestResponse part =
                client.get("/static/a.txt").header("Range", "bytes=2-4").send();
        TestResponse parts =
                client.get("/static/a.txt").header("Range", "bytes=0-0,-1").send();
        TestResponse none =
                client.get("/static/a.txt").header("Range", "bytes=10-").send();

        assertThat(same.code()).isEqualTo(304);
        assertThat(same.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(client.get("/static/a.txt")
                        .header("If-Modified-Since", "Fri, 20 Nov 2026 12:00:00 GMT")
                        .send()
                        .code())
                .isEqualTo(304);
        assertThat(client.get("/static/a.txt")
                        .header("If-Match", "\"x\"")
                        .send()
                        .code())
                .isEqualTo(412);
        assertThat(part.code()).isEqualTo(206);
        assertThat(part.text()).isEqualTo("234");
        assertThat(part.header("Content-Range")).isEqualTo("bytes 2-4/10");
        assertThat(parts.code()).isEqualTo(206);
        assertThat(parts.header("Content-Type")).startsWith("multipart/byteranges");
        assertThat(none.code()).isEqualTo(416);
    }

    @Test
    void aDirectoryIsItsIndex() {
        Client client = client(StaticFiles.of("/static", root).withIndex("index.html"));

        assertThat(client.get("/static/sub/").send().text()).isEqualTo("<h1>sub");
        TestResponse redirect = client.get("/static/sub?a=%20b").send();
        assertThat(redirect.code()).isEqualTo(308);
        assertThat(redirect.header("Location")).isEqualTo("/static/sub/?a=%20b");
        assertThat(client.get("/static/sub").follow().send().text()).isEqualTo("<h1>sub");
        assertThat(client.get("/static/").send().text()).startsWith("application");
        assertThat(client.get("/static/.git/").send().text()).startsWith("application");
    }

    @Test
    void theRootMayBeAllOfTheHost() throws Exception {
        write("public/index.html", "home");
        write("public/evil.com/index.html", "not evil");
        Client client = client(StaticFiles.of("/", root).withIndex("index.html"));

        assertThat(client.get("/").send().text()).isEqualTo("home");
        assertThat(client.get("/a.txt").send().text()).isEqualTo("0123456789");
        assertThat(client.get("/evil.com").send().header("Location")).isEqualTo("/evil.com/");
        assertThat(client.get("//evil.com").send().text()).startsWith("application");
        assertThat(client.get("/%5cevil.com").send().text()).startsWith("application");
    }

    @Test
    void aMountedRedirectKeepsItsMount() {
        Application mounted = Mounts.of()
                .withMount(
                        "/ä",
                        StaticFiles.of("/static", root).withIndex("index.html").wrap(OTHER));

        assertThat(Client.of(mounted).get("/%C3%A4/static/sub").send().header("Location"))
                .isEqualTo("/%C3%A4/static/sub/");
    }

    @Test
    void theCacheControlIsWhatItIsToldToBe() {
        Client client = client(StaticFiles.of("/static", root)
                .withCacheControl(CacheControl.parse("public, max-age=3600, immutable")));

        assertThat(client.get("/static/a.txt").send().header("Cache-Control"))
                .isEqualTo("public, max-age=3600, immutable");
    }

    @ParameterizedTest
    @CsvSource({
        "'gzip, deflate, br', br",
        "gzip,                gzip",
        "'br;q=0.5, gzip',    gzip",
        "'br;q=0',            ''",
        "identity,            ''",
        "'identity, br;q=0.5', ''",
        "'*',                 br",
        "'',                  ''"
    })
    void aCompressedSiblingIsSentToWhoTakesIt(String accept, String coding) throws Exception {
        write("public/app.js.br", "brotli");
        write("public/app.js.gz", "gzipped");
        Client client = client(StaticFiles.of("/static", root).withPrecompressed());

        TestResponse response =
                client.get("/static/app.js").header("Accept-Encoding", accept).send();

        assertThat(response.header("Content-Encoding")).isEqualTo(coding);
        assertThat(response.text())
                .isEqualTo(
                        switch (coding) {
                            case "br" -> "brotli";
                            case "gzip" -> "gzipped";
                            default -> "let a = 1;";
                        });
        assertThat(response.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(response.header("Vary")).isEqualTo("Accept-Encoding");
        assertThat(response.header("ETag").endsWith("-" + coding + "\"")).isEqualTo(!coding.isEmpty());
        assertThat(client.get("/static/a.txt").send().header("Vary")).isEmpty();
    }

    @Test
    void anOldSiblingIsNotSent() throws Exception {
        write("public/app.js.br", "of yesterday");
        Files.setLastModifiedTime(root.resolve("app.js.br"), FileTime.from(TIME.minusSeconds(1)));
        Files.createSymbolicLink(root.resolve("app.js.gz"), directory.resolve("secret.txt"));

        assertThat(client(StaticFiles.of("/static", root).withPrecompressed())
                        .get("/static/app.js")
                        .header("Accept-Encoding", "br, gzip")
                        .send()
                        .text())
                .isEqualTo("let a = 1;");
    }

    @Test
    void aDirectoryWithTheNameOfAFileIsNone() throws Exception {
        Files.createDirectory(root.resolve("dir.txt"));

        assertThat(client().get("/static/dir.txt").send().text()).startsWith("application");
    }

    @Test
    void theClassPathIsADirectoryToo() {
        Client client = client(StaticFiles.ofClasspath("/static", StaticFilesTest.class, "/vectors/"));

        TestResponse response = client.get("/static/if_range.jsonl").send();

        assertThat(response.text()).contains("werkzeug");
        assertThat(response.header("ETag")).isNotEmpty();
        assertThat(client.get("/static/").send().text()).startsWith("application");
        assertThat(client.get("/static/../logback.xml").send().text()).startsWith("application");
        assertThat(client.get("/static/%2e%2e/dev/loomgate/toolkit/files/StaticFilesTest.class")
                        .send()
                        .text())
                .startsWith("application");
    }

    /// A JAR file with pages, and a class of it.
    @Test
    void filesOfAJarFileAreKeptInMemory() throws Exception {
        Path jar = directory.resolve("site.jar");
        String self = StaticFilesTest.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream output = new JarOutputStream(file)) {
            entry(output, "META-INF/resources/", new byte[0]);
            entry(output, "META-INF/resources/sub/", new byte[0]);
            entry(output, "META-INF/resources/sub/index.html", "<p>jar".getBytes(StandardCharsets.UTF_8));
            entry(output, "META-INF/resources/a.js", "plain".getBytes(StandardCharsets.UTF_8));
            entry(output, "META-INF/resources/a.js.gz", "zipped".getBytes(StandardCharsets.UTF_8));
            try (var input = StaticFilesTest.class.getResourceAsStream("/" + self)) {
                entry(output, self, input.readAllBytes());
            }
        }
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                return name.equals(StaticFilesTest.class.getName())
                        ? super.findClass(name)
                        : StaticFilesTest.class.getClassLoader().loadClass(name);
            }
        }) {
            Class<?> anchor = loader.loadClass(StaticFilesTest.class.getName());
            Client client = client(StaticFiles.ofClasspath("/", anchor, "META-INF/resources")
                    .withIndex("index.html")
                    .withPrecompressed());

            TestResponse page = client.get("/sub").follow().send();
            assertThat(page.text()).isEqualTo("<p>jar");
            assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
            assertThat(page.header("Last-Modified")).isEqualTo("Fri, 20 Nov 2026 12:00:00 GMT");
            assertThat(client.get("/sub/")
                            .header("If-None-Match", page.header("ETag"))
                            .send()
                            .code())
                    .isEqualTo(304);
            assertThat(client.get("/a.js")
                            .header("Accept-Encoding", "gzip")
                            .send()
                            .text())
                    .isEqualTo("zipped");
            assertThat(client.get("/a.js").header("Range", "bytes=1-2").send().text())
                    .isEqualTo("la");
            assertThat(client.get("/" + self).send().text()).startsWith("application");
            assertThat(client.get("/none").send().text()).startsWith("application");
        }
    }

    private static void entry(JarOutputStream output, String name, byte[] content) throws IOException {
        JarEntry entry = new JarEntry(name);
        entry.setLastModifiedTime(FileTime.from(TIME));
        output.putNextEntry(entry);
        output.write(content);
        output.closeEntry();
    }

    @Test
    void aWrongPlaceStopsTheStart() {
        assertThatThrownBy(() -> StaticFiles.of("static", root)).hasMessageContaining("must start with a slash");
        assertThatThrownBy(() -> StaticFiles.of("/static", root.resolve("none")))
                .hasMessageContaining("there is no directory");
        assertThatThrownBy(() -> StaticFiles.of("/static", root.resolve("a.txt")))
                .hasMessageContaining("not a directory");
        assertThatThrownBy(() -> StaticFiles.ofClasspath("/", StaticFilesTest.class, "/"))
                .hasMessageContaining("where the classes are");
    }

    @Test
    void aPathWithoutASlashIsTheApplications() throws Exception {
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", "GET");
        environ.put("PATH_INFO", "");
        StringBuilder called = new StringBuilder();

        StaticFiles.of("/", root)
                .wrap((_, startResponse) -> {
                    called.append("application");
                    return Body.empty();
                })
                .call(environ, (_, _, _) -> {})
                .close();

        assertThat(called).hasToString("application");
    }

    @Test
    void aDirectoryThatIsMadeLaterIsFound() throws IOException {
        Client client = client(StaticFiles.ofPlace("/later", directory.resolve("later")));

        assertThat(client.get("/later/a.txt").send().text()).isEqualTo("application GET /later/a.txt");
        write("later/a.txt", "now");
        assertThat(client.get("/later/a.txt").send().text()).isEqualTo("now");
    }

    @Test
    void aSingleFileHasItsPrefixAlone() {
        Client client = client(StaticFiles.ofPlace("/favicon.txt", root.resolve("a.txt")));

        assertThat(client.get("/favicon.txt").send().text()).isEqualTo("0123456789");
        assertThat(client.get("/favicon.txt.bak").send().text()).isEqualTo("application GET /favicon.txt.bak");
        assertThat(client.get("/favicon.txt/a.txt").send().text()).isEqualTo("application GET /favicon.txt/a.txt");
    }

    @Test
    void theWholePathIsLookedForWhereThatIsWanted() throws IOException {
        write("public/static/c.txt", "c");
        Client client = client(StaticFiles.ofPlace("/static", root).withWholePath());

        assertThat(client.get("/static/c.txt").send().text()).isEqualTo("c");
        assertThat(client.get("/static/a.txt").send().text()).startsWith("application");
        assertThat(client.get("/a.txt").send().text()).startsWith("application");
    }

    @Test
    void dotFilesAreSentWhereTheyAreAskedFor() {
        Client client = client(StaticFiles.ofPlace("/static", root).withDotFiles());

        assertThat(client.get("/static/.env").send().text()).isEqualTo("SECRET=1");
        assertThat(client.get("/static/../secret.txt").send().text()).startsWith("application");
    }

    @Test
    void aLinkMayLeadIntoASafeDirectory() throws IOException {
        Client client = client(StaticFiles.ofPlace("/static", root)
                .withSafe(List.of(directory.toRealPath().resolve("public-secret"))));

        assertThat(client.get("/static/dir-out/a.txt").send().text()).isEqualTo("secret");
        assertThat(client.get("/static/link-out").send().text()).startsWith("application");
    }

    @Test
    void namesWithASkippedEndingAreTheApplications() {
        Client client = client(StaticFiles.ofPlace("/static", root).withSkippedEndings(List.of(".js")));

        assertThat(client.get("/static/app.js").send().text()).startsWith("application");
        assertThat(client.get("/static/a.txt").send().text()).isEqualTo("0123456789");
    }

    @Test
    void theFirstRuleThatFitsTellsWhenAFileExpires() {
        Client client = client(StaticFiles.ofPlace("/static", root)
                .withExpires(List.of(
                        new Expires(Expires.Subject.FILE, Pattern.compile("a\\.txt$"), Duration.ofDays(1), true),
                        new Expires(Expires.Subject.TYPE, Pattern.compile("^text/"), Duration.ofDays(2), true))));

        assertThat(client.get("/static/a.txt").send().header("Expires")).isEqualTo("Sat, 21 Nov 2026 12:00:00 GMT");
        assertThat(client.get("/static/a.txt").send().header("Cache-Control")).isEmpty();
        assertThat(client.get("/static/sub/b.css").send().header("Expires")).isEqualTo("Sun, 22 Nov 2026 12:00:00 GMT");
        assertThat(client.get("/static/noext").send().header("Expires")).isEmpty();
        assertThat(client.get("/static/noext").send().header("Cache-Control")).isEqualTo("no-cache");
    }

    @Test
    void typesOfEndingsGoBeforeThoseThatAreBuiltIn() {
        Client client = client(StaticFiles.ofPlace("/static", root).withTypes(Map.of("txt", "x/y", "noext", "x/z")));

        assertThat(client.get("/static/a.txt").send().header("Content-Type")).isEqualTo("x/y");
        assertThat(client.get("/static/noext").send().header("Content-Type")).isEqualTo("application/octet-stream");
    }
}
