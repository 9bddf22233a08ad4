package dev.loomgate.python.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The applications of the test resources are served alike by all, except for what `differences.txt` explains.
@Timeout(120)
final class DifferentialTest {
    private static Stage stage;

    @BeforeAll
    static void open(@TempDir Path directory) {
        stage = new Stage(directory);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    record Run(Script script, Mode mode) {
        @Override
        public String toString() {
            return script.application() + ", " + mode.lowerCase();
        }
    }

    static Stream<Run> runs() throws IOException {
        List<Script> scripts = Script.all(Stage.APPLICATIONS);
        return Stream.of(Mode.values()).flatMap(mode -> scripts.stream()
                .filter(script -> script.modes().contains(mode))
                .map(script -> new Run(script, mode)));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void answersDifferOnlyAsExplained(Run run) throws Exception {
        assertThat(Stage.surprises(run.script(), run.mode(), stage.play(run.script(), run.mode()), Stage.known()))
                .isEmpty();
    }

    @Test
    void rightAnswerIsKnownWhereverLoomgateStandsAlone() throws IOException {
        assertThat(Stage.known().unjudged(Script.all(Stage.APPLICATIONS))).isEmpty();
    }

    @Test
    void everyExplanationIsOfARequest() throws IOException {
        assertThat(Stage.known().unknown(Script.all(Stage.APPLICATIONS))).isEmpty();
    }
}
