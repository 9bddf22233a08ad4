package dev.loomgate.server.direct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Body;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Status;
import dev.loomgate.gateway.direct.SharedSocket.Takers;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.AccessLogFormat;
import dev.loomgate.server.Direct;
import dev.loomgate.server.Limits;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.server.ServerOptions;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.RawClient;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What processes hand over of HTTP is served as if the server had accepted it, on real TCP sockets; and the connection
/// goes on.
@Timeout(60)
class HttpHandOverTest {
    private static final byte[] POST = bytes("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
    private static final byte[] GET = bytes("GET /a?b HTTP/1.1\r\nHost: h\r\n\r\n");
    private static final byte[] LAST = bytes("GET /last HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

    private static final int MOST = 50; // on each of two loops

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Application saying(String who) {
        return (environ, startResponse) -> {
            String body = new String(environ.input().readAllBytes(), StandardCharsets.UTF_8);
            startResponse.start(Status.OK, Headers.of("Content-Type", "text/plain"));
            return Body.text(who + " " + environ.method() + " " + environ.requestUri() + " " + body);
        };
    }

    private static FakeProcesses processes() {
        return new FakeProcesses(saying("the server:"), Takers.FREE).speakingHttp();
    }

    private Server start(FakeProcesses processes) throws Exception {
        return Server.builder(processes)
                .listen(ListenAddress.http("127.0.0.1:0"))
                .options(ServerOptions.builder()
                        .loops(2)
                        .direct(Direct.ON)
                        .transport(Transport.EPOLL)
                        .accessLog(true)
                        .accessLogFormat(AccessLogFormat.TEXT.withRequestIds())
                        .limits(Limits.builder().maxConnections(MOST).build())
                        .accessLogTo(out)
                        .build())
                .start();
    }

    private static RawClient connect(Server server) throws Exception {
        return RawClient.connect(server.addresses().getFirst().socketAddress());
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.US_ASCII).lines().toList();
    }

    @Test
    void aRequestMayBeCutAnywhere() throws Exception {
        FakeProcesses processes = processes();
        try (Server server = start(processes)) {
            assertThat(server.whyNotDirect(server.addresses().getFirst())).isEmpty();
            for (int cut = 1; cut <= POST.length; cut++) {
                try (RawClient client = connect(server)) {
                    client.send(Arrays.copyOf(POST, cut));
                    int connection = processes.accept();
                    processes.socket().handOver(connection, FakeProcesses.read(connection, cut), null);
                    client.send(Arrays.copyOfRange(POST, cut, POST.length)).send(LAST);
                    assertThat(client.receiveText())
                            .as("cut at %d", cut)
                            .startsWith("HTTP/1.1 200 OK\r\n")
                            .contains("the server: POST /a hello")
                            .endsWith("the server: GET /last ");
                }
            }
        }
    }

    @Test
    void theConnectionGoesOnAfterWhatHasBegun() throws Exception {
        FakeProcesses processes = processes();
        try (Server server = start(processes);
                RawClient client = connect(server)) {
            Begun begun = new Begun(saying("the process:"));
            client.send(POST);
            processes.takeAndHandOver(POST, begun);
            client.send(LAST);
            assertThat(client.receiveText())
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("the process: POST /a hello")
                    .endsWith("the server: GET /last ");
            assertThat(begun.calls).hasValue(1);
            assertThat(begun.unwanted).hasValue(0);
        }
    }

    @Test
    void whatIsRefusedIsUnwanted() throws Exception {
        FakeProcesses processes = processes();
        byte[] wrong = bytes("GET /a HTTP/1.1\r\n\r\n");
        try (Server server = start(processes);
                RawClient client = connect(server)) {
            Begun begun = new Begun(saying("the process:"));
            client.send(wrong);
            processes.takeAndHandOver(wrong, begun);
            assertThat(client.receiveText()).startsWith("HTTP/1.1 400 ");
            assertThat(begun.calls).hasValue(0);
            assertThat(begun.unwanted).hasValue(1);
        }
    }

    @Test
    void whatItsClientHasResetIsUnwanted() throws Exception {
        FakeProcesses processes = processes();
        try (Server server = start(processes)) {
            Begun begun = new Begun(saying("the process:"));
            int connection;
            try (RawClient client = connect(server)) {
                client.send(GET);
                connection = processes.accept();
                FakeProcesses.read(connection, GET.length);
                client.reset();
            }
            processes.socket().handOver(connection, GET, begun);
            Eventually.await("unwanted", () -> begun.unwanted.get() == 1);
            assertThat(begun.calls).hasValue(0);
        }
    }

    @Test
    void whatNeverComesWholeIsUnwanted() throws Exception {
        FakeProcesses processes = processes();
        try (Server server = start(processes)) {
            Begun begun = new Begun(saying("the process:"));
            try (RawClient client = connect(server)) {
                byte[] part = Arrays.copyOf(GET, 10);
                client.send(part);
                processes.takeAndHandOver(part, begun);
            }
            Eventually.await("unwanted", () -> begun.unwanted.get() == 1);
            assertThat(begun.calls).hasValue(0);
        }
    }

    @Test
    void aKeptConnectionEndsWithTheServersResponse() throws Exception {
        FakeProcesses processes = processes();
        try (Server server = start(processes);
                RawClient client = connect(server)) {
            processes.takeSilent();
            assertThat(client.send(GET).receiveText())
                    .contains("\r\nConnection: close\r\n")
                    .endsWith("the server: GET /a?b ");
        }
    }

    @Test
    void whatHasBegunHasTheProcessesName() throws Exception {
        FakeProcesses processes = processes();
        try (Server server = start(processes);
                RawClient client = connect(server)) {
            client.send(LAST);
            processes.takeAndHandOver(LAST, new Begun(saying("the process:")).named("of-the-process-1"));
            client.receiveText();
            Eventually.await("a line", () -> lines().size() == 1);
        }
        assertThat(lines().getFirst()).contains("of-the-process-1");
    }

    @Test
    void connectionsOfProcessesCountForTheLimit() throws Exception {
        FakeProcesses processes = processes();
        try (Server server = start(processes)) {
            assertThat(server.addresses()).hasSize(1);
            processes.connections.set(2 * MOST);
            processes.socket().takenBy(Takers.FREE);
            Eventually.await(() -> "no room: " + processes.rooms, () -> processes.rooms.equals(List.of(false)));
            processes.connections.set(2 * MOST - 2);
            processes.socket().takenBy(Takers.FREE);
            Eventually.await(() -> "room: " + processes.rooms, () -> processes.rooms.equals(List.of(false, true)));
        }
    }

    @Test
    void theServerTakesNoneBeyondTheLimit() throws Exception {
        FakeProcesses processes = new FakeProcesses(saying("the server:"), Takers.NONE).speakingHttp();
        processes.connections.set(2 * MOST);
        try (Server server = start(processes);
                RawClient client = connect(server)) {
            client.send(LAST);
            Eventually.await("full", () -> server.snapshot().limits().containsKey("maxConnections"));
            processes.connections.set(0);
            processes.socket().takenBy(Takers.NONE);
            assertThat(client.receiveText()).endsWith("the server: GET /last ");
        }
    }

    @Test
    void theServerAcceptsWhereNoProcessDoes() throws Exception {
        FakeProcesses processes = new FakeProcesses(saying("the server:"), Takers.NONE).speakingHttp();
        try (Server server = start(processes);
                RawClient client = connect(server)) {
            assertThat(client.send(LAST).receiveText()).endsWith("the server: GET /last ");
        }
    }

    @Test
    void theAccessLogHasWhatIsAnsweredElsewhere() throws Exception {
        FakeProcesses processes = processes();
        try (Server server = start(processes)) {
            assertThat(server.addresses()).hasSize(1);
            byte[] told = bytes("10.1.2.3 4711 127.0.0.1 80 -\n" + new String(GET, StandardCharsets.ISO_8859_1));
            processes.socket().answered(told, 200, 5, 1_234_567, null);
            Eventually.await("a line", () -> lines().size() == 1);
            processes.socket().lost(Arrays.copyOf(told, told.length - 2), 1_000_000);
            Eventually.await("a second line", () -> lines().size() == 2);
        }
        assertThat(lines().get(0)).contains("10.1.2.3", "GET /a?b", " 200 5 1.234");
        assertThat(lines().get(1)).contains("10.1.2.3", "GET /a?b", " 502 0 1.000");
    }
}
