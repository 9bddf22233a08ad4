package dev.loomgate.templates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.testkit.PagePrograms;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/pages.md says is so: its programs compile and answer, with the template that it shows.
class PagesPageTest {
    private static final Pattern TEMPLATE =
            Pattern.compile("`src/main/jte/(\\w+\\.jte)`:\n\n```html\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TOKEN = Pattern.compile("name=\"csrf_token\" value=\"([^\"]+)\"");

    @TempDir
    private Path directory;

    private static PagePrograms programs() throws IOException {
        return PagePrograms.of(Path.of("..", "docs/pages.md"));
    }

    private static Application site(URLClassLoader loader, String name) throws Exception {
        Method made = loader.loadClass(name).getDeclaredMethod("site");
        made.setAccessible(true);
        return (Application) made.invoke(null);
    }

    @Test
    void allOfItsProgramsAreRunHere() throws IOException {
        assertThat(programs().names()).containsExactly("Notes", "Club");
    }

    @Test
    void theNotesAreKeptAndShown() throws Exception {
        Path templates = Files.createDirectory(directory.resolve("jte"));
        Matcher template = TEMPLATE.matcher(programs().page());
        assertThat(template.find()).isTrue();
        Files.writeString(templates.resolve(template.group(1)), template.group(2));
        PagePrograms programs = programs()
                .with("src/main/jte", templates.toString())
                .with("target/jte-classes", directory.resolve("jte-classes").toString());

        try (URLClassLoader loader = programs.compile("Notes", directory);
                Client client = Client.https(site(loader, "Notes"))) {
            String token = token(client.get("/").send().text());

            TestResponse wrong =
                    client.post("/").form("text", " ", "csrf_token", token).send();
            assertThat(wrong.code()).isEqualTo(422);
            assertThat(wrong.text()).contains("<b>Write something, please.</b>");
            assertThat(client.post("/").form("text", "tea").send().code()).isEqualTo(403);
            assertThat(client.post("/")
                            .form("text", "<tea>", "csrf_token", token)
                            .follow()
                            .send()
                            .text())
                    .contains("<p class=\"success\">Your note is saved.</p>", "<li>&lt;tea&gt;</li>");
            assertThat(client.get("/").send().text()).doesNotContain("saved").contains("&lt;tea&gt;");
        }
    }

    private static String token(String page) {
        Matcher found = TOKEN.matcher(page);
        assertThat(found.find()).as(page).isTrue();
        return found.group(1);
    }

    @Test
    void theClubAsksForALogin() throws Exception {
        try (URLClassLoader loader = programs().compile("Club", directory);
                Client client = Client.of(site(loader, "Club"))) {
            assertThat(client.get("/club/").send().header("Location")).isEqualTo("/login");
            assertThat(client.post("/login").form("name", "Ann").follow().send().text())
                    .isEqualTo("Welcome");
        }
    }
}
