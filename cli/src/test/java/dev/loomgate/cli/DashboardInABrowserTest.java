package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.Browser;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// An operator at the dashboard, in Debian's Chromium: sees a request that hangs, looks at its stack, and cancels it.
@Timeout(300)
class DashboardInABrowserTest {
    private static final Browser.Json JSON = new Browser.Json(
            JsonMapper.shared()::writeValueAsBytes, bytes -> JsonMapper.shared().readValue(bytes, Object.class));

    private static final String HANGING = """
            import dev.loomgate.gateway.*;
            import dev.loomgate.loop.Loop;
            import java.time.Duration;

            class Hanging {
                static final Application application = (environ, startResponse) -> {
                    if (environ.path().equals("/sleep")) {
                        sleepLong();
                    }
                    startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
                    return Body.text("hello");
                };

                static void sleepLong() throws InterruptedException {
                    Loop.sleep(Duration.ofMinutes(10));
                }
            }
            """;

    // Buttons of the only row.
    private static final String OPENER = "#requests button.open";
    private static final String CANCEL = "#requests button.danger";

    @TempDir
    private Path directory;

    private static String element(String selector) {
        return "document.querySelector('" + selector + "')";
    }

    // What an expression is in the page, as text.
    private static String shown(Browser browser, String expression) throws Exception {
        return browser.run("return String(" + expression + ")");
    }

    private static void await(Browser browser, String expected, String condition) throws Exception {
        Eventually.await(
                () -> {
                    try {
                        return expected + "; the page: " + browser.text();
                    } catch (Exception e) {
                        return expected + "; " + e;
                    }
                },
                () -> shown(browser, "Boolean(" + condition + ")").equals("true"));
    }

    // Notes how many milliseconds it takes from the click until the stack is there, and has the keyboard at the button.
    private static String watchStack(String inStack) {
        return """
                window.opened = 0;
                %1$s.addEventListener("click", () => {
                    const start = performance.now();
                    const looks = setInterval(() => {
                        if (document.querySelector("#requests pre").textContent.includes("%2$s")) {
                            clearInterval(looks);
                            window.opened = performance.now() - start;
                        }
                    }, 5);
                });
                %1$s.focus();
                """.formatted(element(OPENER), inStack);
    }

    private static void seesAndCancels(Browser browser, DashboardSite site, String inStack) throws Exception {
        try (HttpPeer hanging = site.askSite("/sleep?long=1", "Cookie: session=SECRET1\r\n")) {
            browser.open(site.page().toString());
            await(browser, "the request is seen", element(OPENER) + "?.textContent.includes('GET /sleep?long=1')");
            browser.run(watchStack(inStack));
            browser.type(OPENER, Browser.ENTER);
            await(browser, "its stack is there", "window.opened > 0");
            assertThat(Double.parseDouble(shown(browser, "window.opened")))
                    .as("milliseconds until the stack of %s is there", inStack)
                    .isLessThan(1000);
            assertThat(shown(browser, "document.activeElement.getAttribute('aria-expanded')"))
                    .isEqualTo("true");
            assertThat(shown(browser, "document.documentElement.outerHTML")).doesNotContain("SECRET");

            browser.click(CANCEL);
            assertThat(shown(browser, element(CANCEL) + ".textContent")).isEqualTo("Really?");
            browser.click(CANCEL);
            assertThat(hanging.rest()).doesNotContain("hello");
            await(browser, "it is gone", "document.querySelector('#requests tr.gone')");
            browser.click(OPENER);
            await(browser, "its row is closed", "!" + element(OPENER));
        }
        try (HttpPeer next = site.askSite("/", "")) {
            assertThat(next.answer().text()).isEqualTo("hello");
        }
    }

    @Test
    void hungRequestsAreSeenWithTheirStacksAndCancelled() throws Exception {
        Files.writeString(directory.resolve("Hanging.java"), HANGING);
        try (Browser browser = new Browser(directory.resolve("profile"), JSON)) {
            try (DashboardSite python = DashboardSite.start(directory, "--dashboard-admin")) {
                seesAndCancels(browser, python, "time.sleep(600)");
            }
            try (DashboardSite java = DashboardSite.of(LoomgateProcess.start(
                    directory,
                    "--http",
                    "127.0.0.1:0",
                    "--app",
                    "Hanging.java",
                    "--dashboard",
                    "127.0.0.1:0",
                    "--dashboard-admin"))) {
                seesAndCancels(browser, java, "sleepLong");
            }
        }
    }

    @Test
    void nothingCanBeDoneWithoutTheOptionAndAllFitsATelephone() throws Exception {
        try (Browser browser = new Browser(directory.resolve("profile"), JSON);
                DashboardSite site = DashboardSite.start(directory);
                HttpPeer hanging = site.askSite("/sleep?" + "x".repeat(500), "")) {
            browser.window(360, 780, "dark").open(site.page().toString());
            await(browser, "the request is seen", element(OPENER));
            assertThat(shown(browser, "document.querySelectorAll('button.danger, #workers button').length"))
                    .isEqualTo("0");
            assertThat(shown(browser, "document.documentElement.scrollWidth")).isEqualTo("360");
            assertThat(shown(browser, "getComputedStyle(document.body).backgroundColor"))
                    .isEqualTo("rgb(17, 21, 23)");
            assertThat(hanging).isNotNull();
        }
    }
}
