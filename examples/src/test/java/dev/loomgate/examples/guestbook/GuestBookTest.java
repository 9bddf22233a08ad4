package dev.loomgate.examples.guestbook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The guest book as a browser uses it.
class GuestBookTest {
    private static final byte[] PNG = "\u0089PNG, more or less".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    private Path pictures;

    private Client client;

    @BeforeEach
    void open() {
        client = Client.of(GuestBook.of(pictures, "sesame", "a key for the tests only"));
    }

    private TestResponse logIn(String password) {
        return client.post("/login").form("name", "Ada", "password", password).send();
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
        assertThat(client.post("/sign").form("text", "Hello").send().header("Location"))
                .isEqualTo("/login");
        assertThat(client.get("/").send().text()).doesNotContain("<article>");
    }

    @Test
    void theWrongPasswordMakesNoSession() {
        assertThat(logIn("open").code()).isEqualTo(403);
        assertThat(client.cookies().value("session")).isEmpty();
        assertThat(client.post("/login").form("name", " ", "password", "sesame").send())
                .satisfies(response -> assertThat(response.code()).isEqualTo(422))
                .satisfies(response -> assertThat(response.text()).contains("What is your name?"));
    }

    @Test
    void anEntryIsShownAsItWasTyped() {
        assertThat(logIn("sesame").header("Location")).isEqualTo("/sign");

        String page = client.post("/sign")
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
        client.post("/sign").form("text", "one").send();
        client.post("/sign").form("text", "two").send();

        assertThat(client.get("/").send().text()).containsSubsequence("two", "one");
    }

    @Test
    void aPictureIsKeptUnderANameOfOurOwn() throws IOException {
        logIn("sesame");

        String page = client.post("/sign")
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

        assertThat(client.post("/sign")
                        .field("text", "Look")
                        .file("picture", "page.html", "text/html", PNG)
                        .send()
                        .code())
                .isEqualTo(415);
        assertThat(client.post("/sign")
                        .field("text", "Look")
                        .file("picture", "me.png", "image/png", new byte[(int) GuestBook.MAX_UPLOAD_BYTES])
                        .send()
                        .code())
                .isEqualTo(413);
        assertThat(client.post("/sign").form("text", " ").send().text()).contains("1 to 1000 characters");
        assertThat(kept()).isEmpty();
        assertThat(client.get("/").send().text()).doesNotContain("<article>");
    }

    @Test
    void whoLogsOutIsAStrangerAgain() {
        logIn("sesame");
        assertThat(client.get("/logout").send().code()).isEqualTo(405);

        client.post("/logout").send();

        assertThat(client.cookies().value("session")).isEmpty();
        assertThat(client.get("/sign").send().header("Location")).isEqualTo("/login");
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
            browser.post("/login").form("name", "Ada", "password", "sesame").send();
            browser.post("/sign")
                    .field("text", "Look")
                    .file("picture", "me.png", "image/png", PNG)
                    .send();
            assertThat(temporary).isNotEmptyDirectory();
        }
        assertThat(temporary).doesNotExist();
    }
}
