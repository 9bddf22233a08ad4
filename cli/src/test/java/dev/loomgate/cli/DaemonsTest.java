package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.Processes;
import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.PythonProgram;
import dev.loomgate.testkit.peers.Uwsgi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Commands that run beside the server, a Python script as one that celery would be; and the same beside a real uWSGI.
@Timeout(300)
class DaemonsTest {
    /// Writes to the file of its first argument what it is and what comes to it, and its process id beside that.
    private static final String WORKER = """
            import os, signal, subprocess, sys, time

            def say(text):
                with open(sys.argv[1], "a") as trace:
                    trace.write(text + "\\n")

            def ended(number, frame):
                say("signal %d" % number)
                os._exit(0)

            for number in (1, 10, 12, 15):
                signal.signal(number, ended)
            if "stubborn" in sys.argv:
                signal.signal(15, signal.SIG_IGN)
                child = subprocess.Popen(["sleep", "600"], preexec_fn=lambda: signal.signal(15, signal.SIG_IGN))
            if "background" in sys.argv and os.fork() != 0:
                os._exit(0)
            if "background" in sys.argv:
                os.setsid()
            with open(sys.argv[1] + ".pid", "w") as file:
                file.write("%d\\n" % os.getpid())
            leads = os.getsid(0) == os.getpgrp() == os.getpid()
            say("in %s, leads %s, reads %s, A is %s, user %d" % (
                os.path.basename(os.getcwd()), leads, os.readlink("/proc/self/fd/0"), os.environ.get("A"), os.getuid()))
            if "short" in sys.argv:
                sys.exit(7)
            while True:
                time.sleep(600)
            """;

    private static final String SERVES = "in site, leads True, reads /dev/null, A is 1, user 0";

    @TempDir
    private Path directory;

    private final List<Long> left = new ArrayList<>();

    @BeforeEach
    void writeThePrograms() throws IOException {
        Files.createDirectory(directory.resolve("site"));
        Files.writeString(directory.resolve("worker.py"), WORKER);
        Files.writeString(directory.resolve("site/small.py"), """
                def application(environ, start_response):
                    start_response("200 OK", [])
                    return [b""]
                """);
    }

    @AfterEach
    void endWhatIsLeft() {
        left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private LoomgateProcess start(String... more) throws IOException, InterruptedException {
        List<String> args = new ArrayList<>(List.of("--http", "127.0.0.1:0", "--static-map", "/=" + directory));
        args.addAll(List.of("--chdir", directory.resolve("site").toString(), "--env", "A=1"));
        args.addAll(Arrays.asList(more));
        return LoomgateProcess.start(directory, args.toArray(String[]::new));
    }

    private String worker(String trace, String... more) {
        return "exec %s %s %s %s"
                .formatted(
                        Python.DEBIAN,
                        directory.resolve("worker.py"),
                        directory.resolve(trace),
                        String.join(" ", more));
    }

    private List<String> trace(String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private void await(String name, int lines) throws Exception {
        Eventually.await(
                () -> "line %d of %s in %s".formatted(lines, name, directory),
                () -> trace(name).size() >= lines);
    }

    private long pid(String trace) throws IOException {
        long pid = Long.parseLong(
                Files.readString(directory.resolve(trace + ".pid")).strip());
        left.add(pid);
        return pid;
    }

    private static long childOf(long pid) {
        return ProcessHandle.of(pid)
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow()
                .pid();
    }

    private static void awaitEnd(long pid) throws Exception {
        Eventually.await("the end of process " + pid, () -> !Processes.exists(pid));
    }

    /// Killed, touched, reloaded, stopped: here and under uWSGI at the same time.
    @Test
    void itIsStartedAgainReloadedAndStoppedAsUnderUwsgi() throws Exception {
        Path touched = Files.writeString(directory.resolve("touched"), "");
        String daemon = "cmd=%s,stopsignal=10,reloadsignal=12,touch=" + touched;
        try (LoomgateProcess server = start("--attach-daemon2", daemon.formatted(worker("ours")));
                Uwsgi _ = Uwsgi.http(
                        directory,
                        PythonProgram.of(directory.resolve("site"), "small"),
                        "--plugin",
                        "python3",
                        "--master",
                        "--pidfile",
                        directory.resolve("uwsgi.pid").toString(),
                        "--chdir",
                        directory.resolve("site").toString(),
                        "--env",
                        "A=1",
                        "--attach-daemon2",
                        daemon.formatted(worker("uwsgis")))) {
            long uwsgi = Long.parseLong(
                    Files.readString(directory.resolve("uwsgi.pid")).strip());
            awaitBoth(1);
            Processes.signal(pid("ours"), "KILL");
            Processes.signal(pid("uwsgis"), "KILL");
            awaitBoth(2);
            Files.setLastModifiedTime(touched, FileTime.from(Instant.now().plusSeconds(60)));
            awaitBoth(4);
            server.signal("HUP");
            Processes.signal(uwsgi, "HUP");
            awaitBoth(6);
            server.signal("TERM");
            Processes.signal(uwsgi, "TERM");
            awaitBoth(7);

            assertThat(trace("ours"))
                    .isEqualTo(trace("uwsgis"))
                    .containsExactly(SERVES, SERVES, "signal 10", SERVES, "signal 12", SERVES, "signal 10");
            assertThat(server.status()).isZero();
        }
    }

    private void awaitBoth(int lines) throws Exception {
        await("ours", lines);
        await("uwsgis", lines);
    }

    @Test
    void whatDoesNotEndIsKilledWithItsGroup() throws Exception {
        try (LoomgateProcess server = start("--reload-mercy", "200ms", "--attach-daemon", worker("a", "stubborn"))) {
            await("a", 1);
            long pid = pid("a");
            long child = childOf(pid);
            left.add(child);
            server.signal("TERM");

            assertThat(server.status()).isZero();
            assertThat(server.err())
                    .contains("(process %d) hasn't ended after 0.2 s and is killed (--reload-mercy)".formatted(pid));
            awaitEnd(child);
            assertThat(Processes.exists(pid)).isFalse();
        }
    }

    /// And one that dies leaves nothing behind.
    @Test
    void itEndsWithAServerThatIsKilled() throws Exception {
        try (LoomgateProcess server =
                start("--attach-daemon", worker("a"), "--attach-daemon", worker("b", "stubborn"))) {
            await("b", 1);
            await("a", 1);
            long child = childOf(pid("b"));
            left.add(child);
            Processes.signal(pid("b"), "KILL");
            awaitEnd(child);
            await("b", 2);
            // The kernel kills the process that was started, and knows nothing of its group.
            left.add(childOf(pid("b")));
            server.signal("KILL");

            awaitEnd(pid("a"));
            awaitEnd(pid("b"));
        }
    }

    @Test
    void theServerEndsWithItsControlDaemon() throws Exception {
        try (LoomgateProcess server = start("--attach-control-daemon", worker("a", "short"))) {
            assertThat(server.status()).isZero();
            assertThat(server.err())
                    .contains("has ended with status 7 (--attach-control-daemon), within 30 s (--stop-timeout)");
            assertThat(trace("a")).hasSize(1);
        }
    }

    /// One that goes to the background itself, and one that doesn't.
    @Test
    void oneWithAPidFileOutlivesTheServerAndIsFoundAgain() throws Exception {
        String[] smart = {
            "--smart-attach-daemon",
            directory.resolve("a.pid") + " " + worker("a", "background"),
            "--smart-attach-daemon2",
            directory.resolve("b.by-server") + " " + worker("b")
        };
        try (LoomgateProcess server = start(smart)) {
            await("a", 1);
            await("b", 1);
            assertThat(Files.readString(directory.resolve("b.by-server"))).isEqualTo(pid("b") + "\n");
            server.await(Pattern.compile("transport")); // it has been looked at only after the start
            server.signal("TERM");
            assertThat(server.status()).isZero();
        }
        long first = pid("a");
        assertThat(Processes.exists(first)).isTrue();
        assertThat(Processes.exists(pid("b"))).isTrue();
        try (LoomgateProcess server = start(smart)) {
            server.await(Pattern.compile("--smart-attach-daemon: .* \\(process %d\\) runs already".formatted(first)));
            server.await(
                    Pattern.compile("--smart-attach-daemon2: .* \\(process %d\\) runs already".formatted(pid("b"))));
            Processes.signal(first, "KILL");
            Processes.signal(pid("b"), "KILL");
            await("a", 2);
            await("b", 2);
            assertThat(pid("a")).isNotEqualTo(first);
            assertThat(trace("a")).containsOnly(SERVES);
            assertThat(trace("b")).containsOnly(SERVES);
            pid("b");
        }
    }

    @Test
    void oneOfAnotherUserIsThatUsers() throws Exception {
        Installation.openTo(directory);
        Installation.openTo(directory.resolve("site"));
        Path traces = Files.createDirectory(directory.resolve("traces"));
        Files.setPosixFilePermissions(traces, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (LoomgateProcess _ = start("--attach-daemon2", "uid=www-data,chdir=..,cmd=" + worker("traces/a"))) {
            await("traces/a", 1);
            assertThat(trace("traces/a"))
                    .containsExactly(
                            "in %s, leads True, reads /dev/null, A is 1, user 33".formatted(directory.getFileName()));
            pid("traces/a");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "2 | --attach-daemon2 | cmd=true,stopsignal=TERM | --attach-daemon2: stopsignal is 'TERM', and has to",
                "1 | --attach-daemon2 | cmd=true,uid=nobody-here | there is no user 'nobody-here' (uid of --attach-daemon2)",
                "1 | --attach-daemon2 | cmd=true,chdir=missing | --attach-daemon2: there is no directory"
            })
    void whatIsWrongEndsTheStart(int status, String option, String value, String message) throws Exception {
        try (LoomgateProcess server = LoomgateProcess.launch(
                directory, "--http", "127.0.0.1:0", "--static-map", "/=" + directory, option, value)) {
            assertThat(server.status()).isEqualTo(status);
            assertThat(server.err()).contains("loomgate: " + message);
        }
    }
}
