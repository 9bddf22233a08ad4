package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the `uwsgi` module asks of the JVM, by workers with several requests at a time.
@Tag("once")
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
                    try (HttpPeer peer = Servers.peer(server)) {
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
            assertThat(Servers.ask(server, "/sum").text()).isEqualTo(Integer.toString(REQUESTS));
        }
    }

    @Test
    void aCallThatCannotBeDoneIsTheProgramsErrorAlone() throws Exception {
        PythonApplication site =
                PythonApplication.of(TestPrograms.program(directory).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            String pid = Servers.ask(server, "/pid").text();
            assertThat(Servers.ask(server, "/cache?expires=5").text()).isEqualTo("True");
            assertThat(Servers.ask(server, "/cache?expires=1000000000000000").text())
                    .startsWith("CallError: ");
            assertThat(Servers.ask(server, "/cache?expires=99999999999999999999999")
                            .text())
                    .isEqualTo("CallError: an integer has more than 64 bits");
            assertThat(Servers.ask(server, "/pid").text()).isEqualTo(pid);
            assertThat(log.with("ERROR")).isEmpty();
        }
    }

    private static final String EARLY = """
            import os
            import uwsgi

            uwsgi.lock(7)  # and never given back
            uwsgi.cache_inc("imports")
            made = []
            uwsgi.post_fork_hook = lambda: made.append((os.getpid(), uwsgi.cache_get("imports")))
            try:
                uwsgi.reload()
            except RuntimeError as e:
                said = str(e)


            def application(environ, start_response):
                uwsgi.lock(7)
                uwsgi.unlock(7)
                start_response("200 OK", [])
                found = {
                    "/made": lambda: made == [(os.getpid(), uwsgi.cache_get("imports"))],
                    "/imports": lambda: int.from_bytes(uwsgi.cache_get("imports"), "little"),
                    "/said": lambda: said,
                    "/constants": lambda: (uwsgi.buffer_size, uwsgi.is_a_reload, uwsgi.version == environ["uwsgi.version"]),
                    "/version": lambda: uwsgi.version_info[:2],
                    "/workers": lambda: (
                        [worker["id"] for worker in uwsgi.workers()],
                        [worker["status"] for worker in uwsgi.workers() if worker["pid"] == os.getpid()],
                        sum(worker["requests"] for worker in uwsgi.workers()) > 0,
                        sorted(uwsgi.workers()[0]),
                    ),
                }[environ["PATH_INFO"]]()
                return [str(found).encode()]
            """;

    @ParameterizedTest
    @MethodSource("modes")
    void theImportUsesCacheAndLocksAndTheForkIsTold(WorkerMode mode) throws Exception {
        PythonApplication site = PythonApplication.of(TestPrograms.source(directory, EARLY)
                .mode(mode)
                .processes(2)
                .bufferSize(8192)
                .build());
        try (Server server = Servers.start(site)) {
            assertThat(Servers.ask(server, "/said").text()).isEqualTo("uwsgi.reload isn't possible during the import");
            assertThat(Servers.ask(server, "/constants").text()).isEqualTo("(8192, False, True)");
            assertThat(Servers.ask(server, "/version").text()).matches("\\(\\d+, [1-9]\\d*\\)");
            for (int i = 0; i < 6; i++) {
                assertThat(Servers.ask(server, "/made").text()).isEqualTo("True");
            }
            assertThat(Servers.ask(server, "/imports").text()).isEqualTo("1");
            // uWSGI's names; `harakiri_count` and the like are in its statistics alone.
            assertThat(Servers.ask(server, "/workers").text())
                    .isEqualTo("([1, 2], [b'busy'], True, ['apps', 'avg_rt', 'delta_requests', 'exceptions', 'id',"
                            + " 'last_spawn', 'pid', 'requests', 'respawn_count', 'rss', 'running_time', 'signals',"
                            + " 'status', 'tx', 'vsz'])");

            site.reload().toCompletableFuture().get(60, TimeUnit.SECONDS);

            assertThat(Servers.ask(server, "/constants").text()).isEqualTo("(8192, True, True)");
            assertThat(Servers.ask(server, "/imports").text()).isEqualTo("2");
            assertThat(Servers.ask(server, "/made").text()).isEqualTo("True");
        }
    }

    @Test
    void anImportInEachWorkerHasTheWorkersConnection() throws Exception {
        String source = EARLY.replace("uwsgi.reload()", "uwsgi.unlock(7)");
        PythonApplication site = PythonApplication.of(
                TestPrograms.source(directory, source).lazyApps(true).build());
        try (Server server = Servers.start(site)) {
            assertThat(Servers.ask(server, "/imports").text()).isEqualTo("1");
            assertThat(Servers.ask(server, "/made").text()).isEqualTo("False");
        }
    }
}
