package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Limits;
import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Requests that take longer than they may.
@Timeout(120)
@Tag("timing")
class OvertimeTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    static java.util.List<WorkerMode> modes() {
        return PythonApplicationTest.modes();
    }

    private PythonApplication site(WorkerMode mode, int processes) throws Exception {
        return PythonApplication.of(
                TestPrograms.program(directory).mode(mode).processes(processes).build());
    }

    private static Server server(PythonApplication site) throws Exception {
        return Servers.start(
                site,
                options -> options.limits(Limits.builder().requestTimeout(LIMIT).build()));
    }

    private void begun(String name) throws Exception {
        Eventually.await("begun", () -> TestPrograms.notes(directory).contains("began " + name));
    }

    private static void assertOvertime(HttpPeer.Answer answer, long startedNanos) {
        assertThat(answer.status()).isEqualTo(504);
        assertThat(Duration.ofNanos(System.nanoTime() - startedNanos))
                .isBetween(LIMIT.minusMillis(100), LIMIT.plusSeconds(2));
    }

    @Test
    void oneStuckWorkerOfTwoIsReplacedAndTheOtherServes() throws Exception {
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = server(site(new WorkerMode.Sync(), 2));
                HttpPeer stuck = Servers.peer(server)) {
            long started = System.nanoTime();
            stuck.get("/sleep?name=stuck");
            begun("stuck");
            Set<Long> workers = WorkerProcesses.workers();
            Load load = Load.start(server, "/", 2);
            assertOvertime(stuck.answer(), started);
            log.await("another one takes its place");
            Eventually.await("two workers", () -> WorkerProcesses.workers().size() == 2);
            load.stop();
            assertThat(load.outcomes().keySet()).containsExactly("200");
            assertThat(WorkerProcesses.workers()).isNotEqualTo(workers);
            assertThat(log.await("its stack follows"))
                    .contains("is replaced: it is stuck in GET /sleep?name=stuck, whose time is over (requestTimeout)");
            assertThat(log.await("in do_sleep")).contains("[worker ").contains("program.py");
        }
    }

    @Test
    void aGreenletThatWaitsIsEndedAlone() throws Exception {
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = server(site(new WorkerMode.Asyncio(16), 1));
                HttpPeer late = Servers.peer(server)) {
            long started = System.nanoTime();
            late.get("/wait?name=late");
            begun("late");
            Set<Long> workers = WorkerProcesses.workers();
            try (HttpPeer other = Servers.peer(server).get("/wait?name=other&seconds=1.5")) {
                assertThat(other.answer().text()).isEqualTo("waited");
            }
            assertOvertime(late.answer(), started);
            Eventually.await("its end", () -> TestPrograms.notes(directory).contains("RequestCancelled in late"));
            assertThat(log.await("in do_wait")).contains("[worker 1]").contains("program.py");
            assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
            assertThat(WorkerProcesses.workers()).isEqualTo(workers);
            assertThat(log.with("is replaced")).isEmpty();
        }
    }

    @Test
    void aStuckEventLoopIsReplaced() throws Exception {
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = server(site(new WorkerMode.Asyncio(16), 1));
                HttpPeer stuck = Servers.peer(server)) {
            long started = System.nanoTime();
            stuck.get("/sleep?name=stuck");
            begun("stuck");
            Set<Long> workers = WorkerProcesses.workers();
            assertOvertime(stuck.answer(), started);
            log.await("it is stuck in GET /sleep?name=stuck");
            log.await("in do_sleep");
            assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
            assertThat(WorkerProcesses.workers()).doesNotContainAnyElementsOf(workers);
        }
    }

    @Test
    void aRequestThatEndsWithinItsGraceLeavesItsWorkerAlive() throws Exception {
        ReplacementOptions grace =
                ReplacementOptions.builder().requestGrace(Duration.ofMinutes(1)).build();
        PythonApplication site = PythonApplication.of(
                TestPrograms.program(directory).replacement(grace).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = server(site);
                HttpPeer late = Servers.peer(server)) {
            Set<Long> workers = WorkerProcesses.workers();
            long started = System.nanoTime();
            late.get("/sleep?name=late&seconds=3");
            assertOvertime(late.answer(), started);
            assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
            assertThat(WorkerProcesses.workers()).isEqualTo(workers);
            assertThat(log.with("is stuck")).isEmpty();
        }
    }

    @Test
    void theOtherThreadsFinishBeforeAStuckOneTakesTheirWorkerAlong() throws Exception {
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = server(site(new WorkerMode.Threads(4), 1));
                HttpPeer stuck = Servers.peer(server);
                HttpPeer other = Servers.peer(server)) {
            long started = System.nanoTime();
            stuck.get("/sleep?name=stuck");
            begun("stuck");
            Thread.sleep(1500); // so that its time isn't over with the first one's
            other.get("/sleep?name=other&seconds=1.2");
            begun("other");
            assertOvertime(stuck.answer(), started);
            log.await("it is stuck in GET /sleep?name=stuck");
            assertThat(other.answer().text()).isEqualTo("slept");
            assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
            assertThat(log.await("in do_sleep")).contains("[worker 1]");
        }
    }

    @Test
    void aStuckWorkerIsReplacedAlsoWhenItsClientHasGone() throws Exception {
        PythonApplication site = PythonApplication.of(TestPrograms.program(directory)
                .requestTimeout(Duration.ofMillis(500))
                .build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            HttpPeer gone = Servers.peer(server).get("/sleep?name=stuck");
            begun("stuck");
            gone.reset();
            log.await("it is stuck in GET /sleep?name=stuck");
            assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void theProgramMaySetALimitItself(WorkerMode mode) throws Exception {
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site(mode, 1));
                HttpPeer late = Servers.peer(server)) {
            long started = System.nanoTime();
            late.get("/own-limit?limit=1&name=late");
            HttpPeer.Answer answer = late.answer();
            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.text()).isEqualTo("The application did not respond within its own time limit.\n");
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofSeconds(1));
            assertThat(Servers.ask(server, "/own-limit?limit=9&seconds=0.1").text())
                    .isEqualTo("waited");
            if (mode instanceof WorkerMode.Asyncio) {
                assertThat(log.with("is replaced")).isEmpty();
            } else {
                log.await("is replaced: it is stuck in GET /own-limit?limit=1&name=late");
            }
        }
    }
}
