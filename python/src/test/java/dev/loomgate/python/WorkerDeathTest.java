package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.client.HttpPeer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Processes that are killed: what was inside them fails, nothing else does, and nothing is left behind.
@Timeout(300)
@Tag("timing")
class WorkerDeathTest {
    private static final int ROUNDS = Integer.getInteger("loomgate.test.kills", 10);
    private static final int CLIENTS = 4;

    @TempDir
    private Path directory;

    static List<WorkerMode> modes() {
        return PythonApplicationTest.modes();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void killsUnderLoadLoseOnlyWhatWasInside(WorkerMode mode) throws Exception {
        PythonApplication site = PythonApplication.of(
                TestPrograms.program(directory).mode(mode).processes(2).build());
        int descriptors;
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            Servers.ask(server, "/");
            descriptors = Processes.descriptors();
            Load load = Load.start(server, "/", CLIENTS);
            for (int round = 0; round < ROUNDS; round++) {
                long answered = load.count(200);
                Eventually.await("answers", () -> load.count(200) > answered + 50);
                kill();
            }
            load.stop();
            assertThat(load.outcomes().keySet()).isSubsetOf("200", "502");
            assertThat(load.count(502)).isLessThanOrEqualTo((long) ROUNDS * CLIENTS);
            assertThat(log.with("while it was inside GET /")).hasSize((int) load.count(502));
            assertThat(log.with("was killed by signal 9; another one takes its place"))
                    .hasSize(ROUNDS);
            assertThat(log.with(" <- ")).isEmpty();
            System.out.printf("%s: %d kills, %s%n", mode, ROUNDS, load.outcomes());
            Eventually.await("two workers", () -> WorkerProcesses.workers().size() == 2);
            assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
            Eventually.await(
                    () -> descriptors + " descriptors, not " + Processes.descriptors(),
                    () -> Processes.descriptors() <= descriptors);
        }
        assertThat(WorkerProcesses.zygotes()).isEmpty();
        Eventually.await(
                "no directories", () -> WorkerProcesses.directories(directory).isEmpty());
    }

    /// Kills a worker, and waits until it has gone, so that no worker is killed twice.
    private static void kill() throws Exception {
        Eventually.await("a worker", () -> WorkerProcesses.workers().stream().anyMatch(Processes::exists));
        long pid = WorkerProcesses.workers().stream()
                .filter(Processes::exists)
                .findFirst()
                .orElseThrow();
        Processes.signal(pid, "KILL");
        Eventually.await("its end", () -> !WorkerProcesses.workers().contains(pid));
    }

    @Test
    void aRequestThatWasInsideFailsAndOneThatHadNotBegunDoesNot() throws Exception {
        PythonApplication site =
                PythonApplication.of(TestPrograms.program(directory).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            for (int i = 0; i < 200; i++) {
                Servers.ask(server, "/"); // quick ones, so that more than one is sent ahead
            }
            List<HttpPeer> behind = new ArrayList<>();
            try (HttpPeer inside = Servers.peer(server).get("/sleep?name=inside")) {
                Eventually.await("begun", () -> TestPrograms.notes(directory).contains("began inside"));
                for (int i = 0; i < 10; i++) {
                    behind.add(Servers.peer(server).get("/"));
                }
                long pid = WorkerProcesses.workers().iterator().next();
                Processes.signal(pid, "KILL");

                HttpPeer.Answer lost = inside.answer();
                assertThat(lost.status()).isEqualTo(502);
                assertThat(lost.text()).isEqualTo("The worker process died: it was killed by signal 9.\n");
                for (HttpPeer peer : behind) {
                    assertThat(peer.answer().status()).isEqualTo(200);
                    peer.close();
                }
                assertThat(log.with("while it was inside"))
                        .containsExactly("ERROR worker 1 (pid " + pid
                                + ") was killed by signal 9 while it was inside GET /sleep?name=inside");
            }
        }
    }

    @Test
    void aResponseThatHasBegunIsBrokenOff() throws Exception {
        PythonApplication site =
                PythonApplication.of(TestPrograms.program(directory).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site);
                HttpPeer peer = Servers.peer(server)) {
            peer.get("/stream?count=1000&pause=0.05");
            assertThat(new String(peer.take(12), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200");
            Processes.signal(WorkerProcesses.workers().iterator().next(), "KILL");
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> peer.take(100_000))
                    .isInstanceOf(java.io.IOException.class);
            log.await("the worker process died: it was killed by signal 9");
            assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
        }
    }

    @Test
    void aWorkerThatExitsByItselfIsReplaced() throws Exception {
        PythonApplication site =
                PythonApplication.of(TestPrograms.program(directory).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            assertThat(Servers.ask(server, "/exit?status=7").status()).isEqualTo(502);
            assertThat(log.await("exited with status 7 while")).contains("inside GET /exit?status=7");
            log.await("exited with status 7; another one takes its place");
            assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
        }
    }

    @Test
    void whoDiesAtOnceAgainAndAgainIsStartedMoreAndMoreSlowly() throws Exception {
        PythonApplication site =
                PythonApplication.of(TestPrograms.program(directory).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            for (int i = 0; i < 4; i++) {
                assertThat(Servers.ask(server, "/exit").status()).isEqualTo(502);
                int deaths = i + 1;
                Eventually.await(
                        "a line for each death",
                        () -> log.with("another one takes its place").size() == deaths);
            }
            assertThat(log.with("another one takes its place"))
                    .extracting(line -> line.replaceFirst(".*takes its place", ""))
                    .containsExactly("", " in 100 ms", " in 200 ms", " in 400 ms");
            assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
        }
    }

    @Test
    void aKilledZygoteComesBackWithItsWorkers() throws Exception {
        PythonApplication site = PythonApplication.of(
                TestPrograms.program(directory).processes(2).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site);
                HttpPeer inside = Servers.peer(server).get("/sleep?name=inside")) {
            Eventually.await("begun", () -> TestPrograms.notes(directory).contains("began inside"));
            Set<Long> workers = WorkerProcesses.workers();
            ProcessHandle zygote = WorkerProcesses.zygotes().getFirst();
            Processes.signal(zygote.pid(), "KILL");

            assertThat(inside.answer().status()).isEqualTo(502);
            assertThat(Servers.ask(server, "/").text()).isEqualTo("hello");
            log.await("the process that forks the Python workers ended with status 137");
            Eventually.await("the old ones' end", () -> workers.stream().noneMatch(Processes::exists));
            Eventually.await("two new workers", () -> WorkerProcesses.workers().size() == 2);
        }
        Eventually.await(
                "no directories", () -> WorkerProcesses.directories(directory).isEmpty());
    }

    /// A server in a JVM of its own, which prints its address.
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) throws Exception {
            PythonApplication site = PythonApplication.of(
                    TestPrograms.program(Path.of(arguments[0])).processes(2).build());
            try (Server server = Servers.start(site)) {
                System.out.println(server.addresses().getFirst());
                System.out.println(WorkerProcesses.workers());
                System.out.println(WorkerProcesses.zygotes().stream()
                        .map(ProcessHandle::pid)
                        .toList());
                int end = System.in.read();
                assertThat(end).isNegative();
            }
        }
    }

    @Test
    void aKilledJvmTakesAllWithIt() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<Long> pids = new ArrayList<>();
        try (var out = jvm.inputReader()) {
            assertThat(out.readLine()).startsWith("127.0.0.1:");
            for (String text : (out.readLine() + out.readLine()).split("[^0-9]+", -1)) {
                if (!text.isEmpty()) {
                    pids.add(Long.valueOf(text));
                }
            }
            assertThat(pids).hasSize(3).allMatch(Processes::exists);
        } finally {
            jvm.destroyForcibly().waitFor();
        }
        long killed = System.nanoTime();
        Eventually.await(
                Duration.ofSeconds(5), pids::toString, () -> pids.stream().noneMatch(Processes::exists));
        System.out.printf("gone after %d ms%n", (System.nanoTime() - killed) / 1_000_000);
        Eventually.await(
                "no directories", () -> WorkerProcesses.directories(directory).isEmpty());
    }
}
