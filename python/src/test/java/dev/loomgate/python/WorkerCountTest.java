package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Direct;
import dev.loomgate.server.ListenAddress;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.RawClient;
import dev.loomgate.testkit.client.UwsgiPacket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The number of workers follows a load that rises and falls, and no request is lost.
@Timeout(180)
@Tag("timing")
class WorkerCountTest {
    private static final int MOST = 4;
    /// For requests that are held until there are as many workers as they call for.
    private static final Duration HELD_LIMIT = Duration.ofMinutes(2);

    /// `/held` is answered when the file `open` is there.
    private static final String PROGRAM = """
            import os, time

            def application(environ, start_response):
                while environ["PATH_INFO"] == "/held" and not os.path.exists(%s):
                    time.sleep(0.01)
                start_response("200 OK", [])
                return [str(os.getpid()).encode()]
            """;

    private static final String ASYNCIO_PROGRAM = """
            import os, uwsgi

            def application(environ, start_response):
                while environ["PATH_INFO"] == "/held" and not os.path.exists(%s):
                    uwsgi.async_sleep(0.01)
                    uwsgi.suspend()
                start_response("200 OK", [])
                return [str(os.getpid()).encode()]
            """;

    @TempDir
    private Path directory;

    private final ExecutorService clients = Executors.newCachedThreadPool();
    private volatile boolean stopped;

    @AfterEach
    void end() {
        clients.shutdownNow();
    }

    static Stream<Arguments> modes() {
        return Stream.of(new WorkerMode.Sync(), new WorkerMode.Threads(2), new WorkerMode.Asyncio(3))
                .flatMap(mode -> Stream.of(Direct.ON, Direct.OFF).map(direct -> Arguments.of(mode, direct)));
    }

    private PythonApplication program(WorkerMode mode, CheaperOptions cheaper) throws IOException {
        String text = mode instanceof WorkerMode.Asyncio ? ASYNCIO_PROGRAM : PROGRAM;
        return PythonApplication.of(TestPrograms.source(directory, text.formatted("'" + open() + "'"))
                .mode(mode)
                .processes(MOST)
                .cheaper(cheaper)
                .build());
    }

    private Server start(WorkerMode mode, Direct direct, CheaperOptions cheaper) throws Exception {
        return start(program(mode, cheaper), direct);
    }

    private Server start(PythonApplication program, Direct direct) throws Exception {
        ListenAddress address = ListenAddress.uwsgi(directory.resolve("s").toString());
        return Servers.start(program, List.of(address), options -> options.direct(direct));
    }

    private Path open() {
        return directory.resolve("open");
    }

    private static RawClient connect(Server server) throws IOException {
        return RawClient.connect(server.addresses().getFirst().socketAddress(), HELD_LIMIT);
    }

    /// The status line of the answer, or nothing.
    private static String ask(RawClient connection, String path) throws IOException {
        try (RawClient client = connection) {
            return client.send(UwsgiPacket.request("GET", path)
                            .with("HTTP_HOST", "x")
                            .bytes())
                    .receiveText()
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    /// All of them connect before the first of them writes.
    private List<Future<String>> hold(Server server, int count) throws IOException {
        List<RawClient> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(connect(server));
        }
        List<Future<String>> held = new ArrayList<>();
        for (RawClient each : connections) {
            held.add(clients.submit(() -> ask(each, "/held")));
        }
        return held;
    }

    private Callable<List<String>> quickOnes(Server server) {
        return () -> {
            List<String> answers = new ArrayList<>();
            while (!stopped) {
                answers.add(ask(connect(server), "/"));
                Thread.sleep(2);
            }
            return answers;
        };
    }

    private void release(List<Future<String>> held) throws Exception {
        Files.createFile(open());
        for (Future<String> each : held) {
            assertThat(each.get()).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    private static void awaitWorkers(int count) throws Exception {
        Eventually.await(
                () -> count + " workers, not " + WorkerProcesses.workers(),
                () -> WorkerProcesses.workers().size() == count);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void theyFollowALoadThatRisesAndFalls(WorkerMode mode, Direct direct) throws Exception {
        CheaperOptions cheaper = CheaperOptions.builder().least(1).overload(1).build();
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = start(mode, direct, cheaper)) {
            assertThat(WorkerProcesses.workers()).hasSize(1);
            Future<List<String>> quick = clients.submit(quickOnes(server));
            for (int round = 0; round < 2; round++) {
                List<Future<String>> held = hold(server, (MOST - 1) * mode.concurrency() + 1);
                awaitWorkers(MOST);
                release(held);
                // One that is free is enough; the quick requests keep another one busy at times.
                Eventually.await(
                        "fewer workers", () -> WorkerProcesses.workers().size() <= 2);
                Files.delete(open());
            }
            stopped = true;
            assertThat(quick.get()).isNotEmpty().containsOnly("HTTP/1.1 200 OK");
            awaitWorkers(1);
            assertThat(log.with("ERROR")).isEmpty();
            assertThat(log.with("workers, 1 before (cheaper)")).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ON", "OFF"})
    void waitingRequestsAreCountedWhereverTheyWait(Direct direct) throws Exception {
        CheaperOptions cheaper = CheaperOptions.builder()
                .least(1)
                .overload(1)
                .step(2)
                .algorithm(CheaperAlgorithm.BACKLOG)
                .build();
        try (Server server = start(new WorkerMode.Sync(), direct, cheaper)) {
            List<Future<String>> held = hold(server, 12);
            awaitWorkers(MOST);
            release(held);
            awaitWorkers(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ON", "OFF"})
    void theyEndWithoutRequestsAndComeBackWithThem(Direct direct) throws Exception {
        CheaperOptions cheaper =
                CheaperOptions.builder().idle(Duration.ofSeconds(1)).cheap(true).build();
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = start(new WorkerMode.Sync(), direct, cheaper)) {
            assertThat(WorkerProcesses.workers()).isEmpty();
            for (int round = 0; round < 2; round++) {
                assertThat(ask(connect(server), "/")).isEqualTo("HTTP/1.1 200 OK");
                awaitWorkers(MOST);
                awaitWorkers(0);
            }
            assertThat(log.with("(idle), 4 workers end until the next one")).hasSize(2);
            assertThat(log.with("ERROR")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ON", "OFF"})
    void aReloadKeepsTheirNumber(Direct direct) throws Exception {
        CheaperOptions cheaper = CheaperOptions.builder()
                .least(2)
                .initial(3)
                .algorithm(CheaperAlgorithm.MANUAL)
                .build();
        PythonApplication program = program(new WorkerMode.Sync(), cheaper);
        try (Server server = start(program, direct)) {
            assertThat(WorkerProcesses.workers()).hasSize(3);
            program.reload().toCompletableFuture().get();
            awaitWorkers(3);
            assertThat(ask(connect(server), "/")).isEqualTo("HTTP/1.1 200 OK");
        }
    }
}
