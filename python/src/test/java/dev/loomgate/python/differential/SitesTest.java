package dev.loomgate.python.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Python;
import dev.loomgate.testkit.peers.PythonProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A Flask site and a Django site with sessions, uploads and a database are served alike by all: with Debian's
/// releases, and with those of the virtual environment whose interpreter LOOMGATE_CURRENT_PYTHON names.
@Timeout(120)
final class SitesTest {
    private static final Path SITES = Stage.APPLICATIONS.resolve("sites");

    @TempDir
    private Path directory;

    record Run(Script script, Mode mode, String virtualEnvironment) {
        @Override
        public String toString() {
            String packages = virtualEnvironment.isEmpty() ? "Debian's" : "current";
            return "%s, %s, %s".formatted(script.application(), mode.lowerCase(), packages);
        }

        PythonProgram program(Path database) {
            PythonProgram program =
                    PythonProgram.of(SITES, script.application()).with("SITE_DATABASE", database.toString());
            return virtualEnvironment.isEmpty() ? program : program.in(Path.of(virtualEnvironment));
        }
    }

    static Stream<Run> runs() throws IOException {
        List<Script> scripts = Script.all(SITES);
        String current = Python.currentHome().map(Path::toString).orElse("");
        return Stream.of("", current).distinct().flatMap(packages -> Stream.of(Mode.values())
                .flatMap(mode -> scripts.stream().map(script -> new Run(script, mode, packages))));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void siteIsServedAlike(Run run) throws Exception {
        try (Stage stage = new Stage(directory)) {
            Map<String, Map<String, String>> outcomes =
                    Stage.play(run.script(), run.mode(), contender -> played(stage, run, contender));
            assertThat(Stage.surprises(
                            run.script(), run.mode(), outcomes, Differences.read(SITES.resolve("differences.txt"))))
                    .isEmpty();
        }
    }

    private Map<String, String> played(Stage stage, Run run, Contender contender) throws Exception {
        Path database = Files.createTempDirectory(directory, "site").resolve("database");
        // With processes that are forked after the import, and one loop only where greenlets share it.
        int processes = run.mode() == Mode.SYNC ? 2 : 1;
        Deployment deployment = new Deployment(run.program(database), run.mode(), processes, "", false);
        try (RunningServer server = stage.start(contender, deployment)) {
            return Player.play(run.script(), run.script().application(), server);
        }
    }
}
