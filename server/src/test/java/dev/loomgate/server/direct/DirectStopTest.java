package dev.loomgate.server.direct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.direct.SharedSocket.Takers;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A stop in direct mode loses no request: neither of the kernel's queue nor of a process.
@Timeout(60)
@Tag("timing")
class DirectStopTest {
    private static final byte[] GET = UwsgiPacket.request("GET", "/a").bytes();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Path directory;
    private final FakeProcesses processes = new FakeProcesses(
            (environ, startResponse) -> {
                startResponse.start(Status.OK, new Headers());
                return Body.text("by the server");
            },
            Takers.FREE);

    DirectStopTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void theServerAnswersWhatWaitsInTheKernelsQueue() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (DirectServer server = DirectServer.of(processes, directory)) {
            for (int i = 0; i < 5; i++) {
                clients.add(server.connect().send(GET));
            }
            assertThat(server.server().stop(LIMIT)).isTrue();
            assertThat(processes.stops).hasValue(1);
            for (RawClient client : clients) {
                assertThat(client.receiveText()).endsWith("by the server");
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    /// A stop waits until nothing more comes, and it has not yet seen what is handed over.
    @Test
    void whatIsHandedOverIsAnArrival() throws Exception {
        try (DirectServer server = DirectServer.of(processes, directory);
                RawClient client = server.connect().send(GET)) {
            DirectListener listener = (DirectListener) processes.socket();
            int connection = processes.accept();
            byte[] read = FakeProcesses.read(connection, GET.length);
            long arrivals = listener.arrivals();
            processes.socket().handOver(connection, read, null);
            assertThat(client.receiveText()).endsWith("by the server");
            assertThat(listener.arrivals()).isEqualTo(arrivals + 1);
        }
    }

    @Test
    void itWaitsForWhatTheProcessesRunAndHandOver() throws Exception {
        try (DirectServer server = DirectServer.of(processes, directory);
                RawClient client = server.connect().send(GET)) {
            processes.running.set(1);
            int connection = processes.accept();
            CompletableFuture<Boolean> stopped =
                    CompletableFuture.supplyAsync(() -> server.server().stop(LIMIT));
            Eventually.await("processes are told to stop", () -> processes.stops.get() == 1);
            assertThat(client.arrives(Duration.ofMillis(400))).isFalse();
            assertThat(stopped).isNotDone();

            Begun begun = new Begun((environ, startResponse) -> {
                startResponse.start(Status.OK, new Headers());
                return Body.text("from the process");
            });
            processes.socket().handOver(connection, FakeProcesses.read(connection, GET.length), begun);
            processes.running.set(0);
            assertThat(client.receiveText()).endsWith("from the process");
            assertThat(stopped.get()).isTrue();
        }
    }

    @Test
    void aRequestThatAProcessKeepsPastTheLimitMakesTheStopAnUngracefulOne() throws Exception {
        try (DirectServer server = DirectServer.of(processes, directory);
                RawClient client = server.connect().send(GET)) {
            processes.running.set(1);
            int connection = processes.accept();
            assertThat(FakeProcesses.read(connection, GET.length)).isEqualTo(GET);
            assertThat(server.server().stop(Duration.ofMillis(200))).isFalse();
            new FileDescriptor(connection).close();
            assertThat(client.receiveAll()).isEmpty();
        }
    }

    @Test
    void theSocketEndsAlthoughProcessesStillHaveIt() throws Exception {
        try (DirectServer server = DirectServer.of(processes, directory)) {
            Path other = Files.createLink(directory.resolve("other.sock"), server.socket());
            FileDescriptor inProcess =
                    new FileDescriptor(Fcntl.duplicate(processes.socket().descriptor()));
            try {
                assertThat(server.server().stop(LIMIT)).isTrue();
                assertThatThrownBy(() -> RawClient.connect(UnixDomainSocketAddress.of(other)))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("refused");
            } finally {
                inProcess.close();
            }
        }
    }
}
