package dev.loomgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExitOnReloadTest {
    @TempDir
    private Path directory;

    @Test
    void aReloadIsTheEnd() throws Exception {
        try (LoomgateProcess server = LoomgateProcess.start(
                directory, "--exit-on-re", "--static-map", "/=" + directory, "--http", "127.0.0.1:0")) {
            server.signal("HUP");

            assertThat(server.status()).isZero();
            assertThat(server.err()).contains("stopping on SIGHUP (--exit-on-reload), within ");
        }
    }
}
