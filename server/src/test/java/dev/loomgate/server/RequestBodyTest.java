package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `wsgi.input` over a real connection.
class RequestBodyTest {
    static List<Setup> setups() {
        return Setup.all();
    }

    private static Thread sending(HttpPeer peer, byte[] bytes) {
        return Thread.ofVirtual().start(() -> {
            try {
                peer.send(bytes);
            } catch (IOException e) {
                // The test sees it by what it doesn't receive.
            }
        });
    }

    @ParameterizedTest
    @MethodSource("setups")
    void largeBodiesArriveWhole(Setup setup) throws Exception {
        byte[] content = Apps.noise(3_000_000);
        try (Server server = setup.http(Apps.ECHO);
                HttpPeer peer = Peers.http(server)) {
            for (int i = 0; i < 2; i++) {
                Thread sender = sending(peer, Apps.post("/", content));
                assertThat(peer.answer().content()).isEqualTo(content);
                sender.join();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aBodyIsStreamedBackWhileItComes(Setup setup) throws Exception {
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            InputStream input = environ.input();
            return Body.stream(out -> input.transferTo(out.asOutputStream()));
        };
        byte[] content = Apps.noise(5_000_000);
        try (Server server = setup.http(application);
                HttpPeer peer = Peers.http(server)) {
            Thread sender = sending(peer, Apps.post("/", content));
            assertThat(peer.answer().content()).isEqualTo(content);
            sender.join();
            assertThat(peer.get("/").answer().status()).isEqualTo(200);
        }
    }

    @Test
    void chunkedBodiesHaveNoLengthAndEnd() throws Exception {
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            return Body.text(environ.contentLength() + " " + environ.get("wsgi.input_terminated") + " "
                    + new String(environ.input().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    + environ.input().read());
        };
        try (Server server = Setup.DEFAULT.http(application);
                HttpPeer peer = Peers.http(server)) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n");
            assertThat(peer.answer().text()).isEqualTo("OptionalLong.empty true ab-1");
            peer.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(peer.answer().text()).isEqualTo("OptionalLong[0] true -1");
            assertThat(peer.get("/").answer().text()).isEqualTo("OptionalLong.empty true -1");
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void anApplicationThatDoesntReadStopsItsSender(Setup setup) throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        Application application = (environ, startResponse) -> {
            dev.loomgate.loop.Loop.offload(() -> read.await(20, TimeUnit.SECONDS));
            return Apps.ECHO.call(environ, startResponse);
        };
        byte[] content = Apps.noise(30_000_000);
        AtomicLong sent = new AtomicLong();
        try (Server server = setup.http(application);
                HttpPeer peer = Peers.http(server)) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + content.length + "\r\n\r\n");
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < content.length; i += 10_000) {
                        peer.send(java.util.Arrays.copyOfRange(content, i, i + 10_000));
                        sent.set(i);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            awaitStandstill(sent);
            // What the kernel buffers on both sides, and a little here.
            assertThat(sent.get()).isLessThan(20_000_000);
            read.countDown();
            assertThat(peer.answer().content()).isEqualTo(content);
            sender.join();
        }
    }

    private static void awaitStandstill(AtomicLong counter) throws InterruptedException {
        long before = -1;
        while (counter.get() != before || before == 0) {
            before = counter.get();
            Thread.sleep(300);
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aClientThatGoesEndsTheReading(Setup setup) throws Exception {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        CountDownLatch over = new CountDownLatch(1);
        Application application = (environ, startResponse) -> {
            try {
                return Apps.ECHO.call(environ, startResponse);
            } catch (IOException e) {
                seen.set(e);
                throw e;
            } finally {
                over.countDown();
            }
        };
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = setup.http(application)) {
            try (HttpPeer peer = Peers.http(server)) {
                peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhal");
            }
            assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(seen.get()).isInstanceOf(ClientGone.class);
            assertThat(log.lines()).noneMatch(line -> line.contains("failed"));
        }
    }

    @Test
    void manySlowBodiesDontHoldTheOthers() throws Exception {
        AtomicInteger whole = new AtomicInteger();
        Application application = (environ, startResponse) -> {
            if (environ.method().equals("POST") && environ.input().readAllBytes().length == 50) {
                whole.incrementAndGet();
            }
            return Apps.LINE.call(environ, startResponse);
        };
        try (Server server = Setup.DEFAULT.http(application);
                HttpPeer other = Peers.http(server)) {
            List<HttpPeer> slow = new java.util.ArrayList<>();
            for (int i = 0; i < 100; i++) {
                slow.add(Peers.http(server)
                        .send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 50\r\n\r\n"));
            }
            for (int i = 0; i < 50; i++) {
                for (HttpPeer peer : slow) {
                    peer.send("x");
                }
                assertThat(other.get("/").answer().status()).isEqualTo(200);
            }
            for (HttpPeer peer : slow) {
                assertThat(peer.answer().text()).isEqualTo("POST /");
                peer.close();
            }
        }
        assertThat(whole).hasValue(100);
    }

    @Test
    void readingAfterTheResponseFails() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        CountDownLatch over = new CountDownLatch(1);
        Application application = (environ, startResponse) -> {
            startResponse.start(Status.OK, new Headers());
            return Body.text("x").onClose(() -> {
                try {
                    dev.loomgate.loop.Loop.offload(() -> answered.await(10, TimeUnit.SECONDS));
                    environ.input().readAllBytes();
                } catch (Exception e) {
                    seen.set(e);
                }
                over.countDown();
            });
        };
        try (Server server = Setup.DEFAULT.http(application);
                HttpPeer peer = Peers.http(server)) {
            peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
            assertThat(peer.answer().text()).isEqualTo("x");
            answered.countDown();
            assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(seen.get()).isInstanceOf(IOException.class).hasMessageContaining("response is complete");
        }
    }
}
