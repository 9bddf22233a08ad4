package dev.loomgate.python.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.PythonProgram;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Python's own `wsgiref.validate` around the applications finds nothing wrong with the server, and changes
/// nothing.
@Timeout(120)
final class ValidatedTest {
    // Those that keep to PEP 3333 themselves. The last one waits for its lines in the log: all that was said before
    // is there by then.
    private static final List<String> APPLICATIONS = List.of("cookies", "echo", "slow", "prints");

    @ParameterizedTest
    @EnumSource
    void validatorStaysSilent(Mode mode, @TempDir Path directory) throws Exception {
        PythonProgram program = PythonProgram.of(Stage.APPLICATIONS, "dispatch");
        try (RunningServer server =
                new LoomgateContender().start(directory, new Deployment(program, mode, 1, "", false))) {
            for (String name : APPLICATIONS) {
                Script script = Script.read(Stage.APPLICATIONS.resolve(name + ".requests"));
                Map<String, String> plain = Player.play(script, name, server);
                assertThat(Player.play(script, "validated:" + name, server)).isEqualTo(plain);
            }
            assertThat(server.log()).doesNotContain("AssertionError", "garbage collected", "Exception ignored");
        }
    }
}
