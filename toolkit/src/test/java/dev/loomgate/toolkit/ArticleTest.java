package dev.loomgate.toolkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ArticleTest {
    private final Client client = Client.of(Article::application);

    @Test
    void theIndexGreetsAfterASecond() {
        long start = System.nanoTime();

        TestResponse response = client.get("/").send();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(990));
        assertThat(response.code()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("Hello world!");
        assertThat(response.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    }

    @Test
    void theUserIsGreetedByName() {
        assertThat(client.get("/user?name=Bob").send().text()).isEqualTo("Hello Bob!");
        assertThat(client.get("/user").send().text()).isEqualTo("Hello World!!");
    }

    @Test
    void anUnknownPathIsNotFound() {
        TestResponse response = client.get("/nowhere").send();

        assertThat(response.code()).isEqualTo(404);
        assertThat(response.text()).contains("<title>404 Not Found</title>");
    }

    @Test
    void aMethodThatTheClassDoesNotHaveIsNotImplemented() {
        TestResponse response = client.put("/user").send();

        assertThat(response.code()).isEqualTo(404);
        assertThat(response.text()).contains("<p>not implemented</p>");
    }

    @Test
    void theReadyMadeApplicationAnswersTheSameIfAsked() {
        WebApplication application =
                new WebApplication(Article.urlMap).withMissingMethod(_ -> new NotFound("not implemented"));
        Client ready = Client.of(application);

        assertThat(ready.get("/user?name=Bob").send())
                .hasToString(client.get("/user?name=Bob").send().toString());
        assertThat(ready.get("/nowhere").send())
                .hasToString(client.get("/nowhere").send().toString());
        assertThat(ready.put("/user").send())
                .hasToString(client.put("/user").send().toString());
    }
}
