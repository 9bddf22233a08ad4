package dev.loomgate.server.direct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.direct.SharedSocket.Takers;
import dev.loomgate.server.Limits;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The server accepts itself only where no process does.
@Timeout(60)
@Tag("timing")
class TakersTest {
    private static final byte[] GET = UwsgiPacket.request("GET", "/a").bytes();
    private static final Duration A_WHILE = Duration.ofMillis(300);
    private static final int BACKLOG = 16;

    private final Path directory;

    TakersTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static FakeProcesses processes(Takers atFirst) {
        return new FakeProcesses(
                (environ, startResponse) -> {
                    startResponse.start(Status.OK, new Headers());
                    return Body.text("by the server");
                },
                atFirst);
    }

    @Test
    void withoutProcessesTheServerAccepts() throws Exception {
        try (DirectServer server = DirectServer.of(processes(Takers.NONE), directory);
                RawClient client = server.connect()) {
            assertThat(client.send(GET).receiveText()).endsWith("by the server");
        }
    }

    @Test
    void itLeavesConnectionsToFreeProcessesUntilThereAreNone() throws Exception {
        FakeProcesses processes = processes(Takers.FREE);
        try (DirectServer server = DirectServer.of(processes, directory);
                RawClient client = server.connect()) {
            client.send(GET);
            assertThat(client.arrives(A_WHILE)).isFalse();
            processes.socket().takenBy(Takers.NONE);
            assertThat(client.receiveText()).endsWith("by the server");
            assertThat(server.server().stop()).isTrue();
        }
    }

    /// As where the server accepts: what is beyond its connections waits in the kernel's queue.
    @Test
    void processesTakeNoMoreWhileTheServerIsFull() throws Exception {
        FakeProcesses processes = processes(Takers.FREE);
        try (DirectServer server = DirectServer.of(
                processes, directory, Limits.builder().maxConnections(2), options -> options.loops(1))) {
            try (RawClient first = server.connect();
                    RawClient second = server.connect()) {
                processes.takeSilent();
                processes.takeSilent();
                Eventually.await("full", () -> processes.rooms.equals(List.of(false)));
                assertThat(first.send(GET).receiveText()).endsWith("by the server");
                Eventually.await("room", () -> processes.rooms.equals(List.of(false, true)));
                assertThat(second.send(GET).receiveText()).endsWith("by the server");
            }
        }
    }

    @Test
    void itTakesWhatBusyProcessesLeaveOfALongQueue() throws Exception {
        FakeProcesses processes = processes(Takers.BUSY);
        List<RawClient> clients = new ArrayList<>();
        try (DirectServer server =
                DirectServer.of(processes, directory, Limits.builder(), options -> options.backlog(BACKLOG))) {
            for (int i = 0; i < BACKLOG / 4; i++) {
                clients.add(server.connect().send(GET));
            }
            for (RawClient client : clients) {
                assertThat(client.arrives(A_WHILE) ? client.receiveText() : "").isEmpty();
            }
            clients.add(server.connect().send(GET));
            for (RawClient client : clients) {
                assertThat(client.receiveText()).endsWith("by the server");
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }
}
