package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Workers write what runs in them to the log, in the modes that there are.
@Timeout(120)
final class DumpTest {
    private static final int DUMPS = 20;

    @TempDir
    private Path directory;

    static Stream<WorkerMode> modes() {
        return Stream.concat(
                PythonApplicationTest.modes().stream(),
                Stream.of(new WorkerMode.Gevent(16, WorkerMode.Gevent.Patch.BEFORE_LOAD)));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void requestsAreToldOfWithTheirStacksUnderLoad(WorkerMode mode) throws Exception {
        PythonApplication site = PythonApplication.of(
                TestPrograms.program(directory).mode(mode).processes(2).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site);
                HttpPeer waiting = Servers.peer(server)) {
            waiting.get("/wait?name=it");
            Eventually.await("begun", () -> TestPrograms.notes(directory).contains("began it"));
            Set<Long> workers = WorkerProcesses.workers();
            Load load = Load.start(server, "/hello", 2);
            for (int i = 1; i <= DUMPS; i++) {
                int expected = i;
                site.dump();
                Eventually.await(
                        () -> "dump " + expected,
                        () -> log.with("and this is what runs and waits in it").size() >= 2 * expected);
            }
            load.stop();
            assertThat(load.outcomes().keySet()).containsExactly("200");
            assertThat(WorkerProcesses.workers()).isEqualTo(workers);
            assertThat(log.await("GET /wait, ")).contains("[worker ").matches(".*, \\d+\\.\\d s:$");
            assertThat(log.await("in do_wait")).contains("[worker ").contains("program.py");
        }
    }

    @Test
    void tasksOfAsgiAreToldOfAndSoIsWhatTheyAwait() throws Exception {
        PythonOptions options = TestPrograms.source(directory, """
                        import asyncio
                        import time

                        async def deeper():
                            await asyncio.sleep(60)

                        async def rows():
                            await deeper()
                            yield 1

                        async def beside():
                            await asyncio.sleep(60)

                        async def application(scope, receive, send):
                            if scope["path"] == "/blocks":
                                time.sleep(60)
                            elif scope["path"] == "/waits":
                                task = asyncio.ensure_future(beside())
                                async for row in rows():
                                    pass
                            elif scope["path"] == "/gathers":
                                await asyncio.gather(beside(), deeper())
                            await send({"type": "http.response.start", "status": 200})
                            await send({"type": "http.response.body", "body": b"hello"})
                        """).build();
        PythonApplication site = PythonApplication.of(options);
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site);
                HttpPeer waits = Servers.peer(server);
                HttpPeer gathers = Servers.peer(server);
                HttpPeer blocks = Servers.peer(server)) {
            waits.get("/waits");
            gathers.get("/gathers");
            Eventually.await("both wait", () -> {
                log.clear();
                site.dump();
                log.await("and this is what runs and waits in it");
                assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
                return log.with("GET /gathers, task ").size() == 3
                        && log.with("GET /waits, task ").size() >= 1;
            });
            log.await("in rows");
            assertThat(log.with("which awaits _GatheringFuture")).hasSize(1);
            assertThat(inOrder(log, "GET /waits, task ", "in application", "in rows", "in deeper", "in sleep"))
                    .isTrue();

            log.clear();
            blocks.get("/blocks");
            Eventually.await(Duration.ofSeconds(60), () -> "the loop is held up", () -> {
                site.dump();
                log.await("and this is what runs and waits in it");
                return !log.with("the event loop has not turned for 1.0 s").isEmpty();
            });
            assertThat(log.await("in application")).contains("written.py");
            assertThat(log.await("GET /blocks, task ")).contains("[worker 1]");
        }
    }

    // One after the other among the lines of the log.
    private static boolean inOrder(LogLines log, String... parts) {
        List<String> lines = log.lines();
        int at = 0;
        for (String line : lines) {
            if (at < parts.length && line.contains(parts[at])) {
                at++;
            }
        }
        return at == parts.length;
    }
}
