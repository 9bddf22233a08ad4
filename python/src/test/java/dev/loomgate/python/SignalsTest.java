package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Signals of the `uwsgi` module: who runs the handler, when, and what raises them.
@Timeout(120)
class SignalsTest {
    @TempDir
    private Path directory;

    static List<WorkerMode> modes() {
        return PythonApplicationTest.modes();
    }

    private PythonOptions.Builder program(boolean timers) throws IOException {
        TestPrograms.copy("signalled.py", directory);
        Files.createDirectories(directory.resolve("directory"));
        Map<String, String> environment = new HashMap<>(TestPrograms.environment(directory));
        if (timers) {
            environment.put("TIMERS", "1");
        }
        return TestPrograms.options(directory, "signalled").environment(environment);
    }

    private long noted(String line) {
        return TestPrograms.notes(directory).stream()
                .filter(each -> each.equals(line))
                .count();
    }

    private void awaitNoted(String line, int times) throws Exception {
        Eventually.await(
                () -> "%d times '%s' in %s".formatted(times, line, TestPrograms.notes(directory)),
                () -> noted(line) >= times);
    }

    private void open(String gate) throws IOException {
        Files.createFile(directory.resolve(gate));
    }

    private static CompletableFuture<String> begin(Server server, String target) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return Servers.ask(server, target).text();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("modes")
    void timersCronsAndFilesRaiseSignals(WorkerMode mode) throws Exception {
        PythonApplication site =
                PythonApplication.of(program(true).mode(mode).processes(2).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            Eventually.await("the timer", () -> noted("timer 20 1") + noted("timer 20 2") > 2);
            awaitNoted("cron 22 1", 1);
            awaitNoted("rbtimer 24 1", 1);
            // Until it is watched: that begins in another thread.
            Eventually.await("the file", () -> {
                Files.writeString(directory.resolve("watched"), "changed");
                return noted("file 23 1") > 0;
            });
            Eventually.await("the directory", () -> {
                Files.writeString(directory.resolve("directory").resolve("new"), "changed");
                return noted("directory 25 1") > 0;
            });
            assertThat(Servers.ask(server, "/again").text())
                    .isEqualTo("('ValueError: uwsgi.register_signal: signal 1 has a handler already', True, None, 0)");
            log.await("uwsgi.signal(1) raises nothing during the import");
            log.await("signal 20 of signalled is never raised: its time is 0");
            assertThat(noted("rbtimer 24 1")).isOne();
            assertThat(log.with("ERROR")).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aSignalGoesToItsTarget(WorkerMode mode) throws Exception {
        PythonApplication site =
                PythonApplication.of(program(false).mode(mode).processes(3).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            Servers.ask(server, "/raise?2,3,4,1");

            for (int worker = 1; worker <= 3; worker++) {
                awaitNoted("workers 2 " + worker, 1);
                awaitNoted("active 4 " + worker, 1);
            }
            awaitNoted("worker2 3 2", 1);
            Eventually.await("one of them", () -> noted("any 1 1") + noted("any 1 2") + noted("any 1 3") == 1);
            assertThat(TestPrograms.notes(directory)).hasSize(8);

            Servers.ask(server, "/raise?6");
            log.await("WARNING signal 6 of signalled is lost: there is no process 'mule1'");
            Servers.ask(server, "/raise?7,8,77");
            log.await("the handler of signal 7 has failed:");
            log.await("ValueError: deliberately");
            log.await("the handler of signal 8 has failed:");
            log.await("signal 77 has come to a process that has no handler for it");
            Servers.ask(server, "/late");
            Eventually.await(
                    "late", () -> TestPrograms.notes(directory).stream().anyMatch(line -> line.startsWith("late 40 ")));
            assertThat(WorkerProcesses.workers()).hasSize(3);
            assertThat(log.with("ERROR")).isEmpty();
        }
    }

    @Test
    void aSignalThatAnyWorkerMayRunGoesToOneThatIsFreeAndARequestToo() throws Exception {
        PythonApplication site =
                PythonApplication.of(program(false).processes(2).build());
        try (Server server = Servers.start(site)) {
            CompletableFuture<String> inside = begin(server, "/gate?request");
            Eventually.await("a request", () -> noted("inside 1") + noted("inside 2") == 1);
            int busy = noted("inside 1") == 1 ? 1 : 2;
            int free = 3 - busy;
            for (int i = 0; i < 5; i++) {
                Servers.ask(server, "/raise?1");
            }
            awaitNoted("any 1 " + free, 5);

            open("request");
            inside.get();
            Servers.ask(server, "/raise?5");
            Eventually.await("a handler", () -> noted("begun 5 1") + noted("begun 5 2") == 1);
            int handling = noted("begun 5 1") == 1 ? 1 : 2;
            for (int i = 0; i < 5; i++) {
                Servers.ask(server, "/raise?1");
            }
            awaitNoted("any 1 " + (3 - handling), handling == busy ? 10 : 5);
            assertThat(noted("any 1 " + handling)).isEqualTo(handling == busy ? 0 : 5);
            open("handler");
            awaitNoted("ended 5 " + handling, 1);
        }
    }

    @Test
    void aSignalWaitsForTheEndOfARequestAndFurtherOnesAreLost() throws Exception {
        PythonApplication site = PythonApplication.of(
                program(false).mode(new WorkerMode.Threads(2)).signalQueue(4).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            CompletableFuture<String> inside = begin(server, "/gate?request");
            awaitNoted("inside 1", 1);
            Servers.ask(server, "/raise?1,1,1,1,1,1,3"); // the other thread raises them, and is busy meanwhile
            log.await("WARNING signal 1 of signalled is lost: 4 wait already for a process that is free (signalQueue)");
            awaitNoted("any 1 1", 4);
            open("request");
            inside.get();
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aRequestWaitsForASignal(WorkerMode mode) throws Exception {
        PythonApplication site =
                PythonApplication.of(program(false).mode(mode).processes(2).build());
        try (Server server = Servers.start(site)) {
            CompletableFuture<String> waits = begin(server, "/wait?2");
            awaitNoted("waits", 1);
            // It says so before it waits: another thread may have run the handler of the first one by then.
            Eventually.await("a signal for who waits", () -> {
                Servers.ask(server, "/raise?4,2");
                return waits.isDone();
            });
            assertThat(waits.get()).isEqualTo("2");
            for (int worker = 1; worker <= 2; worker++) {
                awaitNoted("active 4 " + worker, 1);
                awaitNoted("workers 2 " + worker, 1);
            }
        }
    }

    /// As uWSGI's own tests/sigwait.py does it.
    @ParameterizedTest
    @MethodSource("modes")
    void aHookAfterTheForkMayWaitForASignalWhileOthersServe(WorkerMode mode) throws Exception {
        PythonApplication site =
                PythonApplication.of(hooked().mode(mode).processes(3).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            // Its worker alone is given requests.
            for (int i = 0; i < 6; i++) {
                assertThat(Servers.ask(server, "/worker").text()).isEqualTo("2");
            }
            Servers.ask(server, "/raise?3");
            awaitNoted("handler 3 2", 1);
            assertThat(noted("over 1 5") + noted("over 3 5")).isZero();

            Servers.ask(server, "/raise?4");
            Eventually.await("another signal", () -> noted("handler 4 1") + noted("handler 4 3") == 2);
            assertThat(noted("over 1 5") + noted("over 3 5")).isZero();
            Servers.ask(server, "/raise?5");
            awaitNoted("over 1 5", 1);
            awaitNoted("over 3 5", 1);
            CompletableFuture<String> held = begin(server, "/gate?gate");
            Eventually.await("a request", () -> noted("request 1") + noted("request 2") + noted("request 3") > 6);
            Eventually.await("requests in another", () -> {
                Servers.ask(server, "/worker");
                return noted("request 1") + noted("request 3") > 0;
            });
            open("gate");
            held.get();
            assertThat(log.with("ERROR")).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aHookThatWaitsForASignalHoldsNoStopUp(WorkerMode mode) throws Exception {
        PythonApplication site =
                PythonApplication.of(hooked().mode(mode).processes(2).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate")) {
            try (Server server = Servers.start(site)) {
                assertThat(Servers.ask(server, "/worker").text()).isEqualTo("2");
            }
            assertThat(noted("over 1 5")).isZero();
            assertThat(log.with("ERROR")).isEmpty();
            // On the fallback, the engine says that it is one.
            assertThat(log.with("WARNING")).allMatch(line -> line.contains("the JDK's scheduler"));
        }
    }

    private PythonOptions.Builder hooked() throws IOException {
        return TestPrograms.source(directory, """
                import os
                import time
                import uwsgi

                def note(*words):
                    with open(os.environ["NOTES"], "a") as file:
                        file.write(" ".join(map(str, words)) + "\\n")

                for number, target in (3, "worker2"), (4, "workers"), (5, "workers"):
                    uwsgi.register_signal(number, target, lambda number: note("handler", number, uwsgi.worker_id()))

                def wait():
                    if uwsgi.worker_id() != 2:
                        uwsgi.signal_wait(5)
                        note("over", uwsgi.worker_id(), uwsgi.signal_received())

                uwsgi.post_fork_hook = wait

                def application(environ, start_response):
                    if environ["PATH_INFO"] == "/raise":
                        uwsgi.signal(int(environ["QUERY_STRING"]))
                    note("request", uwsgi.worker_id())
                    if environ["PATH_INFO"] == "/gate":
                        while not os.path.exists(os.path.join(os.path.dirname(os.environ["NOTES"]), "gate")):
                            time.sleep(0.005)
                    start_response("200 OK", [])
                    return [b"%d" % uwsgi.worker_id()]
                """);
    }

    @Test
    void theOnlyWorkerThatWaitsForASignalInItsRequestGetsTheTimers() throws Exception {
        PythonApplication site = PythonApplication.of(program(true).build());
        try (Server server = Servers.start(site)) {
            assertThat(Servers.ask(server, "/wait?20").text()).isEqualTo("20");
            assertThat(Servers.ask(server, "/wait-in-thread").text()).isEmpty();
        }
    }

    @Test
    void aReloadEndsTheTimersOfBefore() throws Exception {
        PythonApplication site = PythonApplication.of(program(true).build());
        try (Server server = Servers.start(site)) {
            assertThat(server.addresses()).hasSize(1);
            Eventually.await("the timer", () -> imports().size() > 1);
            String before = imports().getLast();

            site.reload().toCompletableFuture().get(60, TimeUnit.SECONDS);

            Eventually.await("another import", () -> !imports().getLast().equals(before));
            Eventually.await(
                    "the end of the old worker", () -> WorkerProcesses.workers().size() == 1);
            int last = imports().lastIndexOf(before);
            Eventually.await("many more", () -> imports().size() > last + 20);
            assertThat(imports().lastIndexOf(before)).isEqualTo(last);
        }
    }

    private List<String> imports() {
        return TestPrograms.notes(directory).stream()
                .filter(line -> line.startsWith("import "))
                .toList();
    }

    @Test
    void whatCannotBeSaysWhyAndLimitsAreUwsgis() throws Exception {
        PythonApplication site = PythonApplication.of(program(false).build());
        try (Server server = Servers.start(site)) {
            assertThat(Servers.ask(server, "/limits").text()).isEqualTo("""
                            64 ValueError: uwsgi.add_timer: the program has 64 timers already, the most that there may be, as in uWSGI
                            64 ValueError: uwsgi.add_rb_timer: the program has 64 rb_timers already, the most that there may be, as in uWSGI
                            64 ValueError: uwsgi.add_cron: the program has 64 crons already, the most that there may be, as in uWSGI
                            64 ValueError: uwsgi.add_file_monitor: the program has 64 file monitors already, the most that there may be, as in uWSGI
                            ValueError: a signal of uWSGI's is a number from 0 to 255, not 256
                            ValueError: uwsgi.add_timer: the time is negative: -1000 ms
                            TypeError: 'float' object cannot be interpreted as an integer
                            ValueError: uwsgi.add_rb_timer: at least 1 second is needed, and 0 times or more, not 0 s and 0 times
                            ValueError: uwsgi.register_signal: the target has 64 characters, over 63, as in uWSGI
                            NotOffered: uwsgi.signal() raises signals in this server alone, and not in another one""");
        }
    }

    @Test
    void workersThatEachImportTheProgramAddItsTimersOnce() throws Exception {
        PythonApplication site =
                PythonApplication.of(program(true).lazyApps(true).processes(3).build());
        try (Server server = Servers.start(site)) {
            assertThat(server.addresses()).hasSize(1);
            awaitNoted("rbtimer 24 1", 1);
            Eventually.await("the timer", () -> imports().size() > 20);
            assertThat(noted("rbtimer 24 1")).isOne();
            // Once a minute, and another one may begin meanwhile; three workers would make three of it.
            assertThat(noted("cron 22 1")).isBetween(1L, 2L);
        }
    }

    @Test
    void aHandlerHasTheTimeOfARequest() throws Exception {
        PythonApplication site = PythonApplication.of(
                program(false).requestTimeout(Duration.ofMillis(300)).build());
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            Servers.ask(server, "/raise?5");
            log.await("it is stuck in the handler of signal 5, whose time is over (requestTimeout)");
            log.await("another one takes its place");
            open("handler");
            Servers.ask(server, "/raise?1");
            awaitNoted("any 1 1", 1);
        }
    }
}
