package dev.loomgate.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.toolkit.test.Client;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Section 2 of Ring's specification.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RingAsyncTest {
    private ClojurePrograms programs;
    private Client client;

    @BeforeAll
    void start() throws Exception {
        programs = new ClojurePrograms();
        client = Client.overHttp(new Lint().wrap(RingApplication.async(programs.named("shop.callbacks/handler"))));
    }

    @AfterAll
    void stop() throws IOException {
        client.close();
        programs.close();
    }

    @ParameterizedTest
    @CsvSource({"/same, in the same thread", "/other, in another thread", "/twice, the first"})
    void theResponseIsWhatTheFirstCallbackGets(String target, String expected) {
        assertThat(client.get(target).send().text()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"/raise|raised", "/throw|thrown", "/nil|Ring: the handler has answered nil, not a map"})
    void anExceptionIsA500(String target, String reason) {
        try (LogLines log = LogLines.of("dev.loomgate.server")) {
            assertThat(client.get(target).send().code()).isEqualTo(500);
            log.await(reason);
        }
    }

    @Test
    void whoNamesTheHandlerChoosesOneOfItsArities() throws Exception {
        try (Client synchronous = Client.overHttp(RingApplication.of(programs.named("shop.callbacks/handler")))) {
            assertThat(synchronous.get("/").send().text()).isEqualTo("one argument");
        }
    }
}
