package dev.loomgate.python.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.Eventually;
import dev.loomgate.testkit.client.HttpPeer;
import dev.loomgate.testkit.peers.PythonProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The same program on uWSGI and here, with uWSGI's own `uwsgidecorators` (Debian's package) and with ours:
/// each decorator brings about the same.
@Tag("once")
@Timeout(120)
class DecoratorsTest {
    private static final String OF_DEBIAN = "/usr/lib/python3/dist-packages/uwsgidecorators.py";

    private static final Set<String> TRACE = new TreeSet<>(List.of(
            "postfork 1",
            "postfork 2",
            "postfork(2) 2",
            "timer 0 1",
            "rbtimer 1 1",
            "rbtimer 1 2",
            "cron 2 1",
            "filemon 4 1",
            "timer of a number 99",
            "signal 17 1",
            "signal 17 2",
            "signal 18 True None",
            "thread word",
            "lock word True",
            "harakiri word 1",
            "alone in time",
            "spool is refused",
            "spoolraw is refused",
            "spoolforever is refused",
            "erlang is refused",
            "mulefunc is refused",
            "free 5",
            "chain True 6"));

    @TempDir
    private Path directory;

    static Stream<Arguments> pairs() {
        return Stream.of(
                Arguments.of(new UwsgiContender(), false),
                Arguments.of(new LoomgateContender(), false),
                Arguments.of(new LoomgateContender(), true),
                Arguments.of(new UwsgiContender(), true));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void eachBringsAboutTheSame(Contender contender, boolean ours) throws Exception {
        Files.copy(Stage.APPLICATIONS.resolve("decorated.py"), directory.resolve("decorated.py"));
        Path decorators = directory.resolve("uwsgidecorators.py");
        if (ours) {
            try (InputStream source =
                    Objects.requireNonNull(DecoratorsTest.class.getResourceAsStream("/uwsgidecorators.py"))) {
                Files.copy(source, decorators);
            }
        }
        Path watched = Files.createFile(directory.resolve("watched"));
        Path notes = directory.resolve("notes");
        PythonProgram program = PythonProgram.of(directory, "decorated")
                .with("NOTES", notes.toString())
                .with("PYTHONDONTWRITEBYTECODE", "1");
        Set<String> trace = new TreeSet<>(TRACE);
        if (ours && contender instanceof LoomgateContender) {
            trace.add("mstimer 98 2"); // which Debian's uWSGI and its module don't have yet
        }
        try (RunningServer server = contender.start(directory, new Deployment(program, Mode.SYNC, 2, "", false))) {
            assertThat(ask(server, "/")).isEqualTo(ours ? decorators.toString() : OF_DEBIAN);
            ask(server, "/go");
            Eventually.await(() -> "all of %s in %s".formatted(trace, lines(notes)), () -> {
                Files.writeString(watched, "changed");
                return lines(notes).containsAll(trace);
            });
            assertThat(lines(notes)).isEqualTo(trace);
        }
    }

    private static String ask(RunningServer server, String path) throws Exception {
        try (HttpPeer peer = HttpPeer.to(server.address())) {
            return peer.get(path).answer().text();
        }
    }

    private static Set<String> lines(Path notes) {
        try {
            return Files.exists(notes) ? new TreeSet<>(Files.readAllLines(notes)) : Set.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
