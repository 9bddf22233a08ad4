package dev.loomgate.python.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Direct;
import dev.loomgate.testkit.peers.PythonProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Behind nginx, the applications of the test resources and the sites are served alike whether workers take the
/// connections or the JVM does.
@Tag("once")
@Timeout(120)
final class DirectModeDifferentialTest {
    private static final Path SITES = Stage.APPLICATIONS.resolve("sites");

    // The first one is played first: all servers of this process have one log.
    private static final LoomgateContender WORKERS = new LoomgateContender(Direct.ON);
    private static final LoomgateContender SERVER = new LoomgateContender(Direct.OFF);

    private static Path directory;
    private static Stage stage;
    private static int runs;

    @BeforeAll
    static void open(@TempDir Path files) {
        directory = files;
        stage = new Stage(files);
    }

    @AfterAll
    static void close() {
        stage.close();
        // Not of each script: those with bodies in pieces may all be handed over.
        assertThat(WORKERS.takenByWorkers()).isGreaterThanOrEqualTo(runs);
        assertThat(SERVER.takenByWorkers()).isZero();
    }

    record Run(Script script, Mode mode, boolean isSite) {
        @Override
        public String toString() {
            return script.application() + ", " + mode.lowerCase();
        }
    }

    static Stream<Run> runs() throws IOException {
        List<Script> programs = Script.all(Stage.APPLICATIONS);
        List<Script> sites = Script.all(SITES);
        return Stream.of(Mode.values())
                .flatMap(mode -> Stream.concat(
                        programs.stream().map(script -> new Run(script.putBehindNginx(), mode, false)),
                        sites.stream().map(script -> new Run(script.putBehindNginx(), mode, true))))
                .filter(run -> run.script().modes().contains(run.mode()))
                // With a mount the JVM takes the connections.
                .filter(run -> run.script().mount().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("runs")
    void workersAnswerAsTheServerDoes(Run run) throws Exception {
        Map<String, String> byWorkers = played(run, WORKERS);
        assertThat(byWorkers).isEqualTo(played(run, SERVER));
        runs++;
    }

    private static Map<String, String> played(Run run, Contender contender) throws Exception {
        if (!run.isSite()) {
            return stage.play(run.script(), run.mode(), contender);
        }
        Path database = Files.createTempDirectory(directory, "site").resolve("database");
        PythonProgram program =
                PythonProgram.of(SITES, run.script().application()).with("SITE_DATABASE", database.toString());
        Deployment deployment = new Deployment(program, run.mode(), run.mode() == Mode.SYNC ? 2 : 1, "", true);
        try (RunningServer server = stage.start(contender, deployment)) {
            return Player.play(run.script(), run.script().application(), server);
        }
    }
}
