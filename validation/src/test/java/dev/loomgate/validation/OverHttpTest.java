package dev.loomgate.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.toolkit.resources.Route;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// On a real server, where the provider runs in microthreads.
@Timeout(60)
class OverHttpTest {
    record Order(List<@Valid Item> items) {}

    record Item(String article, @Min(1) int count) {}

    @Test
    void aRefusedBodyIsAProblemAndTheNextOneIsTaken() throws Exception {
        Application application = WebApplication.of(Route.post("/order", Order.class, (_, order) -> order))
                .withValidator(JakartaValidator.create());
        try (Client client = Client.overHttp(application)) {
            TestResponse refused = order(client, 0);
            assertThat(refused.code()).isEqualTo(422);
            assertThat(refused.header("Content-Type")).contains("application/problem+json");
            assertThat(refused.text())
                    .endsWith("\"errors\":[{\"pointer\":\"/items/1/count\","
                            + "\"message\":\"must be greater than or equal to 1\"}]}");

            TestResponse taken = order(client, 2);
            assertThat(taken.code()).isEqualTo(200);
            assertThat(taken.text()).contains("\"count\":2");
        }
    }

    private static TestResponse order(Client client, int count) {
        return client.post("/order")
                .json(Map.of("items", List.of(new Item("tea", 1), new Item("milk", count))))
                .send();
    }
}
