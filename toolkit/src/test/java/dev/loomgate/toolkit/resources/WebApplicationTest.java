package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Environ;
import dev.loomgate.toolkit.Limits;
import dev.loomgate.toolkit.Request;
import dev.loomgate.toolkit.Response;
import dev.loomgate.toolkit.exceptions.Conflict;
import dev.loomgate.toolkit.exceptions.Forbidden;
import dev.loomgate.toolkit.routing.PathArguments;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.test.Client;
import dev.loomgate.toolkit.test.TestResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WebApplicationTest {
    private static final Executor LATER = task -> Thread.ofVirtual().start(() -> {
        try {
            Thread.sleep(Duration.ofMillis(20));
            task.run();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    });

    record User(long id, String name) {}

    record Key(long id, String name) {}

    static class Values {
        String get() {
            return "text";
        }

        byte[] post() {
            return new byte[] {1, 2};
        }

        User put() {
            return new User(1, "Bob");
        }

        void delete() {}

        List<Map<String, Integer>> patch() {
            return List.of(Map.of("a", 1));
        }
    }

    @Test
    void whatAMethodReturnsBecomesTheResponse() {
        Client client = Client.of(WebApplication.of(Rule.of("/", Values.class)));

        assertThat(client.get("/").send().text()).isEqualTo("text");
        assertThat(client.post("/").send().body()).containsExactly(1, 2);
        assertThat(client.post("/").send().header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(client.put("/").send().text()).isEqualTo("{\"id\":1,\"name\":\"Bob\"}");
        assertThat(client.put("/").send().header("Content-Type")).isEqualTo("application/json");
        assertThat(client.patch("/").send().text()).isEqualTo("[{\"a\":1}]");
        TestResponse deleted = client.delete("/").send();
        assertThat(deleted.code()).isEqualTo(204);
        assertThat(deleted.headers().contains("Content-Length")).isFalse();
    }

    static class Later {
        CompletionStage<String> get() {
            return CompletableFuture.supplyAsync(() -> "later", LATER);
        }

        CompletionStage<Void> delete() {
            return CompletableFuture.runAsync(() -> {}, LATER);
        }

        CompletionStage<Optional<User>> post() {
            return CompletableFuture.supplyAsync(Optional::empty, LATER);
        }
    }

    @Test
    void stagesAreAwaited() {
        Client client = Client.of(WebApplication.of(Rule.of("/", Later.class)));

        assertThat(client.get("/").send().text()).isEqualTo("later");
        assertThat(client.delete("/").send().code()).isEqualTo(204);
        assertThat(client.post("/").send().code()).isEqualTo(404);
    }

    static class Failing {
        private final IOException failure;

        Failing(IOException failure) {
            this.failure = failure;
        }

        String get() throws IOException {
            throw failure;
        }

        CompletionStage<String> post() {
            return CompletableFuture.supplyAsync(() -> "x", LATER)
                    .thenCompose(_ -> CompletableFuture.<String>failedFuture(failure))
                    .thenApply(text -> text + "y");
        }

        CompletionStage<String> put() {
            return CompletableFuture.supplyAsync(
                    () -> {
                        throw new Conflict("taken");
                    },
                    LATER);
        }

        String patch() {
            throw new Forbidden();
        }
    }

    @Test
    void anAsynchronousFailureReachesTheCallerAsTheOriginalObject() {
        IOException failure = new IOException("disk");
        Resource resource = Resource.of(Failing.class, () -> new Failing(failure));
        Client client = Client.of(WebApplication.of(Rule.of("/", resource)));

        assertThatThrownBy(() -> client.get("/").send()).isSameAs(failure);
        assertThatThrownBy(() -> client.post("/").send()).isSameAs(failure);
    }

    @Test
    void anHttpExceptionIsTheResponseWhereverItComesFrom() {
        Resource resource = Resource.of(Failing.class, () -> new Failing(new IOException()));
        Client client = Client.of(WebApplication.of(Rule.of("/", resource)));

        assertThat(client.put("/").send().code()).isEqualTo(409);
        assertThat(client.put("/").send().text()).contains("<p>taken</p>");
        assertThat(client.patch("/").send().code()).isEqualTo(403);
    }

    static class ById {
        String get(Request request, long id, String name) {
            return request.method() + " " + id + " " + name;
        }

        String post(Key key, Request request) {
            return key.toString();
        }

        String put(String name, int id) {
            return name + id;
        }

        String delete(Long id, Object name) {
            return name + "-" + id;
        }
    }

    @Test
    void pathVariablesBindByName() {
        Client client = Client.of(WebApplication.of(Rule.of("/<int:id>/<name>", ById.class)));

        assertThat(client.get("/5/x").send().text()).isEqualTo("GET 5 x");
        assertThat(client.post("/5/x").send().text()).isEqualTo("Key[id=5, name=x]");
        assertThat(client.put("/5/x").send().text()).isEqualTo("x5");
        assertThat(client.delete("/5/x").send().text()).isEqualTo("x-5");
    }

    @Test
    void aNumberThatAnIntCannotHoldIsNoSuchPath() {
        Client client = Client.of(WebApplication.of(Rule.of("/<int:id>/<name>", ById.class)));

        assertThat(client.put("/3000000000/x").send().code()).isEqualTo(404);
        assertThat(client.get("/3000000000/x").send().text()).isEqualTo("GET 3000000000 x");
    }

    static class TakesUuid {
        String get(UUID id) {
            return id.toString();
        }
    }

    @Test
    void aMistakeBetweenRuleAndMethodStopsTheStart() {
        String name = TakesUuid.class.getName() + ".get";
        assertThatThrownBy(() -> WebApplication.of(Rule.of("/<int:id>", TakesUuid.class)))
                .isInstanceOf(ResourceError.class)
                .hasMessage(name + " takes <id> as UUID, but rule /<int:id> has it as Long");
        assertThatThrownBy(() -> WebApplication.of(Rule.of("/<uuid:other>", TakesUuid.class)))
                .hasMessage(name + " needs <id>, which rule /<uuid:other> doesn't have");
        assertThatThrownBy(() -> WebApplication.of(Rule.of("/", "index")))
                .hasMessage("the endpoint of rule / is index, which is no resource class and no Application");
    }

    @Test
    void headIsAnsweredByGetWithoutABody() {
        TestResponse response = Client.of(WebApplication.of(Rule.of("/", Values.class)))
                .head("/")
                .send();

        assertThat(response.code()).isEqualTo(200);
        assertThat(response.header("Content-Length")).isEqualTo("4");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void optionsNamesTheMethods() {
        Client client = Client.of(WebApplication.of(
                Rule.of("/", Later.class), Rule.of("/get", Later.class).withMethods("GET", "OPTIONS")));

        assertThat(client.options("/").send().header("Allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS, POST");
        assertThat(client.options("/get").send().header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    }

    @Test
    void aMissingMethodIsNotAllowed() {
        TestResponse response =
                Client.of(WebApplication.of(Rule.of("/", Later.class))).put("/").send();

        assertThat(response.code()).isEqualTo(405);
        assertThat(response.header("Allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS, POST");
    }

    @Test
    void anApplicationIsAnEndpointToo() {
        Application wiki = (environ, startResponse) -> {
            var arguments = (PathArguments) Objects.requireNonNull(environ.get(WebApplication.PATH_ARGUMENTS));
            return new Response("page " + arguments.text("page")).call(environ, startResponse);
        };
        Client client = Client.of(WebApplication.of(Rule.of("/wiki/<path:page>", wiki)));

        assertThat(client.get("/wiki/a/b").send().text()).isEqualTo("page a/b");
    }

    static class Reads {
        String post(Request request) {
            return request.text();
        }
    }

    @Test
    void limitsHoldForEveryResource() {
        Client client =
                Client.of(WebApplication.of(Rule.of("/", Reads.class)).withLimits(Limits.DEFAULT.withBodyBytes(4)));

        assertThat(client.post("/").body(new byte[4], "text/plain").send().code())
                .isEqualTo(200);
        assertThat(client.post("/").body(new byte[5], "text/plain").send().code())
                .isEqualTo(413);
    }

    @Test
    void aClientThatHasGoneIsTheContainersBusiness() {
        WebApplication application = WebApplication.of(Rule.of("/", Reads.class));
        Environ environ = new Environ();
        environ.put("REQUEST_METHOD", "POST");
        environ.put("PATH_INFO", "/");
        environ.put("CONTENT_LENGTH", "10");
        environ.put("wsgi.input", new ByteArrayInputStream(new byte[3]));

        assertThatThrownBy(() -> application.call(environ, (_, _, _) -> {}))
                .isInstanceOf(ClientGone.class)
                .hasMessageContaining("3 of 10 bytes");
    }

    static class ReturnsNull {
        @SuppressWarnings("NullAway")
        String get() {
            return null;
        }
    }

    @Test
    void nullIsAMistakeThatNamesTheMethod() {
        Client client = Client.of(WebApplication.of(Rule.of("/", ReturnsNull.class)));

        assertThatThrownBy(() -> client.get("/").send())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ReturnsNull.get returned null");
    }
}
