package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the `uwsgi` module asks of the JVM, by workers with several requests at a time.
@Timeout(120)
class UwsgiModuleTest {
    private static final int REQUESTS = 200;
    private static final int AT_ONCE = 8;

    @TempDir
    private Path directory;

    static List<WorkerMode> modes() {
        return PythonApplicationTest.modes();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aLockKeepsWorkersAndTheirThreadsApart(WorkerMode mode) throws Exception {
        PythonApplication site = PythonApplication.of(
                TestPrograms.program(directory).mode(mode).processes(2).build());
        try (Server server = Servers.start(site)) {
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                clients.add(Thread.ofPlatform().start(() -> {
                    try (HttpPeer peer = HttpPeer.to(server)) {
                        for (int j = 0; j < REQUESTS / AT_ONCE; j++) {
                            assertThat(peer.get("/locked-add").answer().status())
                                    .isEqualTo(200);
                        }
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }));
            }
            for (Thread client : clients) {
                client.join();
            }
            assertThat(HttpPeer.ask(server, "/sum").text()).isEqualTo(Integer.toString(REQUESTS));
        }
    }

    @Test
    void aCallThatCannotBeDoneIsTheProgramsErrorAlone() throws Exception {
        PythonApplication site =
                PythonApplication.of(TestPrograms.program(directory).build());
        try (LogLines log = new LogLines();
                Server server = Servers.start(site)) {
            String pid = HttpPeer.ask(server, "/pid").text();
            assertThat(HttpPeer.ask(server, "/cache?expires=5").text()).isEqualTo("True");
            assertThat(HttpPeer.ask(server, "/cache?expires=1000000000000000").text())
                    .startsWith("CallError: ");
            assertThat(HttpPeer.ask(server, "/cache?expires=99999999999999999999999")
                            .text())
                    .isEqualTo("CallError: an integer has more than 64 bits");
            assertThat(HttpPeer.ask(server, "/pid").text()).isEqualTo(pid);
            assertThat(log.with("ERROR")).isEmpty();
        }
    }
}
