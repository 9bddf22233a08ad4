package dev.loomgate.toolkit.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.middleware.Gzip;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LiveReloadTest {
    private static final String PAGE = "<!doctype html><title>Shop</title>" + "<p>".repeat(1000);
    private static final String SCRIPT = "new EventSource(\"/.loomgate/reload\")";

    @TempDir
    private Path directory;

    private enum Kind {
        BYTES,
        TEXT,
        CHUNKS,
        STREAM,
        FILE
    }

    private Body body(Kind kind) throws Exception {
        byte[] bytes = PAGE.getBytes(StandardCharsets.UTF_8);
        return switch (kind) {
            case BYTES -> Body.bytes(bytes);
            case TEXT -> Body.text(PAGE);
            case CHUNKS -> Body.chunks(List.of(bytes));
            case STREAM -> Body.stream(writer -> writer.write(ByteBuffer.wrap(bytes)));
            case FILE -> Body.file(Files.write(directory.resolve("page.html"), bytes));
        };
    }

    private static Application page(Body body, String... headers) {
        return (_, startResponse) -> {
            Headers all = Headers.of("Content-Type", "text/html", "Content-Length", Integer.toString(PAGE.length()));
            for (int i = 0; i < headers.length; i += 2) {
                all.set(headers[i], headers[i + 1]);
            }
            startResponse.start(Status.OK, all);
            return body;
        };
    }

    private static TestResponse html(Application application) {
        return Client.of(application).get("/").header("Accept", "text/html").send();
    }

    @ParameterizedTest
    @EnumSource
    void aPageHasTheScriptAtItsEndAndTheRightLength(Kind kind) throws Exception {
        TestResponse response = html(LiveReload.of().wrap(page(body(kind), "ETag", "\"1\"")));

        assertThat(response.text()).startsWith(PAGE).contains(SCRIPT);
        assertThat(response.header("Content-Length"))
                .isEqualTo(Integer.toString(response.text().length()));
        assertThat(response.header("Cache-Control")).isEqualTo("no-store");
        assertThat(response.headers().contains("ETag")).isFalse();
        assertThat(response.headers().contains("Content-Security-Policy")).isFalse();
    }

    @Test
    void whatIsNoPageForABrowserIsLeftAlone() {
        Application page = LiveReload.of().wrap(page(Body.text(PAGE)));

        assertThat(Client.of(page).get("/").header("Accept", "*/*").send().text())
                .isEqualTo(PAGE);
        assertThat(html(LiveReload.of().wrap(page(Body.text(PAGE), "Content-Type", "text/plain")))
                        .text())
                .isEqualTo(PAGE);
        assertThat(html((environ, startResponse) -> {
                            environ.put("REMOTE_ADDR", "203.0.113.5");
                            return page.call(environ, startResponse);
                        })
                        .text())
                .isEqualTo(PAGE);
    }

    @Test
    void aPageThatWouldBeCompressedIsNot() {
        TestResponse response = Client.of(LiveReload.of().wrap(Gzip.of().wrap(page(Body.text(PAGE)))))
                .get("/")
                .header("Accept", "text/html")
                .header("Accept-Encoding", "gzip")
                .send();

        assertThat(response.text()).startsWith(PAGE).contains(SCRIPT);
    }

    @ParameterizedTest
    @CsvSource({
        "default-src 'none',                  default-src 'none'; script-src NONCE; connect-src 'self'",
        "default-src 'self',                  default-src 'self'; script-src 'self' NONCE",
        "script-src 'self'; connect-src a.example, script-src 'self' NONCE; connect-src a.example 'self'",
        "script-src 'unsafe-inline',          script-src 'unsafe-inline'",
        "script-src-elem x.example; script-src 'none', script-src-elem x.example NONCE; script-src 'none'",
        "img-src *,                           img-src *"
    })
    void thePolicyOfThePageLetsTheScriptRun(String policy, String expected) {
        TestResponse response = html(LiveReload.of().wrap(page(Body.text(PAGE), "Content-Security-Policy", policy)));

        String nonce = response.text().replaceFirst("(?s).*<script nonce=([0-9a-f]{32})>.*", "$1");
        assertThat(response.header("Content-Security-Policy"))
                .isEqualTo(expected.replace("NONCE", "'nonce-" + nonce + "'"));
    }

    @Test
    void aVersionThatFailsIsShownUntilAnotherOneAnswers() {
        LiveReload live = LiveReload.of();
        Application site = live.wrap(new Response("fine"));
        live.failed("shop", "shop does not compile:\nShop.java:1: error: <b>", null);

        assertThat(html(site).code()).isEqualTo(500);
        assertThat(html(site).text()).contains("<h3>&lt;b&gt;</h3>").contains(SCRIPT);
        assertThat(Client.of(site).get("/").send().text())
                .isEqualTo("shop does not compile:\nShop.java:1: error: <b>\n");
        live.replaced("shop");
        assertThat(html(site).text()).isEqualTo("fine");
    }

    @Test
    void theFailureOfAnApplicationPassesWithoutTheScript() {
        Application failing = LiveReload.of().wrap((_, _) -> {
            throw new IllegalStateException("no");
        });

        assertThatThrownBy(() -> html(failing)).hasMessage("no");
        TestResponse page = html(LiveReload.of().wrap(DebugPages.of().wrap((environ, startResponse) -> {
            environ.put("wsgi.errors", new java.io.PrintWriter(java.io.Writer.nullWriter()));
            throw new IllegalStateException("no");
        })));
        assertThat(page.text()).contains(SCRIPT);
        assertThat(page.header("Content-Length"))
                .isEqualTo(Integer.toString(page.text().length()));
    }
}
