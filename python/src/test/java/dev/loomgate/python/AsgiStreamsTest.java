package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Streams of an ASGI application whose clients vanish, or don't read: nothing of them stays in the worker.
/// `-Dloomgate.test.streams=1000 -Dloomgate.test.rounds=20` for more of them.
@Timeout(600)
@Tag("timing")
final class AsgiStreamsTest {
    private static final int STREAMS = Integer.getInteger("loomgate.test.streams", 100);
    private static final int ROUNDS = Integer.getInteger("loomgate.test.rounds", 3);
    private static final int MEBIBYTE = 1 << 20;

    @TempDir
    private Path directory;

    private Server server;

    private record Worker(int tasks, long memory) {}

    @BeforeEach
    void start() throws Exception {
        TestPrograms.copy("asgi_program.py", directory);
        AsgiOptions many = new AsgiOptions(AsgiOptions.Interface.AUTO, AsgiOptions.EventLoop.AUTO, STREAMS + 10);
        server = Servers.start(PythonApplication.of(TestPrograms.options(directory, "asgi_program:application")
                .environment(TestPrograms.environment(directory))
                .asgi(many)
                .build()));
    }

    @AfterEach
    void stop() {
        server.stop(Duration.ofSeconds(10));
    }

    private Worker worker() throws Exception {
        String[] said = Servers.ask(server, "/state-of-worker").text().split(" ", -1);
        return new Worker(Integer.parseInt(said[0]), Long.parseLong(said[1]));
    }

    @Test
    void nothingStaysOfStreamsWhoseClientsVanish() throws Exception {
        int before = worker().tasks();
        List<Long> memory = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<HttpPeer> peers = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                peers.add(Servers.peer(server).get(i % 2 == 0 ? "/ticks" : "/events"));
            }
            for (HttpPeer peer : peers) {
                assertThat(peer.headOnly().status()).isEqualTo(200);
            }
            assertThat(worker().tasks()).isGreaterThanOrEqualTo(before + STREAMS);
            for (int i = 0; i < STREAMS; i++) {
                if (i % 4 < 2) {
                    peers.get(i).reset();
                } else {
                    peers.get(i).close();
                }
            }
            Eventually.await(() -> "tasks after their clients have vanished", () -> worker().tasks() == before);
            memory.add(worker().memory());
        }
        // The first rounds have the interpreter get memory that it keeps for the next ones.
        assertThat(memory.getLast() - memory.get(ROUNDS / 2)).as("%s", memory).isLessThan(2L * MEBIBYTE);
    }

    @Test
    void aClientThatDoesntReadFillsNoWorker() throws Exception {
        assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
        long before = worker().memory();
        try (HttpPeer slow = Servers.slowPeer(server).get("/endless")) {
            assertThat(slow.headOnly().status()).isEqualTo(200);
            for (int i = 0; i < 100; i++) {
                assertThat(worker().memory() - before).isLessThan(2L * MEBIBYTE);
            }
        }
    }
}
