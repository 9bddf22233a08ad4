package dev.loomgate.toolkit.middleware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpsRedirectTest {
    private static final Application INNER =
            (environ, startResponse) -> new Response("inner").call(environ, startResponse);

    @ParameterizedTest
    @CsvSource({
        "GET, 443, shop.example, /a%20b?c=d&e, 301, https://shop.example/a%20b?c=d&e",
        "HEAD, 443, shop.example:80, /, 301, https://shop.example/",
        "POST, 443, shop.example, /form, 308, https://shop.example/form",
        "GET, 8443, shop.example:8080, /, 301, https://shop.example:8443/",
        "GET, 8443, [::1]:8080, /, 301, https://[::1]:8443/",
        "GET, 443, [::1], //other.example/, 301, https://[::1]//other.example/"
    })
    void clientsAreSentToTheSameUrl(String method, int port, String host, String target, int status, String location) {
        TestResponse response = Client.of(
                        new Lint().wrap(HttpsRedirect.toPort(port).wrap(INNER)))
                .open(method, target)
                .header("Host", host)
                .send();

        assertThat(response.status().code()).isEqualTo(status);
        assertThat(response.header("Location")).isEqualTo(location);
        assertThat(response.text()).isEmpty();
    }

    @Test
    void otherPortsAndHttpsAreServed() {
        Application site = HttpsRedirect.toPort(443).fromPort(8080).wrap(INNER);

        assertThat(Client.of(site).get("/").send().text()).isEqualTo("inner");
        assertThat(Client.https(HttpsRedirect.toPort(443).wrap(INNER))
                        .get("/")
                        .send()
                        .text())
                .isEqualTo("inner");
    }

    @Test
    void browsersAreToldOverHttpsAlone() {
        Application site = StrictTransportSecurity.of(Duration.ofDays(1)).wrap(INNER);

        assertThat(Client.https(site).get("/").send().header("Strict-Transport-Security"))
                .isEqualTo("max-age=86400");
        assertThat(Client.https(StrictTransportSecurity.of(Duration.ZERO)
                                .includeSubDomains()
                                .wrap(site))
                        .get("/")
                        .send()
                        .header("Strict-Transport-Security"))
                .isEqualTo("max-age=86400");
        assertThat(Client.of(site).get("/").send().headers().contains("Strict-Transport-Security"))
                .isFalse();
        assertThatThrownBy(() -> StrictTransportSecurity.of(Duration.ofSeconds(-1)))
                .hasMessageContaining("maxAge is negative");
    }
}
