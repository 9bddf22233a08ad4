package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An operator at the dashboard, in Debian's Chromium: sees a request that hangs, looks at its stack, and cancels it.
@Timeout(300)
class DashboardInABrowserTest {
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
    private static final String OPENER = "document.querySelector('#requests button.open')";
    private static final String CANCEL = "document.querySelector('#requests button.danger')";

    @TempDir
    private Path directory;

    private static void await(Chromium browser, String expected, String condition) throws Exception {
        Eventually.await(
                () -> {
                    try {
                        return expected + "; the page: " + browser.evaluate("document.body.innerText");
                    } catch (Exception e) {
                        return expected + "; " + e;
                    }
                },
                () -> browser.evaluate("String(Boolean(" + condition + "))").equals("true"));
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
                """.formatted(OPENER, inStack);
    }

    private static void seesAndCancels(Chromium browser, DashboardSite site, String inStack) throws Exception {
        try (HttpPeer hanging = site.askSite("/sleep?long=1", "Cookie: session=SECRET1\r\n")) {
            browser.open(site.page());
            await(browser, "the request is seen", OPENER + "?.textContent.includes('GET /sleep?long=1')");
            browser.evaluate(watchStack(inStack));
            browser.press("Enter");
            await(browser, "its stack is there", "window.opened > 0");
            assertThat(Double.parseDouble(browser.evaluate("String(window.opened)")))
                    .as("milliseconds until the stack of %s is there", inStack)
                    .isLessThan(1000);
            assertThat(browser.evaluate("document.activeElement.getAttribute('aria-expanded')"))
                    .isEqualTo("true");
            assertThat(browser.evaluate("document.documentElement.outerHTML")).doesNotContain("SECRET");

            browser.evaluate(CANCEL + ".click(); ''");
            assertThat(browser.evaluate(CANCEL + ".textContent")).isEqualTo("Really?");
            browser.evaluate(CANCEL + ".click(); ''");
            assertThat(hanging.rest()).doesNotContain("hello");
            await(browser, "it is gone", "document.querySelector('#requests tr.gone')");
            browser.evaluate(OPENER + ".click(); ''");
            await(browser, "its row is closed", "!" + OPENER);
        }
        try (HttpPeer next = site.askSite("/", "")) {
            assertThat(next.answer().text()).isEqualTo("hello");
        }
    }

    @Test
    void hungRequestsAreSeenWithTheirStacksAndCancelled() throws Exception {
        Files.writeString(directory.resolve("Hanging.java"), HANGING);
        try (Chromium browser = Chromium.start(directory)) {
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
        try (Chromium browser = Chromium.start(directory);
                DashboardSite site = DashboardSite.start(directory);
                HttpPeer hanging = site.askSite("/sleep?" + "x".repeat(500), "")) {
            browser.window(360, 780, "dark").open(site.page());
            await(browser, "the request is seen", OPENER);
            assertThat(browser.evaluate("String(document.querySelectorAll('button.danger, #workers button').length)"))
                    .isEqualTo("0");
            assertThat(browser.evaluate("String(document.documentElement.scrollWidth)"))
                    .isEqualTo("360");
            assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
                    .isEqualTo("rgb(17, 21, 23)");
            assertThat(hanging).isNotNull();
        }
    }
}
