package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bodies of requests and responses, through windows that are smaller than they are.
@Timeout(300)
class BodiesTest {
    private static final int SLOW_UPLOADS = 300;

    @TempDir
    private Path directory;

    static List<WorkerMode> modes() {
        return PythonApplicationTest.modes();
    }

    private Server server(WorkerMode mode) throws Exception {
        return Servers.start(
                PythonApplication.of(TestPrograms.program(directory).mode(mode).build()));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("modes")
    void largeBodiesGoBothWaysUnchanged(WorkerMode mode) throws Exception {
        try (Server server = server(mode);
                HttpPeer peer = Servers.peer(server)) {
            for (int size : new int[] {0, 1, 65_535, 65_536, 65_537, 262_144, 1_000_000, 20_000_000}) {
                byte[] content = random(size);
                HttpPeer.Answer answer = peer.post("/echo", size).send(content).answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.content()).as(size + " bytes").isEqualTo(content);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void chunkedUploadsOfAnyLengthArrive(WorkerMode mode) throws Exception {
        try (Server server = server(mode);
                HttpPeer peer = Servers.peer(server)) {
            for (int size : new int[] {0, 1, 65_535, 65_536, 65_537, 1_000_000}) {
                byte[] content = random(size);
                peer.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                for (int at = 0; at < size; at += 50_000) {
                    int count = Math.min(50_000, size - at);
                    peer.send(Integer.toHexString(count) + "\r\n")
                            .send(java.util.Arrays.copyOfRange(content, at, at + count))
                            .send("\r\n");
                }
                assertThat(peer.send("0\r\n\r\n").answer().content())
                        .as(size + " bytes")
                        .isEqualTo(content);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aSlowReaderOfTheResponseGetsAllOfIt(WorkerMode mode) throws Exception {
        try (Server server = server(mode);
                HttpPeer peer = Servers.peer(server)) {
            peer.get("/large?size=20000000");
            Thread.sleep(300); // until all windows are full
            if (!(mode instanceof WorkerMode.Sync)) {
                assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
            }
            byte[] all = new byte[20_000_000];
            java.util.Arrays.fill(all, (byte) 'y');
            assertThat(java.util.Arrays.equals(peer.answer().content(), all)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aBodyThatTheProgramDoesNotReadDoesNotSpoilTheConnection(WorkerMode mode) throws Exception {
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = server(mode)) {
            for (int i = 0; i < 5; i++) {
                try (HttpPeer peer = Servers.peer(server)) {
                    peer.post("/ignore", 200_000).send(new byte[200_000]);
                    assertThat(peer.answer().text()).isEqualTo("ignored");
                }
            }
            assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
            assertThat(log.with("ERROR")).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void headHasNoContentAndClosesTheIterable(WorkerMode mode) throws Exception {
        try (Server server = server(mode);
                HttpPeer peer = Servers.peer(server)) {
            HttpPeer.Answer answer = peer.head("/large?size=1000000").headOnly();
            assertThat(answer.fields()).containsEntry("content-length", "1000000");
            assertThat(peer.head("/stream?count=1000000&pause=0.001").headOnly().status())
                    .isEqualTo(200);
            Eventually.await("closed", () -> TestPrograms.notes(directory).stream()
                    .anyMatch(line -> line.startsWith("closed with ")));
            assertThat(peer.get("/").answer().text()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aFileIsSentAndClosedAfterwards(WorkerMode mode) throws Exception {
        byte[] content = random(3_000_000);
        Path file = Files.write(directory.resolve("file"), content);
        try (Server server = server(mode);
                HttpPeer peer = Servers.peer(server)) {
            for (int i = 1; i <= 3; i++) {
                assertThat(peer.get("/file?path=" + file).answer().content()).isEqualTo(content);
                int closed = i;
                Eventually.await("closed", () -> TestPrograms.notes(directory)
                        .equals(java.util.Collections.nCopies(closed, "file closed")));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aFileStaysOpenWhileAClientTakesItsTime(WorkerMode mode) throws Exception {
        byte[] content = random(30_000_000);
        Path file = Files.write(directory.resolve("file"), content);
        try (Server server = server(mode);
                HttpPeer slow = Servers.peer(server).get("/file?path=" + file)) {
            Thread.sleep(300); // until the kernel's buffers are full
            Files.delete(file); // the worker's descriptor keeps it
            assertThat(Servers.ask(server, "/").text()).isEqualTo("hello"); // also in mode sync: it is free
            assertThat(TestPrograms.notes(directory)).isEmpty();
            assertThat(slow.answer().content()).isEqualTo(content);
            Eventually.await("closed", () -> TestPrograms.notes(directory).equals(List.of("file closed")));
        }
    }

    @Test
    void manySlowUploadsDoNotSlowOthers() throws Exception {
        List<HttpPeer> uploads = new ArrayList<>();
        try (Server server = server(new WorkerMode.Asyncio(512))) {
            for (int i = 0; i < SLOW_UPLOADS; i++) {
                uploads.add(Servers.peer(server).post("/count", 200_000).send(new byte[10_000]));
            }
            List<Long> nanos = new ArrayList<>();
            try (HttpPeer peer = Servers.peer(server)) {
                for (int i = 0; i < 1000; i++) {
                    // All of them go on, a bit at a time.
                    uploads.get(i % SLOW_UPLOADS).send(new byte[1000]);
                    long started = System.nanoTime();
                    assertThat(peer.get("/").answer().text()).isEqualTo("hello");
                    nanos.add(System.nanoTime() - started);
                }
            }
            nanos.sort(null);
            System.out.printf(
                    "beside %d slow uploads: median %d us, p99 %d us%n",
                    SLOW_UPLOADS, nanos.get(500) / 1000, nanos.get(990) / 1000);
            assertThat(Duration.ofNanos(nanos.get(990))).isLessThan(Duration.ofMillis(200));
            for (int i = 0; i < SLOW_UPLOADS; i++) {
                int sent = 10_000 + 1000 * (1000 / SLOW_UPLOADS + (i < 1000 % SLOW_UPLOADS ? 1 : 0));
                uploads.get(i).send(new byte[200_000 - sent]);
            }
            for (HttpPeer upload : uploads) {
                assertThat(new String(upload.answer().content(), StandardCharsets.US_ASCII))
                        .isEqualTo("200000");
                upload.close();
            }
        }
    }

    @Test
    void smallSlowUploadsDoNotHoldASyncWorker() throws Exception {
        try (Server server = server(new WorkerMode.Sync());
                HttpPeer slow = Servers.peer(server).post("/count", 50_000).send(new byte[49_999])) {
            assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
            assertThat(slow.send(new byte[1]).answer().text()).isEqualTo("50000");
        }
    }
}
