package dev.loomgate.toolkit.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Middleware;
import dev.loomgate.gateway.Offload;
import dev.loomgate.gateway.Status;
import dev.loomgate.toolkit.exceptions.NotFound;
import dev.loomgate.toolkit.middleware.Offloaded;
import dev.loomgate.toolkit.routing.Rule;
import dev.loomgate.toolkit.routing.Submount;
import dev.loomgate.toolkit.test.Client;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A container with a thread for blocking work, whose name tells who has answered.
class BlockingRuleTest {
    private final ExecutorService blocking = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("blocking").factory());

    private final Offload offload = new Offload() {
        @Override
        public <T> T call(Callable<T> work) throws Exception {
            try {
                return blocking.submit(work).get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    };

    private final Middleware container = inner -> (environ, startResponse) -> {
        environ.put("loomgate.offload", offload);
        return inner.call(environ, startResponse);
    };

    @AfterEach
    void end() {
        blocking.shutdownNow();
    }

    private static String threadName() {
        return Thread.currentThread().getName();
    }

    private static Application plain() {
        return (environ, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain", "X-Called-In", threadName()));
            return Body.stream(out -> out.write(threadName().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        };
    }

    private Client client(Rule<?>... rules) {
        return Client.of(container.wrap(WebApplication.of(rules)));
    }

    static class Named {
        String get() {
            return threadName();
        }
    }

    @Test
    void functionsAndResourcesOfBlockingRulesRunThere() {
        Client client = client(
                Route.get("/blocking", request -> threadName()).blocking(),
                Rule.of("/class", Named.class).blocking(),
                Route.get("/", request -> threadName()));

        assertThat(client.get("/blocking").send().text()).isEqualTo("blocking");
        assertThat(client.get("/class").send().text()).isEqualTo("blocking");
        assertThat(client.get("/").send().text()).isEqualTo(threadName());
    }

    @Test
    void applicationIsCalledThereAndItsStreamRunsInTheRequestsOwnThread() {
        Client client = client(Rule.of("/", plain()).blocking());

        assertThat(client.get("/").send().headers().first("X-Called-In")).hasValue("blocking");
        assertThat(client.get("/").send().text()).isEqualTo(threadName());
    }

    @Test
    void errorsThatAreThrownThereAreResponses() {
        Client client = client(Route.get("/", request -> {
                    throw new NotFound("none in " + threadName());
                })
                .blocking());

        assertThat(client.get("/").send().status().code()).isEqualTo(404);
        assertThat(client.get("/").send().text()).contains("none in blocking");
    }

    @Test
    void ruleBelowASubmountStaysBlocking() {
        Client client = Client.of(container.wrap(WebApplication.of(
                Submount.of("/api", Route.get("/", request -> threadName()).blocking()))));

        assertThat(client.get("/api/").send().text()).isEqualTo("blocking");
    }

    @Test
    void middlewareStartsTheResponseInTheRequestsOwnThread() {
        String[] startedBy = new String[1];
        Application offloaded = Offloaded.of().wrap(plain());
        Client client = Client.of(
                container.wrap((environ, startResponse) -> offloaded.call(environ, (status, headers, cause) -> {
                    startedBy[0] = threadName();
                    startResponse.start(status, headers, cause);
                })));

        assertThat(client.get("/").send().headers().first("X-Called-In")).hasValue("blocking");
        assertThat(startedBy[0]).isEqualTo(threadName());
    }

    @Test
    void middlewarePassesOnWhatTheApplicationThrows() {
        Application failing = Offloaded.of().wrap((environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            throw new java.io.IOException("no disk");
        });

        assertThatExceptionOfType(Exception.class)
                .isThrownBy(() -> Client.of(container.wrap(failing)).get("/").send())
                .withStackTraceContaining("no disk");
    }

    @Test
    void containerWithoutSuchThreadsRunsItHere() {
        Client client = Client.of(
                WebApplication.of(Route.get("/", request -> threadName()).blocking()));

        assertThat(client.get("/").send().text()).isEqualTo(threadName());
    }
}
