package dev.loomgate.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.templates.jte.JteTemplates;
import dev.loomgate.templates.pebble.PebbleTemplates;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import gg.jte.TemplateException;
import io.pebbletemplates.pebble.error.LoaderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatesTest {
    private static final String ATTACK = "\"><script>alert('1')</script>&";
    private static final String HARMLESS = "&lt;script&gt;";
    private static final Path SOURCES = Path.of("src", "test", "resources");

    @TempDir
    private static Path directory;

    private static Templates jte;

    enum Engine {
        JTE,
        PEBBLE;

        Client client() {
            return Client.of(site());
        }

        Application site() {
            return this == JTE
                    ? new NoteSite(jte, "list.jte", "rows.jte").application()
                    : new NoteSite(PebbleTemplates.of(SOURCES.resolve("pebble")), "list.peb", "list.peb#rows")
                            .application();
        }
    }

    @BeforeAll
    static void compile() {
        jte = JteTemplates.compiled(SOURCES.resolve("jte"), directory.resolve("classes"));
    }

    private static String found(String regex, String text) {
        Matcher matcher = Pattern.compile(regex).matcher(text);
        assertThat(matcher.find()).as("%s in %s", regex, text).isTrue();
        return matcher.group(1);
    }

    private static TestResponse post(Client client, String text) {
        String token = found(
                "name=\"csrf_token\" value=\"([^\"]+)\"", client.get("/").send().text());
        return client.post("/").form("csrf_token", token, "text", text).follow().send();
    }

    @ParameterizedTest
    @EnumSource
    void aFormIsSentWithItsTokenAndTheAnswerIsShownOnce(Engine engine) {
        Client client = engine.client();

        TestResponse saved = post(client, "Tea & cake");

        assertThat(saved.code()).isEqualTo(200);
        assertThat(saved.text())
                .startsWith("<!doctype html>")
                .contains("<title>Notes</title>", "Saved Tea &amp; cake", "Tea &amp; cake</", "action=\"/\"");
        assertThat(client.get("/").send().text()).doesNotContain("Saved").contains("Tea &amp; cake</");
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheTokenNothingIsSaved(Engine engine) {
        Client client = engine.client();
        client.get("/").send();

        assertThat(client.post("/").form("text", "a").send().code()).isEqualTo(403);
        assertThat(client.get("/").send().text()).doesNotContain("<li>");
    }

    @ParameterizedTest
    @EnumSource
    void thePageAndItsPolicyHaveTheSameNonce(Engine engine) {
        TestResponse page = engine.client().get("/").send();

        String nonce = found("'nonce-([^']+)'", page.header("Content-Security-Policy"));
        assertThat(page.text()).contains("<style nonce=\"" + nonce + "\">", "<script nonce=\"" + nonce + "\">");
    }

    @ParameterizedTest
    @EnumSource
    void aWrongFieldIsShownAgainWithItsError(Engine engine) {
        TestResponse page = post(engine.client(), ATTACK + "x".repeat(100));

        assertThat(page.code()).isEqualTo(422);
        assertThat(page.text()).contains("&lt;130&gt; &amp; not 1 to 100");
        assertHarmless(page.text());
    }

    @ParameterizedTest
    @EnumSource
    void noHelperLetsMarkupThrough(Engine engine) {
        TestResponse page = post(engine.client(), ATTACK);

        assertThat(page.text()).contains(HARMLESS).doesNotContain("<i>");
        assertHarmless(page.text());
    }

    @ParameterizedTest
    @EnumSource
    void noValueEndsItsAttribute(Engine engine) {
        TestResponse page = post(engine.client(), "\" onfocus=\"alert(1)" + "x".repeat(100));

        assertThat(page.code()).isEqualTo(422);
        assertThat(page.text()).contains(" onfocus=").doesNotContain("\" onfocus=", "onfocus=\"");
    }

    private static void assertHarmless(String page) {
        assertThat(page).doesNotContain("<script>", ATTACK);
        assertThat(page.split("<script", -1)).as("the layout's own script").hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void urlsAreQuotedAndBelowTheApplicationsPath(Engine engine) {
        TestResponse page = post(engine.client(), "a/b ?#\"" + "x".repeat(100));

        assertThat(page.text()).contains("href=\"/note/a/b%20%3F%23%22xxx");
    }

    @ParameterizedTest
    @EnumSource
    void aPartOfThePageCanBeHadAlone(Engine engine) {
        Client client = engine.client();
        post(client, "one");

        String part = client.get("/").header("HX-Request", "true").send().text();

        assertThat(part.strip())
                .startsWith("<ul id=\"notes\">")
                .endsWith("</ul>")
                .contains("one</");
    }

    @Test
    void aLinkOfJteDoesNotRunAScript() {
        assertThat(post(Engine.JTE.client(), "javascript:alert(1)").text())
                .doesNotContain("href=\"javascript")
                .contains(">javascript:alert(1)</a>");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inDevelopmentAChangeIsSeenAtOnce(boolean byJte) throws IOException {
        Path sources = Files.createTempDirectory(directory, "sources");
        Path file = sources.resolve("page.html.jte");
        Files.writeString(file, "first");
        Templates templates = byJte
                ? JteTemplates.development(sources, sources.resolve("classes"))
                : PebbleTemplates.development(sources);
        Client client = Client.of((environ, startResponse) ->
                templates.view(new Request(environ), "page.html.jte").response().call(environ, startResponse));
        assertThat(client.get("/").send().text()).isEqualTo("first");

        Files.writeString(file, "second");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(10)));

        assertThat(client.get("/").send().text()).isEqualTo("second");
    }

    @Test
    void aTemplateThatIsMissingIsNamed() {
        Application missing = (environ, startResponse) ->
                jte.view(new Request(environ), "none.jte").response().call(environ, startResponse);
        Application other = (environ, startResponse) -> PebbleTemplates.of(SOURCES)
                .view(new Request(environ), "none.peb")
                .response()
                .call(environ, startResponse);

        assertThatThrownBy(() -> Client.of(missing).get("/").send())
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("none.jte");
        assertThatThrownBy(() -> Client.of(other).get("/").send())
                .isInstanceOf(LoaderException.class)
                .hasMessageContaining("none.peb");
    }

    @Test
    void theNameOfThePageIsTaken() {
        assertThatThrownBy(() -> new View((_, _) -> "").with("page", "mine"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("View.with: \"page\"");
        Response response = new View((values, errors) -> values + "" + errors)
                .with("a", 1)
                .withErrors(List.of())
                .response();
        assertThat(response.header("Content-Type")).contains("text/html; charset=utf-8");
    }
}
