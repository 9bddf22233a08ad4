package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.loop.spool.Spool;
import dev.loomgate.server.Limits;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.client.HttpPeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Clients that take their responses slowly hold no worker, and take no more memory and disk than the options say.
@Timeout(120)
@Tag("timing")
class SlowClientsTest {
    private static final int BYTES = 5_000_000;
    private static final int WINDOW = 256 * 1024;
    private static final int PIECE = 64 * 1024;

    private static final String PROGRAM = """
            import os
            import time

            BIG = bytes(i * i % 251 for i in range(5000)) * 1000

            def note(text):
                with open(os.environ["NOTES"], "a") as notes:
                    notes.write(text + "\\n")

            def endless():
                try:
                    for count in range(1 << 30):
                        if count % 16 == 0:
                            note("%d" % (count * 65536))
                        yield BIG[:65536]
                finally:
                    note("closed")

            def hanging():
                for at in range(0, 3000000, 10000):
                    yield BIG[at:at + 10000]
                time.sleep(60)

            def failing():
                for at in range(0, 3000000, 10000):
                    yield BIG[at:at + 10000]
                raise ValueError("half-way")

            def application(environ, start_response):
                path = environ["PATH_INFO"]
                headers = [("Content-Type", "text/plain")]
                if path == "/unbuffered":
                    headers.append(("X-Accel-Buffering", "no"))
                start_response("200 OK", headers)
                if path == "/whole":
                    return [BIG]
                if path == "/pieces":
                    return (BIG[at:at + 10000] for at in range(0, len(BIG), 10000))
                if path in ("/endless", "/unbuffered"):
                    return endless()
                if path == "/hanging":
                    return hanging()
                if path == "/failing":
                    return failing()
                return [str(os.getpid()).encode()]
            """;

    @TempDir
    private Path directory;

    private final List<HttpPeer> slow = new ArrayList<>();
    private Spool spool = Spool.defaults();

    @AfterEach
    void close() throws IOException {
        for (HttpPeer peer : slow) {
            peer.close();
        }
    }

    static List<WorkerMode> modes() {
        return PythonApplicationTest.modes();
    }

    private Server server(WorkerMode mode) throws Exception {
        return Servers.start(PythonApplication.of(
                TestPrograms.source(directory, PROGRAM).mode(mode).spool(spool).build()));
    }

    private HttpPeer ask(Server server, String target) throws IOException {
        HttpPeer peer = Servers.slowPeer(server).get(target);
        slow.add(peer);
        return peer;
    }

    private static byte[] big() {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < bytes.length; i++) {
            long at = i % 5000;
            bytes[i] = (byte) (at * at % 251);
        }
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("modes")
    void holdNoWorkerAndGetAll(WorkerMode mode) throws Exception {
        try (Server server = server(mode)) {
            int readers = mode.concurrency() + 3;
            for (int i = 0; i < readers; i++) {
                ask(server, i % 2 == 0 ? "/whole" : "/pieces");
            }
            assertThat(Servers.ask(server, "/").status()).isEqualTo(200);
            for (HttpPeer peer : slow) {
                assertThat(peer.answer().content()).isEqualTo(big());
            }
            Eventually.await(
                    "nothing waits",
                    () -> spool.used() == 0
                            && Processes.openFiles("loomgate-spool").isEmpty());
        }
    }

    @Test
    void takeNoMoreMemoryThanTheOptionsSay() throws Exception {
        int each = 200_000;
        int all = 1_000_000;
        spool = Spool.of(each, all, 1 << 30, directory);
        try (Server server = server(new WorkerMode.Sync())) {
            for (int i = 0; i < 20; i++) {
                ask(server, "/whole");
            }
            Servers.ask(server, "/");
            // When no piece is on its way to a file any more, what is over has come to be there.
            Eventually.await(
                    () -> spool.used() + " bytes wait",
                    () -> spool.used() <= all + PIECE
                            && Processes.openFiles(directory + "/loomgate-spool")
                                            .size()
                                    == 20);
            for (HttpPeer peer : slow.subList(0, 10)) {
                assertThat(peer.answer().content()).isEqualTo(big());
            }
            for (HttpPeer peer : slow.subList(10, 20)) {
                peer.reset();
            }
            Eventually.await(
                    () -> spool.used() + " bytes wait",
                    () -> spool.used() == 0
                            && Processes.openFiles("loomgate-spool").isEmpty());
        }
    }

    @Test
    void haveWhatWasGivenBeforeAFailure() throws Exception {
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = server(new WorkerMode.Sync())) {
            HttpPeer peer = ask(server, "/failing");
            Servers.ask(server, "/");
            assertThatThrownBy(peer::answer).isInstanceOf(IOException.class);
            log.await("half-way");
        }
    }

    @Test
    void holdAnEndlessResponseUpAtTheFilesLimit() throws Exception {
        int file = 2_000_000;
        spool = Spool.of(100_000, 1 << 20, file, directory);
        try (Server server = server(new WorkerMode.Threads(2))) {
            HttpPeer peer = ask(server, "/endless");
            Eventually.await("the file is full", () -> given() >= file);
            Servers.ask(server, "/");
            Thread.sleep(300); // were there no limit, it would give hundreds of megabytes
            // The kernel's buffers and the outlet's have the rest.
            assertThat(given()).isLessThan(file + 100_000 + WINDOW + 6_000_000L);
            peer.reset();
            Eventually.await("the iterable is closed", () -> TestPrograms.notes(directory)
                    .contains("closed"));
            Eventually.await(
                    "nothing waits",
                    () -> spool.used() == 0
                            && Processes.openFiles("loomgate-spool").isEmpty());
        }
    }

    private long given() {
        return TestPrograms.notes(directory).stream()
                .filter(note -> !note.equals("closed"))
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
    }

    @Test
    void holdAResponseUpThatWantsNoBuffer() throws Exception {
        try (Server server = server(new WorkerMode.Threads(2))) {
            HttpPeer peer = ask(server, "/unbuffered");
            Eventually.await(
                    "it has begun", () -> !TestPrograms.notes(directory).isEmpty());
            Servers.ask(server, "/");
            Thread.sleep(300); // buffered, it would give hundreds of megabytes
            assertThat(given()).isLessThan(10_000_000);
            assertThat(Processes.openFiles("loomgate-spool")).isEmpty();
            peer.reset();
        }
    }

    @Test
    void waitInMemoryWhereNoFileCanBeWritten() throws Exception {
        spool = Spool.of(100_000, 1 << 20, 1 << 30, directory.resolve("nowhere"));
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = server(new WorkerMode.Threads(4))) {
            for (int i = 0; i < 3; i++) {
                ask(server, "/pieces");
            }
            log.await("(spool.directory)");
            for (HttpPeer peer : slow) {
                assertThat(peer.answer().content()).isEqualTo(big());
            }
            assertThat(log.with("(spool.directory)")).hasSize(1);
            Eventually.await("nothing waits", () -> spool.used() == 0);
        }
    }

    @Test
    void keepNoOldWorkerAtAReload() throws Exception {
        PythonApplication site = PythonApplication.of(
                TestPrograms.source(directory, PROGRAM).spool(spool).build());
        try (Server server = Servers.start(site)) {
            String old = Servers.ask(server, "/").text();
            HttpPeer peer = ask(server, "/whole");
            assertThat(Servers.ask(server, "/").text()).isEqualTo(old);
            site.reload().toCompletableFuture().join();
            Eventually.await("the old worker has left", () -> !Files.exists(Path.of("/proc", old)));
            assertThat(Servers.ask(server, "/").text()).isNotEqualTo(old);
            assertThat(peer.answer().content()).isEqualTo(big());
        }
    }

    @Test
    void doNotHideAProgramThatHangs() throws Exception {
        PythonApplication site = PythonApplication.of(TestPrograms.source(directory, PROGRAM)
                .spool(spool)
                .requestTimeout(Duration.ofSeconds(1))
                .build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(
                        site,
                        options -> options.limits(Limits.builder()
                                .requestTimeout(Duration.ofSeconds(1))
                                .build()))) {
            HttpPeer peer = ask(server, "/hanging");
            log.await("GET /hanging: the program has not finished its response within 1000 ms (requestTimeout)");
            assertThat(Servers.ask(server, "/").status()).isEqualTo(200);
            assertThatThrownBy(peer::answer).isInstanceOf(IOException.class);
        }
    }

    @Test
    void delayNoPieceOfAStream() throws Exception {
        try (Server server = server(new WorkerMode.Sync());
                HttpPeer peer = Servers.peer(server).send("GET /endless HTTP/1.0\r\n\r\n")) {
            byte[] content = peer.take(20_000_000);
            String text = new String(content, 0, 20, StandardCharsets.ISO_8859_1);
            assertThat(text).startsWith("HTTP/1.");
            assertThat(content).hasSize(20_000_000);
            assertThat(Arrays.equals(content, 1_000_000, 1_000_100, content, 1_065_536, 1_065_636))
                    .isTrue();
        }
    }
}
