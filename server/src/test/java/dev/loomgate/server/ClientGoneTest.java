package dev.loomgate.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.lint.Lint;
import dev.loomgate.loop.Loop;
import dev.loomgate.loop.Microthread;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `loomgate.client_gone`: how an application that neither reads nor writes gets to know that nobody waits for it.
@Timeout(60)
@Tag("timing")
final class ClientGoneTest {
    private final Semaphore begun = new Semaphore(0);
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    // Says where it learnt of it, and then answers as if nothing had happened.
    private final Application waiting = (environ, startResponse) -> {
        CompletionStage<?> gone = environ.clientGone().orElseThrow();
        CompletionStage<String> told =
                gone.thenApply(nothing -> Microthread.current().loop().toString());
        begun.release();
        seen.add(Loop.await(told) + ", " + environ.path());
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text(environ.path());
    };

    private static void soon(Limits.Builder limits) {
        limits.halfClosedTimeout(Duration.ofMillis(50));
    }

    private static Limits soon() {
        Limits.Builder limits = Limits.builder();
        soon(limits);
        return limits.build();
    }

    static List<Setup> setups() {
        return Setup.all();
    }

    private String awaitSeen() throws InterruptedException {
        return String.valueOf(seen.poll(10, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @MethodSource("setups")
    void overHttp(Setup setup) throws Exception {
        try (Server server = setup.http(waiting, ClientGoneTest::soon)) {
            try (HttpPeer peer = Peers.http(server)) {
                peer.get("/waits");
                assertThat(begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
                assertThat(seen).isEmpty();
            }
            assertThat(awaitSeen()).isEqualTo("loomgate-loop-0, /waits");
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void overUwsgi(Setup setup, @TempDir Path directory) throws Exception {
        for (String address : List.of("127.0.0.1:0", directory.resolve("s").toString())) {
            try (Server server = Server.builder(waiting)
                    .listen(ListenAddress.uwsgi(address))
                    .options(setup.options().limits(soon()).build())
                    .start()) {
                try (RawClient client =
                        RawClient.connect(server.addresses().getFirst().socketAddress())) {
                    client.send(UwsgiPacket.request("GET", "/waits").bytes());
                    assertThat(begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
                    assertThat(seen).isEmpty();
                }
                assertThat(awaitSeen()).isEqualTo("loomgate-loop-0, /waits");
            }
        }
    }

    @Test
    void aClientThatHasEndedItsSideIsAnswered() throws Exception {
        try (Server server = Setup.DEFAULT.http(waiting, ClientGoneTest::soon);
                HttpPeer peer = Peers.http(server)) {
            peer.get("/1").get("/2").endOutput();

            assertThat(peer.answer().text()).isEqualTo("/1");
            assertThat(peer.answer().text()).isEqualTo("/2");
            assertThat(peer.rest()).isEmpty();
        }
    }

    /// Nothing waits for what such a client might still be answered in time.
    @Test
    void aClientThatHasEndedItsSideHasntGoneAtOnce() throws Exception {
        Application quick = (environ, startResponse) -> {
            CompletableFuture<?> gone = environ.clientGone().orElseThrow().toCompletableFuture();
            begun.release();
            Loop.sleep(Duration.ofMillis(300));
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.text("gone: " + gone.isDone());
        };
        try (Server server = Setup.DEFAULT.http(quick);
                HttpPeer peer = Peers.http(server)) {
            peer.get("/").endOutput();

            assertThat(peer.answer().text()).isEqualTo("gone: false");
        }
    }

    /// Server-sent events, for example, whose client has closed its socket while there are none.
    @Test
    void aClientThatHasEndedItsSideHasGoneSoonWhereAStreamIsSilent() throws Exception {
        Application silent = (environ, startResponse) -> {
            CompletableFuture<?> gone = environ.clientGone().orElseThrow().toCompletableFuture();
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/event-stream"));
            return Body.stream(writer -> {
                writer.write(ByteBuffer.wrap("data: 1\n\n".getBytes(US_ASCII)));
                Loop.await(gone);
                seen.add("gone");
            });
        };
        try (Server server = Setup.DEFAULT.http(silent, limits -> limits.halfClosedTimeout(Duration.ofHours(1)));
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.get("/").headOnly().status()).isEqualTo(200);
            peer.endOutput();

            assertThat(awaitSeen()).isEqualTo("gone");
        }
    }

    @Test
    void aClientThatHasEndedItsSideGetsAllOfAStreamThatGoesOn() throws Exception {
        Application steady = (environ, startResponse) -> {
            CompletableFuture<?> gone = environ.clientGone().orElseThrow().toCompletableFuture();
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.stream(writer -> {
                for (int i = 0; i < 15; i++) {
                    writer.write(ByteBuffer.wrap("0123456789".getBytes(US_ASCII)));
                    Loop.sleep(Duration.ofMillis(200));
                }
                writer.write(ByteBuffer.wrap(("gone: " + gone.isDone()).getBytes(US_ASCII)));
            });
        };
        try (Server server = Setup.DEFAULT.http(steady, limits -> limits.halfClosedTimeout(Duration.ofSeconds(2)));
                HttpPeer peer = Peers.http(server)) {
            peer.get("/").endOutput();

            assertThat(peer.answer().text()).isEqualTo("0123456789".repeat(15) + "gone: false");
        }
    }

    @Test
    void aClientThatStaysUntilTheResponseIsCompleteHasntGone() throws Exception {
        BlockingQueue<CompletableFuture<?>> stages = new LinkedBlockingQueue<>();
        Application application = (environ, startResponse) -> {
            stages.add(environ.clientGone().orElseThrow().toCompletableFuture());
            return Apps.LINE.call(environ, startResponse);
        };
        try (Server server = Setup.DEFAULT.http(application)) {
            try (HttpPeer peer = Peers.http(server)) {
                assertThat(peer.get("/1").answer().status()).isEqualTo(200);
                assertThat(peer.get("/2").answer().status()).isEqualTo(200);
            }
            try (HttpPeer other = Peers.http(server)) {
                assertThat(other.get("/3").answer().status()).isEqualTo(200);
            }
            assertThat(stages).hasSize(3).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void whoseTimeIsOverIsInterruptedInstead() throws Exception {
        BlockingQueue<CompletableFuture<?>> stages = new LinkedBlockingQueue<>();
        Application application = (environ, startResponse) -> {
            CompletableFuture<?> gone = environ.clientGone().orElseThrow().toCompletableFuture();
            stages.add(gone);
            try {
                Loop.await(gone);
            } catch (InterruptedException e) {
                seen.add("interrupted");
            }
            return Body.empty();
        };
        try (Server server = Setup.DEFAULT.http(application, limits -> limits.requestTimeout(Duration.ofMillis(200)))) {
            try (HttpPeer peer = Peers.http(server)) {
                assertThat(peer.get("/").answer().status()).isEqualTo(504);
                assertThat(peer.rest()).isEmpty();
            }
            assertThat(awaitSeen()).isEqualTo("interrupted");
            try (HttpPeer other = Peers.http(server)) {
                other.get("/").answer(); // the server has heard of the first one's end by now
            }
            assertThat(stages).hasSize(2).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void aPacketCantBringIt() throws Exception {
        try (Server server = Server.builder(new Lint().wrap(waiting))
                        .listen(ListenAddress.uwsgi("127.0.0.1:0"))
                        .options(Setup.DEFAULT.options().limits(soon()).build())
                        .start();
                RawClient client =
                        RawClient.connect(server.addresses().getFirst().socketAddress())) {
            client.send(UwsgiPacket.request("GET", "/waits")
                            .with("loomgate.client_gone", "yes")
                            .with("loomgate.other", "yes")
                            .bytes())
                    .endOutput();

            assertThat(client.receiveText()).endsWith("\r\n\r\n/waits");
        }
    }
}
