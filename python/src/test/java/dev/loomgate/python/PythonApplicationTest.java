package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.gateway.Application;
import dev.loomgate.gateway.Headers;
import dev.loomgate.gateway.Lifecycle;
import dev.loomgate.loop.settings.Engine;
import dev.loomgate.loop.settings.Transport;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.toolkit.test.Client;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A Python program as an application like any other.
@Timeout(120)
class PythonApplicationTest {
    @TempDir
    private Path directory;

    static List<WorkerMode> modes() {
        return List.of(new WorkerMode.Sync(), new WorkerMode.Threads(4), new WorkerMode.Asyncio(16));
    }

    static Stream<Arguments> places() {
        return Stream.concat(
                Stream.of(Engine.values()).map(engine -> Arguments.of(engine, Transport.preferred(), 2)),
                Stream.of(Transport.values())
                        .filter(transport -> transport.unavailableReason().isEmpty())
                        .map(transport -> Arguments.of(Engine.LOOP, transport, 1)));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void theTestClientAsksItWithoutAServer(WorkerMode mode) throws Exception {
        PythonApplication site =
                PythonApplication.of(TestPrograms.program(directory).mode(mode).build());
        site.start();
        try {
            Client client = Client.of(site);
            assertThat(client.get("/").send().text()).isEqualTo("hello");
            assertThat(client.post("/echo")
                            .body(new byte[100_000], "a/b")
                            .send()
                            .body())
                    .hasSize(100_000);
            assertThat(client.get("/stream?count=1000").send().text()).hasSize(10_000);
            assertThatThrownBy(() -> client.get("/fail").send())
                    .isInstanceOf(PythonException.class)
                    .hasMessageContaining("ValueError: as it was asked to")
                    .hasMessageContaining("in do_fail");
        } finally {
            site.stop();
        }
        assertThat(WorkerProcesses.zygotes()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("places")
    void everyEngineAndTransportRunsIt(Engine engine, Transport transport, int loops) throws Exception {
        PythonApplication site = PythonApplication.of(
                TestPrograms.program(directory).processes(2).build());
        try (Server server = Servers.start(
                site, options -> options.engine(engine).transport(transport).loops(loops))) {
            for (int i = 0; i < 8; i++) {
                try (HttpPeer peer = Servers.peer(server)) {
                    assertThat(peer.get("/").answer().text()).isEqualTo("hello");
                    byte[] content = new byte[300_000];
                    assertThat(peer.post("/echo", content.length)
                                    .send(content)
                                    .answer()
                                    .content())
                            .isEqualTo(content);
                    assertThat(peer.get("/stream?count=100&size=5000").answer().content())
                            .hasSize(500_000);
                }
            }
        }
        assertThat(WorkerProcesses.zygotes()).isEmpty();
    }

    @Test
    void javaMiddlewareWrapsIt() throws Exception {
        PythonApplication site =
                PythonApplication.of(TestPrograms.program(directory).build());
        Application outer = (environ, startResponse) -> {
            environ.put("REMOTE_USER", "bob");
            return site.call(environ, (status, headers, cause) -> {
                Headers changed = headers.copy();
                changed.set("X-Java", "yes");
                startResponse.start(status, changed, cause);
            });
        };
        try (Server server = Servers.start(Lifecycle.passOn(site, outer))) {
            HttpPeer.Answer answer = Servers.ask(server, "/environ");
            assertThat(answer.fields()).containsEntry("x-java", "yes");
            assertThat(answer.text()).contains("\"REMOTE_USER\": \"bob\"");
        }
    }

    @Test
    void beforeItsStartAndAfterItsStopItSaysSo() throws Exception {
        PythonApplication site =
                PythonApplication.of(TestPrograms.program(directory).build());
        Client client = Client.of(site);
        assertThatThrownBy(() -> client.get("/").send())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the Python application program has not been started");
        assertThatThrownBy(() -> site.reload().toCompletableFuture().get())
                .hasRootCauseInstanceOf(PythonStartException.class);
        site.stop();

        site.start();
        assertThat(client.get("/").send().text()).isEqualTo("hello");
        site.stop();
        assertThatThrownBy(() -> client.get("/").send()).isInstanceOf(IllegalStateException.class);

        site.start();
        assertThat(client.get("/").send().text()).isEqualTo("hello");
        site.stop();
        assertThat(WorkerProcesses.zygotes()).isEmpty();
    }

    @Test
    void whatTheProgramPrintsIsLoggedWithItsWorker() throws Exception {
        PythonApplication site =
                PythonApplication.of(TestPrograms.program(directory).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            assertThat(Servers.ask(server, "/print").text()).isEqualTo("printed");
            assertThat(log.await("printed by the program")).isEqualTo("INFO [worker 1] printed by the program");
        }
    }
}
