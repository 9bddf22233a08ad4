package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.loop.Loop;
import dev.loomgate.loop.io.LoopSide;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A server that leaves new connections waiting, and one whose loop hangs.
@Timeout(60)
class SuspendedServerTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    static List<Setup> setups() {
        return Setup.all();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void newConnectionsWaitAndOpenOnesAreServed(Setup setup) throws Exception {
        try (Server server = setup.http(Apps.LINE);
                HttpPeer open = Peers.http(server)) {
            assertThat(open.send(REQUEST).answer().status()).isEqualTo(200);
            server.suspend(true);
            server.nextTurn().get(30, TimeUnit.SECONDS);
            try (RawClient waiting = connect(server)) {
                waiting.send(REQUEST);
                assertThat(open.send(REQUEST).answer().status()).isEqualTo(200);
                assertThat(waiting.arrives(Duration.ofMillis(100))).isFalse();

                server.suspend(false);

                assertThat(waiting.arrives(Duration.ofSeconds(30))).isTrue();
            }
        }
    }

    private static RawClient connect(Server server) throws IOException {
        return RawClient.connect(server.addresses().getFirst().socketAddress());
    }

    @Test
    void aStopAnswersThoseThatWait() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE)) {
            server.suspend(true);
            server.nextTurn().get(30, TimeUnit.SECONDS);
            try (HttpPeer waiting = Peers.http(server)) {
                waiting.send(REQUEST);

                assertThat(server.stop(Duration.ofSeconds(30))).isTrue();

                assertThat(waiting.answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aLoopThatHangsDoesNotTurn() throws Exception {
        CompletableFuture<LoopSide> side = new CompletableFuture<>();
        CountDownLatch released = new CountDownLatch(1);
        try (Server server = Setup.DEFAULT.http((environ, startResponse) -> {
                    side.complete(Loop.current().side());
                    return Apps.LINE.call(environ, startResponse);
                });
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.send(REQUEST).answer().status()).isEqualTo(200);
            CountDownLatch hangs = new CountDownLatch(1);
            side.get().execute(() -> {
                hangs.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(hangs.await(30, TimeUnit.SECONDS)).isTrue();

            CompletableFuture<Void> turn = server.nextTurn();

            assertThat(turn).isNotDone();
            released.countDown();
            turn.get(30, TimeUnit.SECONDS);
        } finally {
            released.countDown();
        }
    }
}
