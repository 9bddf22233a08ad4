package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.loop.Loop;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.client.HttpPeer.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("timing")
class GracefulStopTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    static List<Setup> setups() {
        return Setup.all();
    }

    @ParameterizedTest
    @MethodSource("setups")
    void runningRequestsAreAnsweredAndTheConnectionEnds(Setup setup) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Application application = (environ, startResponse) -> {
            begun.countDown();
            Loop.sleep(Duration.ofMillis(300));
            return Apps.LINE.call(environ, startResponse);
        };
        try (Server server = setup.http(application);
                HttpPeer peer = Peers.http(server)) {
            peer.get("/slow");
            begun.await();
            CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> server.stop(LIMIT));
            Answer answer = peer.answer();
            assertThat(answer.text()).isEqualTo("GET /slow");
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(peer.rest()).isEmpty();
            assertThat(stopped.get()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("setups")
    void atTheLimitWhatRunsIsInterrupted(Setup setup) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicInteger closed = new AtomicInteger();
        Application application = Apps.of(() -> Body.stream(out -> {
                    out.write("begun");
                    begun.countDown();
                    try {
                        Loop.sleep(Duration.ofSeconds(60));
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                })
                .onClose(closed::incrementAndGet));
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = setup.http(application);
                HttpPeer peer = Peers.http(server)) {
            peer.get("/slow");
            begun.await();
            assertThat(server.stop(Duration.ofMillis(200))).isFalse();
            interrupted.await();
            assertThat(closed).hasValue(1);
            log.await("1 requests still run at the stop's limit");
            assertThat(peer.rest()).contains("begun").doesNotContain("\r\n0\r\n");
        }
    }

    /// Server-sent events, for example.
    @ParameterizedTest
    @MethodSource("setups")
    void aRequestIsToldAtOnce(Setup setup) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Application application = (environ, startResponse) -> {
            CompletionStage<Duration> stopping = environ.stopping().orElseThrow();
            return Apps.of(() -> Body.stream(out -> {
                        out.write("begun, ");
                        begun.countDown();
                        Duration time = Loop.await(stopping);
                        out.write(
                                "ended: " + (time.compareTo(LIMIT) <= 0 && time.compareTo(LIMIT.minusSeconds(10)) > 0));
                    }))
                    .call(environ, startResponse);
        };
        try (Server server = setup.http(application);
                HttpPeer peer = Peers.http(server)) {
            peer.get("/events");
            begun.await();
            long before = System.nanoTime();
            CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> server.stop(LIMIT));

            assertThat(peer.answer().text()).isEqualTo("begun, ended: true");
            assertThat(stopped.get()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LIMIT.dividedBy(2));
        }
    }

    /// Its connection waits in the kernel's queue when the server stops.
    @Test
    void aRequestThatBeginsDuringTheStopIsToldToo() throws Exception {
        Application application = (environ, startResponse) -> {
            Duration time = Loop.await(environ.stopping().orElseThrow());
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.text(environ.path() + (time.isPositive() ? " told" : " told too late"));
        };
        try (Server server = Setup.DEFAULT.http(application);
                HttpPeer before = Peers.http(server)) {
            before.get("/before");
            server.suspend(true);
            try (HttpPeer late = Peers.http(server)) {
                late.get("/late");
                CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(() -> server.stop(LIMIT));

                assertThat(before.answer().text()).isEqualTo("/before told");
                assertThat(late.answer().text()).isEqualTo("/late told");
                assertThat(stopped.get()).isTrue();
            }
        }
    }

    @Test
    void idleConnectionsDontDelayTheStop() throws Exception {
        try (Server server = Setup.DEFAULT.http(Apps.LINE);
                HttpPeer idle = Peers.http(server);
                HttpPeer fresh = Peers.http(server)) {
            idle.get("/").answer();
            long before = System.nanoTime();
            assertThat(server.stop(LIMIT)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
            assertThat(idle.rest()).isEmpty();
            assertThat(fresh.rest()).isEmpty();
        }
    }

    @Test
    void aUnixSocketsFileGoesWithTheServer(@TempDir Path directory) throws Exception {
        Path socket = directory.resolve("app.sock");
        try (Server server = Server.builder(Apps.LINE)
                        .listen(ListenAddress.http(socket.toString()))
                        .options(Setup.DEFAULT.options().build())
                        .start();
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.get("/").answer().text()).isEqualTo("GET /");
            assertThat(socket).exists();
            server.stop(LIMIT);
            assertThat(socket).doesNotExist();
            assertThat(directory).isEmptyDirectory();
        }
    }

    /// Clients that open a connection for each request, and ones that keep theirs. A request counts as accepted
    /// when its connection was: then it must be answered, and a kept connection may end only with a word or
    /// between two requests.
    @ParameterizedTest
    @ValueSource(strings = {"unix", "unix", "unix", "tcp", "tcp", "tcp"})
    void underLoadNoRequestIsLost(String kind, @TempDir Path directory) throws Exception {
        String place =
                kind.equals("tcp") ? "127.0.0.1:0" : directory.resolve("s").toString();
        Application application = (environ, startResponse) -> {
            Loop.sleep(Duration.ofMillis(2));
            return Apps.LINE.call(environ, startResponse);
        };
        AtomicInteger answered = new AtomicInteger();
        List<String> lost = new java.util.concurrent.CopyOnWriteArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> clients = new ArrayList<>();
        try (Server server = Server.builder(application)
                .listen(ListenAddress.http(place))
                .options(Setup.DEFAULT.options().loops(2).build())
                .start()) {
            for (int i = 0; i < 16; i++) {
                boolean kept = i % 2 == 0;
                clients.add(Thread.ofPlatform().start(() -> {
                    while (!over.get() && ask(server, kept, over, answered, lost)) {}
                }));
            }
            while (answered.get() < 500) {
                Thread.sleep(5);
            }
            assertThat(server.stop(LIMIT)).isTrue();
            over.set(true);
            for (Thread client : clients) {
                client.join();
            }
        }
        assertThat(lost).isEmpty();
    }

    private static boolean ask(
            Server server, boolean kept, AtomicBoolean over, AtomicInteger answered, List<String> lost) {
        HttpPeer peer;
        try {
            peer = Peers.http(server);
        } catch (IOException e) {
            return false; // not accepted
        }
        try (peer) {
            boolean further = true;
            while (further && !over.get()) {
                peer.send("GET / HTTP/1.1\r\nHost: a\r\n" + (kept ? "" : "Connection: close\r\n") + "\r\n");
                Answer answer = peer.answer();
                if (!answer.text().equals("GET /")) {
                    lost.add("wrong answer " + answer);
                }
                answered.incrementAndGet();
                further = !answer.field("connection").equals("close");
            }
            return true;
        } catch (IOException e) {
            lost.add((kept ? "kept: " : "single: ") + e);
            return false;
        }
    }
}
