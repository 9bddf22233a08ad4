package dev.loomgate.examples.guestbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.toolkit.Html;
import dev.loomgate.toolkit.security.CsrfProtection;
import dev.loomgate.toolkit.test.Call;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The guest book as a browser uses it.
class GuestBookTest {
    private static final Pattern TOKEN = Pattern.compile("name=\"csrf_token\" value=\"([^\"]+)\"");
    private static final byte[] PNG = "\u0089PNG, more or less".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    private Path pictures;

    private Client client;

    @BeforeEach
    void open() {
        client = Client.of(GuestBook.of(pictures, "sesame", "a key for the tests only"));
    }

    private TestResponse logIn(String password) {
        return protectedPost("/login").form("name", "Ada", "password", password).send();
    }

    private Call protectedPost(String path) {
        return protectedPost(client, path);
    }

    /// A POST with the token that the site's pages have in their forms.
    static Call protectedPost(Client client, String path) {
        Matcher token = TOKEN.matcher(client.get("/login").send().text());
        assertThat(token.find()).isTrue();
        return client.post(path).header(CsrfProtection.HEADER, token.group(1));
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.list(pictures)) {
            return files.toList();
        }
    }

    @Test
    void aStrangerReadsButDoesNotWrite() {
        assertThat(client.get("/").send().text()).contains("<h1>Guest book</h1>");
        assertThat(client.get("/sign").send().header("Location")).isEqualTo("/login");
        assertThat(protectedPost("/sign").form("text", "Hello").send().header("Location"))
                .isEqualTo("/login");
        assertThat(client.get("/").send().text()).doesNotContain("<article>");
    }

    @Test
    void theWrongPasswordMakesNoSession() {
        assertThat(logIn("open").code()).isEqualTo(403);
        assertThat(client.get("/sign").send().header("Location")).isEqualTo("/login");
        assertThat(protectedPost("/login")
                        .form("name", " ", "password", "sesame")
                        .send())
                .satisfies(response -> assertThat(response.code()).isEqualTo(422))
                .satisfies(response -> assertThat(response.text()).contains("What is your name?"));
    }

    @Test
    void anEntryIsShownAsItWasTyped() {
        assertThat(logIn("sesame").header("Location")).isEqualTo("/sign");

        String page = protectedPost("/sign")
                .field("text", "5 < 6 & \"so\" <script>")
                .file("picture", "", "application/octet-stream", new byte[0])
                .follow()
                .send()
                .text();

        assertThat(page)
                .contains("<h2>Ada</h2><p>5 &lt; 6 &amp; &#34;so&#34; &lt;script&gt;</p>")
                .doesNotContain("<img");
        assertThat(client.get("/picture/1").send().code()).isEqualTo(404);
        assertThat(client.get("/picture/2").send().code()).isEqualTo(404);
    }

    @Test
    void theLastEntryComesFirst() {
        logIn("sesame");
        protectedPost("/sign").form("text", "one").send();
        protectedPost("/sign").form("text", "two").send();

        assertThat(client.get("/").send().text()).containsSubsequence("two", "one");
    }

    @Test
    void aPictureIsKeptUnderANameOfOurOwn() throws IOException {
        logIn("sesame");

        String page = protectedPost("/sign")
                .field("text", "Look")
                .file("picture", "../../me.png", "image/png", PNG)
                .follow()
                .send()
                .text();

        assertThat(page).contains("<img src=/picture/1 ");
        assertThat(kept())
                .singleElement()
                .satisfies(file -> assertThat(file.getFileName().toString()).matches("[-0-9a-f]{36}\\.png"));
        TestResponse picture = client.get("/picture/1").send();
        assertThat(picture.body()).isEqualTo(PNG);
        assertThat(picture.header("Content-Type")).isEqualTo("image/png");
        assertThat(client.get("/picture/1")
                        .header("If-None-Match", picture.header("ETag"))
                        .send()
                        .code())
                .isEqualTo(304);
    }

    @Test
    void whatIsNoPictureIsRefused() throws IOException {
        logIn("sesame");

        assertThat(protectedPost("/sign")
                        .field("text", "Look")
                        .file("picture", "page.html", "text/html", PNG)
                        .send()
                        .code())
                .isEqualTo(415);
        assertThat(protectedPost("/sign")
                        .field("text", "Look")
                        .file("picture", "me.png", "image/png", new byte[(int) GuestBook.MAX_UPLOAD_BYTES])
                        .send()
                        .code())
                .isEqualTo(413);
        assertThat(protectedPost("/sign").form("text", " ").send().text()).contains("1 to 1000 characters");
        assertThat(kept()).isEmpty();
        assertThat(client.get("/").send().text()).doesNotContain("<article>");
    }

    @Test
    void whoLogsOutIsAStrangerAgain() {
        logIn("sesame");
        assertThat(client.get("/logout").send().code()).isEqualTo(405);

        protectedPost("/logout").send();

        assertThat(client.get("/sign").send().header("Location")).isEqualTo("/login");
    }

    @Test
    void aFormOfAnotherSiteIsRefused() {
        logIn("sesame");

        TestResponse without = client.post("/sign").form("text", "Hello").send();
        assertThat(without.code()).isEqualTo(403);
        assertThat(without.text()).contains("The request has no CSRF token");
        assertThat(protectedPost("/sign")
                        .header("Sec-Fetch-Site", "cross-site")
                        .form("text", "Hello")
                        .send()
                        .code())
                .isEqualTo(403);
        assertThat(client.post("/logout").send().code()).isEqualTo(403);
        assertThat(client.get("/").send().text()).doesNotContain("<article>");
    }

    @Test
    void theFormsHaveTheToken() {
        logIn("sesame");

        for (String form : List.of("/login", "/sign")) {
            Matcher token = TOKEN.matcher(client.get(form).send().text());
            assertThat(token.find()).isTrue();
            // The one of the form, and the one to log out.
            assertThat(token.find()).isTrue();
        }
        Matcher token = TOKEN.matcher(client.get("/sign").send().text());
        assertThat(token.find()).isTrue();
        assertThat(client.post("/sign")
                        .form("csrf_token", token.group(1), "text", "Hello")
                        .send()
                        .code())
                .isEqualTo(303);
    }

    @Test
    void allPagesHaveHeadersThatBrowsersObey() {
        for (String path : List.of("/", "/login", "/entries", "/nowhere")) {
            TestResponse response = client.get(path).send();

            assertThat(response.header("Content-Security-Policy"))
                    .contains("default-src 'self'", "frame-ancestors 'none'", Html.STYLE_SOURCE)
                    .doesNotContain("unsafe");
            assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
        }
    }

    @Test
    void programsReadAndWriteTheSameEntries() {
        TestResponse stranger = protectedPost("/entries")
                .header("Accept", "application/json")
                .form("text", "Hello")
                .send();
        assertThat(stranger.code()).isEqualTo(401);

        logIn("sesame");
        protectedPost("/entries").form("text", "one").send();
        TestResponse written = protectedPost("/entries")
                .field("text", "two")
                .file("picture", "me.png", "image/png", PNG)
                .send();

        assertThat(written.code()).isEqualTo(201);
        assertThat(written.text())
                .isEqualTo("{\"id\":2,\"author\":\"Ada\",\"text\":\"two\",\"picture\":\"/picture/2\"}");
        assertThat(client.get("/entries?order=OLDEST&limit=1").send().text())
                .isEqualTo(
                        "{\"total\":2,\"entries\":[{\"id\":1,\"author\":\"Ada\",\"text\":\"one\",\"picture\":null}]}");
        assertThat(client.get("/entries?author=Bob").send().text()).isEqualTo("{\"total\":0,\"entries\":[]}");
        assertThat(client.get("/entries?limit=101").send().code()).isEqualTo(400);
        assertThat(client.get("/").send().text()).contains("one", "two");
    }

    @Test
    void aProgramLogsInByJson() {
        String token = (String) client.get("/visitor").send().json(Map.class).get("csrfToken");

        TestResponse wrong = client.post("/visitor")
                .header(CsrfProtection.HEADER, token)
                .json(Map.of("name", "Ada", "password", "open"))
                .send();
        TestResponse right = client.post("/visitor")
                .header(CsrfProtection.HEADER, token)
                .json(Map.of("name", "Ada", "password", "sesame"))
                .send();

        assertThat(wrong.code()).isEqualTo(403);
        assertThat(right.json(Map.class).get("name")).isEqualTo("Ada");
        assertThat(client.get("/visitor").send().json(Map.class).get("name")).isEqualTo("Ada");
    }

    @Test
    void onlyWhoHasLoggedInCanLogOut() {
        assertThat(client.get("/").send().text()).doesNotContain("Log out");
        assertThat(client.get("/login").send().text()).doesNotContain("Log out");

        logIn("sesame");

        assertThat(client.get("/").send().text()).contains("<form method=post action=/logout>");
        assertThat(client.get("/sign").send().text()).contains("<form method=post action=/logout>");
    }

    @Test
    void theSiteForTryingOutLeavesNothingBehind() throws Exception {
        TemporarySite site = new TemporarySite("sesame");
        Server server = Server.builder(site)
                .options(ServerOptions.builder()
                        .loops(2)
                        .accessLogTo(OutputStream.nullOutputStream())
                        .build())
                .listen(ListenAddress.http("127.0.0.1:0"))
                .start();
        Path temporary = site.pictures();
        try (server;
                Client browser = Client.overHttp(
                        URI.create("http://" + server.addresses().getFirst()))) {
            client = browser;
            logIn("sesame");
            protectedPost("/sign")
                    .field("text", "Look")
                    .file("picture", "me.png", "image/png", PNG)
                    .send();
            assertThat(temporary).isNotEmptyDirectory();
        }
        assertThat(temporary).doesNotExist();
    }
}
