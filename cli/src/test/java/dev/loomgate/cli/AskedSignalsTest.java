package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.peers.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Signals and commands that options ask for, by the clock and when files change: here and under the real uWSGI.
@Timeout(180)
class AskedSignalsTest {
    private static final String PROGRAM = """
            import os
            import uwsgi

            NOTES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "notes")

            def noting(name):
                def handler(number):
                    with open(NOTES, "a") as notes:
                        notes.write("%s %d\\n" % (name, number))
                return handler

            uwsgi.register_signal(17, "", noting("timer"))
            uwsgi.register_signal(18, "worker1", noting("rbtimer"))
            uwsgi.register_signal(19, "workers", noting("touched"))
            uwsgi.register_signal(20, "", noting("watched"))
            uwsgi.register_signal(21, "", noting("inside"))

            def application(environ, start_response):
                start_response("200 OK", [])
                return []
            """;

    private static final List<String> OPTIONS = List.of(
            "--timer",
            "17 1",
            "--signal-rbtimer",
            "18 1",
            "--touch-signal",
            "touched 19",
            "--fs-signal",
            "watched 20",
            "--fs-signal",
            "directory 21",
            "--touch-exec",
            "command echo run in $(basename $PWD) >> notes");

    @TempDir
    private Path directory;

    private void write() throws IOException {
        Files.writeString(directory.resolve("asked.py"), PROGRAM);
        Files.createFile(directory.resolve("touched"));
        Files.createFile(directory.resolve("watched"));
        Files.createFile(directory.resolve("command"));
        Files.createDirectory(directory.resolve("directory"));
    }

    private List<String> notes() throws IOException {
        Path notes = directory.resolve("notes");
        return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
    }

    // The files are watched from some moment on, and to uWSGI a time has whole seconds.
    private void assertThatAllIsDone() throws Exception {
        TreeSet<String> all = new TreeSet<>(List.of(
                "timer 17",
                "rbtimer 18",
                "touched 19",
                "watched 20",
                "inside 21",
                "run in " + directory.getFileName()));
        long[] seconds = {0};
        Eventually.await("all that is asked for", () -> {
            FileTime later = FileTime.from(Instant.now().plusSeconds(++seconds[0]));
            Files.setLastModifiedTime(directory.resolve("touched"), later);
            Files.setLastModifiedTime(directory.resolve("command"), later);
            Files.writeString(directory.resolve("watched"), "changed");
            Files.writeString(directory.resolve("directory").resolve("new"), "changed");
            return notes().containsAll(all);
        });
        Eventually.await("the timers again", () -> count("timer 17") >= 3 && count("rbtimer 18") >= 3);
        assertThat(new TreeSet<>(notes())).isEqualTo(all);
    }

    private long count(String line) throws IOException {
        return notes().stream().filter(line::equals).count();
    }

    private LoomgateProcess start(List<String> options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("--http", "127.0.0.1:0", "--python", Python.DEBIAN, "--processes", "2", "-w", "asked"));
        command.addAll(options);
        return LoomgateProcess.start(directory, command.toArray(String[]::new));
    }

    @Test
    void theyAreDoneHere() throws Exception {
        write();
        try (LoomgateProcess server = start(OPTIONS)) {
            assertThatAllIsDone();
            server.await(Pattern.compile("--touch-signal: signal 19 is raised"));
            server.await(Pattern.compile("--touch-exec: 'echo run in .* has ended with status 0 after"));
            assertThat(server.err()).doesNotContain("ERROR");

            // The new import is given its signals as the one before was, and once.
            server.signal("HUP").await(Pattern.compile("generation 2 serves"));
            long before = count("timer 17");
            Eventually.await("the timer", () -> count("timer 17") > before + 1);
            assertThat(server.signal("TERM").status()).isZero();
        }
    }

    @Test
    void theyAreDoneThere() throws Exception {
        write();
        List<String> options = new ArrayList<>(List.of("--master", "--processes", "2", "-w", "asked"));
        options.addAll(OPTIONS);
        try (UwsgiProcess uwsgi = UwsgiProcess.start(directory, options.toArray(String[]::new))) {
            assertThat(uwsgi.address().getPort()).isPositive();
            assertThatAllIsDone();
        }
    }

    @Test
    void aSignalGoesToTheProgramThatHasItsHandler() throws Exception {
        write();
        Files.writeString(directory.resolve("other.py"), "def application(environ, start_response):\n    return []\n");
        List<String> options = List.of("--mount", "/other=other", "--timer", "17 1", "--touch-signal", "missing 19");
        try (LoomgateProcess server = start(options)) {
            server.await(Pattern.compile(
                    "signal 17 \\(--timer\\) isn't raised: other has no handler for it \\(uwsgi.register_signal\\)"));
            server.await(Pattern.compile("there is no file \\S+/missing \\(--touch-signal\\)"));
            Eventually.await("the timer", () -> count("timer 17") >= 3);
            // It may be made before the first look.
            Path missing = directory.resolve("missing");
            Eventually.await("the file", () -> {
                Files.deleteIfExists(missing);
                Files.writeString(missing, notes().toString());
                return count("touched 19") >= 2;
            });
            assertThat(count("touched 19")).isEven();
            assertThat(server.err().split("isn't raised: other", -1)).hasSizeLessThanOrEqualTo(3);
        }
    }

    @Test
    void commandsNeedNoPythonProgram() throws Exception {
        write();
        String[] options = {
            "--http",
            "127.0.0.1:0",
            "--static-map",
            "/=directory",
            "--touch-exec",
            "command echo run; echo more >> notes"
        };
        try (LoomgateProcess server = LoomgateProcess.start(directory, options)) {
            long[] seconds = {0};
            Eventually.await("the command", () -> {
                Files.setLastModifiedTime(
                        directory.resolve("command"),
                        FileTime.from(Instant.now().plusSeconds(++seconds[0])));
                return !notes().isEmpty();
            });
            assertThat(server.out()).startsWith("run\n");
        }
    }
}
