package dev.loomgate.tracker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.junit.LoomgateTest;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestEvents;
import dev.loomgate.toolkit.test.TestResponse;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Of the program as a client sees it, over HTTP.
@LoomgateTest(http = true)
class TrackerTest {
    private static final Pattern TOKEN = Pattern.compile("name=\"csrf_token\" value=\"([^\"]+)\"");

    static Application application() throws Exception {
        Database database = new Database("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        database.setPassword("admin", "welcome");
        return Site.application(database, "a secret for tests");
    }

    private static String token(Client client, String page) {
        Matcher token = TOKEN.matcher(client.get(page).send().text());
        assertThat(token.find()).as("a form on %s", page).isTrue();
        return token.group(1);
    }

    private static TestResponse logIn(Client client, String password) {
        return client.post("/login")
                .form("csrf_token", token(client, "/login"), "name", "admin", "password", password)
                .send();
    }

    /// Adds an issue by the API, and returns its URL there.
    private static String add(Client client, String title) {
        TestResponse made = client.post("/api/issues")
                .header("X-CSRF-Token", token(client, "/"))
                .json(Map.of("title", title, "text", "Since Monday."))
                .send();
        assertThat(made.code()).isEqualTo(201);
        return made.header("Location");
    }

    @Test
    void anIssueIsAddedReadChangedAndRemovedByTheApi(Client client) {
        logIn(client, "welcome");
        String token = token(client, "/");
        String url = add(client, "It leaks");

        TestResponse changed = client.put(url)
                .header("X-CSRF-Token", token)
                .json(Map.of("title", "It leaks", "text", "Not any more.", "state", "DONE"))
                .send();

        assertThat(changed.text()).contains("\"text\":\"Not any more.\",\"state\":\"DONE\",\"author\":\"admin\"");
        assertThat(client.get(url).send().text()).isEqualTo(changed.text());
        assertThat(client.get("/api/issues?state=DONE").send().text()).contains(changed.text());
        assertThat(client.get("/api/issues?state=DOING").send().text()).isEqualTo("[]");
        assertThat(client.delete(url).header("X-CSRF-Token", token).send().code())
                .isEqualTo(204);
        assertThat(client.delete(url).header("X-CSRF-Token", token).send().code())
                .isEqualTo(404);
        assertThat(client.get(url).send().code()).isEqualTo(404);
    }

    @Test
    void whatIsWrongInJsonIsToldByItsPointer(Client client) {
        logIn(client, "welcome");

        TestResponse refused = client.post("/api/issues")
                .header("X-CSRF-Token", token(client, "/"))
                .json(Map.of("title", " ", "text", ""))
                .send();

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.text()).contains("\"pointer\":\"/title\"");
    }

    @Test
    void aQueryThatIsNoneIsRefused(Client client) {
        assertThat(client.get("/api/issues?page=0").send().code()).isEqualTo(400);
        assertThat(client.get("/api/issues?state=LOST").send().code()).isEqualTo(400);
    }

    @Test
    void aFormMakesAnIssueWhoseTextIsEscaped(Client client) {
        logIn(client, "welcome");

        TestResponse made = client.post("/")
                .form("csrf_token", token(client, "/"), "title", "<b>bold</b>", "text", "<script>alert(1)</script>")
                .send();

        assertThat(made.code()).isEqualTo(303);
        assertThat(client.get(made.header("Location")).send().text())
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<b>bold", "<script>alert");
    }

    @Test
    void aFormThatIsWrongComesBackWithWhatWasWrittenAndWhatIsWrong(Client client) {
        logIn(client, "welcome");

        TestResponse again = client.post("/")
                .form("csrf_token", token(client, "/"), "title", "", "text", "Nobody's title")
                .send();

        assertThat(again.code()).isEqualTo(422);
        assertThat(again.text()).contains("<b class=\"error\">must not be blank</b>", "Nobody's title");
    }

    @Test
    void aChangeThatIsRefusedIsNotLostToWhoWroteIt(Client client) {
        logIn(client, "welcome");
        String page = add(client, "Before").substring("/api".length());

        TestResponse again = client.post(page)
                .form("csrf_token", token(client, page), "title", "", "text", "A long afternoon's work")
                .send();

        assertThat(again.code()).isEqualTo(422);
        assertThat(again.text()).contains("<textarea name=\"text\">A long afternoon's work</textarea>");
        assertThat(client.get(page).send().text()).contains("value=\"Before\"");
    }

    @Test
    void aFormWithoutAFileIsRefused(Client client) {
        logIn(client, "welcome");
        String page = add(client, "Without a file").substring("/api".length());

        assertThat(client.post(page + "/attachments")
                        .field("csrf_token", token(client, page))
                        .file("file", "", "application/octet-stream", new byte[0])
                        .send()
                        .code())
                .isEqualTo(422);
    }

    @Test
    void aWrongPasswordIsToldInTheForm(Client client) {
        TestResponse refused = logIn(client, "wrong");

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.text()).contains("<b class=\"error\">is not right</b>");
        assertThat(client.get("/").send().text()).contains("Log in").doesNotContain("Log out");
    }

    @Test
    void strangersReadAndDoNotWrite(Client client) {
        TestResponse refused = client.post("/api/issues")
                .header("X-CSRF-Token", token(client, "/login"))
                .json(Map.of("title", "Spam", "text", ""))
                .send();

        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.text()).contains("Log in first.");
        assertThat(client.get("/").send().code()).isEqualTo(200);
    }

    @Test
    void afterLoggingOutOneIsAStranger(Client client) {
        logIn(client, "welcome");
        client.post("/logout").form("csrf_token", token(client, "/")).send();

        assertThat(client.get("/").send().text()).contains("Log in").doesNotContain("Log out");
    }

    @Test
    void aFormOfAnotherSiteIsRefused(Client client) {
        logIn(client, "welcome");

        assertThat(client.post("/").form("title", "Spam", "text", "").send().code())
                .isEqualTo(403);
    }

    @Test
    void aFileIsAttachedAndDownloadedAndALargeOneIsRefused(Client client) {
        logIn(client, "welcome");
        String page = add(client, "With a file").substring("/api".length());
        String token = token(client, page);

        TestResponse attached = client.post(page + "/attachments")
                .field("csrf_token", token)
                .file("file", "../log.html", "text/html", "<i>".getBytes(US_ASCII))
                .send();

        assertThat(attached.header("Location")).isEqualTo(page);
        Matcher link = Pattern.compile("/attachments/\\d+\"")
                .matcher(client.get(page).send().text());
        assertThat(link.find()).isTrue();
        TestResponse file = client.get(link.group().replace("\"", "")).send();
        assertThat(file.text()).isEqualTo("<i>");
        assertThat(file.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(file.header("Content-Disposition")).startsWith("attachment");
        assertThat(client.post(page + "/attachments")
                        .header("X-CSRF-Token", token)
                        .file("file", "large", "text/plain", new byte[1_000_001])
                        .send()
                        .code())
                .isEqualTo(413);
    }

    @Test
    void whoListensLearnsOfChanges(Client client) throws Exception {
        logIn(client, "welcome");

        try (TestEvents events = client.events("/events")) {
            String url = add(client, "News");

            assertThat(events.take().orElseThrow()).satisfies(event -> {
                assertThat(event.name()).contains("added");
                assertThat(url).endsWith("/" + event.data().orElseThrow());
            });
        }
    }

    @Test
    void theApiIsDescribedAndPagesAreProtected(Client client) {
        assertThat(client.get("/openapi.json").send().text()).contains("\"/api/issues/{id}\"", "\"Draft\"");
        assertThat(client.get("/docs/").send().code()).isEqualTo(200);
        assertThat(client.get("/").send().header("Content-Security-Policy")).contains("script-src 'self' 'nonce-");
    }
}
