package dev.loomgate.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.LocalServer;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.Browser;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The page in a real browser; its pictures are in `target/screenshots`.
@Tag("once")
@Timeout(180)
class PageInABrowserTest {
    private static final Browser.Json JSON = new Browser.Json(
            JsonMapper.shared()::writeValueAsBytes, bytes -> JsonMapper.shared().readValue(bytes, Object.class));

    @TempDir
    private Path directory;

    @Test
    void thePageShowsTheOperationsAndBreaksNoPolicy() throws Exception {
        try (LocalServer server = LocalServer.serve(Shop.openApi().wrap(Shop.application()));
                Browser browser = new Browser(directory.resolve("profile"), JSON)) {
            String operations = String.valueOf(Shop.application().operations().size());
            String root = "http://127.0.0.1:" + server.address().getPort();
            browser.open(root + "/docs");
            Eventually.await(() -> operations + " operations", () -> browser.run(
                            "return document.querySelectorAll('.opblock').length")
                    .equals(operations));
            browser.screenshot("openapi");

            assertThat(browser.url()).startsWith(root + "/docs/");
            assertThat(browser.text())
                    .contains("Shop & <more>")
                    .contains("/items/{id}")
                    .contains("Looks for items")
                    .contains("Finds a user");

            // Those of the time before, too.
            browser.run("""
                window.violations = [];
                new ReportingObserver(
                    reports => reports.forEach(report => violations.push(report.body.effectiveDirective)),
                    {types: ['csp-violation'], buffered: true}).observe();
                document.addEventListener('securitypolicyviolation', e => violations.push(e.violatedDirective));
                return '';
                """);
            browser.click(".opblock-post .opblock-summary-control");
            Eventually.await(() -> "an open operation", () -> browser.run(
                            "return document.querySelectorAll('.opblock.is-open .responses-table').length")
                    .equals("1"));
            browser.screenshot("openapi-operation");
            assertThat(browser.run("return violations.join(', ')")).isEmpty();
            assertThat(browser.run("""
                    return performance.getEntriesByType('resource')
                        .map(entry => new URL(entry.name).host).filter(host => host !== location.host).join(', ')
                    """)).isEmpty();
        }
    }
}
