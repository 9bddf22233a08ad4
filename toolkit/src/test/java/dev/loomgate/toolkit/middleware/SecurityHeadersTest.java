package dev.loomgate.toolkit.middleware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import org.junit.jupiter.api.Test;

class SecurityHeadersTest {
    private static final Application SITE = (environ, startResponse) -> (switch (environ.path()) {
                case "/script" -> {
                    String nonce = SecurityHeaders.nonce(environ);
                    yield Response.html(nonce + " " + SecurityHeaders.nonce(environ));
                }
                case "/own" -> new Response("own").header("content-security-policy", "default-src 'none'");
                case "/kept" -> new Response("", 304);
                case "/late" -> Response.stream("text/plain", writer -> SecurityHeaders.nonce(environ));
                default -> new Response("plain");
            })
            .call(environ, startResponse);

    private static TestResponse get(SecurityHeaders headers, String path) {
        return Client.of(new Lint().wrap(headers.wrap(SITE))).get(path).send();
    }

    @Test
    void thereIsWhatOwaspRecommends() {
        TestResponse response = get(SecurityHeaders.of(), "/");

        assertThat(response.header("Content-Security-Policy"))
                .isEqualTo("default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none';"
                        + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
        assertThat(response.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(response.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(response.header("Referrer-Policy")).isEqualTo("strict-origin-when-cross-origin");
        assertThat(response.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(response.header("Cross-Origin-Resource-Policy")).isEqualTo("same-site");
        assertThat(response.header("Permissions-Policy")).isEqualTo("camera=(), geolocation=(), microphone=()");
        assertThat(response.header("X-Permitted-Cross-Domain-Policies")).isEqualTo("none");
    }

    @Test
    void aPageThatAsksForTheNonceHasItInItsPolicyAndEachRequestHasAnother() {
        TestResponse first = get(SecurityHeaders.of(), "/script");
        TestResponse second = get(SecurityHeaders.of(), "/script");

        String nonce = first.text().substring(0, 22);
        assertThat(first.text()).matches("[A-Za-z0-9_-]{22} .*").isEqualTo(nonce + " " + nonce);
        assertThat(first.header("Content-Security-Policy"))
                .contains("script-src 'self' 'nonce-" + nonce + "';", "style-src 'self' 'nonce-" + nonce + "';");
        assertThat(second.text()).isNotEqualTo(first.text());
    }

    @Test
    void eachCanBeChangedAndLeftOut() {
        SecurityHeaders headers = SecurityHeaders.of()
                .with("x-frame-options", "SAMEORIGIN")
                .with("Content-Security-Policy-Report-Only", "script-src {nonce} 'strict-dynamic'")
                .withContentSecurityPolicy("default-src 'self'")
                .without("referrer-policy");

        TestResponse response = get(headers, "/script");

        assertThat(response.headers().all("X-Frame-Options")).containsExactly("SAMEORIGIN");
        assertThat(response.header("Content-Security-Policy")).isEqualTo("default-src 'self'");
        assertThat(response.header("Content-Security-Policy-Report-Only"))
                .matches("script-src 'nonce-[A-Za-z0-9_-]{22}' 'strict-dynamic'");
        assertThat(response.headers().contains("Referrer-Policy")).isFalse();
    }

    @Test
    void anApplicationsOwnFieldStays() {
        assertThat(get(SecurityHeaders.of(), "/own").headers().all("Content-Security-Policy"))
                .containsExactly("default-src 'none'");
    }

    @Test
    void a304LeavesThePolicyOfTheKeptPageAlone() {
        TestResponse response = get(SecurityHeaders.of(), "/kept");

        assertThat(response.code()).isEqualTo(304);
        assertThat(response.headers().contains("Content-Security-Policy")).isFalse();
    }

    @Test
    void aNonceThatIsTooLateIsAnError() {
        assertThatThrownBy(() -> get(SecurityHeaders.of(), "/late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after the response was started");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> Client.of(SITE).get("/script").send())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wrap the application by SecurityHeaders");
        assertThatThrownBy(() -> SecurityHeaders.of().without("X-Nothing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("SecurityHeaders.without: there is no \"X-Nothing\" among [");
        assertThatThrownBy(() -> SecurityHeaders.of().with("X-Line", "a\nb"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
