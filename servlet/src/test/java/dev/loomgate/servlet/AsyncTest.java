package dev.loomgate.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.LocalServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Async servlets and filters on a real server.
@Timeout(60)
class AsyncTest {
    private final AsyncSite site = new AsyncSite();
    private final HttpClient client = HttpClient.newHttpClient();
    private LocalServer server;

    @BeforeEach
    void serve() throws Exception {
        server = LocalServer.serve(ServletApplication.of(site.context));
    }

    @AfterEach
    void end() {
        client.shutdownNow();
        server.close();
    }

    @Test
    void aDispatchGoesThroughTheFiltersOfItsType() throws Exception {
        HttpResponse<String> answer = get("/async/dispatch");
        assertThat(answer.body()).isEqualTo("ASYNC");
        assertThat(answer.headers().allValues("X-Marked")).containsExactly("ASYNC");
    }

    @Test
    void aFilterHoldsARequestAndLetsItThroughLater() throws Exception {
        HttpResponse<String> answer = get("/async/held");
        assertThat(answer.body()).isEqualTo("let through");
        assertThat(answer.headers().allValues("X-Held")).containsExactly("REQUEST", "ASYNC");
    }

    // What a dispatch calls is no async servlet yet: its failure is the request's alone, as with Jetty's connector.
    @Test
    void aServletThatIsDispatchedToAndFailsIs500AndNoListenerLearnsIt() throws Exception {
        assertThat(get("/async/dispatch-fails").statusCode()).isEqualTo(500);
        assertThat(site.listened).isNotDone();
    }

    @Test
    void aServletThatFailsAfterItHasBecomeAsyncIs500AndItsListenerLearnsIt() throws Exception {
        assertThat(get("/async/begun-fails").statusCode()).isEqualTo(500);
        assertThat(site.listened.get(20, TimeUnit.SECONDS)).hasStackTraceContaining("on purpose");
    }

    @Test
    void aTimeoutIsTheListenersOr500() throws Exception {
        HttpResponse<String> listened = get("/async/listened-timeout");
        assertThat(listened.statusCode()).isEqualTo(200);
        assertThat(listened.body()).isEqualTo("timed out");
        assertThat(get("/async/unlistened-timeout").statusCode()).isEqualTo(500);
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
