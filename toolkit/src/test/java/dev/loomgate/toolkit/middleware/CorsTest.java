package dev.loomgate.toolkit.middleware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CorsTest {
    private final AtomicInteger calls = new AtomicInteger();
    private final Application application = (environ, startResponse) -> {
        calls.incrementAndGet();
        return new Response("hello")
                .header("Access-Control-Allow-Origin", "https://elsewhere.example")
                .header("Vary", "Accept")
                .call(environ, startResponse);
    };

    private Client client(Cors cors) {
        return Client.of(new Lint().wrap(cors.wrap(new Lint().wrap(application))));
    }

    private static final Cors SOME =
            Cors.allowing("https://app.example.org", "https://*.example.net", "http://localhost:8080");

    @ParameterizedTest
    @CsvSource({
        "https://app.example.org,          true",
        "HTTPS://App.Example.org,          true",
        "https://a.example.net,            true",
        "https://a.b.example.net,          true",
        "http://localhost:8080,            true",
        "https://example.net,              false",
        "http://app.example.org,           false",
        "https://app.example.org:8443,     false",
        "https://app.example.org.evil.com, false",
        "https://evilexample.net,          false",
        "https://evil.com/.example.net,    false",
        "https://evil.com#.example.net,    false",
        "http://localhost:80800,           false",
        "null,                             false"
    })
    void anOriginIsAllowedOrItIsNot(String origin, boolean allowed) {
        TestResponse response = client(SOME).get("/").header("Origin", origin).send();

        assertThat(response.text()).isEqualTo("hello");
        assertThat(response.header("Access-Control-Allow-Origin").equals(origin))
                .isEqualTo(allowed);
        assertThat(response.header("Vary")).isEqualTo("Accept, Origin");
    }

    @Test
    void aRequestWithoutAnOriginIsLeftAlone() {
        TestResponse response = client(SOME.withCredentials()).get("/").send();

        assertThat(response.headers().contains("Access-Control-Allow-Credentials"))
                .isFalse();
        assertThat(response.header("Vary")).isEqualTo("Accept, Origin");
    }

    @Test
    void aPreflightIsAnsweredWithoutTheApplication() {
        Cors cors = SOME.withMethods("GET", "PUT")
                .withHeaders("Content-Type", "X-Token")
                .withCredentials()
                .withMaxAge(Duration.ofHours(1));

        TestResponse response = client(cors)
                .options("/")
                .header("Origin", "https://app.example.org")
                .header("Access-Control-Request-Method", "PUT")
                .header("Access-Control-Request-Headers", "x-token")
                .send();

        assertThat(response.code()).isEqualTo(204);
        assertThat(response.headers().toString()).isEqualTo("""
            Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers
            Access-Control-Allow-Origin: https://app.example.org
            Access-Control-Allow-Methods: GET, PUT
            Access-Control-Allow-Credentials: true
            Access-Control-Allow-Headers: Content-Type, X-Token
            Access-Control-Max-Age: 3600
            """);
        assertThat(calls).hasValue(0);
    }

    @Test
    void aPreflightOfAnotherOriginIsAllowedNothing() {
        TestResponse response = client(SOME)
                .options("/")
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "PUT")
                .send();

        assertThat(response.code()).isEqualTo(204);
        assertThat(response.headers().toString()).doesNotContain("Allow");
        assertThat(calls).hasValue(0);
    }

    @Test
    void anOrdinaryOptionsRequestReachesTheApplication() {
        client(SOME).options("/").header("Origin", "https://app.example.org").send();
        client(SOME).options("/").header("Access-Control-Request-Method", "PUT").send();

        assertThat(calls).hasValue(2);
    }

    @Test
    void everybodyMayBeAllowedButNotWithCookies() {
        TestResponse response = client(Cors.allowingAll().withExposedHeaders("X-Total"))
                .get("/")
                .header("Origin", "https://a.b")
                .send();

        assertThat(response.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(response.header("Access-Control-Expose-Headers")).isEqualTo("X-Total");
        assertThat(response.header("Vary")).isEqualTo("Accept");
        assertThatThrownBy(() -> Cors.allowingAll().withCredentials()).hasMessageContaining("name them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.org/", "example.org", "*", "https://*", "https://a.*.org", ""})
    void whatIsNoOriginStopsTheStart(String origin) {
        assertThatThrownBy(() -> Cors.allowing(origin))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + origin + "\" is no origin");
    }
}
