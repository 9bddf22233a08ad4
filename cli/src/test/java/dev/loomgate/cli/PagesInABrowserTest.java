package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.LocalServer;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.Browser;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The pages that Loomgate makes, in Debian's Chromium: on a telephone in the dark and in a wide window in the light
/// they fit, a screen reader can read them (axe-core), and the keyboard can reach all that can be clicked. Pictures
/// of them are in `target/screenshots`.
@Timeout(180)
class PagesInABrowserTest {
    private static final Browser.Json JSON = new Browser.Json(
            JsonMapper.shared()::writeValueAsBytes, bytes -> JsonMapper.shared().readValue(bytes, Object.class));
    private static final int MAX_TABS = 15;

    private static final String VIOLATIONS = """
            return axe.run({resultTypes: ["violations"]}).then(results => results.violations
                .filter(violation => ["serious", "critical"].includes(violation.impact))
                .map(violation => violation.id + " " + violation.nodes.map(node => node.target).join(" "))
                .join("\\n"));
            """;

    /// Which element has the keyboard, and whether somebody sees that.
    private static final String FOCUS = """
            const element = document.activeElement;
            if (element === document.body) return "";
            const style = getComputedStyle(element), place = element.getBoundingClientRect();
            const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1
                && place.width > 0 && place.right > 0 && place.left < innerWidth;
            return (seen ? "" : "unseen: ") + element.outerHTML.slice(0, 80);
            """;

    @TempDir
    private Path directory;

    private LocalServer server;
    private Browser browser;
    private String root;
    private String axe;

    @BeforeEach
    void start() throws Exception {
        try (InputStream script = Objects.requireNonNull(getClass().getResourceAsStream("/axe.min.js"))) {
            axe = new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
        server = LocalServer.serve(PageSite.in(directory));
        root = "http://127.0.0.1:" + server.address().getPort();
        browser = new Browser(directory.resolve("profile"), JSON);
    }

    @AfterEach
    void stop() throws Exception {
        try (LocalServer _ = server) {
            browser.close();
        }
    }

    // By their names, which the pictures have: where they are, and what is on them.
    private static Map<String, List<String>> pages() {
        Map<String, List<String>> pages = new LinkedHashMap<>();
        pages.put("book-entries", List.of("/", "5 < 6"));
        pages.put("book-form", List.of("/sign", "Log out"));
        pages.put("error-404", List.of("/nowhere", "Not Found"));
        pages.put("error-405", List.of("/logout", "Method Not Allowed"));
        pages.put("debug", List.of("/debug/", "IllegalStateException"));
        pages.put("reload", List.of("/broken/", "incompatible types"));
        pages.put("template-jte", List.of("/jte/", "Write something"));
        pages.put("template-pebble", List.of("/pebble/", "Write something"));
        return pages;
    }

    // Logs in and writes an entry; on the way is the page of a wrong field.
    private void write(String wrong) throws Exception {
        browser.open(root + "/login")
                .type("[name=name]", " ")
                .type("[name=password]", "sesame")
                .click("main button");
        check(wrong, "What is your name?");
        browser.open(root + "/login")
                .type("[name=name]", "Ada")
                .type("[name=password]", "sesame")
                .click("main button");
        awaitUrl("/sign");
        browser.type("textarea", "5 < 6 & " + "a-long-word-".repeat(10)).click("main button");
        awaitUrl("/");
    }

    private void awaitUrl(String path) throws Exception {
        Eventually.await(() -> path, () -> browser.url().equals(root + path));
    }

    private void check(String name, String text) throws Exception {
        Eventually.await(() -> name + " with " + text, () -> browser.text().contains(text));
        browser.screenshot("pages-" + name);
        assertThat(browser.run("return getComputedStyle(document.body).maxWidth"))
                .as("the style of %s", name)
                .isNotEqualTo("none");
        assertThat(Integer.parseInt(browser.run("return document.documentElement.scrollWidth - innerWidth")))
                .as("pixels of %s beside the window", name)
                .isLessThanOrEqualTo(0);
        browser.run(axe + ";return ''");
        assertThat(browser.run(VIOLATIONS)).as(name).isEmpty();
        assertThat(tabs()).as(name).allSatisfy(element -> assertThat(element).doesNotStartWith("unseen"));
    }

    /// What the keyboard reaches, in its order.
    private List<String> tabs() throws Exception {
        browser.run("document.activeElement.blur(); getSelection().removeAllRanges(); return ''");
        List<String> reached = new ArrayList<>();
        String next = browser.press(Browser.TAB).run(FOCUS);
        while (!next.isEmpty() && reached.size() < MAX_TABS) {
            reached.add(next);
            next = browser.press(Browser.TAB).run(FOCUS);
        }
        return reached;
    }

    private void checkAll(String window) throws Exception {
        write("error-422-" + window);
        for (Map.Entry<String, List<String>> page : pages().entrySet()) {
            browser.open(root + page.getValue().getFirst());
            check(page.getKey() + "-" + window, page.getValue().getLast());
        }
    }

    @Test
    void allPagesFitATelephoneInTheDarkAndAWideWindowInTheLight() throws Exception {
        browser.window(360, 740, "dark");
        checkAll("narrow-dark");
        browser.window(1100, 900, "light");
        checkAll("wide-light");
    }

    @Test
    void theKeyboardGoesPastTheNavigationToTheContent() throws Exception {
        browser.open(root + "/login");

        assertThat(tabs()).first().asString().contains("To the content");
        browser.run("document.activeElement.blur(); return ''");
        browser.press(Browser.TAB).press(Browser.ENTER).press(Browser.TAB);
        assertThat(browser.run("return document.activeElement.name")).isEqualTo("name");
    }
}
