package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Server;
import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.LogLines;
import dev.loomgate.testkit.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Mules' lives: they are killed, reloaded, stopped.
@Tag("once")
@Timeout(120)
class MulesTest {
    private static final String PROGRAM = """
            import os, sys, time
            import uwsgi

            def note(*what):
                with open(os.environ["NOTES"], "a") as file:
                    file.write(" ".join(map(str, what)) + "\\n")

            def hook(message):
                if message == b"fails":
                    raise ValueError("deliberately")
                if message == b"exits":
                    sys.exit(5)
                if message == b"hangs":
                    note("hangs")
                    time.sleep(1000)
                if message == b"waits":
                    note("waits")
                    while not os.path.exists(os.environ["NOTES"] + ".go"):
                        time.sleep(0.01)
                note(message.decode(), os.getpid())

            def sleep():
                note("sleeps")
                try:
                    while True:
                        time.sleep(1000)
                finally:
                    note("woken")

            uwsgi.mule_msg_hook = hook
            for number, target in enumerate(("mule", "mule2", "mules", "farm_pair", "farm1"), 1):
                uwsgi.register_signal(number, target, lambda number: note("signal", number, uwsgi.mule_id()))
            uwsgi.atexit = lambda: note("at exit", uwsgi.mule_id())

            def application(environ, start_response):
                query = environ["QUERY_STRING"]
                sent = uwsgi.signal(int(query)) if query.isdigit() else uwsgi.mule_msg(query.encode(), 1)
                start_response("200 OK", [])
                return [str(sent).encode()]
            """;

    @TempDir
    private Path directory;

    static List<WorkerMode> modes() {
        return PythonApplicationTest.modes();
    }

    private PythonApplication program(WorkerMode mode, MuleOptions.Builder mules) throws Exception {
        return PythonApplication.of(TestPrograms.source(directory, PROGRAM)
                .mode(mode)
                .mules(mules.build())
                .build());
    }

    private void awaitNote(String note) throws Exception {
        Eventually.await(
                () -> note + " in " + TestPrograms.notes(directory),
                () -> TestPrograms.notes(directory).stream().anyMatch(each -> each.startsWith(note)));
    }

    private long pidOf(String note) throws Exception {
        awaitNote(note + " ");
        return TestPrograms.notes(directory).stream()
                .filter(each -> each.startsWith(note + " "))
                .map(each -> Long.parseLong(each.substring(note.length() + 1)))
                .toList()
                .getLast();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void anotherOneTakesThePlaceOfOneThatDies(WorkerMode mode) throws Exception {
        PythonApplication site = program(mode, MuleOptions.builder().programs(List.of("")));
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            assertThat(Servers.ask(server, "/?one").text()).isEqualTo("True");
            long first = pidOf("one");
            Servers.ask(server, "/?fails");
            log.await("uwsgi.mule_msg_hook has failed");
            Servers.ask(server, "/?two");
            assertThat(pidOf("two")).isEqualTo(first);

            Processes.signal(first, "KILL");
            log.await("ERROR mule 1 (pid %d) was killed by signal 9; another one takes its place".formatted(first));
            Servers.ask(server, "/?three");
            long second = pidOf("three");
            assertThat(second).isNotEqualTo(first);

            Servers.ask(server, "/?exits");
            Servers.ask(server, "/?four");
            assertThat(pidOf("four")).isNotEqualTo(second);
        }
    }

    @Test
    void aMessageIsHandledToItsEndBeforeTheNextOneHandlesAny() throws Exception {
        PythonApplication site =
                program(new WorkerMode.Sync(), MuleOptions.builder().programs(List.of("")));
        try (Server server = Servers.start(site)) {
            Servers.ask(server, "/?one");
            long first = pidOf("one");
            Servers.ask(server, "/?waits");
            awaitNote("waits");
            site.reload().toCompletableFuture().get(60, TimeUnit.SECONDS);
            Servers.ask(server, "/?two");
            assertThat(TestPrograms.notes(directory)).noneMatch(each -> each.startsWith("two"));
            Files.createFile(directory.resolve("notes.go"));

            assertThat(pidOf("two")).isNotEqualTo(first);
            assertThat(TestPrograms.notes(directory)).contains("waits " + first, "at exit 1");
            Eventually.await("the end of the first mule", () -> !Processes.exists(first));
        }
    }

    @Test
    void oneThatAsksForNoMessagesIsInterruptedByAStop() throws Exception {
        PythonApplication site =
                program(new WorkerMode.Sync(), MuleOptions.builder().programs(List.of("written:sleep")));
        try (LogLines log = LogLines.withLevels("dev.loomgate")) {
            try (Server _ = Servers.start(site)) {
                awaitNote("sleeps");
            }

            assertThat(TestPrograms.notes(directory))
                    .containsExactlyInAnyOrder("sleeps", "woken", "at exit 1", "at exit 0");
            assertThat(log.with("killed")).isEmpty();
        }
    }

    @Test
    void signalsGoToMulesThatWait() throws Exception {
        PythonApplication site = program(
                new WorkerMode.Sync(),
                MuleOptions.builder()
                        .programs(List.of("written:sleep", "", ""))
                        .farms(List.of(new MuleOptions.Farm("pair", List.of(1, 3)))));
        try (Server server = Servers.start(site)) {
            awaitNote("sleeps");
            for (int i = 0; i < 5; i++) {
                Servers.ask(server, "/?1");
                Servers.ask(server, "/?4");
            }
            Servers.ask(server, "/?5");
            Servers.ask(server, "/?2");
            Servers.ask(server, "/?3");
            Eventually.await(
                    () -> "all that the first one isn't meant by in " + TestPrograms.notes(directory),
                    () -> TestPrograms.notes(directory).stream()
                                    .filter(each -> each.startsWith("signal "))
                                    .count()
                            == 14);
            assertThat(TestPrograms.notes(directory))
                    .contains("signal 4 3", "signal 5 3", "signal 2 2", "signal 3 2", "signal 3 3")
                    .noneMatch(each -> each.startsWith("signal ") && each.endsWith(" 1"));
        }
    }

    @Test
    void oneThatIsBusyForTooLongIsKilled() throws Exception {
        PythonApplication site = program(
                new WorkerMode.Sync(),
                MuleOptions.builder().programs(List.of("")).messageLimit(Duration.ofMillis(500)));
        try (LogLines log = LogLines.withLevels("dev.loomgate");
                Server server = Servers.start(site)) {
            Servers.ask(server, "/?hangs");
            log.await("a message of 5 bytes takes longer than 500 ms (muleMessageLimit)");
            Servers.ask(server, "/?next");
            awaitNote("next");
        }
    }
}
