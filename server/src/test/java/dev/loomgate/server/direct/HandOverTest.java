package dev.loomgate.server.direct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.direct.SharedSocket.Takers;
import dev.loomgate.loop.Loop;
import dev.loomgate.server.Limits;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What processes hand over is served as if the server had accepted it, on real sockets.
@Timeout(60)
@Tag("timing")
class HandOverTest {
    private static final byte[] POST =
            UwsgiPacket.request("POST", "/a").body("hello").bytes();
    private static final byte[] GET = UwsgiPacket.request("GET", "/a?b").bytes();

    private final Path directory;
    private final AtomicInteger callsInServer = new AtomicInteger();

    HandOverTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static final Application LINE_AND_BODY = (environ, startResponse) -> {
        String body = new String(environ.input().readAllBytes(), StandardCharsets.UTF_8);
        startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
        return Body.text(environ.method() + " " + environ.requestUri() + " " + body);
    };

    private FakeProcesses processes() {
        return new FakeProcesses(
                (environ, startResponse) -> {
                    callsInServer.incrementAndGet();
                    return LINE_AND_BODY.call(environ, startResponse);
                },
                Takers.FREE);
    }

    private static Application saying(String text) {
        return (environ, startResponse) -> {
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.text(text + " " + environ.requestUri());
        };
    }

    @Test
    void aPacketMayBeCutAnywhere() throws Exception {
        FakeProcesses processes = processes();
        try (DirectServer server = DirectServer.of(processes, directory)) {
            for (int cut = 0; cut <= POST.length; cut++) {
                try (RawClient client = server.connect()) {
                    client.send(Arrays.copyOf(POST, cut));
                    int connection = processes.accept();
                    processes.socket().handOver(connection, FakeProcesses.read(connection, cut), null);
                    client.send(Arrays.copyOfRange(POST, cut, POST.length));
                    assertThat(client.receiveText())
                            .as("cut at %d", cut)
                            .startsWith("HTTP/1.1 200 OK\r\n")
                            .endsWith("POST /a hello");
                }
            }
            assertThat(callsInServer).hasValue(POST.length + 1);
        }
    }

    @Test
    void whatHasBegunAnswersInPlaceOfTheApplication() throws Exception {
        FakeProcesses processes = processes();
        try (DirectServer server = DirectServer.of(processes, directory);
                RawClient client = server.connect()) {
            Begun begun = new Begun(saying("from the process"));
            client.send(GET);
            processes.takeAndHandOver(GET, begun);
            assertThat(client.receiveText()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("from the process /a?b");
            assertThat(begun.calls).hasValue(1);
            assertThat(begun.unwanted).hasValue(0);
            assertThat(callsInServer).hasValue(0);
        }
    }

    @Test
    void whatHasBegunMayHaveABody() throws Exception {
        FakeProcesses processes = processes();
        try (DirectServer server = DirectServer.of(processes, directory);
                RawClient client = server.connect()) {
            client.send(POST);
            processes.takeAndHandOver(POST, new Begun(LINE_AND_BODY));
            assertThat(client.receiveText()).endsWith("POST /a hello");
        }
    }

    @Test
    void theDeadlineCountsFromTheBegin() throws Exception {
        FakeProcesses processes = processes();
        Limits.Builder limits = Limits.builder().requestTimeout(Duration.ofHours(1));
        try (LogLines log = LogLines.of("dev.loomgate.server");
                DirectServer server = DirectServer.of(processes, directory, limits, options -> {});
                RawClient client = server.connect()) {
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Begun begun = new Begun(
                    (environ, startResponse) -> {
                        try {
                            Loop.sleep(Duration.ofSeconds(60));
                        } catch (InterruptedException e) {
                            interrupted.complete(true);
                            throw e;
                        }
                        return Body.empty();
                    },
                    Duration.ofSeconds(4000));
            client.send(GET);
            processes.takeAndHandOver(GET, begun);
            assertThat(client.receiveText()).startsWith("HTTP/1.1 504 ");
            assertThat(interrupted.get()).isTrue();
            log.await("no complete response within 3600000 ms (requestTimeout)");
        }
    }

    /// Those that wait for a microthread may wait for the process that it holds.
    @Test
    void whatHasBegunWaitsForNoOthers() throws Exception {
        CompletableFuture<String> free = new CompletableFuture<>();
        AtomicInteger begunInServer = new AtomicInteger();
        FakeProcesses processes = new FakeProcesses(
                (environ, startResponse) -> {
                    begunInServer.incrementAndGet();
                    return saying(Loop.await(free)).call(environ, startResponse);
                },
                Takers.FREE);
        try (DirectServer server = DirectServer.of(
                        processes, directory, Limits.builder().maxMicrothreads(1), options -> options.loops(1));
                RawClient first = server.connect();
                RawClient second = server.connect();
                RawClient third = server.connect()) {
            first.send(GET);
            processes.takeAndHandOver(GET, null);
            second.send(GET);
            processes.takeAndHandOver(GET, null);
            Eventually.await("the first request runs", () -> begunInServer.get() == 1);

            third.send(GET);
            processes.takeAndHandOver(GET, new Begun(saying("begun")));
            assertThat(third.receiveText()).endsWith("begun /a?b");
            assertThat(second.arrives(Duration.ofMillis(50))).isFalse();
            assertThat(begunInServer).as("the limit holds for the others").hasValue(1);
            free.complete("free");
            assertThat(first.receiveText()).endsWith("free /a?b");
            assertThat(second.receiveText()).endsWith("free /a?b");
        }
    }

    @Test
    void aRefusedPacketsRequestIsUnwantedAndTheRefusalIsTold() throws Exception {
        FakeProcesses processes = processes();
        byte[] wrong = UwsgiPacket.request("GET", "/a").modifier1(5).bytes();
        try (LogLines log = LogLines.of("dev.loomgate.server");
                DirectServer server = DirectServer.of(processes, directory);
                RawClient client = server.connect()) {
            Begun begun = new Begun(saying("never"));
            client.send(wrong);
            processes.takeAndHandOver(wrong, begun);
            assertThat(client.receiveText()).startsWith("HTTP/1.1 400 ");
            log.await("uwsgi: modifier1 5");
            assertThat(begun.unwanted).hasValue(1);
            assertThat(begun.calls).hasValue(0);
        }
    }

    @Test
    void aPingsRequestIsUnwanted() throws Exception {
        FakeProcesses processes = processes();
        byte[] ping = UwsgiPacket.empty().modifier1(100).bytes();
        try (DirectServer server = DirectServer.of(processes, directory);
                RawClient client = server.connect()) {
            Begun begun = new Begun(saying("never"));
            client.send(ping);
            processes.takeAndHandOver(ping, begun);
            assertThat(client.receiveAll()).containsExactly(100, 0, 0, 1);
            assertThat(begun.unwanted).hasValue(1);
        }
    }

    @Test
    void aConnectionThatEndsBeforeTheCallMakesItsRequestUnwanted() throws Exception {
        FakeProcesses processes = processes();
        byte[] half = Arrays.copyOf(GET, 10);
        try (DirectServer server = DirectServer.of(processes, directory)) {
            Begun begun = new Begun(saying("never"));
            try (RawClient client = server.connect()) {
                client.send(half);
                processes.takeAndHandOver(half, begun);
            }
            Eventually.await("unwanted", () -> begun.unwanted.get() == 1);
            assertThat(begun.calls).hasValue(0);
        }
    }

    @Test
    void aServerThatHasStoppedClosesWhatItIsHandedOver() throws Exception {
        FakeProcesses processes = processes();
        try (DirectServer server = DirectServer.of(processes, directory);
                RawClient begunClient = server.connect();
                RawClient client = server.connect()) {
            int first = processes.accept();
            int second = processes.accept();
            assertThat(server.server().stop()).isTrue();
            Begun begun = new Begun(saying("never"));
            processes.socket().handOver(first, GET, begun);
            processes.socket().handOver(second, GET, null);
            assertThat(begunClient.receiveAll()).isEmpty();
            assertThat(client.receiveAll()).isEmpty();
            assertThat(begun.unwanted).hasValue(1);
            processes.socket().takenBy(Takers.BUSY); // no effect, and no exception
        }
    }

    /// A loop that read from such a one would stand still.
    @Test
    void aDescriptorThatBlocksIsMadeOneThatDoesNot() throws Exception {
        FakeProcesses processes = processes();
        try (DirectServer server =
                        DirectServer.of(processes, directory, Limits.builder(), options -> options.loops(1));
                RawClient silent = server.connect();
                RawClient client = server.connect()) {
            int connection = processes.accept();
            Fcntl.makeBlocking(connection);
            processes.socket().handOver(connection, new byte[0], null);
            client.send(GET);
            processes.takeAndHandOver(GET, null);
            assertThat(client.receiveText()).endsWith("GET /a?b ");
            assertThat(Fcntl.isBlocking(connection)).isFalse();
            silent.send(GET);
            assertThat(silent.receiveText()).endsWith("GET /a?b ");
        }
    }

    /// A process that the JVM starts would keep it open.
    @Test
    void aDescriptorIsNotInherited() throws Exception {
        FakeProcesses processes = processes();
        try (DirectServer server =
                        DirectServer.of(processes, directory, Limits.builder(), options -> options.loops(1));
                RawClient client = server.connect()) {
            int connection = processes.accept();
            Fcntl.makeInherited(connection);
            processes.socket().handOver(connection, new byte[0], null);
            assertThat(Fcntl.isInherited(connection)).isFalse();
            client.send(GET);
            assertThat(client.receiveText()).endsWith("GET /a?b ");
        }
    }

    @Test
    void aLongBodyMayGoOnAfterWhatWasRead() throws Exception {
        FakeProcesses processes = processes();
        String body = "0123456789".repeat(30_000);
        byte[] packet = UwsgiPacket.request("POST", "/long").body(body).bytes();
        int read = 100_000;
        try (DirectServer server = DirectServer.of(processes, directory);
                RawClient client = server.connect()) {
            client.send(Arrays.copyOf(packet, read));
            int connection = processes.accept();
            byte[] first = FakeProcesses.read(connection, read);
            processes.socket().handOver(connection, first, null);
            client.send(Arrays.copyOfRange(packet, read, packet.length));
            assertThat(client.receiveText()).endsWith("POST /long " + body);
        }
    }
}
