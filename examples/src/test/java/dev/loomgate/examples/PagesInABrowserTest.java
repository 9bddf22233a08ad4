package dev.loomgate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.LocalServer;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.Browser;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.Session;
import dev.loomgate.toolkit.debug.DebugPages;
import dev.loomgate.toolkit.events.Event;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.files.StaticFiles;
import dev.loomgate.toolkit.middleware.Gzip;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.sessions.Sessions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The toolkit's pages in a real browser; its pictures of them are in `target/screenshots`.
@Timeout(180)
class PagesInABrowserTest {
    static final Browser.Json JSON = new Browser.Json(
            JsonMapper.shared()::writeValueAsBytes, bytes -> JsonMapper.shared().readValue(bytes, Object.class));

    @TempDir
    private Path directory;

    private LocalServer server;
    private Browser browser;
    private String root;

    static final class Failing {
        String get(String name) {
            return greeting(name, "<script>document.title = 'injected'</script>");
        }

        private static String greeting(String name, String markup) {
            try {
                return "Hello " + Integer.parseInt(name);
            } catch (NumberFormatException e) {
                throw new IllegalStateException("no greeting for " + name + " " + markup, e);
            }
        }
    }

    static final class Failure {
        HttpException get(long code) {
            return HttpException.of((int) code);
        }
    }

    static final class Upload {
        Response get() {
            return Response.html("""
                <!doctype html><html lang=en><title>Upload</title><h1>Upload</h1>
                <form method=post enctype=multipart/form-data>
                <p><label>Title <input name=title></label>
                <p><label>File <input type=file name=file></label>
                <p><button>Send</button></form>
                """);
        }

        Response post(Request request) {
            String file = request.files()
                    .first("file")
                    .map(one -> one.filename() + ", " + one.size() + " bytes, " + one.mimetype())
                    .orElse("nothing");
            Session.of(request.environ()).put("last", file);
            return Response.redirect("/uploaded?title=" + request.form().get("title", ""));
        }
    }

    static final class Uploaded {
        String get(Request request) {
            return request.args().get("title", "") + ": "
                    + Session.of(request.environ()).get("last").orElse("nothing");
        }
    }

    /// Three events and a half-finished conversation, which the browser takes up again.
    static final class Events {
        Response get(Request request) {
            return Response.events(request, events -> {
                int seen = Integer.parseInt(events.lastEventId().orElse("0"));
                events.send(Event.ofRetry(Duration.ofMillis(10)));
                for (int i = seen + 1; i <= seen + 3; i++) {
                    events.send(Event.of("line " + i + "\n<b>ä€ & more</b>")
                            .withName("line")
                            .withId(Integer.toString(i)));
                }
            });
        }
    }

    @BeforeEach
    void start() throws Exception {
        Path files = Files.createDirectories(directory.resolve("site/css"));
        Files.writeString(directory.resolve("site/index.html"), """
            <!doctype html><html lang=en><meta charset=utf-8><title>Static</title>
            <link rel=stylesheet href=css/style.css><h1>Static files: ä</h1>
            <p id=script>no script</p><img src=picture.svg alt="a green disc" width=120>
            <script src=app.js></script>
            """);
        Files.writeString(
                files.resolve("style.css"), "body { background: rgb(230, 240, 255); font-family: sans-serif }");
        Files.writeString(
                directory.resolve("site/app.js"),
                "document.getElementById('script').textContent = 'the script has run';");
        Files.writeString(
                directory.resolve("site/picture.svg"),
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'><circle cx='5' cy='5' r='4'"
                        + " fill='green'/></svg>");
        WebApplication pages = WebApplication.of(
                Rule.of("/greet/<name>", Failing.class),
                Rule.of("/error/<int:code>", Failure.class),
                Rule.of("/upload", Upload.class),
                Rule.of("/uploaded", Uploaded.class),
                Rule.of("/events", Events.class));
        Application site = StaticFiles.of("/static", directory.resolve("site"))
                .withIndex("index.html")
                .around(Gzip.of())
                .around(Sessions.signed("a key for the tests only"))
                .wrap(DebugPages.of().wrap(pages));
        server = LocalServer.serve(site);
        root = "http://127.0.0.1:" + server.address().getPort();
        browser = new Browser(directory.resolve("profile"), JSON);
    }

    @AfterEach
    void stop() throws Exception {
        try (LocalServer _ = server) {
            browser.close();
        }
    }

    @Test
    void theDebugPageShowsTheFailureAndRunsNothing() throws Exception {
        browser.open(root + "/greet/Bob?a=1");
        browser.screenshot("debug");

        assertThat(browser.title()).startsWith("IllegalStateException: no greeting for Bob <script>");
        assertThat(browser.text())
                .contains("java.lang.IllegalStateException")
                .contains("Caused by java.lang.NumberFormatException")
                .contains("throw new IllegalStateException(\"no greeting for \" + name")
                .contains("GET /greet/Bob?a=1")
                .contains("/error/<int:code>");
        assertThat(Integer.parseInt(browser.run("return document.scripts.length")))
                .isZero();
    }

    @Test
    void theErrorPagesAreReadable() throws Exception {
        browser.open(root + "/error/404");
        browser.screenshot("error-404");
        assertThat(browser.title()).isEqualTo("404 Not Found");
        assertThat(browser.text()).contains("Not Found").contains("The requested URL was not found");

        String problem = browser.run("""
            const request = new XMLHttpRequest();
            request.open('GET', '/error/503', false);
            request.setRequestHeader('Accept', 'application/problem+json');
            request.send();
            document.body.innerText = request.responseText;
            return request.status + ' ' + request.getResponseHeader('Content-Type')
                + ' ' + JSON.parse(request.responseText).title;
            """);
        browser.screenshot("problem-503");
        assertThat(problem).isEqualTo("503 application/problem+json Service Unavailable");
    }

    @Test
    void aStaticDirectoryIsASite() throws Exception {
        browser.open(root + "/static");
        browser.screenshot("static");

        assertThat(browser.url()).isEqualTo(root + "/static/");
        assertThat(browser.text()).contains("Static files: ä").contains("the script has run");
        assertThat(browser.run("return getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(230, 240, 255)");
        assertThat(Integer.parseInt(browser.run("return document.images[0].naturalWidth")))
                .isPositive();
    }

    /// Also through gzip, which a browser asks for.
    @Test
    void anEventSourceGetsEventsAndComesBackForMore() throws Exception {
        browser.open(root + "/static");
        browser.run("""
            window.got = [];
            const source = new EventSource('/events');
            source.addEventListener('line', event => {
              got.push(event.lastEventId + ': ' + event.data.replace('\\n', ' | '));
              if (got.length === 7) source.close();
            });
            return '';
            """);
        Eventually.await(
                () -> "7 events", () -> browser.run("return window.got.length").equals("7"));

        assertThat(browser.run("return window.got.join(', ')"))
                .startsWith("1: line 1 | <b>ä€ & more</b>, 2: line 2 | ")
                .contains(", 6: line 6 | ")
                .endsWith(", 7: line 7 | <b>ä€ & more</b>");
    }

    @Test
    void aFormUploadsAFileAndTheSessionRemembersIt() throws Exception {
        Path file = Files.write(directory.resolve("ä b.bin"), new byte[200_000]);

        browser.open(root + "/upload").type("[name=title]", "Größe").type("[name=file]", file.toString());
        browser.screenshot("upload-form");
        browser.click("button");
        browser.screenshot("upload-done");

        assertThat(browser.url()).startsWith(root + "/uploaded");
        assertThat(browser.text()).contains("Größe: ä b.bin, 200000 bytes, application/octet-stream");
    }
}
