package dev.loomgate.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.middleware.Mounts;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class ServedTest {
    private final Application application = Shop.openApi().wrap(Shop.application());
    private final Client client = Client.of(application);

    @Test
    void theDocumentIsServedAndKept() throws Exception {
        TestResponse first = client.get("/openapi.json").send();

        assertThat(first.header("Content-Type")).isEqualTo("application/json");
        assertThat(first.body()).isEqualTo(Shop.openApi().document());
        assertThat(client.get("/openapi.json")
                        .header("If-None-Match", first.header("ETag"))
                        .send()
                        .code())
                .isEqualTo(304);
    }

    @Test
    void everythingElseIsTheApplications() throws Exception {
        assertThat(client.get("/other").send().text()).isEqualTo("{}");
        assertThat(client.get("/docsx").send().code()).isEqualTo(404);
        assertThat(client.post("/docs/").send().code()).isEqualTo(404);
    }

    @Test
    void thePageMayShowNothingFromElsewhere() throws Exception {
        TestResponse page = client.get("/docs/").send();

        assertThat(page.header("Content-Security-Policy"))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .endsWith("connect-src 'self'")
                .doesNotContain("unsafe", "http");
        assertThat(page.text())
                .contains("<title>Shop &amp; &lt;more&gt;</title>")
                .doesNotContain("://");
        assertThat(Client.of(Shop.openApi()
                                .withServer("https://api.example.org/v1", "")
                                .wrap(Shop.application()))
                        .get("/docs/")
                        .send()
                        .header("Content-Security-Policy"))
                .endsWith("connect-src 'self' https://api.example.org");
    }

    @Test
    void theDemonstrationOfTheLibraryIsNotServed() throws Exception {
        assertThat(client.get("/docs/ui/swagger-ui.css").send().code()).isEqualTo(200);
        assertThat(client.get("/docs/ui/index.html").send().code()).isEqualTo(404);
        assertThat(client.get("/docs/ui/swagger-initializer.js").send().code()).isEqualTo(404);
    }

    @Test
    void pathsAreRelativeToWhatTheApplicationIsMountedAt() throws Exception {
        Client mounted = Client.of(Mounts.of()
                .withMount(
                        "/shop",
                        Shop.openApi()
                                .withPageAt("/about/api")
                                .withDocumentAt("/api.json")
                                .wrap(Shop.application())));

        TestResponse page = mounted.get("/shop/about/api").follow().send();
        assertThat(page.code()).isEqualTo(200);
        assertThat(page.text()).contains("data-document=\"../../api.json\"");
        assertThat(mounted.get("/shop/api.json").send().code()).isEqualTo(200);
    }

    @Test
    void withoutAPageThereIsNone() throws Exception {
        Client without = Client.of(Shop.openApi().withoutPage().wrap(Shop.application()));

        assertThat(without.get("/docs/").send().code()).isEqualTo(404);
        assertThat(without.get("/openapi.json").send().code()).isEqualTo(200);
    }

    @Test
    void aPathThatEndsWithASlashIsAnError() {
        assertThatThrownBy(() -> Shop.openApi().withPageAt("/docs/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("OpenApi: withPageAt(\"/docs/\"): a path begins with a slash and doesn't end with one");
    }
}
