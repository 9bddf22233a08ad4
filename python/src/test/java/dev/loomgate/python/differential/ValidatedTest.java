package dev.loomgate.python.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.server.Direct;
import dev.loomgate.testkit.peers.PythonProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Python's own `wsgiref.validate` around the applications finds nothing wrong with the server, and changes
/// nothing: over HTTP, and behind nginx where workers take the connections.
@Tag("once")
@Timeout(120)
final class ValidatedTest {
    // Those that keep to PEP 3333 themselves. The last one waits for its lines in the log: all that was said before
    // is there by then.
    private static final List<String> APPLICATIONS = List.of("cookies", "echo", "slow", "prints");

    record Run(Mode mode, Direct direct) {}

    static Stream<Run> runs() {
        return Stream.of(Mode.values()).flatMap(mode -> Stream.of(new Run(mode, Direct.OFF), new Run(mode, Direct.ON)));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void validatorStaysSilent(Run run, @TempDir Path directory) throws Exception {
        PythonProgram program = PythonProgram.of(Stage.APPLICATIONS, "dispatch");
        boolean direct = run.direct() == Direct.ON;
        LoomgateContender loomgate = new LoomgateContender(run.direct());
        try (Stage stage = new Stage(directory);
                RunningServer server = stage.start(loomgate, new Deployment(program, run.mode(), 1, "", direct))) {
            for (String name : APPLICATIONS) {
                Script script = Script.read(Stage.APPLICATIONS.resolve(name + ".requests"));
                script = direct ? script.putBehindNginx() : script;
                Map<String, String> plain = Player.play(script, name, server);
                assertThat(Player.play(script, "validated:" + name, server)).isEqualTo(plain);
            }
            assertThat(server.log()).doesNotContain("AssertionError", "garbage collected", "Exception ignored");
            assertThat(loomgate.takenByWorkers() > 0).isEqualTo(direct);
        }
    }
}
