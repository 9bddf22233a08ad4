package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loomgate.testkit.peers.Python;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class NoServerTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"shop, 0, the application can be loaded", "no_such_shop, 22, there is no module 'no_such_shop'"})
    void theStatusSaysWhetherTheApplicationCanBeLoaded(String module, int status, String said) throws Exception {
        Files.writeString(directory.resolve("shop.py"), "def application(environ, start_response): pass\n");
        Path pid = directory.resolve("pid");
        Files.writeString(pid, "of the server that runs");
        try (LoomgateProcess trial = LoomgateProcess.launch(
                directory, "--no-server", "-w", module, "--python", Python.DEBIAN, "--pidfile", pid.toString())) {
            assertThat(trial.status()).isEqualTo(status);
            assertThat(trial.err()).contains(said);
            assertThat(pid).hasContent("of the server that runs");
        }
    }
}
