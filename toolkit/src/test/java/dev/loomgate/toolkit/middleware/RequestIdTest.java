package dev.loomgate.toolkit.middleware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestIdTest {
    private static final Application SHOWN =
            (environ, startResponse) -> new Response(RequestId.of(environ)).call(environ, startResponse);

    @Test
    void eachRequestHasANameOfItsOwn() {
        Client client = Client.of(new Lint().wrap(RequestId.of().wrap(SHOWN)));
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            TestResponse response =
                    client.get("/").header("X-Request-ID", "forged").send();
            assertThat(response.text()).matches("[0-9a-f]{32}").isEqualTo(response.header("X-Request-ID"));
            names.add(response.text());
        }

        assertThat(names).hasSize(1000);
    }

    @ParameterizedTest
    @CsvSource({"abc-123, true", "a.b_c:d+/=, true", "'a b', false", "'a\"', false", "a<b, false", "ä, false"})
    void aProxysNameIsKeptIfItCanDoNoHarm(String name, boolean kept) {
        TestResponse response = Client.of(RequestId.trusting().wrap(SHOWN))
                .get("/")
                .header("X-Request-ID", name)
                .send();

        assertThat(response.text().equals(name)).isEqualTo(kept);
        assertThat(response.header("X-Request-ID")).isEqualTo(response.text());
    }

    @Test
    void aLongNameIsReplaced() {
        Client client = Client.of(RequestId.trusting().wrap(SHOWN));

        assertThat(client.get("/")
                        .header("X-Request-ID", "x".repeat(128))
                        .send()
                        .text())
                .hasSize(128);
        assertThat(client.get("/")
                        .header("X-Request-ID", "x".repeat(129))
                        .send()
                        .text())
                .hasSize(32);
    }
}
