package dev.loomgate.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loomgate.server.Server;
import dev.loomgate.server.ServerStartException;
import dev.loomgate.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Spoolers of directories.
@Tag("once")
@Tag("timing")
class SpoolerTest extends SpoolerContract {
    @Override
    protected SpoolPlace place(String name) {
        return new SpoolPlace.Directory(directory().resolve(name));
    }

    @Override
    protected void settle(PythonOptions.Builder program) {}

    @Override
    protected long left(SpoolPlace place) throws IOException {
        try (Stream<Path> files = Files.walk(path(place))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    @Override
    protected String shown(SpoolPlace place) throws IOException {
        return path(place).toRealPath().toString();
    }

    private static Path path(SpoolPlace place) {
        return ((SpoolPlace.Directory) place).path();
    }

    private Path tasks() {
        return directory().resolve("tasks");
    }

    @Test
    void aTaskIsAFileInADirectoryForThisUser() throws Exception {
        try (Server server = start(program(options -> {}))) {
            assertThat(eval(server, "uwsgi.spool({b'name': b'later', b'at': b'9999999999'}).decode()"))
                    .startsWith(tasks().toRealPath() + "/uwsgi_spoolfile_on_");
            assertThat(Files.getPosixFilePermissions(tasks())).hasSize(5);
        }
    }

    @Test
    void theFrequencyIsKeptByTheSpoolersThatFollow() throws Exception {
        try (Server server = start(program(options -> {}))) {
            assertThat(eval(server, "uwsgi.set_spooler_frequency(1)")).isEqualTo("True");
            long before = Long.parseLong(eval(server, "uwsgi.spooler_pid()"));
            ProcessHandle.of(before).orElseThrow().destroyForcibly();
            Eventually.await("another one", () -> {
                String pid = eval(server, "uwsgi.spooler_pid()");
                return !pid.equals("0") && !pid.equals(Long.toString(before));
            });
            Path written = Path.of(eval(server, "uwsgi.spool({b'name': b'later', b'at': b'9999999999'}).decode()"));
            // Nobody is told of that.
            Files.setLastModifiedTime(written, FileTime.fromMillis(0));
            nothingIsLeft();
        }
    }

    @Test
    void aDirectoryThatCannotBeUsedEndsTheStart() throws Exception {
        Files.createFile(tasks());
        assertThatThrownBy(() -> start(program(options -> {}).settingNames(name -> "<" + name + ">")))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining(
                        "the directory of tasks %s can't be used (<spoolers>): it is no directory", tasks());
        assertThatThrownBy(() -> program(options ->
                                options.directories(List.of(directory().resolve("no/where"))))
                        .build()
                        .withSpooler(SpoolerOptions.builder().processes(0).build()))
                .hasMessageContaining("spoolerProcesses");
        assertThatThrownBy(() -> start(program(
                        options -> options.directories(List.of(directory().resolve("no/where"))))))
                .hasMessageContaining("no/where can't be used (spoolers): it can't be made");
        assertThat(WorkerProcesses.zygotes()).isEmpty();
    }

    @Test
    void aQueueNeedsAStoreAndLimitsThatMakeSense() {
        SpoolPlace.Queue queue = SpoolPlace.Queue.of("mails");
        assertThatThrownBy(
                        () -> program(options -> options.places(List.of(queue))).build())
                .hasMessage("store is needed for the spooler redis:mails");
        assertThatThrownBy(() -> SpoolerOptions.builder()
                        .places(List.of(queue))
                        .externalPlaces(List.of(queue))
                        .build())
                .hasMessage("spoolers names redis:mails twice");
        assertThatThrownBy(() -> SpoolerOptions.builder()
                        .places(List.of(queue))
                        .sync(true)
                        .build())
                .hasMessageStartingWith("spoolerSync is for directories, and there is none");
        assertThatThrownBy(() -> SpoolPlace.Queue.of("a b"))
                .hasMessage("'a b' is no name of a queue: it has 1 to 64 letters, digits and -_.");
        assertThatThrownBy(() -> new SpoolPlace.Queue(
                        "m", 1, 1024, 1, 0, Duration.ofSeconds(1), 1, 1, Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessage("redis:m: max_backoff is 1s, it must be in 2s to 720h");
    }
}
