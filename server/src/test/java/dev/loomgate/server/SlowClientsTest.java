package dev.loomgate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.ClientGone;
import dev.loomgate.loop.spool.Spool;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.client.HttpPeer;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a slow client costs: no heap for a long body, no time of the application's, and not forever.
@Timeout(60)
@Tag("timing")
class SlowClientsTest {
    private static final int BYTES = 5_000_000;

    @TempDir
    private Path directory;

    private Server server(Application application, Limits limits, Spool spool) throws ServerStartException {
        return Server.builder(application)
                // A unix socket, since the kernel keeps little of it.
                .listen(ListenAddress.http(directory.resolve("s").toString()))
                .options(Setup.DEFAULT.options().limits(limits).spool(spool).build())
                .start();
    }

    private static void awaitOpenFiles(String part, int count) throws Exception {
        Eventually.await(
                () -> count + " files, but " + Processes.openFiles(part),
                () -> Processes.openFiles(part).size() == count);
    }

    @Test
    void whoTakesTooLittleIsCutOff() throws Exception {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        CountDownLatch closed = new CountDownLatch(1);
        Application application = Apps.of(() -> Body.stream(out -> {
                    try {
                        while (true) {
                            out.write(new byte[100_000]);
                        }
                    } catch (IOException e) {
                        seen.set(e);
                        throw e;
                    }
                })
                .onClose(closed::countDown));
        Limits limits = Limits.builder()
                .minBytesPerSecond(10_000_000)
                .minRateTime(Duration.ofSeconds(1))
                .build();
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = server(application, limits, Spool.defaults());
                HttpPeer peer = Peers.http(server)) {
            peer.get("/");
            // It takes something all the time, so that it doesn't stand still.
            while (closed.getCount() > 0) {
                peer.take(2_000);
                closed.await(20, TimeUnit.MILLISECONDS);
            }
            log.await("bytes of its response in 1000 ms, less than 10000000 a second (minBytesPerSecond): GET /");
            assertThat(seen.get()).isInstanceOf(ClientGone.class);
        }
    }

    @Test
    void whoIsNotWaitedForIsNotCutOff() throws Exception {
        Application application = Apps.of(() -> Body.stream(out -> {
            for (int i = 0; i < 30; i++) {
                out.write(new byte[10]);
                Thread.sleep(50);
            }
        }));
        Limits limits = Limits.builder()
                .minBytesPerSecond(10_000_000)
                .minRateTime(Duration.ofMillis(300))
                .build();
        try (Server server = server(application, limits, Spool.defaults());
                HttpPeer peer = Peers.http(server)) {
            assertThat(peer.get("/").answer().content()).hasSize(300);
        }
    }

    @Test
    void aLongBodyWaitsInAFile() throws Exception {
        byte[] content = Apps.noise(BYTES);
        Spool spool = Spool.of(1 << 20, 64 << 20, 1 << 30, directory);
        String file = directory + "/loomgate-spool";
        try (Server server = server(Apps.of(() -> Body.bytes(content)), Limits.defaults(), spool)) {
            try (HttpPeer peer = Peers.http(server);
                    HttpPeer left = Peers.http(server)) {
                left.get("/");
                peer.get("/");
                awaitOpenFiles(file, 2);
                assertThat(peer.answer().content()).isEqualTo(content);
                assertThat(peer.get("/").answer().content()).isEqualTo(content);
            }
            awaitOpenFiles(file, 0);
        }
    }

    @Test
    void longBodiesDoNotCrowdTheHeap() throws Exception {
        int peers = 20;
        List<WeakReference<byte[]>> made = Collections.synchronizedList(new ArrayList<>());
        byte[] content = Apps.noise(BYTES);
        Application application = Apps.of(() -> {
            byte[] body = content.clone();
            made.add(new WeakReference<>(body));
            return Body.bytes(body);
        });
        // A quarter of the memory is less than one body, so that each of them writes its own file.
        Spool spool = Spool.of(1 << 20, 4 << 20, 1 << 30, directory);
        try (Server server = server(application, Limits.defaults(), spool)) {
            List<HttpPeer> slow = new ArrayList<>();
            try {
                for (int i = 0; i < peers; i++) {
                    slow.add(Peers.http(server).get("/"));
                }
                awaitOpenFiles(directory + "/loomgate-spool", peers);
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                while (made.stream().anyMatch(each -> each.get() != null)) {
                    assertThat(System.nanoTime()).as("bodies are still held").isLessThan(deadline);
                    System.gc();
                    Thread.sleep(20);
                }
                for (HttpPeer peer : slow) {
                    assertThat(peer.answer().content()).isEqualTo(content);
                }
            } finally {
                for (HttpPeer peer : slow) {
                    peer.close();
                }
            }
            awaitOpenFiles(directory + "/loomgate-spool", 0);
        }
        assertThat(spool.leave(0)).isFalse();
        assertThat(spool.used()).isZero();
    }

    @Test
    void aCrowdStaysInMemoryWhereNoFileCanBeWritten() throws Exception {
        byte[] content = Apps.noise(BYTES);
        Spool spool = Spool.of(1 << 20, 4 << 20, 1 << 30, directory.resolve("nowhere"));
        try (Server server = server(Apps.of(() -> Body.bytes(content)), Limits.defaults(), spool);
                HttpPeer peer = Peers.http(server);
                HttpPeer other = Peers.http(server)) {
            peer.get("/");
            other.get("/");
            assertThat(peer.answer().content()).isEqualTo(content);
            assertThat(other.answer().content()).isEqualTo(content);
        }
        assertThat(spool.used()).isZero();
    }

    @Test
    void aBodyStaysInMemoryWhereNoFileCanBeWritten() throws Exception {
        byte[] content = Apps.noise(BYTES);
        Spool spool = Spool.of(1 << 20, 64 << 20, 1 << 30, directory.resolve("nowhere"));
        try (LogLines log = LogLines.of("dev.loomgate.server");
                Server server = server(Apps.of(() -> Body.bytes(content)), Limits.defaults(), spool);
                HttpPeer peer = Peers.http(server)) {
            peer.get("/");
            log.await("(spool.directory)");
            assertThat(spool.used()).isEqualTo(BYTES);
            assertThat(peer.answer().content()).isEqualTo(content);
        }
        assertThat(spool.used()).isZero();
    }

    @Test
    void theApplicationsTimeIsNotTheClients() throws Exception {
        byte[] content = Apps.noise(BYTES);
        Application application = Apps.of(() -> Body.stream(out -> out.write(content)));
        Limits limits = Limits.builder().requestTimeout(Duration.ofMillis(300)).build();
        try (Server server = server(application, limits, Spool.defaults());
                HttpPeer peer = Peers.http(server)) {
            peer.get("/");
            Thread.sleep(1_500);
            assertThat(peer.answer().content()).isEqualTo(content);
        }
    }
}
