package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What those who embed a server are told of its requests.
@Timeout(60)
class ObserveTest {
    private final List<String> told = new CopyOnWriteArrayList<>();

    private static Server start(Application application, Supplier<Consumer<FinishedRequest>> observer)
            throws ServerStartException {
        return Server.builder(application)
                .options(Setup.DEFAULT.options().loops(2).build())
                .listen(ListenAddress.http("127.0.0.1:0"))
                .observe(observer)
                .start();
    }

    private static HttpPeer peer(Server server) throws Exception {
        return HttpPeer.to(server.addresses().getFirst().socketAddress());
    }

    private void note(FinishedRequest request) {
        assertThat(request.duration()).isGreaterThanOrEqualTo(Duration.ZERO);
        told.add(request.text("REQUEST_METHOD", "-") + " " + request.text("REQUEST_URI", "-") + " " + request.route()
                + " " + request.status()
                + " " + request.sentBytes() + " " + request.logVariables());
    }

    private void awaitTold(int count) throws Exception {
        Eventually.await(() -> count + " requests, not " + told, () -> told.size() >= count);
    }

    @Test
    void anObserverIsToldOfEachRequestAtItsEnd() throws Exception {
        Application naming = (environ, startResponse) -> {
            environ.routed("/<letter>");
            environ.logVariables().put("user", "bob");
            return Apps.LINE.call(environ, startResponse);
        };
        try (Server server = start(naming, () -> this::note);
                HttpPeer peer = peer(server)) {
            assertThat(peer.get("/a?b=c").answer().text()).isEqualTo("GET /a?b=c");
            awaitTold(1);
        }
        assertThat(told).containsExactly("GET /a?b=c /<letter> 200 10 {user=bob}");
    }

    @Test
    void itIsToldOfRefusedOnesToo() throws Exception {
        try (Server server = start(Apps.LINE, () -> this::note);
                HttpPeer peer = peer(server)) {
            assertThat(peer.send("GET / HTTP/1.1\r\n\r\n").answer().status()).isEqualTo(400);
            awaitTold(1);
        }
        assertThat(told.getFirst()).contains(" 400 ");
    }

    @Test
    void eachLoopHasAnObserverOfItsOwn() throws Exception {
        List<Integer> made = new CopyOnWriteArrayList<>();
        Supplier<Consumer<FinishedRequest>> counting = () -> {
            made.add(made.size());
            return this::note;
        };
        start(Apps.LINE, counting).close();
        assertThat(made).containsExactly(0, 1);
    }

    @Test
    void anObserverThatFailsIsLoggedOnceAndRequestsAreAnswered() throws Exception {
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = start(Apps.LINE, () -> request -> {
                    told.add("asked");
                    throw new IllegalStateException("the observer's fault");
                });
                HttpPeer peer = peer(server)) {
            assertThat(peer.get("/1").answer().status()).isEqualTo(200);
            assertThat(peer.get("/2").answer().status()).isEqualTo(200);
            awaitTold(2);
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("an observer of requests failed"))
                    .hasSize(1);
        }
    }
}
