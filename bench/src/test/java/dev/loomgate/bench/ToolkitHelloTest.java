package dev.loomgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.bench.peers.Hello;
import dev.loomgate.toolkit.test.Client;
import org.junit.jupiter.api.Test;

class ToolkitHelloTest {
    @Test
    void itAnswersWhatEveryServerOfTheTablesAnswers() throws Exception {
        try (Client client = Client.of(ToolkitHello.application())) {
            assertThat(client.get("/").send().text()).isEqualTo(Hello.TEXT);
            assertThat(client.get("/item/7").send().text()).isEqualTo("item 7");
        }
    }
}
