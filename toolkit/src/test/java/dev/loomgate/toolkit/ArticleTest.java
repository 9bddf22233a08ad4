package dev.loomgate.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Environ;
import dev.loomgate.gateway.StartResponse;
import dev.loomgate.toolkit.exceptions.HttpException;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.resources.Action;
import dev.loomgate.toolkit.resources.Resource;
import dev.loomgate.toolkit.resources.WebApplication;
import dev.loomgate.toolkit.routing.Match;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.UrlMap;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The article's program, line by line, and what it answers.
class ArticleTest {
    static class IndexResource {
        CompletionStage<Response> get(Request request) {
            return CompletableFuture.supplyAsync(
                    () -> new Response("Hello world!"), CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));
        }
    }

    static class UserResource {
        Response get(Request request) {
            return new Response("Hello %s!".formatted(request.args().get("name", "World!")));
        }
    }

    static class FailingResource {
        static IOException failure = new IOException();

        CompletionStage<Response> get(Request request) {
            return CompletableFuture.supplyAsync(() -> 1).thenCompose(_ -> CompletableFuture.failedFuture(failure));
        }
    }

    static final UrlMap<Class<?>> URL_MAP = UrlMap.of(
            Rule.of("/", IndexResource.class),
            Rule.of("/user", UserResource.class),
            Rule.of("/failing", FailingResource.class));

    static Body application(Environ environ, StartResponse startResponse) throws Exception {
        var urls = URL_MAP.bindToEnviron(environ);
        Match<Class<?>> match;
        try {
            match = urls.match();
        } catch (HttpException e) {
            return e.call(environ, startResponse);
        }
        Request request = new Request(environ);
        Optional<Action> method = Resource.of(match.endpoint()).action(request.method());
        if (method.isEmpty()) {
            return new NotFound("not implemented").call(environ, startResponse);
        }
        return method.get().call(request).call(environ, startResponse);
    }

    private final Client client = Client.of(ArticleTest::application);

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
    void anAsynchronousFailureReachesTheCallerAsTheOriginalObject() {
        assertThatThrownBy(() -> client.get("/failing").send()).isSameAs(FailingResource.failure);
    }

    @Test
    void theReadyMadeApplicationAnswersTheSameIfAsked() {
        var ready = Client.of(new WebApplication(URL_MAP).withMissingMethod(_ -> new NotFound("not implemented")));

        for (String target : new String[] {"/user?name=Bob", "/nowhere"}) {
            assertThat(ready.get(target).send())
                    .hasToString(client.get(target).send().toString());
        }
        assertThat(ready.put("/user").send())
                .hasToString(client.put("/user").send().toString());
        assertThatThrownBy(() -> ready.get("/failing").send()).isSameAs(FailingResource.failure);
    }
}
