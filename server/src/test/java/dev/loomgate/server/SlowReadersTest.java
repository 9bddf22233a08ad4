package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.HttpPeer.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What has been answered reaches a client that takes its time, whatever happens to the connection meanwhile.
@Tag("timing")
final class SlowReadersTest {
    private static final int CLIENTS = 15;

    private final CountDownLatch made = new CountDownLatch(CLIENTS);
    private final Application application = (environ, startResponse) -> {
        startResponse.start(Status.OK, new Headers());
        return Body.bytes(Apps.noise(Integer.parseInt(environ.queryString()))).onClose(made::countDown);
    };
    private final List<HttpPeer> peers = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void close() throws IOException {
        for (HttpPeer peer : peers) {
            peer.close();
        }
    }

    // A unix socket, since the kernel keeps little of it. Of some of the lengths, the server keeps the rest.
    private Server server(Limits limits) throws ServerStartException {
        return Server.builder(application)
                .listen(ListenAddress.http(directory.resolve("s").toString()))
                .options(Setup.DEFAULT.options().limits(limits).build())
                .start();
    }

    private void ask(Server server, String field) throws Exception {
        for (int i = 1; i <= CLIENTS; i++) {
            peers.add(Peers.http(server)
                    .send("POST /?%d000 HTTP/1.1\r\nHost: a\r\n%s\r\n".formatted(100 + 20 * i, field)));
        }
        // Of the longest ones the microthreads wait until the clients read.
        made.await(1, TimeUnit.SECONDS);
        assertThat(made.getCount()).isBetween(1L, CLIENTS - 3L);
    }

    private void assertAllIsThere() throws IOException {
        for (HttpPeer peer : peers) {
            Answer answer = peer.answer();
            assertThat(answer.content()).isEqualTo(Apps.noise(answer.content().length));
            assertThat(peer.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: close\r\n"})
    void theClientEndsItsSide(String field) throws Exception {
        try (Server server = server(Limits.defaults());
                HttpPeer other = Peers.http(server)) {
            ask(server, field);
            other.get("/?1").answer();
            for (HttpPeer peer : peers) {
                peer.endOutput();
            }
            other.get("/?1").answer(); // the server has heard the others by now
            assertAllIsThere();
        }
    }

    @Test
    void theIdleTimePasses() throws Exception {
        try (Server server =
                server(Limits.builder().idleTimeout(Duration.ofMillis(100)).build())) {
            ask(server, "");
            Thread.sleep(1_000);
            assertAllIsThere();
        }
    }

    @Test
    void theServerStops() throws Exception {
        try (Server server = server(Limits.defaults())) {
            ask(server, "");
            Thread stop = Thread.ofVirtual().start(() -> server.stop(Duration.ofSeconds(20)));
            Thread.sleep(1_000);
            assertAllIsThere();
            stop.join();
        }
    }
}
